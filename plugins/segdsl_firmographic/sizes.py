"""Sizes of businesses: numbers of employees out of words, and bands of employees and revenue."""

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from segdsl_firmographic.bands import EU_BALANCE_SHEET, EU_EMPLOYEES, EU_TURNOVER, Bands

_COUNT = pa.int64()

# What would be taken for a number of people: addresses, footnotes, dates.
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ASIDE = (
    r"https?://\S+",
    r"\[\^[0-9]+\]",
    rf"\b(?:{_MONTH}|q[1-4]|(?:since|in|of|by|from|early|mid|late|end|fall|spring|summer|winter|autumn))\b"
    r"[\s,.\-]*(?:[0-9]{1,2}[\s,]+)?(?:19|20)[0-9]{2}\b",
    r"\b[0-9]{1,2}[/.][0-9]{1,2}[/.](?:19|20)[0-9]{2}\b",
)
_THOUSANDS = (
    (r"\b([0-9]{1,3})[ ,.'’]([0-9]{3})[ ,.'’]([0-9]{3})\b", r"\1\2\3"),
    (r"\b([0-9]{1,3})[ ,.'’]([0-9]{3})\b", r"\1\2"),
    (r"([0-9]),([0-9])", r"\1.\2"),
)
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]+)?"
_UNIT = r"(?:\s?(?P<unit_{}>k|thousand|m|million))?"
_SIZE = (
    r"(?:^|[^a-z0-9.])"
    r"(?P<word>under|below|less than|fewer than|up to|at most|<=|≤|<|over|above|more than|at least|>=|≥|>)?"
    r"\s*(?:about|around|approximately|~)?\s*"
    rf"(?P<first>{_NUMBER}){_UNIT.format('first')}(?:ish)?\b"
    rf"(?:\s*(?:-|to|and)\s*(?P<second>{_NUMBER}){_UNIT.format('second')}\b)?"
    r"(?P<more>\s*(?:\+|plus\b|or more\b|and more\b))?"
)
_BELOW = ("under", "below", "less than", "fewer than", "<")
_AT_MOST = ("up to", "at most", "<=", "≤")
_ABOVE = ("over", "above", "more than", ">")
_AT_LEAST = ("at least", ">=", "≥")


@dataclass(frozen=True, slots=True)
class Sizes:
    """The ends and the middle of sizes, as int64; an end is null where it is open or there is no number."""

    low: pa.Array
    high: pa.Array
    mid: pa.Array


def read_sizes(texts: pa.Array) -> Sizes:
    """The first number or range of each text: `51-200 employees`, `about 1,200`, `10k+`, `under 50`.

    A comma, a full stop, a space or an apostrophe before three digits parts thousands. Of a range such as `1-5k` both
    ends are thousands. A range that falls is no size.
    """
    parts = pc.extract_regex(_plain(texts), _SIZE)
    first, unit_first, second, unit_second, word, more = (
        pc.struct_field(parts, name) for name in ("first", "unit_first", "second", "unit_second", "word", "more")
    )
    start, end = _number(first), _number(second)
    shared = pc.and_(pc.equal(unit_first, ""), pc.less(start, end))
    low = _scaled(start, pc.if_else(pc.fill_null(shared, False), unit_second, unit_first))
    high = _scaled(end, unit_second)
    falls = pc.fill_null(pc.greater(low, high), False)
    low = pc.if_else(falls, None, low)
    alone = pc.and_(pc.is_null(high), pc.invert(falls))
    return _ends(low, high, alone, word, pc.not_equal(more, ""))


def _ends(low: pa.Array, high: pa.Array, alone: pa.Array, word: pa.Array, more: pa.Array) -> Sizes:
    """The ends by the words around a number that stands alone."""

    def says(words: tuple[str, ...]) -> pa.Array:
        return pc.and_(alone, pc.is_in(word, pa.array(words)))

    no_low = pc.or_(says(_BELOW), says(_AT_MOST))
    no_high = pc.or_(pc.or_(says(_ABOVE), says(_AT_LEAST)), pc.and_(alone, pc.fill_null(more, False)))
    number = pc.if_else(says(_BELOW), pc.max_element_wise(pc.subtract(low, 1), 0, skip_nulls=False), low)
    number = pc.if_else(says(_ABOVE), pc.add(number, 1), number)
    low = pc.if_else(no_low, None, number)
    high = pc.if_else(alone, pc.if_else(no_high, None, number), pc.if_else(pc.is_null(low), None, high))
    middle = pc.divide(pc.add(low, high), 2)
    return Sizes(low, high, pc.coalesce(middle, low, high))


