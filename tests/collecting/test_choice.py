"""The choice of providers: equal to trying everything, and right where it can be told by hand."""

import itertools
import random
from dataclasses import dataclass
from fractions import Fraction

import pytest

from segdsl.collecting.choice import Choice, Problem, choose
from tests.collecting.cases import field, gaps, offer, wish

CASES = 220


@dataclass(frozen=True, slots=True)
class Terms:
    """A provider as this test understands it."""

    name: str
    per: str
    price: Fraction
    effort: int | None
    accuracy: Fraction | None
    covers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    providers: tuple[Terms, ...]
    hypotheses: tuple[tuple[str, int, dict[str, tuple[str, ...]]], ...]
    patterns: dict[tuple[str, ...], int]
    budget: Fraction | None
    least: Fraction | None

    def problem(self) -> Problem:
        offers = tuple(
            offer(p.name, p.per, None if p.effort is not None else p.price, p.covers, p.accuracy, p.effort)
            for p in self.providers
        )
        wishes = tuple(wish(name, priority, ways) for name, priority, ways in self.hypotheses)
        return Problem(wishes, offers, gaps(self.patterns), self.budget, self.least)


def draw(rng: random.Random) -> Case | None:
    """Up to 12 providers of all kinds, up to 4 hypotheses with up to 3 proxies, up to 4 patterns of missing fields."""
    fields = [f"f{place}" for place in range(rng.randint(1, 5))]
    providers = []
    for place in range(rng.randint(1, 12 if len(fields) <= 4 else 8)):
        kind = rng.choice(["field", "field", "record", "flat", "effort"])
        price = Fraction(rng.choice([1, 2, 3, 4, 5, 10, 133]), rng.choice([1, 3, 100]))
        if kind == "flat":
            price *= rng.choice([10, 100, 1000, 10**6])
        providers.append(
            Terms(
                f"p{place:02}",
                "flat" if kind == "effort" else kind,
                price,
                rng.randint(0, 3) if kind == "effort" else None,
                rng.choice([None, Fraction(4, 5), Fraction(9, 10)]),
                frozenset(name for name in fields if rng.random() < 0.4),
            )
        )
    covered = sorted(frozenset().union(*(one.covers for one in providers)))
    if not covered:
        return None
    hypotheses = []
    for place in range(rng.randint(1, 4)):
        ways = {
            f"x{number}": tuple(sorted(rng.sample(covered, rng.randint(1, min(2, len(covered))))))
            for number in range(rng.randint(1, 3))
        }
        hypotheses.append((f"h{place}", rng.randint(1, 3), ways))
    rng.shuffle(hypotheses)
    patterns = {
        tuple(name for name in fields if rng.random() < 0.7): rng.choice([1, 3, 10, 50, 1_000_003])
        for _ in range(rng.randint(1, 4))
    }
    budget = rng.choice([None, Fraction(rng.randint(0, 300)), Fraction(rng.randint(0, 3000), 7), Fraction(10**6)])
    least = rng.choice([None, None, Fraction(17, 20)])
    whole = {lacked: count for lacked, count in patterns.items() if lacked}
    return Case(tuple(providers), tuple(hypotheses), whole, budget, least)


def cost_of(case: Case, brought: dict[str, str]) -> tuple[Fraction, int]:
    """Money and effort of getting each field from its provider."""
    cost, effort = Fraction(0), 0
    for one in case.providers:
        own = {name for name, provider in brought.items() if provider == one.name}
        if not own:
            continue
        if one.effort is not None:
            effort += one.effort
        elif one.per == "flat":
            cost += one.price
        else:
            for lacked, count in case.patterns.items():
                times = len(own.intersection(lacked))
                cost += one.price * count * (times if one.per == "field" else min(times, 1))
    return cost, effort


def best_of_all(case: Case) -> tuple[dict[str, str], dict[str, str], Fraction]:
    """Tries every set of hypotheses, every proxy and every provider."""
    missing = {name for lacked in case.patterns for name in lacked}
    ways = [(None, *ways) for _, _, ways in case.hypotheses]
    best = None
    for taken in itertools.product(*ways):
        pairs = list(zip(case.hypotheses, taken, strict=True))
        priority = sum(one[1] for one, proxy in pairs if proxy is not None)
        if best is not None and priority < -best[0][0]:
            continue
        needed = sorted({f for one, proxy in pairs if proxy is not None for f in one[2][proxy] if f in missing})
        bringing = [
            [
                one.name
                for one in case.providers
                if name in one.covers
                and (case.least is None or (one.accuracy is not None and one.accuracy >= case.least))
            ]
            for name in needed
        ]
        proxies = {one[0]: proxy for one, proxy in pairs if proxy is not None}
        names = sorted(one[0] for one in case.hypotheses)
        ties = [[name not in proxies for name in names], [proxies.get(name, "") for name in names]]
        for chosen in itertools.product(*bringing):
            brought = dict(zip(needed, chosen, strict=True))
            cost, effort = cost_of(case, brought)
            if case.budget is None or cost <= case.budget:
                rank = (-priority, effort, cost, *ties, chosen)
                if best is None or rank < best[0]:
                    best = (rank, proxies, brought, cost)
    assert best is not None
    return best[1], best[2], best[3]


