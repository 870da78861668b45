"""Random rules over the table, in a neutral form, and written out for each engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl

from segdsl.model.expression import And, Column, Compare, Comparison, Expr, InValues, Literal, Not, Or
from segdsl.types import BOOL, Kind
from tests.benchmarks.table import COLUMNS, MILLIONTHS, SEED, category_size, values_of

Constant = int | float | date | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """One predicate: a column compared with a constant; `in` and `not in` with some texts."""

    column: str
    operator: str
    constant: Constant


# A rule: all of these, each one of these.
Rule = tuple[tuple[Test, ...], ...]

_SHARED = 10
_ORDERINGS = ("<", ">=")


def make_rules(count: int, shared: bool = True) -> list[Rule]:
    """Rules of 2 to 6 predicates, now and then an alternative of two; constants from ten a column, or all distinct."""
    rng = np.random.default_rng((SEED, count, shared))
    constants = {name: _constants(name, _SHARED, rng) for name in COLUMNS} if shared else {}
    rules = []
    for _ in range(count):
        columns = rng.choice(list(COLUMNS), size=int(rng.integers(2, 7)), replace=False)
        tests = [_test(str(name), constants, rng) for name in columns]
        if len(tests) > 3 and rng.random() < 0.3:
            rules.append((tuple(tests[:2]), *((t,) for t in tests[2:])))
        else:
            rules.append(tuple((t,) for t in tests))
    return rules


def _constants(name: str, count: int, rng: np.random.Generator) -> list[Constant]:
    """Cut-points between the 5th and the 95th percentile, or sets of up to five texts."""
    column = COLUMNS[name]
    if column.type.kind is Kind.BOOL:
        return [True, False]
    if column.type.kind is Kind.CATEGORY:
        return [_some_texts(column.variant, rng) for _ in range(count)]
    values = np.quantile(values_of(column, 20_000, rng), rng.uniform(0.05, 0.95, count))
    match column.type.kind:
        case Kind.NUMBER:
            return [float(f"{v:.6g}") for v in values]
        case Kind.DATE:
            return [date(1970, 1, 1) + timedelta(days=int(v)) for v in values]
        case Kind.MONEY:
            return [int(v / 10_000) * 10_000 for v in values]
        case _:
            return [int(v) for v in values]


def _some_texts(variant: int, rng: np.random.Generator) -> tuple[str, ...]:
    size = category_size(variant)
    chosen = rng.choice(size, size=int(rng.integers(1, min(6, size))), replace=False)
    return tuple(f"c{variant}_{i:03d}" for i in sorted(chosen))


def _test(name: str, shared: Mapping[str, Sequence[Constant]], rng: np.random.Generator) -> Test:
    constants = shared[name] if shared else _constants(name, 1, rng)
    constant = constants[int(rng.integers(len(constants)))]
    match constant:
        case bool():
            return Test(name, "==", constant)
        case tuple():
            return Test(name, "in" if rng.random() < 0.6 else "not in", constant)
        case _:
            return Test(name, str(rng.choice(_ORDERINGS)), constant)


def as_conditions(rules: Sequence[Rule]) -> list[Expr]:
    """The rules as segdsl checks and runs them."""
    return [_all(And, [_all(Or, [_as_expression(t) for t in group]) for group in rule]) for rule in rules]


def _all(join: type[And] | type[Or], parts: list[Expr]) -> Expr:
    return parts[0] if len(parts) == 1 else join(tuple(parts), BOOL.or_missing(any(p.type.optional for p in parts)))


def _as_expression(test: Test) -> Expr:
    type_ = COLUMNS[test.column].type
    column, answer = Column(test.column, type_), BOOL.or_missing(type_.optional)
    match test:
        case Test(constant=tuple() as texts):
            found = InValues(column, texts, answer)
            return found if test.operator == "in" else Not(found, answer)
        case Test(constant=bool() as wanted):
            return column if wanted else Not(column, answer)
        case Test(constant=date() as day):
            constant = Literal(day, type_.or_missing(False))
        case Test(constant=int() as units) if type_.kind is Kind.MONEY:
            constant = Literal(Decimal(units) / MILLIONTHS, type_.or_missing(False))
        case Test(constant=number):
            constant = Literal(Decimal(repr(number)), type_.or_missing(False))
    return Compare(Comparison(test.operator), column, constant, answer)


def as_polars(rules: Sequence[Rule]) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """The distinct predicates as named columns for one shared projection, and the rules over those."""
    names = {test: f"p{i}" for i, test in enumerate(dict.fromkeys(t for r in rules for g in r for t in g))}
    predicates = [_in_polars(test).alias(name) for test, name in names.items()]
    conditions = [reduce(and_, [reduce(or_, [pl.col(names[t]) for t in group]) for group in rule]) for rule in rules]
    return predicates, conditions


def _in_polars(test: Test) -> pl.Expr:
    column = pl.col(test.column)
    match test:
        case Test(operator="in", constant=tuple() as texts):
            return column.is_in(list(texts))
        case Test(operator="not in", constant=tuple() as texts):
            return ~column.is_in(list(texts))
        case Test(operator="==", constant=wanted):
            return column if wanted else ~column
        case Test(operator="<", constant=cut):
            return column < cut
        case Test(operator="<=", constant=cut):
            return column <= cut
        case Test(operator=">", constant=cut):
            return column > cut
        case Test(constant=cut):
            return column >= cut


def as_sql(rules: Sequence[Rule]) -> list[str]:
    """The rules as conditions of DuckDB's SQL."""
    return [" and ".join("(" + " or ".join(_in_sql(t) for t in group) + ")" for group in rule) for rule in rules]


def _in_sql(test: Test) -> str:
    match test.constant:
        case tuple() as texts:
            return f"{test.column} {test.operator} ({', '.join(repr(t) for t in texts)})"
        case bool() as wanted:
            return test.column if wanted else f"not {test.column}"
        case date() as day:
            return f"{test.column} {test.operator} date '{day}'"
        case float() as number:
            return f"{test.column} {test.operator} {number!r}::double"
        case number:
            return f"{test.column} {test.operator} {number}"
