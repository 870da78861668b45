"""What is missing: how many rows of a source lack which of its fields."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from segdsl.collecting.field_name import FieldName
from segdsl.record import dataclass

# Rows that lack just these fields, and how many they are.
Pattern = tuple[frozenset[FieldName], int]


@dataclass(frozen=True, slots=True)
class Gaps:
    """`rows` are the rows of each source that fields are wanted for; `patterns` says what they lack.

    Rows that lack nothing are in no pattern.
    """

    rows: Mapping[str, int]
    patterns: tuple[Pattern, ...]

    def missing(self, field: FieldName) -> int:
        """How many rows lack a field."""
        return sum(count for lacked, count in self.patterns if field in lacked)

    def records(self, fields: Iterable[FieldName]) -> int:
        """How many rows lack at least one of some fields: so many records bring them all."""
        wanted = frozenset(fields)
        return sum(count for lacked, count in self.patterns if lacked & wanted)


def everything_missing(fields: Iterable[FieldName], rows: Mapping[str, int]) -> Gaps:
    """Every row lacks every field."""
    by_source: dict[str, set[FieldName]] = {}
    for field in fields:
        by_source.setdefault(field.source, set()).add(field)
    patterns = tuple((frozenset(lacked), rows[source]) for source, lacked in sorted(by_source.items()))
    return Gaps(MappingProxyType(dict(rows)), tuple(pattern for pattern in patterns if pattern[1]))
