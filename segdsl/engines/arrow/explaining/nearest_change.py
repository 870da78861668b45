"""The smallest change of an account that would make another rule catch it.

Fewest fields changed, then least distance: the sum of each change in interquartile ranges of its field over the
population. A change counts only if the account would really land there: every candidate is put to the rules themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from segdsl.engines.arrow.explaining.alternatives import Alternatives, Spread
from segdsl.engines.arrow.explaining.rules import Assignment, RuleSet
from segdsl.engines.arrow.physical import Physical

MOST_FIELDS = 3

# Beyond so many tries the search is given up, and says so.
_MOST_TRIES = 2_000_000
_TRIES_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Change:
    """Fields (by their place) with the values that they would have, and how far that is."""

    rule: int
    assignment: Assignment
    distance: float


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest change; None if there is none of up to three fields. `complete` is false if the search was cut short."""

    change: Change | None
    complete: bool


def nearest_change(rules: RuleSet, spreads: Sequence[Spread], targets: Iterable[int] | None = None) -> Found:
    """The smallest change after which another rule than now is the first that is true.

    `targets` are the rules that count (None: all). Exact over the alternatives of each field (its values at and just
    beyond every cut-point): a change that leads to a rule differs from each step on the way to it in a field that the
    rule, or an earlier one that catches instead, reads; so only those are tried. Ties go to the earlier rule, then to
    the earlier field.
    """
    search = _Search(rules, Alternatives(rules, tuple(spreads)))
    present = int(rules.landing([()])[0])
    wanted = [t for t in (range(len(rules.conditions)) if targets is None else targets) if t != present]
    paths: dict[int, list[Assignment]] = {target: [()] for target in wanted}
    for _ in range(MOST_FIELDS):
        best: Change | None = None
        for target in wanted:
            paths[target], found = search.step(target, paths[target], best)
            best = found if found is not None else best
        if best is not None or search.exhausted:
            return Found(best, not search.exhausted)
    return Found(None, True)


@dataclass(slots=True)
class _Search:
    rules: RuleSet
    alternatives: Alternatives
    landings: dict[Assignment, int] = field(default_factory=dict)

    @property
    def exhausted(self) -> bool:
        return len(self.landings) > _MOST_TRIES

    def step(
        self, target: int, paths: list[Assignment], best: Change | None
    ) -> tuple[list[Assignment], Change | None]:
        """The paths to a rule with one more field changed, and the best that arrives if it is better than `best`."""
        longer = list(dict.fromkeys(self._longer(target, paths)))
        self._try(longer)
        arrived = None
        for path in longer:
            if self.landings[path] == target:
                distance = self._distance(path)
                if best is None or distance < best.distance:
                    best = arrived = Change(target, path, distance)
        return longer, arrived

    def _longer(self, target: int, paths: list[Assignment]) -> Iterator[Assignment]:
        self._try(paths)
        for path in paths:
            landing = self.landings[path]
            # What stands in the way: an earlier rule that is true, or the rule itself that isn't.
            obstacle = landing if 0 <= landing < target else target
            changed = {place for place, _ in path}
            for place in self.rules.reads[obstacle]:
                if place in changed:
                    continue
                for value in self.alternatives.of(place, path):
                    yield tuple(sorted((*path, (place, _hashable(value))), key=lambda pair: pair[0]))
                    if self.exhausted:
                        return

    def _try(self, paths: Iterable[Assignment]) -> None:
        """Puts assignments to the rules, many at once."""
        new = iter([path for path in paths if path not in self.landings])
        while chunk := list(islice(new, _TRIES_AT_ONCE)):
            for path, landing in zip(chunk, self.rules.landing(chunk).tolist(), strict=True):
                self.landings[path] = landing

    def _distance(self, path: Assignment) -> float:
        return sum(self.alternatives.distance(place, _plain(value)) for place, value in path)


def _hashable(value: Physical) -> Physical:
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]


def _plain(value: Physical) -> Physical:
    return list(value) if isinstance(value, tuple) else value
