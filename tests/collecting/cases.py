"""Offers, hypotheses and gaps in short."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from segdsl.collecting.field_name import FieldName
from segdsl.collecting.gaps import Gaps
from segdsl.collecting.offers import Offer, Per
from segdsl.collecting.wishes import Way, Wish

SOURCE = "accounts"


def field(name: str) -> FieldName:
    return FieldName(SOURCE, name)


def offer(
    name: str,
    per: str,
    price: "Fraction | int | None",
    covers: Iterable[str],
    accuracy: Fraction | None = None,
    effort: int | None = None,
) -> Offer:
    exact = None if price is None else Fraction(price)
    covered = frozenset(map(field, covers))
    return Offer(name, exact, Per(per), None, "USD", effort, accuracy, None, None, covered)


def wish(name: str, priority: int, ways: Mapping[str, Iterable[str]]) -> Wish:
    listed = tuple(Way(proxy, frozenset(map(field, fields)), frozenset()) for proxy, fields in ways.items())
    return Wish(name, "", priority, SOURCE, SOURCE, listed)


def gaps(patterns: Mapping[tuple[str, ...], int], rows: int = 10**9) -> Gaps:
    return Gaps({SOURCE: rows}, tuple((frozenset(map(field, lacked)), count) for lacked, count in patterns.items()))
