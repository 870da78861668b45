from bisect import bisect_right
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.model.expression import (
    Arithmetic,
    Band,
    Branch,
    Call,
    Case,
    Coalesce,
    Column,
    Compare,
    Comparison,
    Expr,
    IsMissing,
    Literal,
    Operator,
)
from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    UNKNOWN,
    Duration,
    Type,
    list_of,
    money,
)
from tests.engines.arrow.rowwise import tallied, values_of

USD = money("USD")
FIRST, SECOND = Column("first", BOOL), Column("second", BOOL)
flags = st.none() | st.booleans()

KINDS: dict[Type, st.SearchStrategy] = {
    COUNT: st.integers(0, 10**9),
    NUMBER: st.floats(-1e9, 1e9).map(lambda f: Decimal(repr(f))),
    USD: st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-6)),
    TEXT: st.sampled_from(["", "a", "b", "é"]),
    CATEGORY: st.sampled_from(["x", "y"]),
    DATE: st.dates(),
    DURATION: st.integers(-(10**9), 10**9).map(lambda s: Duration(seconds=s)),
    BOOL: st.booleans(),
    list_of(TEXT): st.lists(st.sampled_from("ab"), max_size=2).map(tuple),
}


@pytest.mark.parametrize("type_", KINDS, ids=str)
@given(data=st.data())
def test_a_case_gives_the_value_of_the_first_true_branch_and_unknown_falls_through(type_, data):
    value = st.none() | KINDS[type_]
    rows = data.draw(st.lists(st.tuples(flags, flags, value, value, value), min_size=1, max_size=40))
    one, two, rest = (Column(name, type_) for name in ("one", "two", "rest"))
    columns = dict(zip((FIRST, SECOND, one, two, rest), map(list, zip(*rows, strict=True)), strict=True))
    expected = [x if a else y if b else z for a, b, x, y, z in rows]
    assert values_of(Case((Branch(FIRST, one), Branch(SECOND, two)), rest, type_), columns) == expected
    constant = data.draw(value)
    expected = [constant if a else y if b else None for a, b, _, y, _ in rows]
    case = Case((Branch(FIRST, Literal(constant, type_)), Branch(SECOND, two)), Literal(None, UNKNOWN), type_)
    assert values_of(case, columns) == expected


@pytest.mark.parametrize("type_", KINDS, ids=str)
@given(data=st.data())
def test_a_default_takes_the_place_of_a_missing_value(type_, data):
    value = st.none() | KINDS[type_]
    rows = data.draw(st.lists(st.tuples(value, value), min_size=1, max_size=40))
    constant = data.draw(KINDS[type_])
    one, two = Column("one", type_), Column("two", type_)
    columns = {one: [a for a, _ in rows], two: [b for _, b in rows]}
    expected = [b if a is None else a for a, b in rows]
    assert values_of(Coalesce(one, two, type_), columns) == expected
    expected = [constant if a is None else a for a, _ in rows]
    assert values_of(Coalesce(one, Literal(constant, type_), type_), columns) == expected


def test_a_whole_number_becomes_a_number_where_a_choice_mixes_them():
    count, number = Column("count", COUNT), Column("number", NUMBER)
    columns = {count: [3, None], number: [Decimal("0.5"), Decimal("1.5")]}
    assert values_of(Coalesce(count, number, NUMBER), columns) == [Decimal("3.0"), Decimal("1.5")]


def divided(left: Expr, right: Expr) -> Arithmetic:
    return Arithmetic(Operator.DIVIDE, left, right, RATIO.or_missing())


def test_a_division_that_a_case_guards_against_is_not_counted():
    won, lost = Column("won", COUNT), Column("lost", COUNT)
    is_zero = Compare(Comparison.EQUAL, lost, Literal(0, INT))
    guarded = Case((Branch(is_zero, Literal(Decimal(0), RATIO)),), divided(won, lost), RATIO)
    columns = {won: [1, 2, 3, None], lost: [0, 4, 2, 0]}
    assert tallied(guarded, columns) == ([0, Decimal("0.5"), Decimal("1.5"), 0], {})
    assert tallied(divided(won, lost), columns)[1] == {"division by zero": 1}


def test_a_condition_is_not_computed_where_an_earlier_branch_decided():
    won, lost = Column("won", COUNT), Column("lost", COUNT)
    zero = Compare(Comparison.EQUAL, lost, Literal(0, INT))
    often = Compare(Comparison.MORE, divided(won, lost), Literal(1, INT))
    grade = Case(
        (Branch(zero, Literal("none", TEXT)), Branch(often, Literal("often", TEXT))),
        Literal("rare", TEXT),
        TEXT,
    )
    found, lapses = tallied(grade, {won: [1, 5, 1], lost: [0, 2, 2]})
    assert (found, lapses) == (["none", "often", "rare"], {})


def test_a_default_is_not_computed_where_the_value_is_known():
    known, visits = Column("known", NUMBER), Column("visits", COUNT)
    default = Call("log", (visits,), NUMBER.or_missing())
    found, lapses = tallied(Coalesce(known, default, NUMBER), {known: [Decimal(1), None, None], visits: [0, 1, 0]})
    assert (found, lapses) == ([1, 0, None], {"no result for such a number": 1})


@given(
    st.lists(st.none() | st.integers(-5, 400), min_size=1, max_size=40),
    st.lists(st.decimals(-3, 390, places=1), min_size=1, max_size=30, unique=True).map(sorted),
)
def test_a_value_equal_to_a_cut_point_belongs_to_the_band_above(column, cuts):
    labels = tuple(f"band {n}" for n in range(len(cuts) + 1))
    expected = [None if v is None else labels[bisect_right(cuts, v)] for v in column]
    for type_ in (COUNT, NUMBER, USD):
        field = Column("x", type_)
        values = [v if v is None or type_ is COUNT else Decimal(v) for v in column]
        assert values_of(Band(field, tuple(cuts), labels, CATEGORY), {field: values}) == expected


def test_durations_and_missing_constants_have_bands_too():
    span = Column("span", DURATION)
    band = Band(span, (Duration(months=1),), ("short", "long"), CATEGORY)
    days = [Duration(seconds=86_400 * n) for n in (30, 31)]
    assert values_of(band, {span: [*days, None]}) == ["short", "long", None]
    assert values_of(Band(Literal(None, COUNT), (5,), ("a", "b"), CATEGORY), {}) == [None]
    assert values_of(IsMissing(Band(Literal(7, COUNT), (5,), ("a", "b"), CATEGORY)), {}) == [False]
