"""Customers who buy when they like: BG/NBD for how often, Gamma-Gamma for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple

import numpy as np

from segdsl.evidence.buying import BuyingModel, Histories, expected_purchases, fit_buying, probability_alive
from segdsl.evidence.likelihood import Unfitted
from segdsl.evidence.spending import SpendingModel, expected_spend, fit_spending
from segdsl.plugin import Asked, Call, Note, Refused
from segdsl_lifetime_value.predicted import Figure, Numbers, Predicted, fitted_figures, note_rows, spread
from segdsl_lifetime_value.purchases import Purchases, read_purchases
from segdsl_lifetime_value.settings import YEAR, Settings, days_of

_BUYING, _SPENDING = "BG/NBD", "Gamma-Gamma"
_NEEDS_BUYING = {"expected_purchases", "probability_alive", "clv"}
_NEEDS_SPENDING = {"expected_spend", "clv"}


def predict_purchases(call: Call, group: Sequence[Asked], settings: Settings) -> Predicted:
    """The columns that are made from one table of purchases."""
    bought = _read(call, group[0])
    wanted = {asked.output for asked in group}
    histories = _histories(bought, settings)
    buying = fit_buying(histories) if wanted & _NEEDS_BUYING else None
    spending = fit_spending(bought.paid_repeats, bought.repeat_mean) if wanted & _NEEDS_SPENDING else None
    values = _values(bought, histories, buying, spending, settings, wanted)
    return Predicted(
        {asked.name: spread(values[asked.output], bought.rows, call.length) for asked in group},
        _notes(bought, buying, spending, call.length),
        (*_buying_figures(buying, bought), *_spending_figures(spending, bought)),
        {},
    )


def _read(call: Call, asked: Asked) -> Purchases:
    table = asked.columns[0].table
    linked = call.tables.get(table)
    if linked is None or any(column.table != table for column in asked.columns):
        raise Refused(
            f"`{asked.name}` is not made from one table of purchases",
            expected=f"dates and amounts of one table that links to `{call.table}`",
            help=f"write `{asked.name} from orders.ordered_on, orders.amount`",
        )
    if linked.rows is None:
        raise Refused(
            f"No link leads from `{table}` to `{call.table}`, or more than one does",
            expected="exactly one link",
            help=f"write `links COLUMN to {call.table}` in the source `{table}`",
        )
    return read_purchases(linked.rows, asked.inputs[0], asked.inputs[1] if len(asked.inputs) > 1 else None, call.clock)


def _histories(bought: Purchases, settings: Settings) -> Histories:
    period = days_of(settings.period)
    return Histories(bought.repeats, bought.last / period, bought.age / period)


def _values(
    bought: Purchases,
    histories: Histories,
    buying: BuyingModel | Unfitted | None,
    spending: SpendingModel | Unfitted | None,
    settings: Settings,
    wanted: set[str],
) -> Mapping[str, Numbers]:
    """The outputs that are wanted, and those that cost nothing; NaN where a model doesn't fit."""
    none = np.full(len(bought.rows), np.nan)
    clock_after = bought.age - bought.last
    values = {"frequency": bought.repeats, "recency": clock_after, "monetary": bought.mean}
    values |= dict.fromkeys(_NEEDS_BUYING | _NEEDS_SPENDING, none)
    period = days_of(settings.period)
    horizon = days_of(settings.horizon) / period
    if isinstance(buying, BuyingModel):
        values["probability_alive"] = probability_alive(buying, histories)
        if "expected_purchases" in wanted:
            values["expected_purchases"] = expected_purchases(buying, histories, horizon)
    if isinstance(spending, SpendingModel):
        values["expected_spend"] = expected_spend(spending, bought.paid_repeats, bought.repeat_mean)
    if isinstance(buying, BuyingModel) and "clv" in wanted:
        rate = settings.discount_rate * period / days_of(YEAR)
        discounted = expected_purchases(buying, histories, horizon, rate)
        values["clv"] = settings.margin * discounted * values["expected_spend"]
    return values


def _notes(
    bought: Purchases, buying: BuyingModel | Unfitted | None, spending: SpendingModel | Unfitted | None, length: int
) -> tuple[Note, ...]:
    notes = note_rows("accounts with days of returns, which don't count as purchases", bought.returned, length)
    if isinstance(buying, Unfitted):
        message = f"accounts whose purchases aren't predicted, as {_BUYING} doesn't fit: {buying.reason}"
        notes += note_rows(message, bought.rows, length, _MEND)
    if isinstance(spending, Unfitted):
        message = f"accounts whose spend isn't predicted, as {_SPENDING} doesn't fit: {spending.reason}"
        notes += note_rows(message, bought.rows, length, _MEND)
    return notes


_MEND = "use `frequency`, `recency` and `monetary`, which need no fit, or more history"


def _buying_figures(buying: BuyingModel | Unfitted | None, bought: Purchases) -> tuple[Figure, ...]:
    counts = (
        Figure(_BUYING, "customers", float(len(bought.rows))),
        Figure(_BUYING, "customers who bought again", float((bought.repeats > 0).sum())),
    )
    match buying:
        case None:
            return ()
        case Unfitted(reason=reason):
            return (*counts, Figure(_BUYING, "not fitted", remark=reason))
        case BuyingModel(errors=errors, log_likelihood=value):
            parameters = astuple(buying)[:4]
            return (*counts, *fitted_figures(_BUYING, ("r", "alpha", "a", "b"), parameters, errors, value))


def _spending_figures(spending: SpendingModel | Unfitted | None, bought: Purchases) -> tuple[Figure, ...]:
    paid = (bought.paid_repeats > 0) & (bought.repeat_mean > 0)
    counts = (
        Figure(_SPENDING, "customers with known repeat amounts", float(paid.sum())),
        Figure(
            _SPENDING,
            "correlation of number and amount",
            _correlation(bought.paid_repeats[paid], bought.repeat_mean[paid]),
            remark="the model takes it to be 0",
        ),
    )
    match spending:
        case None:
            return ()
        case Unfitted(reason=reason):
            return (*counts, Figure(_SPENDING, "not fitted", remark=reason))
        case SpendingModel(errors=errors, log_likelihood=value):
            parameters = astuple(spending)[:3]
            return (*counts, *fitted_figures(_SPENDING, ("p", "q", "gamma"), parameters, errors, value))


def _correlation(one: Numbers, other: Numbers) -> float | None:
    """Pearson's; None where one of them doesn't vary."""
    if len(one) < 2 or not np.ptp(one) or not np.ptp(other):
        return None
    return float(np.corrcoef(one, other)[0, 1])
