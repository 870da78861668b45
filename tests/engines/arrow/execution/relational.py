"""A plain-Python reading of the language: rows are dicts, one row at a time, nothing shared with the engine.

Amounts are exact fractions, missing is None, conditions are True, False or None. It is slow and short, so that it can
be checked by reading it beside the language's reference.
"""

import hashlib
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from segdsl.model.expression import (
    REMAINING,
    And,
    Arithmetic,
    Case,
    Coalesce,
    Column,
    Compare,
    Expected,
    Expr,
    Follow,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    LinkAggregate,
    LinkPath,
    Literal,
    Not,
    Or,
    ScoreOf,
    SegmentOf,
    TableAggregate,
)
from segdsl.model.model import Matching, Model, Scheme, Segment, TermSign
from segdsl.types import Duration, Kind, Type

Row = dict[str, Any]
Key = tuple[Any, ...]

MONTH = timedelta(seconds=2_629_746)
COMPARE = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def to_places(amount: Fraction, places: int = 6) -> Fraction:
    """Rounded half-even."""
    return Fraction(round(amount * 10**places), 10**places)


def fitted(value: Any, type_: Type) -> Any:
    """A result in the type that the spec gives it."""
    if value is None:
        return None
    match type_.kind:
        case Kind.MONEY:
            return to_places(Fraction(value))
        case Kind.NUMBER | Kind.RATIO:
            return float(value)
        case _:
            return value


def constant(value: Any, type_: Type) -> Any:
    if isinstance(value, Duration):
        return value.months * MONTH + timedelta(seconds=value.seconds)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return fitted(Fraction(value), type_) if type_.kind in (Kind.MONEY, Kind.NUMBER, Kind.RATIO) else int(value)
    return value


