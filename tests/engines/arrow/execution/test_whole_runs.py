"""Whole runs of one spec with everything in it agree with the plain-Python reading, whatever the data."""

import random
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.engines.arrow.results import RunTables
from segdsl.model.model import Model
from segdsl.plan import Plan, build_plan, clock_of
from tests.engines.arrow.execution.relational import World, to_places
from tests.engines.arrow.execution.running import TODAY, carry_out, model_of

SPEC = """
param as_of : date = 2026-01-31

source accounts from "accounts.csv" {
  id     : text key
  region : category?
  size   : count?
  fee    : money(USD)?
  growth : ratio?
  opened : date
  parent : text?
  tags   : list(category)?
  links parent to accounts
}
source prospects like accounts from "prospects.csv" { without fee, opened, parent   opted_out : bool }
source products from "products.csv" { product : int key   price : money(USD)?   family : category }
source deals from "deals.csv" {
  deal    : int key
  buyer   : text?
  seller  : text?
  product : int?
  amount  : money(USD)?
  weight  : number?
  closed  : date?
  won     : bool?
  links buyer to accounts
  links seller to accounts
  links product to products
}
source notes from "notes.csv" { note : int key   deal : int   at : date?   mood : category?   links deal to deals }

derive deals {
  margin     = amount - product.price
  note_count = count(notes)
  last_mood  = last(notes.mood by at)
  of_region  = buyer.region
}
derive accounts {
  bought        = sum(deals.amount where closed within 12 months before as_of via buyer)
  sold          = sum(deals.amount via seller)
  deals_won     = count(deals where won via buyer)
  mean_amount   = mean(deals.amount via buyer)
  middle_amount = median(deals.amount via buyer)
  least         = min(deals.amount via buyer)
  most          = max(deals.amount via buyer)
  weight_sum    = sum(deals.weight via buyer)
  weight_mean   = mean(deals.weight where amount >= $2 via buyer)
  families      = distinct(deals.product.family via buyer)
  moods         = distinct(deals.last_mood via buyer)
  first_closed  = min(deals.closed via buyer)
  last_product  = last(deals.product by closed via buyer)
  first_amount  = first(deals.amount by closed via buyer)
  ever_won      = any(deals.won via buyer)
  always_won    = all(deals.won via buyer)
  notes_taken   = sum(deals.note_count via buyer)
  margin_sum    = sum(deals.margin via buyer)
  home_deals    = count(deals where of_region == accounts.region via buyer)
  children      = count(accounts via parent)
  child_fees    = sum(accounts.fee via parent)
  top_region    = parent.parent.region ?? region
  per_head      = bought / (size ?? 1)
  share         = bought / sum(bought over customers)
  big           = fee >= quantile(fee, 0.75 over customers)
  third         = nth_largest(fee, 3 over accounts)
  place         = rank(bought over customers per region)
  region_mean   = mean(fee over customers per region)
  region_count  = count(over customers per region)
  known_fees    = count(over accounts where size >= 2)
  tenure        = as_of - opened
}

population customers from accounts {
  keep "has a fee"      when fee is known
  drop "giant"          when fee >= 2 * nth_largest(fee, 2 over remaining)
  drop "above the mean" when size > 2 * mean(size over remaining)
  drop "too new"        when as_of - opened < 30 days
}
population small from customers { keep "small" when size <= 3 }

score quality "Quality" for customers {
  base               fee
  plus  "bought"     10% of bought   when deals_won > 0
  minus "cost"       children * $1
  minus "shrinking"  middle_amount   when growth < 0%
  grade A top 20%, B next 30%, C rest
}
score ease "Ease" for small { base deals_won + notes_taken   minus "size" size   missing terms as 0   grade quartiles }

segmentation plan "Plan" for customers {
  segment key when big and quality.grade == "A" {
    segment north when region == "north"
    segment tagged when tags has any ("x", "y")
  }
  segment growing when growth > 5% { segment winners when ever_won   segment others otherwise }
  segment held when bought >= $2
  segment rest when size >= 1 or region is missing
}
segmentation flags "Flags" for customers overlapping {
  segment rich when fee >= $3
  segment busy when deals_won >= 2
  segment both when tags has all ("x", "y")
  segment none otherwise
}
segmentation shape "Shape" for small nearest {
  measure size log scale 1.5
  measure fee scale 2
  segment little at size 1, fee $1
  segment large  at size 4, fee $3
  segment same   at size 4, fee $3
}

audience best from customers {
  where    plan in ("key", "held", "rest")
  order by quality desc, region
  take     4
  hold out 40%
  columns  id, region, quality, plan, plan.micro, flags, place, quality.rank
}
audience next from customers {
  except   best, small
  order by growth
  take     2 per region
  columns  id, growth, promise = expected(quality by plan)
}
audience cold from prospects {
  where    plan in ("growing", "rest") and not opted_out
  except   accounts
  order by expected(quality by plan) desc
  columns  id, plan, flags, size, top_region, region_mean, bought, quality
}
"""


