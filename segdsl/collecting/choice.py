"""Which providers to take for the whole set of hypotheses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import floor, gcd, lcm
from types import MappingProxyType

from segdsl.collecting.binary_program import BinaryProgram, Row, Solution, minimise, total
from segdsl.collecting.field_name import FieldName
from segdsl.collecting.gaps import Gaps
from segdsl.collecting.offers import Offer, Per
from segdsl.collecting.wishes import Way, Wish
from segdsl.record import dataclass, replace

# Ties are settled in groups, so many alternatives at once: a goal's coefficients stay small.
_MOST_ALTERNATIVES = 50_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What there is to choose from. `budget` None: any cost; `least_accuracy` None: any accuracy, also none stated."""

    wishes: tuple[Wish, ...]
    offers: tuple[Offer, ...]
    gaps: Gaps
    budget: Fraction | None = None
    least_accuracy: Fraction | None = None

    def suits(self, offer: Offer) -> bool:
        """Whether an offer is accurate enough; one that states no accuracy is not, where some is asked for."""
        return self.least_accuracy is None or (offer.accuracy is not None and offer.accuracy >= self.least_accuracy)

    def lacking(self, way: Way) -> tuple[FieldName, ...]:
        """The fields of a way that are missing somewhere, by name."""
        return tuple(sorted(field for field in way.fields if self.gaps.missing(field)))

    def eligible(self, field: FieldName) -> tuple[Offer, ...]:
        """The offers that can bring a field, by name."""
        return tuple(offer for offer in self.offers if field in offer.covers and self.suits(offer))

    def is_feasible(self, way: Way) -> bool:
        """Whether every missing field has a provider, and every field that none covers is known somewhere."""
        return all(self.eligible(field) for field in self.lacking(way)) and not self.unknown(way)

    def unknown(self, way: Way) -> tuple[FieldName, ...]:
        """Fields that no provider covers and that no row knows."""
        rows = self.gaps.rows
        return tuple(sorted(f for f in way.given if rows.get(f.source) and self.gaps.missing(f) == rows[f.source]))


@dataclass(frozen=True, slots=True)
class Choice:
    """What is taken: the proxy of each hypothesis that can be tested, the provider of each field, and what it costs."""

    proxies: Mapping[str, str]
    providers: Mapping[FieldName, str]
    cost: Fraction
    effort: int


@dataclass(frozen=True, slots=True)
class _Places:
    """The place of each decision among those of the program."""

    taken: dict[tuple[str, str], int]
    got: dict[FieldName, int]
    brought: dict[tuple[FieldName, str], int]
    asked: dict[tuple[str, frozenset[FieldName]], int]
    used: dict[str, int]

    @property
    def size(self) -> int:
        return len(self.taken) + len(self.got) + len(self.brought) + len(self.asked) + len(self.used)


def choose(problem: Problem) -> Choice:
    """The most priority covered within the budget and the least accuracy; then the least effort that can't be priced;
    then the lowest cost; ties by name.

    Of equal choices the one is taken that covers the hypothesis first in name, by the proxy first in name, with the
    provider first in name for the field first in name. A field is only got for a hypothesis that is covered.
    """
    places = _places(problem)
    prices, unit = _whole(_costs(problem, places))
    program = BinaryProgram(places.size, (*_rules(problem, places), *_budget(problem, prices, unit)))
    efforts = {places.used[o.provider]: o.effort for o in problem.offers if o.effort and o.provider in places.used}
    solution: Solution = (0,) * places.size
    for goal in (_priorities(problem, places), efforts, prices, *_names(problem, places)):
        found = minimise(program, goal)
        assert found is not None, "to take nothing costs nothing"
        solution = found
        program = replace(program, rows=(*program.rows, Row(goal, None, total(goal, found))))
    return _read(problem, places, solution)


def least_cost(problem: Problem, wishes: Iterable[str]) -> Fraction | None:
    """What it takes at least to cover all of some hypotheses, whatever the budget; None where it can't be done."""
    named = frozenset(wishes)
    only = replace(problem, wishes=tuple(w for w in problem.wishes if w.hypothesis in named), budget=None)
    choice = choose(only)
    return choice.cost if len(choice.proxies) == len(only.wishes) else None


def _places(problem: Problem) -> _Places:
    ways = [(w.hypothesis, way) for w in problem.wishes for way in w.ways if problem.is_feasible(way)]
    fields = sorted({field for _, way in ways for field in problem.lacking(way)})
    brought = [(field, offer) for field in fields for offer in problem.eligible(field)]
    asked = [
        (offer.provider, lacked)
        for offer in problem.offers
        if offer.per is Per.RECORD and offer.price
        for lacked in _lacked(problem, offer, fields)
    ]
    once = [offer.provider for offer in problem.offers if (offer.per is Per.FLAT and offer.price) or offer.effort]
    used = [name for name in once if any(offer.provider == name for _, offer in brought)]
    numbers = iter(range(len(ways) + len(fields) + len(brought) + len(asked) + len(used)))
    return _Places(
        {(hypothesis, way.proxy): next(numbers) for hypothesis, way in ways},
        {field: next(numbers) for field in fields},
        {(field, offer.provider): next(numbers) for field, offer in brought},
        {pair: next(numbers) for pair in asked},
        {name: next(numbers) for name in used},
    )


def _lacked(problem: Problem, offer: Offer, fields: Sequence[FieldName]) -> list[frozenset[FieldName]]:
    """The sets of fields that rows lack and the offer can bring: all rows of a set are asked for, or none."""
    can = {field for field in fields if offer in problem.eligible(field)}
    found = {lacked & can for lacked, _ in problem.gaps.patterns} - {frozenset()}
    return sorted(found, key=sorted)


