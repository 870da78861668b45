"""From the cells of a file to values of a type: a value where there is one, a flaw where there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.buffers import known_bytes, truth_bytes, validity, view
from segdsl.engines.arrow.physical import BOOL, DATE, DURATION, FLOAT64, INT64, TIMESTAMP
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.moments import parse_bool, parse_date, parse_duration, parse_timestamp
from segdsl.engines.arrow.reading.numbers import currency_signs, lenient_decimal, real, strict_decimal, units, whole
from segdsl.engines.arrow.reading.rule import Rule
from segdsl.engines.arrow.reading.texts import holds_byte, undress
from segdsl.types import Kind

_PLAIN_WHOLE = r"^-?[0-9]{1,18}$"
_PLAIN_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$"

_ENDS = {
    DATE: (date.min, date.max),
    TIMESTAMP: (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
}

Parsed = str | int | float | bool | date
Parser = Callable[[str], Parsed]


@dataclass(frozen=True, slots=True)
class Cells:
    """Values of one column, null where missing or flawed. `flaws` is a byte a row (see Flaw); None: no flaw.

    `mismatch` names the type of the file's column where it can't be read as the declared type at all.
    """

    array: pa.Array
    flaws: np.ndarray | None = None
    mismatch: str | None = None


def with_flaw(cells: Cells, where: np.ndarray, flaw: Flaw) -> Cells:
    """The cells at `where` (bool, a byte a row) flawed and null; an earlier flaw stays."""
    if not where.any():
        return cells
    flaws = np.zeros(len(cells.array), np.uint8) if cells.flaws is None else cells.flaws.copy()
    flaws[where & (flaws == Flaw.NONE)] = flaw
    return Cells(pc.if_else(pa.array(where), None, cells.array), flaws, cells.mismatch)


def on_calendar(cells: Cells) -> Cells:
    """Dates or timestamps before the year 1 or after the year 9999 are flawed."""
    array = cells.array
    if array.null_count == len(array):
        return cells
    first, last = (pa.scalar(end, array.type) for end in _ENDS[array.type])
    extremes = pc.min_max(array)
    if pc.and_(pc.greater_equal(extremes["min"], first), pc.less_equal(extremes["max"], last)).as_py():
        return cells
    beyond = pc.or_(pc.less(array, first), pc.greater(array, last))
    return with_flaw(cells, truth_bytes(beyond), Flaw.BEYOND_CALENDAR)


def one_zero(cells: Cells) -> Cells:
    """Numbers with plus zero for minus zero."""
    return Cells(pc.add(cells.array, 0.0), cells.flaws)


def text_cells(texts: pa.StringArray, rule: Rule) -> Cells:
    """Cells of any type but category and list, read from tidied texts."""
    match rule.kind:
        case Kind.COUNT | Kind.INT:
            return _whole_cells(texts, rule)
        case Kind.NUMBER | Kind.RATIO:
            return _real_cells(texts, rule)
        case Kind.MONEY:
            return _money_cells(texts, rule)
        case Kind.DATE:
            fast = _cast(texts, DATE) if rule.is_iso else None
            if fast is not None:
                return on_calendar(Cells(fast))
            return _settle_all(texts, DATE, lambda text: parse_date(text, rule.pattern))
        case Kind.TIMESTAMP:
            return on_calendar(_timestamp_cells(texts, rule))
        case Kind.DURATION:
            counted = _settle_all(texts, INT64, parse_duration)
            return Cells(counted.array.view(DURATION), counted.flaws)
        case Kind.BOOL:
            return _settle_all(texts, BOOL, parse_bool)
        case _:
            return Cells(texts)


def _whole_cells(texts: pa.StringArray, rule: Rule) -> Cells:
    nonnegative = rule.kind is Kind.COUNT
    decimal = _decimal_reader(rule, percent=False)

    def parse(text: str) -> int:
        return whole(decimal(text), rule.scale, nonnegative)

    if rule.scale is not None:
        return _settle_all(texts, INT64, parse)
    # Arrow would also read 0x1F.
    found = None if holds_byte(texts, ord("x"), ord("X")) else _cast(texts, INT64)
    if found is None:
        plain = _undressed(texts, rule)
        found = pc.if_else(pc.match_substring_regex(plain, _PLAIN_WHOLE), plain, None).cast(INT64)
    cells = _settle(texts, found, None, parse)
    if nonnegative and len(found) - found.null_count and pc.min(found).as_py() < 0:
        cells = with_flaw(cells, truth_bytes(pc.less(cells.array, 0)), Flaw.WRONG_TYPE)
    return cells


def _real_cells(texts: pa.StringArray, rule: Rule) -> Cells:
    decimal = _decimal_reader(rule, percent=True)
    found = _floats(texts, rule)
    if rule.scale is not None:
        found = pc.multiply(found, float(rule.scale))
    doubtful = ~np.isfinite(found.to_numpy(zero_copy_only=False)) if found.null_count < len(found) else None
    cells = _settle(texts, found, doubtful, lambda text: real(decimal(text), rule.scale))
    return one_zero(cells)


def _money_cells(texts: pa.StringArray, rule: Rule) -> Cells:
    decimal = _decimal_reader(rule, percent=False)

    def parse(text: str) -> int:
        return units(decimal(text), rule.scale, rule.places)

    if rule.multiplier is None:
        return _settle_all(texts, INT64, parse)
    found, doubtful = rounded_units(_floats(texts, rule), rule.multiplier)
    return _settle(texts, found, doubtful, parse)


def rounded_units(numbers: pa.DoubleArray, multiplier: int) -> tuple[pa.Int64Array, np.ndarray | None]:
    """Decimals, each held as the float nearest to it, times `multiplier` (below 2^53), rounded half-even.

    Also says which rows are doubtful, so that the caller takes their exact digits instead. The float and the
    product are each off by at most 2^-53 of their size, together less than 2^-51 of the product: where the
    product is farther than that from a half, rounding it gives the same as rounding the exact product.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        product = view(numbers) * float(multiplier)
        nearest = np.rint(product)
        away = np.abs(product - nearest)
        size = np.abs(product, out=product)
        # NaN fails every comparison, so that it is doubtful too.
        clear = len(size) == 0 or (size.max() < 2.0**48 and away.max() < 0.375)
        doubtful = None if clear else ~((size < 2.0**48) & (0.5 - away > size * 2.0**-51))
    if doubtful is not None:
        nearest[doubtful] = 0.0
        doubtful &= known_bytes(numbers)
    data = pa.py_buffer(nearest.astype(np.int64))
    found = pa.Array.from_buffers(INT64, len(nearest), [validity(numbers), data])
    return found, doubtful if doubtful is not None and doubtful.any() else None