def plain(choice: Choice) -> tuple[dict[str, str], dict[str, str], Fraction]:
    return dict(choice.proxies), {one.name: provider for one, provider in choice.providers.items()}, choice.cost


@pytest.mark.slow
def test_choice_is_the_best_of_all_on_drawn_cases() -> None:
    drawn = [case for seed in range(CASES) if (case := draw(random.Random(seed))) is not None]
    assert len(drawn) >= 200
    assert max(len(case.providers) for case in drawn) == 12
    wrong = [place for place, case in enumerate(drawn) if plain(choose(case.problem())) != best_of_all(case)]
    assert wrong == []


ONE_FIELD = (wish("larger", 1, {"employees": ["employees"]}),)
HUNDRED = gaps({("employees",): 100})


@pytest.mark.parametrize(("budget", "provider"), [(Fraction("100.00"), "cheap"), (Fraction("99.99"), None)])
def test_a_budget_may_be_spent_to_the_last_cent(budget: Fraction, provider: str | None) -> None:
    cheap = offer("cheap", "field", 1, ["employees"])
    choice = choose(Problem(ONE_FIELD, (cheap,), HUNDRED, budget))
    assert choice.providers.get(field("employees")) == provider


def test_a_cent_in_billions_decides() -> None:
    # Three million accounts at $1,999.99 and at one cent less for all of them together.
    many = gaps({("employees",): 3_000_000}, 3_000_000)
    price = Fraction("1999.99")
    dear = offer("a_dear", "field", price, ["employees"])
    flat = offer("b_flat", "flat", price * 3_000_000 - Fraction("0.01"), ["employees"])
    assert choose(Problem(ONE_FIELD, (dear, flat), many)).providers[field("employees")] == "b_flat"
    limit = price * 3_000_000 - Fraction("0.02")
    assert choose(Problem(ONE_FIELD, (dear, flat), many, limit)).proxies == {}


def test_of_equal_costs_the_first_name_is_taken() -> None:
    # The example of the method: at $1.00 a field a database at $6.00 a record ties at six fields.
    names = [f"f{place}" for place in range(6)]
    wishes = tuple(wish(f"h{place}", 1, {name: [name]}) for place, name in enumerate(names))
    offers = (offer("database", "record", 6, names), offer("research", "field", 1, names))
    every = gaps({tuple(names): 100})
    choice = choose(Problem(wishes, offers, every))
    assert (choice.cost, set(choice.providers.values())) == (Fraction(600), {"database"})
    five = choose(Problem(wishes[:5], offers, every))
    assert (five.cost, set(five.providers.values())) == (Fraction(500), {"research"})


def test_higher_priority_goes_before_lower_cost() -> None:
    wishes = (wish("cheap", 1, {"a": ["a"]}), wish("dear", 3, {"b": ["b"]}))
    offers = (offer("p", "field", 1, ["a"]), offer("q", "field", 5, ["b"]))
    choice = choose(Problem(wishes, offers, gaps({("a", "b"): 10}), Fraction(50)))
    assert choice.proxies == {"dear": "b"}


def test_the_cheapest_of_several_proxies_is_taken() -> None:
    wishes = (wish("larger", 1, {"employees": ["employees"], "revenue": ["revenue"]}),)
    offers = (offer("p", "field", 2, ["employees"]), offer("q", "field", 1, ["revenue"]))
    choice = choose(Problem(wishes, offers, gaps({("employees", "revenue"): 10})))
    assert choice.proxies == {"larger": "revenue"}
    assert choice.cost == 10


def test_an_effort_is_avoided_where_the_budget_pays_for_another() -> None:
    offers = (offer("paid", "field", 1, ["employees"]), offer("by_hand", "flat", None, ["employees"], effort=3))
    paid = choose(Problem(ONE_FIELD, offers, HUNDRED, Fraction(100)))
    assert (paid.cost, paid.effort) == (100, 0)
    unpaid = choose(Problem(ONE_FIELD, offers, HUNDRED, Fraction(99)))
    assert (unpaid.cost, unpaid.effort) == (0, 3)


def test_a_provider_without_a_stated_accuracy_is_not_accurate_enough() -> None:
    silent = offer("silent", "field", 1, ["employees"])
    assert choose(Problem(ONE_FIELD, (silent,), HUNDRED, None, Fraction(1, 2))).proxies == {}
    assert choose(Problem(ONE_FIELD, (silent,), HUNDRED)).proxies == {"larger": "employees"}


def test_what_is_known_everywhere_costs_nothing_and_needs_nobody() -> None:
    choice = choose(Problem(ONE_FIELD, (), gaps({})))
    assert (choice.proxies, dict(choice.providers), choice.cost) == ({"larger": "employees"}, {}, 0)
