"""Random tables and random rules over them, for properties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
from hypothesis import strategies as st

from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.physical import arrow_type
from segdsl.model.expression import (
    And,
    Branch,
    Case,
    Coalesce,
    Column,
    Compare,
    Comparison,
    Expr,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    Literal,
    Not,
    Or,
    TextMatch,
    TextTest,
)
from segdsl.types import BOOL, CATEGORY, COUNT, DATE, INT, NUMBER, TEXT, Type, Value, list_of, money

USD = money("USD")
WORDS = ("", "a", "ab", "b", "ba", "é", "zz")
NUMBERS = tuple(Decimal(n) for n in ("-1000.5", "-1", "0", "0.1", "0.5", "1", "2.5", "3", "1e6", "1e12"))
WHOLES = (-(2**63), -(10**12), -7, -1, 0, 1, 2, 3, 50, 10**6, 10**12, 2**63 - 1)
DAYS = tuple(date(2024, 1, 1) + timedelta(days=d) for d in (-90000, -40, -1, 0, 1, 30, 400, 80000))
TAGS = ("x", "y", "z")

_CELLS: Mapping[Type, st.SearchStrategy[object]] = {
    NUMBER: st.sampled_from([*map(float, NUMBERS), -0.0, 0.3, 1e-300, 7e17, -2.75]),
    INT: st.sampled_from([*WHOLES, 4, 49, 51]),
    COUNT: st.integers(0, 60),
    USD: st.sampled_from([0, 1, -1, 2_500_000, 3_000_000, 3_000_001, 10**18, 999_999_999_999]),
    DATE: st.sampled_from(DAYS),
    BOOL: st.booleans(),
    CATEGORY: st.sampled_from(WORDS),
    TEXT: st.sampled_from(WORDS),
    list_of(TEXT): st.lists(st.sampled_from(TAGS), max_size=3),
}
_CONSTANTS: Mapping[Type, tuple[Value, ...]] = {
    NUMBER: NUMBERS,
    INT: WHOLES,
    COUNT: (0, 1, 2, 10, 30, 59, 60),
    USD: (Decimal(0), Decimal("2.5"), Decimal(3), Decimal("1000000")),
    DATE: DAYS,
    CATEGORY: WORDS,
    TEXT: WORDS,
}
COLUMNS = tuple(
    Column(f"{name}{mark}", type_.or_missing(optional))
    for name, type_ in zip(
        ("number", "int", "count", "money", "day", "flag", "category", "text", "tags"), _CELLS, strict=True
    )
    for mark, optional in (("", False), ("_or_missing", True))
)


@dataclass(frozen=True)
class Table:
    """A random table as Arrow holds it and as rows of plain values."""

    batch: Batch
    rows: tuple[dict[str, object], ...]


@st.composite
def tables(draw: st.DrawFn, breaches: bool = True) -> Table:
    """0 to 200 rows, some columns sliced out of longer arrays; with `breaches` nulls also where the type has none."""
    length = draw(st.integers(0, 40) | st.sampled_from([63, 64, 65, 128, 200]))
    broken = breaches and draw(st.sampled_from([False, False, True]))
    bound: dict[Expr, pa.Array] = {}
    for column in COLUMNS:
        before, after = draw(st.sampled_from([(0, 0), (0, 3), (1, 0), (5, 2), (8, 8)]))
        plain = _CELLS[column.type.or_missing(False)]
        nullable = column.type.optional or broken
        share = draw(st.sampled_from([0, 1, 2])) if nullable else 0
        cell = (st.none(), st.none() | plain, plain)[2 - share if share < 2 else 0]
        cells = draw(st.lists(cell, min_size=length + before + after, max_size=length + before + after))
        array = pa.array(cells, _plain(column.type))
        if column.type.kind is CATEGORY.kind:
            array = array.dictionary_encode()
        bound[column] = array.slice(before, length)
    lists = {str(column.name): array.to_pylist() for column, array in bound.items()}
    rows = tuple({name: values[i] for name, values in lists.items()} for i in range(length))
    return Table(Batch(length, bound), rows)


def _plain(type_: Type) -> pa.DataType:
    return pa.string() if type_.is_textual else arrow_type(type_)


def _columns(*types: Type) -> st.SearchStrategy[Column]:
    return st.sampled_from([c for c in COLUMNS if c.type.or_missing(False) in types])


@st.composite
def _comparison(draw: st.DrawFn) -> Expr:
    column = draw(_columns(*_CONSTANTS))
    literal = Literal(draw(st.sampled_from(_CONSTANTS[column.type.or_missing(False)])), column.type)
    pair = (column, literal) if draw(st.booleans()) else (literal, column)
    return Compare(draw(st.sampled_from(Comparison)), *pair)


@st.composite
def _fraction_against_whole(draw: st.DrawFn) -> Expr:
    column = draw(_columns(INT, COUNT))
    return Compare(draw(st.sampled_from(Comparison)), column, Literal(draw(st.sampled_from(NUMBERS)), NUMBER))


@st.composite
def _two_columns(draw: st.DrawFn) -> Expr:
    type_ = draw(st.sampled_from([NUMBER, INT, COUNT, USD, DATE]))
    return Compare(draw(st.sampled_from(Comparison)), draw(_columns(type_)), draw(_columns(type_)))


@st.composite
def _membership(draw: st.DrawFn) -> Expr:
    column = draw(_columns(*_CONSTANTS))
    constants = st.sampled_from(_CONSTANTS[column.type.or_missing(False)])
    return InValues(column, tuple(draw(st.lists(constants, min_size=1, max_size=5, unique=True))))


_TESTS = st.one_of(
    _comparison(),
    _comparison(),
    _fraction_against_whole(),
    _two_columns(),
    _membership(),
    st.builds(
        TextTest,
        st.sampled_from([TextMatch.CONTAINS, TextMatch.STARTS, TextMatch.ENDS]),
        _columns(TEXT, CATEGORY),
        st.sampled_from(WORDS),
    ),
    st.builds(
        lambda column, values, every: HasValues(column, tuple(values), every),
        _columns(list_of(TEXT)),
        st.lists(st.sampled_from(TAGS), min_size=1, max_size=2, unique=True),
        st.booleans(),
    ),
    st.builds(IsMissing, st.sampled_from(COLUMNS)),
    _columns(BOOL),
    st.sampled_from([True, False, None]).map(lambda value: Literal(value, BOOL.or_missing(value is None))),
)


def _type(*parts: Expr) -> Type:
    return BOOL.or_missing(any(p.type.optional for p in parts))


def _joined(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        several.map(lambda parts: And(parts, _type(*parts))),
        several.map(lambda parts: Or(parts, _type(*parts))),
        inner.map(lambda part: Not(part, _type(part))),
        inner.map(KnownTrue),
        inner.map(IsMissing),
        st.builds(lambda part, fallback: Coalesce(part, fallback, _type(fallback)), inner, inner),
        st.builds(
            lambda operator, part, wanted: Compare(operator, part, Literal(wanted, BOOL), _type(part)),
            st.sampled_from(Comparison),
            inner,
            st.booleans(),
        ),
        st.builds(
            lambda first, then, second, other, last: Case(
                (Branch(first, then), Branch(second, other)), last, _type(then, other, last)
            ),
            *[inner] * 5,
        ),
    )


def conditions() -> st.SearchStrategy[Expr]:
    """Boolean expressions of every shape, over few constants so that they meet and share."""
    return st.recursive(_TESTS, _joined, max_leaves=8)
