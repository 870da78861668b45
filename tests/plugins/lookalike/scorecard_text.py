"""Reads the text of a scorecard and places rows by it, in plain Python and independently of the program."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

_SEGMENT = re.compile(r'segment (\w+) "[^"]*" (?:when (.+) >= (\d+)|(otherwise))')
_TERM = re.compile(r"\(case (.+?) else (\d+) end\)")
_CASE = re.compile(r"when (.+?) then (\d+)(?= when |$)")
_TEXT = re.compile(r'"([^"]*)"')
_POWERS = {"k": 3, "M": 6, "B": 9}


@dataclass(frozen=True)
class Bands:
    """Terms of a sum, and the bands with their least points, None for the last."""

    terms: tuple[tuple[tuple[tuple[str, int], ...], int], ...]
    bounds: tuple[tuple[str, int | None], ...]

    def points(self, row: Mapping[str, Any]) -> int:
        return sum(next((n for when, n in cases if _holds(when, row)), rest) for cases, rest in self.terms)

    def place(self, row: Mapping[str, Any]) -> str:
        points = self.points(row)
        return next(name for name, bound in self.bounds if bound is None or points >= bound)


def read_bands(lines: Sequence[str]) -> Bands:
    """The segments' lines; every bound must be on the same sum."""
    found = [_SEGMENT.fullmatch(line) for line in lines]
    assert all(found), lines
    groups = [one.groups() for one in found if one is not None]
    sums = {total for _, total, _, _ in groups if total}
    assert len(sums) == 1, sums
    assert [last for *_, last in groups] == [None] * (len(groups) - 1) + ["otherwise"]
    terms = _TERM.findall(total := sums.pop())
    assert total == " + ".join(f"(case {cases} else {rest} end)" for cases, rest in terms)
    read = tuple((tuple((when, int(n)) for when, n in _CASE.findall(cases)), int(rest)) for cases, rest in terms)
    return Bands(read, tuple((name, None if bound is None else int(bound)) for name, _, bound, _ in groups))


def _holds(when: str, row: Mapping[str, Any]) -> bool:
    field = when.split()[0]
    value, rest = row[field], when[len(field) :].strip()
    if rest == "is missing":
        return value is None
    if value is None:
        return False
    if not rest:
        return bool(value)
    if rest.startswith(">= "):
        return bool(value >= _literal(rest[3:]))
    texts = _TEXT.findall(rest)
    if rest.startswith("has any "):
        return bool(set(texts) & set(value))
    assert rest.startswith(("== ", "in (")), when
    return value in texts


def _literal(text: str) -> Any:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    if text.endswith((" days", " day")):
        return timedelta(days=int(text.split()[0].replace("_", "")))
    bare = text.replace("_", "").replace("$", "").replace("€", "")
    if bare.endswith("%"):
        return Decimal(bare[:-1]) / 100
    return Decimal(bare.rstrip("kMB")).scaleb(_POWERS.get(bare[-1], 0))
