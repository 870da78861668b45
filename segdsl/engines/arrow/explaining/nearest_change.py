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
    """The nearest change, or None if there is none of up to three fields.

    `complete` is false if the search was given up before its end.
    """

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
    best = search.single_changes(frozenset(wanted))
    paths: dict[int, list[Assignment]] = {target: search.steps(target, [()]) for target in wanted if best is None}
    for _ in range(1, MOST_FIELDS):
        for target in paths:
            paths[target] = search.steps(target, paths[target])
            best = search.better(best, target, paths[target])
        if best is not None or search.exhausted:
            break
    return Found(best, best is not None or not search.exhausted)


@dataclass(slots=True)
class _Search:
    rules: RuleSet
    alternatives: Alternatives
    landings: dict[Assignment, int] = field(default_factory=dict)

    @property
    def exhausted(self) -> bool:
        return len(self.landings) >= _MOST_TRIES

    def single_changes(self, wanted: frozenset[int]) -> Change | None:
        """The best change of one field. Where it leads is seen from the rules at once, whatever the target."""
        paths = [
            ((place, _hashable(value)),)
            for place in range(len(self.rules.fields))
            for value in self.alternatives.of(place, ())
        ]
        self._try(paths)
        arrived = [
            Change(landing, path, self._distance(path)) for path in paths if (landing := self.landings[path]) in wanted
        ]
        return min(arrived, key=lambda change: (change.distance, change.rule), default=None)

    def better(self, best: Change | None, target: int, paths: list[Assignment]) -> Change | None:
        """The best of the changes that lead to a rule, or `best` where none is nearer."""
        for path in paths:
            if self.landings[path] == target:
                distance = self._distance(path)
                if best is None or distance < best.distance:
                    best = Change(target, path, distance)
        return best

    def steps(self, target: int, paths: list[Assignment]) -> list[Assignment]:
        """The paths to a rule with one more field changed."""
        room = max(0, _MOST_TRIES - len(self.landings))
        longer = list(dict.fromkeys(islice(self._longer(target, paths), room)))
        self._try(longer)
        return longer

    def _longer(self, target: int, paths: list[Assignment]) -> Iterator[Assignment]:
        self._try(paths)
        for path in islice(paths, _MOST_TRIES):
            landing = self.landings[path]
            # What stands in the way: an earlier rule that is true, or the rule itself that isn't.
            obstacle = landing if 0 <= landing < target else target
            changed = {place for place, _ in path}
            for place in self.rules.reads[obstacle]:
                if place not in changed:
                    for value in self.alternatives.of(place, path):
                        yield tuple(sorted((*path, (place, _hashable(value))), key=lambda pair: pair[0]))

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
