"""Segments by recency, frequency and monetary value, as rules in the language."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from segdsl.plugin import FitCall, Fitted, Refused, name, title_text
from segdsl_rfm.axes import Axis, read_column, score_axis
from segdsl_rfm.boxes import Box, Cells, cover
from segdsl_rfm.grid import Grid, customary_grid, own_grid

_PARTS = ("recency", "frequency", "monetary")
_FEWEST = 5


def fit(call: FitCall) -> Fitted:
    """A rule for each segment that scores can lead to. Rows that lack one of the three values aren't scored."""
    grid = _grid(call)
    columns = tuple(read_column(call, option) for option in _PARTS)
    rows = np.logical_and.reduce([column.known for column in columns])
    scored = int(rows.sum())
    if scored < _FEWEST:
        raise Refused(
            f"{scored:,} of {call.length:,} {_accounts(call.length)} recency, frequency and monetary value",
            expected=f"at least {_FEWEST}",
        )
    try:
        axes = tuple(score_axis(call, column, rows) for column in columns)
        cells = _cells(grid, axes)
        body = "\n".join(_rules(grid, axes, cells, has_missing=scored < call.length))
    except ValueError as failure:
        raise Refused(f"the cut-points can't be written: {failure}", help="use other units") from failure
    segments, exact = (
        cells[tuple(places(axis, axis.column.values[rows]) for axis in axes)]
        for places in (Axis.places, Axis.exact_places)
    )
    moved = float(np.mean(segments != exact))
    return Fitted(body, notes=tuple(_notes(call, grid, axes, segments, moved)))


def _accounts(count: int) -> str:
    return "account has" if count == 1 else "accounts have"


def _grid(call: FitCall) -> Grid:
    lines = call.options.get("table")
    if lines is None:
        return customary_grid(with_monetary=call.options.get("grid", "rf") == "rfm")
    assert isinstance(lines, tuple)
    return own_grid([str(line) for line in lines])


def _cells(grid: Grid, axes: Sequence[Axis]) -> Cells:
    """The segment of each combination of scores that there can be."""
    cells = np.empty([len(axis.levels) for axis in axes], dtype=np.int64)
    for places in product(*(range(length) for length in cells.shape)):
        r, f, m = (axis.levels[place] for axis, place in zip(axes, places, strict=True))
        cells[places] = grid.segments[r, f, m]
    return cells


def _rules(grid: Grid, axes: Sequence[Axis], cells: Cells, *, has_missing: bool) -> Iterator[str]:
    """A rule for each segment; one for what can't be scored comes first, where there is such."""
    optional = tuple(dict.fromkeys(name(axis.column.field) for axis in axes if axis.column.type.optional))
    names = _names(grid.titles)
    if has_missing:
        missing = " or ".join(f"{field} is missing" for field in optional)
        yield f'segment {name(_free("not_scored", names))} "Not scored" when {missing}'
    # Without that rule, none may take accounts that lack a value by what else is known of them.
    wanted = () if has_missing else optional
    there = [int(segment) for segment in np.unique(cells)]
    for place, segment in enumerate(there):
        is_last = place == len(there) - 1
        boxes = (_whole(cells),) if is_last else cover(cells, segment, there[:place])
        condition = _condition(axes, boxes, wanted)
        membership = f"when {condition}" if condition else "otherwise"
        yield f"segment {name(names[segment])} {title_text(grid.titles[segment])} {membership}"


def _whole(cells: Cells) -> Box:
    return Box(tuple((0, length - 1) for length in cells.shape))


def _condition(axes: Sequence[Axis], boxes: Sequence[Box], wanted: Sequence[str]) -> str:
    """Any of the boxes; what holds in all of them is said once. The fields `wanted` must be known."""
    conjunctions = [tuple(_conjunction(axes, box, wanted)) for box in boxes]
    shared = tuple(one for one in conjunctions[0] if all(one in other for other in conjunctions))
    rest = [tuple(one for one in own if one not in shared) for own in conjunctions]
    if not all(rest):
        return " and ".join(shared)
    either = " or ".join(f"({' and '.join(own)})" if len(own) > 1 else own[0] for own in rest)
    return " and ".join((*shared, f"({either})")) if shared else either


def _conjunction(axes: Sequence[Axis], box: Box, wanted: Sequence[str]) -> Iterator[str]:
    bounded: set[str] = set()
    for axis, (first, last) in zip(axes, box.stretches, strict=True):
        for condition in axis.conditions(first, last):
            bounded.add(name(axis.column.field))
            yield condition
    yield from (f"{field} is known" for field in wanted if field not in bounded)


def _names(titles: Sequence[str]) -> tuple[str, ...]:
    """Names of segments: titles in lower case, with a number where two would be alike."""
    names: list[str] = []
    for title in titles:
        names.append(_free(re.sub(r"\W+", "_", title.lower()).strip("_") or "segment", names))
    return tuple(names)


def _free(wanted: str, taken: Sequence[str]) -> str:
    free, number = wanted, 1
    while free in taken:
        number += 1
        free = f"{wanted}_{number}"
    return free


# ---- notes


def _notes(
    call: FitCall, grid: Grid, axes: Sequence[Axis], segments: npt.NDArray[np.int64], moved: float
) -> Iterator[str]:
    left = call.length - len(segments)
    yield f"RFM of {len(segments):,} accounts" + (f"; not scored for lack of a value: {left:,}" if left else "")
    for axis in axes:
        yield from _axis_notes(axis)
    yield f"round cut-points moved {f'{moved:.1%} of the accounts' if moved else 'no account'} to another segment"
    if "table" not in call.options and call.options.get("grid", "rf") == "rf":
        yield "the names go by recency and frequency; with `grid: rfm` monetary value counts, too"
    counts = np.bincount(segments, minlength=len(grid.titles))
    empty = [title for title, count in zip(grid.titles, counts, strict=True) if not count]
    if empty:
        yield f"nobody is in: {', '.join(empty)}"


def _axis_notes(axis: Axis) -> Iterator[str]:
    letter = axis.column.option[0].upper()
    sign = "up to" if axis.column.falling else "from"
    steps = (f"{letter}{score} {sign} {text}" for score, text in zip(axis.levels[1:], axis.texts, strict=True))
    yield f"{axis.column.field}: {', '.join(reversed(tuple(steps)))}, else {letter}{axis.levels[0]}"
    never = [str(score) for score in range(1, 6) if score not in axis.levels]
    if never:
        yield f"nobody has {letter} {', '.join(never)}: so many accounts share a value, and equal values score alike"
    if axis.moved:
        yield f"round cut-points gave {axis.moved:.1%} of the accounts another {letter}"
