"""lifetime_value: what customers will buy, how long they stay and what they are worth, by models of their behaviour."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from segdsl.plugin import (
    COUNT,
    DURATION,
    NUMBER,
    RATIO,
    Enricher,
    Input,
    Kind,
    Options,
    Output,
    Scope,
    Type,
    hookimpl,
    later,
)

_DATES = frozenset({Kind.DATE, Kind.TIMESTAMP})
_AMOUNTS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.COUNT, Kind.INT})

_PURCHASES = (
    Input("date of purchase", _DATES, "a column of the table of purchases"),
    Input("amount", _AMOUNTS, "with it, days of returns don't count as purchases", required=False),
)
_AMOUNTS_TOO = (_PURCHASES[0], Input("amount", _AMOUNTS, "of the same table"))
_CONTRACT = (
    Input("start", _DATES, "the day on which the customer's contract began"),
    Input("end", _DATES, "the day on which it ended; missing for one who is still a customer"),
)
_EITHER = (
    Input("date of purchase, or start", _DATES),
    Input("amount, or end", _AMOUNTS | _DATES),
    Input("amount of a period", _AMOUNTS, "of a contract only", required=False),
)


def _options_type(model: str, type_: Type) -> Callable[[Sequence[Type], Options], Type | str]:
    """The type of an output that one of the two models gives."""

    def rule(inputs: Sequence[Type], options: Options) -> Type | str:
        return _model_fault(model, options) or type_.or_missing()

    return rule


def _amount_type(inputs: Sequence[Type], options: Options) -> Type | str:
    """An amount as the purchases' are."""
    return _model_fault("non_contractual", options) or _amount(inputs[1])


def _value_type(inputs: Sequence[Type], options: Options) -> Type | str:
    """An amount as those of the purchases, or as the amount of a contract's period."""
    dated = inputs[1].kind in _DATES
    if options.get("model", "non_contractual") == "non_contractual":
        if dated or len(inputs) > 2:
            return "with `model: non_contractual` it is made from the date and the amount of purchases"
        return _amount(inputs[1])
    if not dated or len(inputs) < 3:
        return "with `model: contractual` it is made from a start, an end and an amount"
    return _amount(inputs[2])


def _amount(type_: Type) -> Type:
    return replace(type_, optional=True) if type_.kind is Kind.MONEY else NUMBER.or_missing()


def _model_fault(model: str, options: Options) -> str:
    return "" if options.get("model", "non_contractual") == model else f"it comes only with `model: {model}`"


def _time(description: str) -> dict[str, object]:
    return {"type": "string", "format": "duration", "description": description}


def _ratio(description: str, default: float, **bounds: object) -> dict[str, object]:
    return {"type": "number", "format": "ratio", "default": default, "description": description, **bounds}


_OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "model": {
            "enum": ["non_contractual", "contractual"],
            "default": "non_contractual",
            "description": "`non_contractual` where customers buy when they like, `contractual` where they leave",
        },
        "horizon": _time("how far ahead is looked, from the clock; 12 months if left out"),
        "discount": _ratio("how much less a year later is worth, a year", 0.1, minimum=0, maximum=10),
        "margin": _ratio("the share of an amount that is earned", 1.0, minimum=0, maximum=1),
        "period": _time(
            "the time after which a contract is renewed, 12 months if left out; for purchases the unit of the model's "
            "parameters, 7 days if left out"
        ),
        "amount_per": _time("the time that the amount of a contract is for; its period if left out"),
    },
}

_PURCHASE_OUTPUTS = (
    Output(
        "expected_purchases",
        "How many purchases are expected within the horizon (BG/NBD). Missing without a purchase, or without a fit.",
        _PURCHASES,
        _options_type("non_contractual", NUMBER),
        Scope.TABLE,
    ),
    Output(
        "probability_alive",
        "How likely the customer is still one at all (BG/NBD). Missing without a purchase, or without a fit.",
        _PURCHASES,
        _options_type("non_contractual", RATIO),
        Scope.TABLE,
    ),
    Output(
        "expected_spend",
        "What a purchase is expected to bring (Gamma-Gamma). Missing without a purchase, or without a fit.",
        _AMOUNTS_TOO,
        _amount_type,
        Scope.TABLE,
    ),
    Output(
        "frequency",
        "On how many days the customer bought again, after the first. Missing without a purchase.",
        _PURCHASES,
        _options_type("non_contractual", COUNT),
        Scope.TABLE,
    ),
    Output(
        "recency",
        "How long ago the customer last bought. Missing without a purchase.",
        _PURCHASES,
        _options_type("non_contractual", DURATION),
        Scope.TABLE,
    ),
    Output(
        "monetary",
        "The mean amount of a day of purchase. Missing without a purchase whose amount is known.",
        _AMOUNTS_TOO,
        _amount_type,
        Scope.TABLE,
    ),
)

_CONTRACT_OUTPUTS = (
    Output(
        "residual_tenure",
        "How long the customer is expected to stay within the horizon (shifted-beta-geometric); 0 for one who left. "
        "Missing without a start up to the clock, or without a fit.",
        _CONTRACT,
        _options_type("contractual", DURATION),
        Scope.TABLE,
    ),
    Output(
        "renewal",
        "How likely the customer renews next time (shifted-beta-geometric); 0 for one who left. Missing without a "
        "start up to the clock, or without a fit.",
        _CONTRACT,
        _options_type("contractual", RATIO),
        Scope.TABLE,
    ),
)

_CLV = Output(
    "clv",
    "The discounted margin that is expected within the horizon. Missing where a model that it rests on has no fit.",
    _EITHER,
    _value_type,
    Scope.TABLE,
)

ENRICHER = Enricher(
    name="lifetime_value",
    title="Expected purchases, tenure and lifetime value of customers",
    outputs=(*_PURCHASE_OUTPUTS, *_CONTRACT_OUTPUTS, _CLV),
    make=later("segdsl_lifetime_value.making:make"),
    options=_OPTIONS,
)


@hookimpl
def segdsl_enrichers() -> Iterable[Enricher]:
    """The enricher `lifetime_value`."""
    return (ENRICHER,)