@cache
def model() -> Model:
    return model_of(SPEC)


@cache
def plan() -> Plan:
    return build_plan(model(), clock_of(model(), TODAY))


def run(rows: dict[str, list[dict[str, Any]]], **options: Any) -> RunTables:
    tables, found = carry_out(plan(), model(), rows, **options)
    assert tables is not None, [(d.code, d.message) for d in found]
    return tables


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


# Few different values, so that ties, empty groups and orders decided by the key are common.
IDS = [f"A{n}" for n in range(9)]
DAYS = st.sampled_from([date(2024, 2, 29), date(2025, 1, 31), date(2025, 2, 1), date(2025, 12, 31), date(2026, 1, 31)])
FEES = st.sampled_from([Fraction(n, 4) for n in (-2, 0, 1, 4, 6, 8, 12, 13, 40)] + [Fraction(1, 10**6)])
WEIGHTS = st.sampled_from([0.1, 0.2, 0.3, 1e16, -1e16, 1.5, -0.0])
REGIONS = st.sampled_from(["north", "south", "Ünited"])
TAGS = st.lists(st.sampled_from(["x", "y", "z"]), max_size=3, unique=True).map(tuple)
LINKED = st.sampled_from([*IDS, *IDS, None])


def account(key: str, linked: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.just(key),
            "region": maybe(REGIONS),
            "size": maybe(st.integers(0, 6)),
            "fee": maybe(FEES),
            "growth": maybe(st.sampled_from([-0.1, 0.0, 0.05, 0.1])),
            "opened": DAYS,
            "parent": maybe(linked),
            "tags": maybe(TAGS),
        }
    )


def prospect(key: str) -> st.SearchStrategy[dict[str, Any]]:
    own = {"opted_out": st.booleans()}
    shared = account(key, st.none()).map(lambda row: {k: row[k] for k in ("id", "region", "size", "growth", "tags")})
    return st.tuples(shared, st.fixed_dictionaries(own)).map(lambda pair: pair[0] | pair[1])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=9))
    linked = st.sampled_from(ids) if ids else st.none()
    deal_count = draw(st.integers(0, 14))
    deal = st.fixed_dictionaries(
        {
            "buyer": maybe(linked),
            "seller": maybe(linked),
            "product": maybe(st.integers(1, 3)),
            "amount": maybe(FEES),
            "weight": maybe(WEIGHTS),
            "closed": maybe(DAYS),
            "won": maybe(st.booleans()),
        }
    )
    note = st.fixed_dictionaries(
        {
            "deal": st.integers(1, max(1, deal_count)),
            "at": maybe(DAYS),
            "mood": maybe(st.sampled_from(["good", "bad"])),
        }
    )
    notes = draw(st.lists(note, max_size=6)) if deal_count else []
    product = st.fixed_dictionaries({"price": maybe(FEES), "family": st.sampled_from(["core", "add-on"])})
    prospects = draw(st.lists(st.sampled_from([*IDS[:3], "P1", "P2", "P3", "P4"]), unique=True, max_size=6))
    return {
        "accounts": [draw(account(key, linked)) for key in ids],
        "prospects": [draw(prospect(key)) for key in prospects],
        "products": [{"product": n} | draw(product) for n in (1, 2, 3)],
        "deals": [{"deal": n + 1} | draw(deal) for n in range(deal_count)],
        "notes": [{"note": n + 1} | one for n, one in enumerate(notes)],
    }


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, float) and found is not None:
        return bool(found == pytest.approx(expected, rel=1e-12, abs=1e-12))
    if isinstance(expected, Fraction | int) and found is not None:
        return Fraction(found) == expected
    return bool(found == expected)


