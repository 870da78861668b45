"""Prices: what each provider asks for each field, and from how many fields on a record pays."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil

from segdsl.collecting.field_name import FieldName
from segdsl.collecting.gaps import Gaps
from segdsl.collecting.offers import Offer, Per
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Bill:
    """What is asked for some fields of one provider: `records` in all, money, and the time of people in seconds."""

    records: int
    cost: Fraction | None
    seconds: Fraction | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What one provider asks for one field alone, where it is missing. `answered` is how many it will reach."""

    field: FieldName
    offer: Offer
    bill: Bill
    answered: int | None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """A price per record against a price per field: equal at `fields` fields, which need not be a whole number."""

    record: Offer
    single: Offer
    fields: Fraction

    @property
    def first(self) -> int:
        """The least number of fields at which the record costs no more."""
        return ceil(self.fields)

    @property
    def ties(self) -> bool:
        return self.fields.denominator == 1


def bill(offer: Offer, fields: Iterable[FieldName], gaps: Gaps) -> Bill:
    """What a provider asks for some fields together, wherever they are missing.

    Per field: every missing value. Per record: every row that lacks one of them, once. Flat: once, if anything is
    missing. What a provider doesn't find is paid for all the same: the bill is the most that it can come to.
    """
    wanted = tuple(fields)
    records = gaps.records(wanted)
    match offer.per:
        case Per.FIELD:
            times = sum(map(gaps.missing, wanted))
        case Per.RECORD:
            times = records
        case Per.FLAT:
            times = 1 if records else 0
    cost = None if offer.price is None else offer.price * times
    seconds = None if offer.seconds is None else offer.seconds * times
    return Bill(records, cost, seconds)


def quotes_of(fields: Iterable[FieldName], offers: Iterable[Offer], gaps: Gaps) -> Iterator[Quote]:
    """A quote for each field and each provider that covers it: the cheapest first, efforts last, least effort first."""
    listed = tuple(offers)
    for field in fields:
        of_field = [_quote(field, offer, gaps) for offer in listed if field in offer.covers]
        yield from sorted(of_field, key=_order)


def _quote(field: FieldName, offer: Offer, gaps: Gaps) -> Quote:
    found = bill(offer, (field,), gaps)
    answered = None if offer.reaches is None else int(found.records * offer.reaches)
    return Quote(field, offer, found, answered)


def _order(quote: Quote) -> tuple[bool, Fraction, str]:
    cost = quote.bill.cost
    return (cost is None, Fraction(quote.offer.effort or 0) if cost is None else cost, quote.offer.provider)


def break_evens(fields: Iterable[FieldName], offers: Iterable[Offer]) -> Iterator[BreakEven]:
    """Each price per record against each price per field of a provider that covers one of the same wanted fields."""
    wanted = frozenset(fields)
    priced = [offer for offer in offers if offer.price]
    for record in (offer for offer in priced if offer.per is Per.RECORD):
        for single in (offer for offer in priced if offer.per is Per.FIELD):
            if single.currency == record.currency and record.covers & single.covers & wanted:
                assert record.price is not None and single.price is not None
                yield BreakEven(record, single, record.price / single.price)


def bills_of(chosen: Mapping[FieldName, str], offers: Iterable[Offer], gaps: Gaps) -> Iterator[tuple[Offer, Bill]]:
    """What each chosen provider asks for all the fields that it is chosen for."""
    for offer in offers:
        fields = [field for field, provider in sorted(chosen.items()) if provider == offer.provider]
        if fields:
            yield offer, bill(offer, fields, gaps)
