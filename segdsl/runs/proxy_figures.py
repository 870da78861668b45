"""The proxies of hypotheses by grade, as a table."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import isinf

import pyarrow as pa

from segdsl.engines.arrow.hypothesis_result import ProxyResult

_TEXT, _INT, _NUMBER = pa.string(), pa.int64(), pa.float64()
_COLUMNS = (
    ("score", _TEXT),
    ("place", _INT),
    ("among", _TEXT),
    ("proxy", _TEXT),
    ("level", _TEXT),
    ("figure", _TEXT),
    ("unit", _TEXT),
    ("rows", _INT),
    ("n", _INT),
    ("effect", _NUMBER),
    ("effect low", _NUMBER),
    ("effect high", _NUMBER),
    ("note", _TEXT),
)


def proxy_table(compared: Iterable[ProxyResult]) -> pa.Table:
    """One row for each proxy, or telling category of one; by score, then by the size of the effect.

    The last columns are `n GRADE` and `value GRADE` for each grade of any score: rows, and their mean or share. They
    are missing where the score has no such grade, or the grade no rows. An infinite effect is missing, too.
    """
    found = tuple(compared)
    grades = tuple(dict.fromkeys(name for one in found for name in one.grades))
    of_grades = [(f"{what} {name}", kind) for name in grades for what, kind in (("n", _INT), ("value", _NUMBER))]
    schema = pa.schema([*_COLUMNS, *of_grades])
    rows = list(_rows(found, grades))
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _rows(found: Iterable[ProxyResult], grades: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    for _, of_score in groupby(found, key=lambda one: one.score):
        for place, one in enumerate(of_score, start=1):
            cells = dict(zip(one.grades, zip(one.found.rows, one.found.means, strict=True), strict=True))
            of_grades = (cell for name in grades for cell in cells.get(name, (None, None)))
            yield (*_fixed(one, place), *of_grades)


def _fixed(one: ProxyResult, place: int) -> tuple[object, ...]:
    effect = one.found.difference
    return (
        one.score,
        place,
        one.among or None,
        one.proxy,
        one.level or None,
        "share" if one.is_share else "mean",
        one.unit or None,
        one.asked,
        one.rows,
        None if effect is None or isinf(effect) else effect,
        one.found.low,
        one.found.high,
        one.note or None,
    )