def _plain(texts: pa.Array) -> pa.Array:
    """Lower case, with one kind of dash and space, without what is no size, and with plain numbers."""
    texts = pc.utf8_lower(texts)
    texts = pc.replace_substring_regex(texts, r"[\s\pZ]+", " ")
    texts = pc.replace_substring_regex(texts, r"[‐‑‒–—―−]", "-")
    for pattern in _ASIDE:
        texts = pc.replace_substring_regex(texts, pattern, " ")
    for pattern, plain in _THOUSANDS:
        texts = pc.replace_substring_regex(texts, pattern, plain)
    return texts


def _number(digits: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(digits, ""), None, digits).cast(pa.float64())


def _scaled(numbers: pa.Array, units: pa.Array) -> pa.Array:
    """Whole numbers of people, from numbers in ones, thousands or millions."""
    thousands = pc.is_in(units, pa.array(["k", "thousand"]))
    millions = pc.is_in(units, pa.array(["m", "million"]))
    factor = pc.if_else(thousands, 1e3, pc.if_else(millions, 1e6, 1.0))
    return pc.round(pc.multiply(numbers, factor)).cast(_COUNT)


def known_sizes(values: pa.Array) -> pa.Array:
    """Numbers that can be a size: null for those below zero and for what is no number."""
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, None)
    zero = Decimal(0) if pa.types.is_decimal(values.type) else 0
    return pc.if_else(pc.less(values, pa.scalar(zero, values.type)), None, values)


def band_names(values: pa.Array, bands: Bands) -> pa.Array:
    """The name of the band of each value; null for null. Values are numbers or money."""
    return pc.take(pa.array(bands.names), band_places(values, bands))


def band_places(values: pa.Array, bands: Bands) -> pa.Array:
    """The place of the band of each value, from 0 for the lowest."""
    passed = pc.greater if bands.closed_above else pc.greater_equal
    scale = values.type.scale if pa.types.is_decimal(values.type) else None
    wide = values.cast(pa.float64() if scale is None else pa.decimal128(38, scale), safe=False)
    places = pc.if_else(pc.is_null(values), pa.scalar(None, pa.int32()), pa.scalar(0, pa.int32()))
    for bound in bands.bounds:
        limit = float(bound) if scale is None else _money(bound, scale)
        places = pc.add(places, passed(wide, limit).cast(pa.int32()))
    return places


def _money(bound: Decimal, scale: int) -> pa.Scalar:
    return pa.scalar(round(bound, scale), pa.decimal128(38, scale))


def sme_classes(employees: pa.Array, turnover: pa.Array, balance_sheet: pa.Array | None) -> pa.Array:
    """The EU's class of each business: its place among micro, small, medium and large, from 0.

    A business is in a class if its employees are within the class's limit and its turnover or its balance sheet
    total is (Commission Recommendation 2003/361/EC, annex, article 2). So its place is that of its employees or the
    lesser of the two amounts' places, whichever is greater. Unknown where what is missing could decide.
    """
    people, low, high = band_places(employees, EU_EMPLOYEES), *_amount_places(turnover, balance_sheet)
    settled = pc.or_kleene(pc.equal(low, high), pc.greater_equal(people, high))
    known = pc.max_element_wise(people, high, skip_nulls=False)
    large = pc.or_kleene(pc.equal(people, 3), pc.equal(low, 3))
    return pc.if_else(pc.fill_null(large, False), 3, pc.if_else(pc.fill_null(settled, False), known, None))


def _amount_places(turnover: pa.Array, balance_sheet: pa.Array | None) -> tuple[pa.Array, pa.Array]:
    """The least and the greatest place that the amounts allow for; a missing amount may be anything."""
    places = band_places(turnover, EU_TURNOVER)
    if balance_sheet is None:
        return places, places
    others = band_places(balance_sheet, EU_BALANCE_SHEET)
    low = pc.min_element_wise(pc.fill_null(places, 0), pc.fill_null(others, 0))
    high = pc.min_element_wise(pc.fill_null(places, 3), pc.fill_null(others, 3))
    return low, high
