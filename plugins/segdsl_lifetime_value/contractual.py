"""Customers who stay until they leave: the shifted-beta-geometric for how long, times the margin of a period."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.evidence.likelihood import Unfitted
from segdsl.evidence.retention import (
    RetentionModel,
    expected_tenure,
    fit_retention,
    renewal_rate,
    survival,
)
from segdsl.plugin import Asked, Call, Duration, Refused
from segdsl_lifetime_value.predicted import Figure, Numbers, Predicted, fitted_figures, note_rows, spread
from segdsl_lifetime_value.purchases import as_numbers
from segdsl_lifetime_value.settings import YEAR, Settings, days_of

_MODEL = "shifted-beta-geometric"
Days = npt.NDArray[np.datetime64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Tenures:
    """Customers by whether they left: their rows, and the period in which one left, or the number of renewals of one
    who stays with the part of a period until the next. `wrong` are the rows that end before they start."""

    left: Places
    left_in: Places
    staying: Places
    renewals: Places
    until_next: Numbers
    wrong: Places


def predict_contracts(call: Call, group: Sequence[Asked], settings: Settings) -> Predicted:
    """The columns that are made from one pair of columns: start and end of contracts."""
    tenures = _read(call, group[0], settings)
    longest = int(max(tenures.left_in.max(initial=0), tenures.renewals.max(initial=0))) + 1
    left = np.bincount(tenures.left_in, minlength=longest).astype(np.float64)
    stayed = np.bincount(tenures.renewals, minlength=longest).astype(np.float64)
    found = fit_retention(left, stayed)
    columns = {asked.name: _values(call, asked, tenures, found, settings) for asked in group}
    message = "accounts that end before they start, left out"
    notes = note_rows(message, tenures.wrong, call.length, "correct the dates")
    if isinstance(found, Unfitted):
        message = f"customers whose tenure isn't predicted, as the {_MODEL} model doesn't fit: {found.reason}"
        notes += note_rows(message, tenures.staying, call.length, "give it more history, or former customers too")
    return Predicted(columns, notes, _figures(found, left, stayed), {"retention": _curve(found, left, stayed)})


def _read(call: Call, asked: Asked, settings: Settings) -> _Tenures:
    if any(column.table != call.table for column in asked.columns):
        raise Refused(
            f"`{asked.name}` is not made from columns of `{call.table}` alone",
            expected=f"the start and the end of each customer's contract, as columns of `{call.table}`",
            help=f"bring them there first: `derive {call.table} {{ ... }}`",
        )
    clock = np.datetime64(call.clock, "D")
    start, end = (_as_days(one) for one in asked.inputs[:2])
    known = start <= clock
    wrong = known & (end < start)
    gone = known & ~wrong & (end <= clock)
    stays = known & ~wrong & ~gone
    left, staying = np.flatnonzero(gone), np.flatnonzero(stays)
    whole, part = _elapsed(start[left], end[left], settings.period)
    renewals, into = _elapsed(start[staying], np.full(len(staying), clock), settings.period)
    return _Tenures(left, np.maximum(whole + (part > 0), 1), staying, renewals, 1 - into, np.flatnonzero(wrong))


def _as_days(dates: pa.Array) -> Days:
    return np.asarray(dates.cast(pa.date32(), safe=False).to_numpy(zero_copy_only=False), "datetime64[D]")


def _elapsed(start: Days, end: Days, period: Duration) -> tuple[Places, Numbers]:
    """How many whole periods lie between, and the part of the next one, from 0 to below 1."""
    if not period.months:
        days = (end - start).astype(np.int64)
        length = period.seconds // 86_400
        return days // length, (days % length) / length
    whole = (end.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64) // period.months
    whole -= _later(start, whole * period.months) > end
    begun, ends = _later(start, whole * period.months), _later(start, (whole + 1) * period.months)
    return whole, np.asarray((end - begun) / (ends - begun), np.float64)


def _later(days: Days, months: Places) -> Days:
    """The day so many months later; the last of the month where the month is shorter."""
    month = days.astype("datetime64[M]")
    moved = month + months
    of_month = days - month.astype("datetime64[D]")
    longest = (moved + 1).astype("datetime64[D]") - moved.astype("datetime64[D]") - 1
    return np.asarray(moved.astype("datetime64[D]") + np.minimum(of_month, longest))


def _values(
    call: Call, asked: Asked, tenures: _Tenures, found: RetentionModel | Unfitted, settings: Settings
) -> Numbers:
    """An output by row; 0 for those who left, NaN where the model doesn't fit or the amount is missing."""
    values = spread(np.zeros(len(tenures.left)), tenures.left, call.length)
    if isinstance(found, RetentionModel):
        values[tenures.staying] = _of_staying(asked.output, found, tenures, settings)
    if asked.output != "clv":
        return values
    amount = as_numbers(asked.inputs[2]) * settings.margin / days_of(settings.amount_per)
    return np.asarray(values * amount)


def _of_staying(output: str, model: RetentionModel, tenures: _Tenures, settings: Settings) -> Numbers:
    """The chance to renew, or the tenure to come in days; for `clv` a day s from now counts (1 + discount)^-s."""
    if output == "renewal":
        return renewal_rate(model, tenures.renewals)
    period = days_of(settings.period)
    rate = settings.discount_rate * period / days_of(YEAR) if output == "clv" else 0.0
    horizon = days_of(settings.horizon) / period
    return period * expected_tenure(model, tenures.renewals.astype(np.float64), tenures.until_next, horizon, rate)


def _figures(found: RetentionModel | Unfitted, left: Numbers, stayed: Numbers) -> tuple[Figure, ...]:
    counts = (
        Figure(_MODEL, "customers", float(stayed.sum())),
        Figure(_MODEL, "customers who left", float(left.sum())),
    )
    match found:
        case Unfitted(reason=reason):
            return (*counts, Figure(_MODEL, "not fitted", remark=reason))
        case RetentionModel(alpha, beta, errors, value):
            return (*counts, *fitted_figures(_MODEL, ("alpha", "beta"), (alpha, beta), errors, value))


def _curve(found: RetentionModel | Unfitted, left: Numbers, stayed: Numbers) -> pa.Table:
    """By period: the customers who came to its end, those who left there, and retention, as seen and as fitted."""
    ends = np.arange(1, len(left))
    due = (left + stayed)[::-1].cumsum()[::-1][1:]
    fitted, survived = np.full((2, len(ends)), np.nan)
    if isinstance(found, RetentionModel):
        fitted, survived = renewal_rate(found, ends - 1), survival(found, ends)
    return pa.table(
        {
            "period": pa.array(ends, pa.int64()),
            "due": pa.array(due.astype(np.int64)),
            "left": pa.array(left[1:].astype(np.int64)),
            "retention": _nullable(np.where(due > 0, 1 - left[1:] / np.maximum(due, 1), np.nan)),
            "fitted_retention": _nullable(fitted),
            "fitted_survival": _nullable(survived),
        }
    )


def _nullable(values: Numbers) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))
