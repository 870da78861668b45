"""What each segment is like: its size and score, what it holds of the best accounts, and what sets it apart."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, islice

import numpy as np
import pyarrow as pa

from segdsl.plugin import MeasureCall, Measured, Type
from segdsl_measures.contrasts import Standout, standouts
from segdsl_measures.segment_figures import SegmentFigures, segment_figures
from segdsl_measures.words import amount, exactly, numbers, percent, rounded, untold

# Of more segments no sentences are written, and of very many no fields are compared.
_MOST_TOLD = 6
_MOST_COMPARED = 200
_MOST_STANDOUTS = 10
_MOST_IN_SENTENCE = 2


def measure(call: MeasureCall) -> Measured:
    """The largest surplus of a segment: its share of the best accounts less its share of the accounts with a score."""
    top = float(call.options["top"])  # type: ignore[arg-type]
    figures = segment_figures(call, top)
    apart = _apart(call)
    score = call.score.drop_null().to_numpy()
    wrong = untold(score[np.isfinite(score)])
    surplus = figures.surplus[:-1]
    value = None if wrong or not len(surplus) else float(surplus.max())
    notes = tuple(_notes(call, figures, apart, top))
    if wrong:
        notes = (f"There are no best accounts: {wrong}.", *notes)
    return Measured(value, tables={"segments": figures.table, "apart": _table(call, apart)}, notes=notes)


def _apart(call: MeasureCall) -> tuple[Standout, ...]:
    if not 0 < len(call.names) <= _MOST_COMPARED or not len(call.segments):
        return ()
    columns: Mapping[str, pa.Array] = {**call.proxies, **call.told_by, **call.fields}
    places = call.segments.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    found = standouts(columns, call.types, places, len(call.names))
    return tuple(one for _, own in groupby(found, key=lambda one: one.segment) for one in islice(own, _MOST_STANDOUTS))


def _table(call: MeasureCall, apart: Sequence[Standout]) -> pa.Table:
    finite = [one.apart if np.isfinite(one.apart) else None for one in apart]
    return pa.table(
        {
            "segment": pa.array([call.names[one.segment] for one in apart], pa.string()),
            "field": pa.array([one.field for one in apart], pa.string()),
            "value": pa.array([one.value for one in apart], pa.string()),
            "inside": pa.array([_rounded(call, one, one.inside) for one in apart], pa.float64()),
            "outside": pa.array([_rounded(call, one, one.outside) for one in apart], pa.float64()),
            "lift": pa.array([_lift(one) for one in apart], pa.float64()),
            "standardised_difference": pa.array(finite, pa.float64()),
            "p_corrected": pa.array([one.p for one in apart], pa.float64()),
            "told_by": pa.array([one.field in call.told_by for one in apart], pa.bool_()),
        }
    )


def _rounded(call: MeasureCall, one: Standout, figure: float) -> float:
    return figure if one.value is not None else float(rounded(np.array([figure]), call.types[one.field])[0])


def _lift(one: Standout) -> float | None:
    """How many times as frequent a value is as outside."""
    return one.inside / one.outside if one.value is not None and one.outside > 0 else None


def _notes(call: MeasureCall, figures: SegmentFigures, apart: Sequence[Standout], top: float) -> Iterator[str]:
    rows = figures.table.to_pylist()
    told = [row for row in rows if row["segment"] is not None and row["accounts"]]
    if len(told) > _MOST_TOLD:
        yield f"There are {len(told):,} segments: see the table `segments` of this measure in the run folder."
        return
    for row in told:
        own = [one for one in apart if call.names[one.segment] == row["segment"]]
        parts = [f"{numbers(row['accounts'], 'account')} ({percent(row['share'])})"]
        if row["mean"] is not None:
            parts.append(f"a mean of {amount(row['mean'], call.score_type)}")
        if row["share_of_best"] is not None:
            parts.append(f"{percent(row['share_of_best'])} of the best {exactly(top)}")
        yield f"Segment `{row['segment']}` has {_and(parts)}{_set_apart(call, own)}."


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _set_apart(call: MeasureCall, own: Sequence[Standout]) -> str:
    """Fields outside the segment's own rules: that it differs in those of its rules is so by definition."""
    others = [one for one in own if not _of_rules(one.field, call.told_by)]
    shown = [_shown(one, call.types[one.field]) for one in islice(_different(others or own), _MOST_IN_SENTENCE)]
    if not shown:
        return ""
    listed = " and ".join(shown)
    return f"; it is set apart by {listed}" if others else f"; only fields of its own rules set it apart: {listed}"


def _of_rules(field: str, told_by: Collection[str]) -> bool:
    """Whether the rules read the field, or a field that a condition such as `industry == "Banking"` names."""
    return any(field == own or _names(field, own) or _names(own, field) for own in told_by)


def _names(text: str, field: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(field)}(?!\w)", text) is not None


def _different(own: Sequence[Standout]) -> Iterator[Standout]:
    """Those of which a condition such as `industry == "Banking"` doesn't say again what its field said."""
    before: list[str] = []
    for one in own:
        if not any(one.field in other or other in one.field for other in before):
            yield one
        before.append(one.field)


def _shown(one: Standout, type_: Type) -> str:
    if one.value is not None:
        return f"`{one.field}` {one.value} ({percent(one.inside)} against {percent(one.outside)})"
    return f"`{one.field}` ({amount(one.inside, type_)} on average against {amount(one.outside, type_)})"