def assert_rows(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert [row.get("id") for row in found] == [row.get("id") for row in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.keys() == other.keys()
        wrong = {name: (one[name], other[name]) for name in other if not same(one[name], other[name])}
        assert not wrong, one


def by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["id"])


def check_populations(tables: RunTables, world: World) -> None:
    for name in ("customers", "small"):
        expected = world.population(name)[1]
        found = tables.attrition[name]
        assert [(r.reason, r.dropped, r.left, r.undecided) for r in found.rows] == expected


def check_scores(tables: RunTables, world: World, name: str, labels: list[str]) -> None:
    expected = [
        {"id": key[0]}
        | dict(zip(labels, row["terms"], strict=True))
        | {name: row["value"], "rank": row["rank"], "percentile": row["percentile"], "grade": row["grade"]}
        for key, row in sorted(world.scores(name).items())
    ]
    assert_rows(tables.scores[name].to_pylist(), expected)


def check_members(tables: RunTables, world: World) -> None:
    customers, small = by_id(world.members("customers")), by_id(world.members("small"))
    schemes = world.model.schemes
    plan = [(row["id"], world.segment(schemes["plan"], "accounts", row)) for row in customers]
    assert_rows(tables.members["plan"].to_pylist(), [{"id": i, "segment": s, "micro": m} for i, (s, m) in plan])
    flags = [{"id": r["id"], "segments": world.segment(schemes["flags"], "accounts", r)} for r in customers]
    assert_rows(tables.members["flags"].to_pylist(), flags)
    assert [row["id"] for row in tables.members["shape"].to_pylist()] == [row["id"] for row in small]


def check_audiences(tables: RunTables, world: World) -> None:
    for name in ("best", "next", "cold"):
        spec = world.model.audiences[name]
        both = (tables.audiences[name].table, tables.audiences[name].control)
        for found, rows in zip(both, world.listed(name), strict=True):
            expected = [{c.name: world.value(c.value, spec.source, row) for c in spec.columns} for row in rows]
            assert_rows([] if found is None else found.to_pylist(), expected)


def check_sizes(tables: RunTables, world: World) -> None:
    """The size of each segment and its mean score, nested ones included."""
    scheme, scores = world.model.schemes["plan"], world.scores("quality")
    found = [(r, world.first(scheme.segments, "accounts", r)) for r in world.members("customers")]
    for segment in tables.segments["plan"].segments:
        path = segment.path.split("/")
        inside = [row for row, segments in found if [s.name for s in segments[: len(path)]] == path]
        known = [v for v in (scores[world.key("accounts", row)]["value"] for row in inside) if v is not None]
        mean = to_places(sum(known) / len(known)) if known else None
        assert (segment.count, same(segment.means["quality"], mean)) == (len(inside), True)


@settings(max_examples=30)
@given(worlds())
def test_everything_agrees_with_the_plain_reading(rows: dict[str, list[dict[str, Any]]]) -> None:
    tables, world = run(rows), World(model(), rows)
    check_populations(tables, world)
    check_scores(tables, world, "quality", ["base", "bought", "cost", "shrinking"])
    check_scores(tables, world, "ease", ["base", "size"])
    check_members(tables, world)
    check_audiences(tables, world)
    check_sizes(tables, world)


@settings(max_examples=15)
@given(worlds(), st.randoms(use_true_random=False), st.integers(1, 4), st.integers(1, 3))
def test_order_of_rows_batches_and_threads_change_nothing(
    rows: dict[str, list[dict[str, Any]]], shuffler: random.Random, size: int, threads: int
) -> None:
    shuffled = {name: shuffler.sample(found, len(found)) for name, found in rows.items()}
    one = run(rows, threads=1)
    other = run(shuffled, chunk_rows=size, threads=threads)
    assert one.scores == other.scores
    assert one.members == other.members
    assert one.segments == other.segments
    assert one.attrition == other.attrition
    assert one.audiences == other.audiences
