"""Tiers of accounts by value, as rules in the language."""

from collections.abc import Iterator, Sequence

import numpy as np

from segdsl.evidence.concentration import gini
from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.plugin import FieldName, FitCall, Fitted, Kind, Refused, Type, literal, name, title_text
from segdsl_value.tiers import Tier, find_tiers, share_moved

_VALUES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.COUNT, Kind.INT, Kind.RATIO})


def fit(call: FitCall) -> Fitted:
    """Tiers from the most worth down. Accounts worth nothing or less, and those of unknown worth, stand apart."""
    of = call.options["of"]
    assert isinstance(of, FieldName)
    type_ = call.types[of.name]
    if type_.kind not in _VALUES:
        raise Refused(f"`{of.name}` is {type_.or_missing(False)}", "of", expected="an amount of money or a number")
    values, known = plain_numbers(call.fields[of.name])
    values = values[known]
    worth = np.sort(values[values > 0])
    if not len(worth):
        raise Refused(f"no account has a `{of.name}` above 0", "of", help="name another amount")
    tiers = find_tiers(call, of.name, type_, worth)
    missing = int(call.length - len(values))
    try:
        body = "\n".join(_rules(of.name, type_, tiers, has_nothing=len(worth) < len(values), has_missing=missing > 0))
    except ValueError as failure:
        raise Refused(f"the cut-points can't be written: {failure}", "of", help="use other units") from failure
    return Fitted(body, notes=tuple(_notes(of.name, tiers, worth, values, missing)))


def _rules(of: str, type_: Type, tiers: Sequence[Tier], *, has_nothing: bool, has_missing: bool) -> Iterator[str]:
    """A rule for each tier. Segments that nobody is in aren't written, unless they are tiers."""
    field, nothing = name(of), literal(0, type_)
    for tier in tiers[:-1]:
        assert tier.begins is not None
        yield _segment(tier.name, tier.title, f"when {field} >= {literal(tier.begins, type_)}")
    lowest = f"when {field} > {nothing}" if has_nothing else f"when {field} is known"
    yield _segment(tiers[-1].name, tiers[-1].title, lowest if has_nothing or type_.optional else "otherwise")
    if has_nothing:
        yield _segment("no_value", "No value", f"when {field} <= {nothing}" if type_.optional else "otherwise")
    if has_missing:
        yield _segment("not_known", "Not known", "otherwise")


def _segment(own: str, title: str, membership: str) -> str:
    return f"segment {name(own)} {title_text(title)} {membership}"


def _notes(of: str, tiers: Sequence[Tier], worth: Floats, values: Floats, missing: int) -> Iterator[str]:
    """The share of accounts and of value in each tier, and how unevenly value is spread."""
    total, above = float(worth.sum()), np.inf
    for tier in tiers:
        low = 0.0 if tier.begins is None else float(tier.begins)
        own = worth[(worth >= low) & (worth < above)]
        above = low
        accounts = f"{len(own):,} of {len(values) + missing:,} accounts ({len(own) / (len(values) + missing):.1%})"
        yield f"{tier.name}: {accounts} bring {own.sum() / total:.1%} of {of}"
    if len(worth) < len(values):
        yield f"no_value: {_accounts(len(values) - len(worth))} at 0 or below; shares of value leave them out"
    if missing:
        yield f"not_known: {_accounts(missing)}"
    moved = share_moved(tiers, worth)
    yield f"round cut-points moved {f'{moved:.1%} of the accounts above 0' if moved else 'no account'} to another tier"
    yield f"Gini coefficient of {of}: {gini(np.maximum(values, 0)):.3f} (0: all alike, 1: one has everything)"


def _accounts(count: int) -> str:
    return "1 account" if count == 1 else f"{count:,} accounts"
