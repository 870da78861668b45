"""The proxies of hypotheses by the grades of a score: for people and for programs."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from math import isinf
from typing import Any

from segdsl.engines.arrow.hypothesis_result import ProxyResult
from segdsl.report.amounts import NOTHING, amount_text, count_text, share_text
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.types import Kind

Json = dict[str, Any]

# A longer table is told in full in the run folder.
_MOST_SHOWN = 20
_EPOCH = date(1970, 1, 1)
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP})


def proxy_lines(found: Sequence[ProxyResult], columns: int) -> Iterator[Line]:
    """For each score a table of its proxies, those first whose best and worst grade are farthest apart."""
    for score, group in groupby(found, key=lambda one: one.score):
        of_score = list(group)
        # Where scores are alike there may be grades that nobody is in.
        shown = [place for place, _ in enumerate(of_score[0].grades) if any(one.found.rows[place] for one in of_score)]
        yield (Piece("proxies by grade of ", Tone.QUIET), Piece(score, Tone.HEADING))
        heads = (
            Column("proxy", name=True),
            Column("n", right=True, optional=True),
            *(
                Column(of_score[0].grades[place], right=True, optional=place not in shown[:1] + shown[-1:])
                for place in shown
            ),
            Column("effect", right=True),
            Column("95% interval", right=True, optional=True),
        )
        yield from table_lines(heads, [_row(one, shown) for one in of_score[:_MOST_SHOWN]], columns)
        if len(of_score) > _MOST_SHOWN:
            more = f"  and {len(of_score) - _MOST_SHOWN:,} more, in proxies_by_grade.csv"
            yield (Piece(more, Tone.QUIET),)


def _row(one: ProxyResult, grades: Sequence[int]) -> tuple[str, ...]:
    figures = (_figure(one.found.means[place], one) for place in grades)
    return (_name(one), count_text(one.rows), *figures, *_difference(one))


def _name(one: ProxyResult) -> str:
    proxy = f"{one.proxy} == {one.level}" if one.level else one.proxy
    return f"{proxy} among {one.among}" if one.among else proxy


def _figure(value: float | None, one: ProxyResult) -> str:
    if value is None:
        return NOTHING
    if one.is_share:
        return share_text(value)
    if one.type.kind in _MOMENTS:
        return (_EPOCH + timedelta(days=value)).isoformat()
    return amount_text(value, one.type)


def _difference(one: ProxyResult) -> tuple[str, str]:
    difference, low, high = one.found.difference, one.found.low, one.found.high
    if difference is None:
        return NOTHING, NOTHING
    if isinf(difference):
        return "apart", NOTHING
    return f"{difference:+z.2f}", NOTHING if low is None else f"{low:+z.2f} to {high:+z.2f}"


def proxy_facts(one: ProxyResult) -> Json:
    """A result as JSON values; an infinite effect is null, and the note says so."""
    found = one.found
    known = found.difference is not None and not isinf(found.difference)
    return {
        "score": one.score,
        "among": one.among or None,
        "proxy": one.proxy,
        "level": one.level or None,
        "figure": "share" if one.is_share else "mean",
        "unit": one.unit or None,
        "rows": one.asked,
        "n": one.rows,
        "grades": [
            {"grade": name, "rows": rows, "value": value}
            for name, rows, value in zip(one.grades, found.rows, found.means, strict=True)
        ],
        "effect": {"value": found.difference, "low": found.low, "high": found.high} if known else None,
        "note": one.note or None,
    }