def _rules(problem: Problem, places: _Places) -> Iterator[Row]:
    """What makes decisions fit together."""
    needing: dict[FieldName, list[int]] = {field: [] for field in places.got}
    for wish in problem.wishes:
        own = [places.taken[key] for way in wish.ways if (key := (wish.hypothesis, way.proxy)) in places.taken]
        if len(own) > 1:
            yield Row(dict.fromkeys(own, 1), None, 1)
        for way in wish.ways:
            place = places.taken.get((wish.hypothesis, way.proxy))
            for field in problem.lacking(way) if place is not None else ():
                assert place is not None
                needing[field].append(place)
                yield Row({place: 1, places.got[field]: -1}, None, 0)
    for field, needed in needing.items():
        yield Row({places.got[field]: 1, **dict.fromkeys(needed, -1)}, None, 0)
        bringing = [place for (one, _), place in places.brought.items() if one == field]
        yield Row({places.got[field]: -1, **dict.fromkeys(bringing, 1)}, 0, 0)
    for (field, provider), place in places.brought.items():
        for (asked, lacked), record in places.asked.items():
            if asked == provider and field in lacked:
                yield Row({place: 1, record: -1}, None, 0)
        if provider in places.used:
            yield Row({place: 1, places.used[provider]: -1}, None, 0)


def _costs(problem: Problem, places: _Places) -> dict[int, Fraction]:
    prices = {offer.provider: offer for offer in problem.offers}
    costs: dict[int, Fraction] = {}
    for (field, provider), place in places.brought.items():
        offer = prices[provider]
        if offer.price and offer.per is Per.FIELD:
            costs[place] = offer.price * problem.gaps.missing(field)
    for (provider, lacked), place in places.asked.items():
        offer = prices[provider]
        reach = {field for (field, name) in places.brought if name == provider}
        rows = sum(count for other, count in problem.gaps.patterns if other & reach == lacked)
        costs[place] = (offer.price or Fraction(0)) * rows
    for provider, place in places.used.items():
        costs[place] = prices[provider].price or Fraction(0)
    return {place: cost for place, cost in costs.items() if cost}


def _whole(costs: Mapping[int, Fraction]) -> tuple[dict[int, int], Fraction]:
    """Costs as whole numbers of a unit, the largest that measures them all."""
    scale = reduce(lcm, (cost.denominator for cost in costs.values()), 1)
    whole = {place: int(cost * scale) for place, cost in costs.items()}
    common = reduce(gcd, whole.values(), 0) or 1
    return {place: cost // common for place, cost in whole.items()}, Fraction(common, scale)


def _budget(problem: Problem, prices: Mapping[int, int], unit: Fraction) -> Iterator[Row]:
    if problem.budget is not None and prices:
        yield Row(prices, None, floor(problem.budget / unit))


def _priorities(problem: Problem, places: _Places) -> dict[int, int]:
    priority = {wish.hypothesis: wish.priority for wish in problem.wishes}
    return {place: -priority[hypothesis] for (hypothesis, _), place in places.taken.items()}


def _names(problem: Problem, places: _Places) -> Iterator[dict[int, int]]:
    """Goals that settle ties, the first in name first: hypotheses, their proxies, the providers of fields."""
    ways: dict[str, list[tuple[str, int]]] = {}
    for (hypothesis, proxy), place in sorted(places.taken.items()):
        ways.setdefault(hypothesis, []).append((proxy, place))
    bringing: dict[FieldName, list[int]] = {}
    for (field, _), place in sorted(places.brought.items(), key=lambda pair: (pair[0][0], pair[0][1])):
        bringing.setdefault(field, []).append(place)
    covered = [[(place, -1) for _, place in found] for _, found in sorted(ways.items())]
    by_rank = [[place for _, place in found] for _, found in sorted(ways.items())]
    ranked = [list(zip(found, range(len(found)), strict=True)) for found in (*by_rank, *bringing.values())]
    return _grouped([*covered, *(one for one in ranked if len(one) > 1)])


def _grouped(digits: Iterable[Sequence[tuple[int, int]]]) -> Iterator[dict[int, int]]:
    """Goals that settle one digit after the other, as many in one goal as whole numbers of modest size can tell."""
    group: list[Sequence[tuple[int, int]]] = []
    room = 1
    for digit in digits:
        values = 1 + max(abs(rank) for _, rank in digit)
        if group and room * values > _MOST_ALTERNATIVES:
            yield _weighted(group)
            group, room = [], 1
        group.append(digit)
        room *= values
    if group:
        yield _weighted(group)


def _weighted(group: Sequence[Sequence[tuple[int, int]]]) -> dict[int, int]:
    weight = 1
    goal: dict[int, int] = {}
    for digit in reversed(group):
        for place, rank in digit:
            goal[place] = goal.get(place, 0) + rank * weight
        weight *= 1 + max(abs(rank) for _, rank in digit)
    return goal


def _read(problem: Problem, places: _Places, solution: Solution) -> Choice:
    taken = {hypothesis: proxy for (hypothesis, proxy), place in places.taken.items() if solution[place]}
    brought = {field: provider for (field, provider), place in places.brought.items() if solution[place]}
    costs = _costs(problem, places)
    efforts = {offer.provider: offer.effort or 0 for offer in problem.offers}
    return Choice(
        MappingProxyType({w.hypothesis: taken[w.hypothesis] for w in problem.wishes if w.hypothesis in taken}),
        MappingProxyType(dict(sorted(brought.items()))),
        sum((cost for place, cost in costs.items() if solution[place]), Fraction(0)),
        sum(efforts[provider] for provider in set(brought.values())),
    )