@dataclass
class World:
    """A model over rows. Everything is computed when it is asked for."""

    model: Model
    rows: dict[str, list[Row]]
    memo: dict[Any, Any] = field(default_factory=dict)
    remaining: list[Row] = field(default_factory=list)

    def key(self, table: str, row: Row) -> Key:
        return tuple(row[name] for name in self.model.sources[table].key)

    def by_key(self, table: str) -> dict[Key, Row]:
        if ("key", table) not in self.memo:
            self.memo["key", table] = {self.key(table, row): row for row in self.rows[table]}
        return self.memo["key", table]

    def source_of(self, name: str) -> str:
        return name if name in self.model.sources else self.model.populations[name].source

    def value(self, expr: Expr, table: str, row: Row) -> Any:
        """An expression on one row."""
        match expr:
            case Literal(value=value, type=type_):
                return constant(value, type_)
            case Column(name=name):
                return self.column(name, table, row)
            case Follow(path=path, value=value):
                parent = self.parent(path, row)
                return None if parent is None else self.value(value, path.parent, parent)
            case Arithmetic():
                return self.arithmetic(expr, table, row)
            case Compare(operator=operator, left=left, right=right):
                a, b = self.value(left, table, row), self.value(right, table, row)
                return None if a is None or b is None else COMPARE[operator.value](a, b)
            case And(operands=parts):
                return self.all_true([self.value(part, table, row) for part in parts])
            case Or(operands=parts):
                found = self.all_true([self.negated(self.value(part, table, row)) for part in parts])
                return self.negated(found)
            case Not(operand=operand):
                return self.negated(self.value(operand, table, row))
            case IsMissing(operand=operand):
                return self.value(operand, table, row) is None
            case KnownTrue(operand=operand):
                return self.value(operand, table, row) is True
            case Coalesce(operand=operand, fallback=fallback):
                found = self.value(operand, table, row)
                return self.value(fallback, table, row) if found is None else found
            case InValues(operand=operand, values=values):
                found = self.value(operand, table, row)
                return None if found is None else found in [constant(v, operand.type) for v in values]
            case HasValues(operand=operand, values=values, every=every):
                found = self.value(operand, table, row)
                return None if found is None else (all if every else any)(v in found for v in values)
            case Case(branches=branches, otherwise=otherwise):
                for branch in branches:
                    if self.value(branch.condition, table, row) is True:
                        return self.value(branch.value, table, row)
                return self.value(otherwise, table, row)
            case LinkAggregate():
                return self.link_aggregate(expr, table, row)
            case TableAggregate():
                return self.table_aggregate(expr, table, row)
            case ScoreOf(score=score, part=part):
                if table != self.model.scores[score].source:
                    return None
                found = self.scores(score).get(self.key(table, row))
                return None if found is None else found[part.value]
            case SegmentOf(scheme=scheme, micro=micro):
                found = self.segment(self.model.schemes[scheme], table, row)
                return found[1 if micro else 0] if isinstance(found, tuple) else found
            case Expected(score=score, scheme=scheme):
                return self.expected(score, scheme, table, row)
            case _:
                raise NotImplementedError(expr)

    @staticmethod
    def negated(value: bool | None) -> bool | None:
        return None if value is None else not value

    @staticmethod
    def all_true(values: Sequence[bool | None]) -> bool | None:
        return False if False in values else None if None in values else True

    def column(self, name: str, table: str, row: Row) -> Any:
        if name in row:
            return row[name]
        spec = self.model.fields.get((self.model.sources[table].row_type, name))
        if spec is None or self.model.sources[table].column(name) is not None:
            return None
        place = ("field", table, id(row), name)
        if place not in self.memo:
            self.memo[place] = self.value(spec.expr, table, row)
        return self.memo[place]

    def arithmetic(self, expr: Arithmetic, table: str, row: Row) -> Any:
        a, b = self.value(expr.left, table, row), self.value(expr.right, table, row)
        if a is None or b is None:
            return None
        if isinstance(expr.right, Literal) and isinstance(expr.right.value, Duration):
            return self.moved(a, expr.right.value, -1 if expr.operator.value == "-" else 1)
        match expr.operator.value:
            case "+":
                return fitted(a + b, expr.type)
            case "-":
                return fitted(a - b, expr.type)
            case "*":
                return fitted(Fraction(a) * Fraction(b), expr.type)
            case _:
                return None if b == 0 else fitted(Fraction(a) / Fraction(b), expr.type)

    @staticmethod
    def moved(day: date, by: Duration, sign: int) -> date:
        months = day.year * 12 + day.month - 1 + sign * by.months
        year, month = divmod(months, 12)
        last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        return date(year, month + 1, min(day.day, last)) + sign * timedelta(seconds=by.seconds)

    def parent(self, path: LinkPath, row: Row) -> Row | None:
        return self.by_key(path.parent).get(tuple(row.get(name) for name in path.columns))

    def link_aggregate(self, node: LinkAggregate, table: str, row: Row) -> Any:
        if table != node.path.parent:
            return None
        place = ("children", node.path)
        if place not in self.memo:
            groups: dict[Key, list[Row]] = {}
            for child in self.rows[node.path.child]:
                groups.setdefault(tuple(child[name] for name in node.path.columns), []).append(child)
            self.memo[place] = groups
        children = self.memo[place].get(self.key(table, row), [])
        child = node.path.child
        if node.where is not None:
            children = [c for c in children if self.value(node.where, child, c) is True]
        if node.function in ("first", "last"):
            return self.end(node, child, children)
        return self.aggregate(node, child, children)

    def end(self, node: LinkAggregate, table: str, rows: Sequence[Row]) -> Any:
        found = [(self.value(node.by, table, r), self.key(table, r), self.value(node.value, table, r)) for r in rows]
        known = [(by, key, value) for by, key, value in found if by is not None and value is not None]
        if not known:
            return None
        pick = max if node.function == "last" else min
        return pick(known, key=lambda item: (item[0], item[1]))[2]

    def aggregate(self, node: LinkAggregate | TableAggregate, table: str, rows: Sequence[Row]) -> Any:
        if node.value is None:
            return len(rows)
        values = [v for v in (self.value(node.value, table, r) for r in rows) if v is not None]
        match node.function:
            case "count":
                return len(values)
            case "sum":
                return fitted(sum(map(Fraction, values)), node.type)
            case "distinct":
                return len(set(values))
            case "any":
                return any(values)
            case "all":
                return all(values)
            case _ if not values:
                return None
            case "mean":
                return fitted(sum(map(Fraction, values)) / len(values), node.type)
            case "median":
                return self.median(values, node.type)
            case "min":
                return min(values)
            case "max":
                return max(values)
            case "quantile":
                return self.quantile(values, Fraction(node.argument), node.type)
            case "nth_largest":
                nth = int(node.argument)
                return sorted(values, reverse=True)[nth - 1] if len(values) >= nth else None
            case _:
                raise NotImplementedError(node.function)

    @staticmethod
    def median(values: Sequence[Any], type_: Type) -> Any:
        if isinstance(values[0], timedelta):
            micro = [v // timedelta(microseconds=1) for v in values]
            return timedelta(microseconds=round(statistics.median(map(Fraction, micro))))
        return fitted(statistics.median(map(Fraction, values)), type_)

    @staticmethod
    def quantile(values: Sequence[Any], level: Fraction, type_: Type) -> Any:
        ordered = sorted(map(Fraction, values))
        place = (len(ordered) - 1) * level
        low = place.numerator // place.denominator
        high = min(low + 1, len(ordered) - 1)
        return fitted(ordered[low] + (ordered[high] - ordered[low]) * (place - low), type_)

    def members(self, name: str) -> list[Row]:
        """The rows of a source or population."""
        if name in self.model.sources:
            return self.rows[name]
        return self.population(name)[0]

    def population(self, name: str) -> tuple[list[Row], list[tuple[str, int, int, int]]]:
        """The rows left, and for each rule its reason, rows dropped, left and undecided."""
        if ("population", name) not in self.memo:
            spec = self.model.populations[name]
            left, table = list(self.members(spec.parent or spec.source)), []
            for rule in spec.rules:
                self.remaining = left
                found = [(row, self.value(rule.condition, spec.source, row)) for row in left]
                kept = [row for row, value in found if (value is True) == rule.keep]
                table.append((rule.reason, len(left) - len(kept), len(kept), sum(v is None for _, v in found)))
                left = kept
            self.memo["population", name] = left, table
        return self.memo["population", name]

    def table_aggregate(self, node: TableAggregate, table: str, row: Row) -> Any:
        source = table if node.table == REMAINING else self.source_of(node.table)
        rows = self.remaining if node.table == REMAINING else self.members(node.table)
        if node.where is not None:
            rows = [r for r in rows if self.value(node.where, source, r) is True]
        if node.per is not None:
            group = self.value(node.per, table, row)
            if group is None:
                return None
            rows = [r for r in rows if self.value(node.per, source, r) == group]
        if node.function == "rank":
            own = self.value(node.value, table, row)
            if own is None or table != source or not any(r is row for r in rows):
                return None
            values = [self.value(node.value, source, r) for r in rows]
            return 1 + sum(value > own for value in values if value is not None)
        return self.aggregate(node, source, rows)

    def scores(self, name: str) -> dict[Key, dict[str, Any]]:
        """By key: the terms, the value, and where there is one, rank, percentile and grade."""
        if ("score", name) not in self.memo:
            spec = self.model.scores[name]
            found = {self.key(spec.source, row): self.score_row(name, row) for row in self.members(spec.population)}
            self.memo["score", name] = found
            self.rank_all(name, found)
        return self.memo["score", name]

    def score_row(self, name: str, row: Row) -> dict[str, Any]:
        spec = self.model.scores[name]
        terms: list[Any] = []
        for term in spec.terms:
            amount = self.value(term.amount, spec.source, row)
            if term.condition is not None and self.value(term.condition, spec.source, row) is not True:
                amount = 0
            if amount is None and spec.missing_terms_as_zero:
                amount = 0
            terms.append(-amount if term.sign is TermSign.MINUS and amount is not None else amount)
        total = None if None in terms else fitted(sum(terms), spec.type)
        return {"terms": terms, "value": total, "rank": None, "percentile": None, "grade": None}

    def rank_all(self, name: str, found: dict[Key, dict[str, Any]]) -> None:
        totals = [row["value"] for row in found.values() if row["value"] is not None]
        for row in found.values():
            if row["value"] is None:
                continue
            better = sum(t > row["value"] for t in totals)
            worse = sum(t < row["value"] for t in totals)
            row["rank"] = better + 1
            row["percentile"] = worse / (len(totals) - 1) if len(totals) > 1 else 0.0
            share = Fraction(0)
            for grade in self.model.scores[name].grades:
                share = Fraction(1) if grade.share is None else share + Fraction(grade.share)
                if Fraction(better, len(totals)) < share:
                    row["grade"] = grade.name
                    break

    def segment(self, scheme: Scheme, table: str, row: Row) -> tuple[str | None, str | None] | list[str]:
        if scheme.matching is Matching.OVERLAPPING:
            found = [s.name for s in scheme.segments if s.condition and self.value(s.condition, table, row) is True]
            return found or [s.name for s in scheme.segments if s.condition is None]
        path = self.first(scheme.segments, table, row)
        if not path:
            return None, None
        return path[0].name, None if path[-1].children else "/".join(s.name for s in path)

    def first(self, segments: Iterable[Segment], table: str, row: Row) -> list[Segment]:
        for segment in segments:
            if segment.condition is None or self.value(segment.condition, table, row) is True:
                return [segment, *self.first(segment.children, table, row)]
        return []

    def expected(self, score: str, scheme: str, table: str, row: Row) -> Any:
        spec, source = self.model.schemes[scheme], self.model.scores[score].source
        own = self.segment(spec, table, row)[0]
        if own is None:
            return None
        rows = [r for r in self.members(self.model.scores[score].population) if self.segment(spec, source, r)[0] == own]
        values = [self.scores(score)[self.key(source, r)]["value"] for r in rows]
        known = [Fraction(v) for v in values if v is not None]
        return fitted(sum(known) / len(known), self.model.scores[score].type) if known else None

    def listed(self, name: str) -> tuple[list[Row], list[Row]]:
        """An audience and its control group, in order."""
        spec = self.model.audiences[name]
        rows = self.members(spec.table)
        rows = [r for r in rows if not any(self.is_in(spec.source, r, other) for other in spec.excluded)]
        if spec.where is not None:
            rows = [r for r in rows if self.value(spec.where, spec.source, r) is True]
        rows.sort(key=lambda r: self.key(spec.source, r))
        for order in reversed(spec.order):
            known = [r for r in rows if self.value(order.value, spec.source, r) is not None]
            unknown = [r for r in rows if self.value(order.value, spec.source, r) is None]
            known.sort(key=lambda r: self.value(order.value, spec.source, r), reverse=order.descending)
            rows = known + unknown
        if spec.take is not None:
            seen: dict[Any, int] = {}
            taken = []
            for row in rows:
                group = None if spec.per is None else self.value(spec.per, spec.source, row)
                seen[group] = seen.get(group, 0) + 1
                if seen[group] <= spec.take:
                    taken.append(row)
            rows = taken
        return self.hold_out(name, rows)

    def hold_out(self, name: str, rows: list[Row]) -> tuple[list[Row], list[Row]]:
        spec = self.model.audiences[name]
        size = int(Fraction(spec.hold_out or 0) * len(rows) + Fraction(1, 2))
        salt = hashlib.blake2b(name.encode()).digest()

        def draw(row: Row) -> bytes:
            text = "\x1f".join(str(part) for part in self.key(spec.source, row))
            return hashlib.blake2b(text.encode(), key=salt, digest_size=16).digest()

        control = sorted(rows, key=draw)[:size]
        out = {id(row) for row in control}
        return [r for r in rows if id(r) not in out], [r for r in rows if id(r) in out]

    def is_in(self, table: str, row: Row, other: str) -> bool:
        if other in self.model.audiences:
            groups = self.listed(other)
            source = self.model.audiences[other].source
            keys = {self.key(source, r) for group in groups for r in group}
        else:
            keys = {self.key(self.source_of(other), r) for r in self.members(other)}
        return self.key(table, row) in keys
