"""The segments to go for, judged on accounts that they were not chosen by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.evidence.gains import best_parts
from segdsl.evidence.measures import Floats
from segdsl.evidence.profiles import contrast_shares
from segdsl.plugin import MeasureCall, Measured
from segdsl_measures.choice import Wish, choose
from segdsl_measures.recommendation import EVALUATOR
from segdsl_measures.samples import Mask, Places, Sample, apparent, out_of_sample, sample_of, split_note
from segdsl_measures.words import amount, exactly, percent, rounded, untold

_LEVEL = 0.05
_POOR = 0.25


@dataclass(frozen=True, slots=True)
class _TradeOff:
    """What the chosen accounts are of all: of their number, the best, the poorest quarter and the sum of scores.

    `value` is None where scores below 0 make shares of the sum mean nothing. `p` is how likely as many of the best are
    among as many accounts by chance.
    """

    share: float
    caught: float
    poor: float
    value: float | None
    p: float


def measure(call: MeasureCall) -> Measured:
    """The share of the best that the recommended segments hold, out of sample; None where none is recommended."""
    wish = _wish(call)
    sample = sample_of(call)
    wrong = untold(sample.score[sample.known])
    if wrong:
        return _nothing(f"It recommends no segment: {wrong}.")
    trials = out_of_sample(sample)
    if not trials:
        return _nothing("It recommends no segment, as none can be judged on accounts that it wasn't chosen by.")
    own = apparent(sample)
    chosen = choose(sample, own, wish)
    nobody = _table(sample, chosen[:0], wish.top)
    if not len(chosen):
        return _nothing(_none_better(wish), nobody)
    judged = np.concatenate([np.flatnonzero(one.judged_on) for one in trials])
    inside = np.concatenate([np.isin(one.segments, choose(sample, one, wish))[one.judged_on] for one in trials])
    found = _trade_off(sample.score[judged], inside, wish.top)
    if not (found.p < _LEVEL and found.caught > found.share):
        return _nothing(_not_proven(call, chosen, found, wish), nobody, split_note(sample, trials))
    here = _trade_off(sample.score[sample.known], np.isin(sample.segments, chosen)[sample.known], wish.top)
    figures = {
        "share": found.share,
        "lift": found.caught / found.share,
        "poor_avoided": 1 - found.poor,
        "value_share": found.value,
        "apparent": here.caught,
    }
    table = _table(sample, chosen, wish.top)
    notes = (*_notes(call, table.to_pylist(), found, here, wish), *split_note(sample, trials))
    return Measured(found.caught, tables={"segments": table}, figures=figures, notes=notes)


def _wish(call: MeasureCall) -> Wish:
    asked = call.options["segments"]
    counts: Sequence[int] = asked if isinstance(asked, tuple | list) else (asked,)  # type: ignore[assignment]
    return Wish(float(call.options["top"]), float(call.options["most"]), min(counts), max(counts))  # type: ignore[arg-type]


def _trade_off(score: Floats, inside: Mask, top: float) -> _TradeOff:
    best, poor = best_parts(score, top), best_parts(-score, _POOR)
    caught, rows = float(best[inside].sum()), int(inside.sum())
    having = np.array([[round(caught)], [round(float(best.sum()) - caught)], [0]])
    p = contrast_shares(having, np.array([rows, len(score) - rows, 0])).p[0, 0]
    value = float(score[inside].sum() / score.sum()) if score.min() >= 0 and score.sum() > 0 else None
    return _TradeOff(
        rows / len(score), caught / float(best.sum()), float(poor[inside].sum() / poor.sum()), value, float(p)
    )


def _table(sample: Sample, chosen: Places, top: float) -> pa.Table:
    """A row for each segment, those that are recommended first, then by their share of the best beyond their size."""
    names, score = sample.call.names, sample.score[sample.known]
    places = sample.segments[sample.known]
    inside = places >= 0
    sizes = np.bincount(sample.segments[sample.segments >= 0], minlength=len(names))

    def of_segments(weights: Floats) -> Floats:
        found: Floats = np.bincount(places[inside], weights[inside], len(names)).astype(np.float64)
        return found

    scored, best = of_segments(np.ones(len(score))), of_segments(best_parts(score, top))
    poor, total = of_segments(best_parts(-score, _POOR)), of_segments(score)
    recommended = np.isin(np.arange(len(names)), chosen)
    surplus = best - top * scored
    order = np.lexsort((-surplus, ~recommended))
    shared = bool(score.min() >= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            "segment": pa.array(names, pa.string()),
            "recommended": pa.array(recommended),
            "accounts": pa.array(sizes, pa.int64()),
            "share": pa.array(sizes / len(sample.order)),
            "mean": _known(rounded(total / scored, sample.call.score_type)),
            "best": pa.array(best),
            "share_of_best": pa.array(best / best_parts(score, top).sum()),
            "best_inside": _known(best / scored),
            "poor": pa.array(poor),
            "share_of_poor": pa.array(poor / best_parts(-score, _POOR).sum()),
            "total": pa.array(rounded(total, sample.call.score_type)),
            "share_of_total": _known(total / score.sum() if shared else np.full(len(names), np.nan)),
        }
    return pa.table(columns).take(pa.array(order))


def _known(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _notes(
    call: MeasureCall, rows: Sequence[Mapping[str, Any]], found: _TradeOff, here: _TradeOff, wish: Wish
) -> Iterator[str]:
    chosen = [row for row in rows if row["recommended"]]
    best = exactly(wish.top)
    inside = _and([f"{percent(row['best_inside'])} of `{row['segment']}`" for row in chosen])
    hold = "it holds" if len(chosen) == 1 else "together they hold"
    yield (
        f"It recommends {_listed(chosen)}, {percent(here.share)} of the accounts: {inside} are among the best {best},"
        f" and {hold} {percent(here.caught)} of these."
    )
    yield (
        f"It leaves {percent(1 - here.caught)} of the best behind with that choice, and avoids {percent(1 - here.poor)}"
        " of the poorest quarter."
    )
    amounts = [amount(row["total"], call.score_type) for row in chosen]
    each = [f"{one} in `{row['segment']}`" for one, row in zip(amounts, chosen, strict=True)]
    totals = _and(each if len(each) > 1 else amounts)
    share = "" if here.value is None else f", {percent(here.value)} of that of all accounts"
    yield f"Its choice has a total score of {totals}{share}."
    yield (
        f"It catches {percent(found.caught)} of the best with {percent(found.share)} of the accounts where segments are"
        f" chosen by some accounts and judged on others, {found.caught / found.share:,.2f} times what chance would."
    )
    if len(chosen) < wish.fewest:
        yield (
            f"It has no other segment to recommend that holds more than its share of the best within"
            f" {exactly(wish.most)} of the accounts."
        )


def _listed(rows: Sequence[Mapping[str, Any]]) -> str:
    return _and([f"`{row['segment']}`" for row in rows])


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _none_better(wish: Wish) -> str:
    most, best = exactly(wish.most), exactly(wish.top)
    return (
        f"It recommends no segment: none with at most {most} of the accounts holds more than its share of the best"
        f" {best}."
    )


def _not_proven(call: MeasureCall, chosen: Places, found: _TradeOff, wish: Wish) -> str:
    names = _and([f"`{call.names[one]}`" for one in chosen])
    chose = "it wasn't" if len(chosen) == 1 else "they weren't"
    return (
        f"It recommends no segment: {names} would be the choice, but on accounts that {chose} chosen by,"
        f" {percent(found.share)} of the accounts caught {percent(found.caught)} of the best {exactly(wish.top)}, no"
        " clear difference from chance."
    )


def _nothing(note: str, table: pa.Table | None = None, more: tuple[str, ...] = ()) -> Measured:
    tables = {} if table is None else {"segments": table}
    return Measured(figures=dict.fromkeys(EVALUATOR.figures), tables=tables, notes=(note, *more))