def _decimal_reader(rule: Rule, percent: bool) -> Callable[[str], Decimal | Flaw]:
    if not rule.contract.lenient:
        return lambda text: strict_decimal(text, rule.mark)
    return lambda text: lenient_decimal(text, rule.mark, rule.sign_currency, percent)


def _undressed(texts: pa.StringArray, rule: Rule) -> pa.StringArray:
    if not rule.contract.lenient or rule.mark != ".":
        return texts
    return undress(texts, currency_signs(rule.sign_currency))


def _floats(texts: pa.StringArray, rule: Rule) -> pa.DoubleArray:
    """The floats nearest to plain decimal texts; null where a text isn't one (or isn't surely one)."""
    if rule.mark != ".":
        texts = pc.if_else(pc.match_substring(texts, "."), None, pc.replace_substring(texts, rule.mark, "."))
    found = _cast(texts, FLOAT64)
    if found is not None:
        return found
    plain = _undressed(texts, rule)
    return pc.if_else(pc.match_substring_regex(plain, _PLAIN_NUMBER), plain, None).cast(FLOAT64)


def _timestamp_cells(texts: pa.StringArray, rule: Rule) -> Cells:
    if rule.is_iso:
        zoned = _cast(texts, TIMESTAMP)
        if zoned is not None:
            return Cells(zoned)
        plain = _cast(texts, pa.timestamp("us"))
        if plain is not None:
            return Cells(plain.view(TIMESTAMP))
    counted = _settle_all(texts, INT64, lambda text: parse_timestamp(text, rule.pattern))
    return Cells(counted.array.view(TIMESTAMP), counted.flaws)


def _cast(texts: pa.StringArray, arrow: pa.DataType) -> pa.Array | None:
    """The whole column by Arrow's own parser; None if it refuses one of the texts."""
    try:
        return texts.cast(arrow)
    except pa.ArrowInvalid:
        return None


def _settle_all(texts: pa.StringArray, arrow: pa.DataType, parse: Parser) -> Cells:
    return _settle(texts, pa.nulls(len(texts), arrow), None, parse)


def _settle(texts: pa.StringArray, found: pa.Array, doubtful: np.ndarray | None, parse: Parser) -> Cells:
    """`found` completed: texts with no value there, or a doubtful one, are parsed, each distinct text once."""
    if doubtful is None and found.null_count == texts.null_count:
        return Cells(found)
    open_rows = known_bytes(texts) & ~known_bytes(found)
    if doubtful is not None:
        open_rows |= doubtful & known_bytes(texts)
    if not open_rows.any():
        return Cells(found)
    mask = pa.array(open_rows)
    distinct = texts.filter(mask).dictionary_encode()
    parsed = [parse(text) for text in distinct.dictionary.to_pylist()]
    values = pa.array([None if isinstance(p, Flaw) else p for p in parsed], found.type)
    kinds = np.array([p if isinstance(p, Flaw) else Flaw.NONE for p in parsed], np.uint8)
    array = pc.replace_with_mask(found, mask, values.take(distinct.indices))
    if not kinds.any():
        return Cells(array)
    flaws = np.zeros(len(texts), np.uint8)
    flaws[open_rows] = kinds[distinct.indices.to_numpy()]
    return Cells(array, flaws)
