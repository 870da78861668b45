"""Cells that the file holds as numbers, times or truth rather than as text."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.buffers import array_from_view, known_bytes, settled, truth_bytes, validity, view
from segdsl.engines.arrow.physical import DATE, DURATION, FLOAT64, INT64, TEXT, TIMESTAMP
from segdsl.engines.arrow.reading.cells import Cells, on_calendar, one_zero, rounded_units, text_cells, with_flaw
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.numbers import units
from segdsl.engines.arrow.reading.rule import Rule
from segdsl.types import Kind

_EXACT_FLOAT = 2.0**53
_DAY_MICROSECONDS = 86_400_000_000
_MICROSECONDS = {"s": 1_000_000, "ms": 1000, "us": 1}


def typed_cells(values: pa.Array, rule: Rule) -> Cells:
    """Values that are no texts, as the declared type; `mismatch` where the two have nothing to do with each other."""
    kind = values.type
    match rule.kind:
        case Kind.COUNT | Kind.INT if _is_number(kind):
            return _whole_cells(values, rule)
        case Kind.NUMBER | Kind.RATIO if _is_number(kind):
            return _real_cells(values, rule)
        case Kind.MONEY if _is_number(kind):
            return _money_cells(values, rule)
        case Kind.DATE if pa.types.is_date(kind):
            return on_calendar(Cells(values.cast(DATE)))
        case Kind.DATE if pa.types.is_timestamp(kind):
            return _date_cells(values)
        case Kind.TIMESTAMP if pa.types.is_date(kind):
            days = on_calendar(Cells(values.cast(DATE)))
            return Cells(days.array.cast(pa.timestamp("us")).view(TIMESTAMP), days.flaws)
        case Kind.TIMESTAMP if pa.types.is_timestamp(kind):
            return _timestamp_cells(values)
        case Kind.DURATION if pa.types.is_duration(kind):
            return _in_microseconds(values, DURATION, Flaw.TOO_LARGE)
        case Kind.BOOL if pa.types.is_boolean(kind):
            return Cells(values)
        case Kind.BOOL if pa.types.is_integer(kind):
            wrong = known_bytes(values) & ~np.isin(values.fill_null(0).to_numpy(zero_copy_only=False), (0, 1))
            return with_flaw(Cells(pc.not_equal(values, pa.scalar(0, kind))), wrong, Flaw.WRONG_TYPE)
        case _:
            return mismatched(values, rule)


def mismatched(values: pa.Array, rule: Rule) -> Cells:
    """Every known cell is of the wrong type."""
    if pa.types.is_null(values.type) or values.null_count == len(values):
        return Cells(pa.nulls(len(values), rule.arrow))
    flaws = np.where(known_bytes(values), np.uint8(Flaw.WRONG_TYPE), np.uint8(Flaw.NONE))
    return Cells(pa.nulls(len(values), rule.arrow), flaws, type_words(values.type))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _whole_cells(values: pa.Array, rule: Rule) -> Cells:
    if rule.scale is not None or pa.types.is_decimal(values.type):
        return text_cells(_digits(values), rule)
    if pa.types.is_floating(values.type):
        return _whole_floats(values, rule)
    too_large = np.zeros(len(values), np.bool_)
    if pa.types.is_uint64(values.type):
        too_large = truth_bytes(pc.greater(values, pa.scalar(2**63 - 1, pa.uint64())))
    cells = with_flaw(Cells(values.cast(INT64, safe=False)), too_large, Flaw.TOO_LARGE)
    return _nonnegative(cells, rule)


def _whole_floats(values: pa.Array, rule: Rule) -> Cells:
    cells = _finite(values.cast(FLOAT64))
    numbers = cells.array.fill_null(0.0).to_numpy(zero_copy_only=False)
    cells = with_flaw(cells, numbers != np.rint(numbers), Flaw.WRONG_TYPE)
    # Beyond 2^53 a float no longer tells whole numbers apart.
    cells = with_flaw(cells, np.abs(numbers) > _EXACT_FLOAT, Flaw.TOO_LARGE)
    return _nonnegative(Cells(cells.array.cast(INT64), cells.flaws), rule)


def _nonnegative(cells: Cells, rule: Rule) -> Cells:
    if rule.kind is Kind.INT or cells.array.null_count == len(cells.array) or pc.min(cells.array).as_py() >= 0:
        return cells
    negative = truth_bytes(pc.less(cells.array, 0))
    return with_flaw(cells, negative, Flaw.WRONG_TYPE)


def _real_cells(values: pa.Array, rule: Rule) -> Cells:
    numbers = values.cast(FLOAT64, safe=False)
    if rule.scale is not None:
        numbers = pc.multiply(numbers, float(rule.scale))
    return one_zero(_finite(numbers))


def _finite(numbers: pa.DoubleArray) -> Cells:
    """NaN as missing, infinite numbers as flawed."""
    held = view(numbers)
    if np.isfinite(held).all():
        return Cells(numbers)
    known = known_bytes(numbers)
    cells = with_flaw(Cells(numbers), known & np.isnan(held), Flaw.NAN)
    return with_flaw(cells, known & np.isinf(held), Flaw.INFINITE)


def _money_cells(values: pa.Array, rule: Rule) -> Cells:
    if rule.multiplier is None or pa.types.is_float16(values.type) or pa.types.is_float32(values.type):
        # A short float means the shortest decimal that is read back as it.
        return text_cells(_digits(values), rule)
    if pa.types.is_integer(values.type):
        return _money_of_whole(values, rule.multiplier)
    if pa.types.is_decimal(values.type):
        return _money_of_decimals(values, rule)
    amounts, doubtful = rounded_units(values, rule.multiplier)
    if doubtful is None:
        return Cells(amounts)
    finite = _finite(values)
    exact = doubtful & known_bytes(finite.array)
    return _exact_money(_where_known(amounts, finite), finite.array, exact, rule)


def _where_known(amounts: pa.Int64Array, finite: Cells) -> Cells:
    return Cells(pc.if_else(finite.array.is_valid(), amounts, None), finite.flaws)


def _exact_money(cells: Cells, floats: pa.DoubleArray, doubtful: np.ndarray, rule: Rule) -> Cells:
    mask = pa.array(doubtful)
    distinct = floats.filter(mask).dictionary_encode()
    parsed = [units(Decimal(repr(x)), rule.scale, rule.places) for x in distinct.dictionary.to_pylist()]
    amounts = pa.array([None if isinstance(p, Flaw) else p for p in parsed], INT64)
    array = pc.replace_with_mask(cells.array, mask, amounts.take(distinct.indices))
    kinds = np.array([isinstance(p, Flaw) for p in parsed], np.bool_)
    large = np.zeros(len(array), np.bool_)
    large[doubtful] = kinds[distinct.indices.to_numpy()]
    return with_flaw(Cells(array, cells.flaws), large, Flaw.TOO_LARGE)


def _money_of_whole(values: pa.Array, multiplier: int) -> Cells:
    most = (2**63 - 1) // multiplier
    least = -most if pa.types.is_signed_integer(values.type) else 0
    width = values.type.bit_width
    if most >= 2**width:
        return Cells(pc.multiply(values.cast(INT64), multiplier))
    large = pc.or_(pc.greater(values, pa.scalar(most, values.type)), pc.less(values, pa.scalar(least, values.type)))
    cells = with_flaw(Cells(values), truth_bytes(large), Flaw.TOO_LARGE)
    return Cells(pc.multiply(cells.array.cast(INT64), multiplier), cells.flaws)


def _money_of_decimals(values: pa.Array, rule: Rule) -> Cells:
    if rule.scale is not None or values.type.bit_width > 128:
        return text_cells(_digits(values), rule)
    if values.type.scale > rule.places:
        values = pc.round(values, rule.places, round_mode="half_to_even")
    try:
        exact = values.cast(pa.decimal128(38, rule.places))
    except pa.ArrowInvalid:
        return text_cells(_digits(values), rule)
    words = np.frombuffer(exact.buffers()[1], "<i8", 2 * len(exact), exact.offset * 16)
    low, high = words[::2], words[1::2]
    validity = exact.is_valid().buffers()[1] if exact.null_count else None
    amounts = pa.Array.from_buffers(INT64, len(exact), [validity, pa.py_buffer(np.ascontiguousarray(low))])
    # The 128 bits fit 64 where the high word only repeats the sign.
    return with_flaw(Cells(amounts), known_bytes(exact) & (high != low >> 63), Flaw.TOO_LARGE)


def _digits(values: pa.Array) -> pa.StringArray:
    return values.cast(TEXT)


def _date_cells(values: pa.Array) -> Cells:
    moments = _timestamp_cells(values)
    days, within = np.divmod(settled(moments.array), _DAY_MICROSECONDS)
    dates = array_from_view(days, DATE, validity(moments.array))
    return with_flaw(Cells(dates, moments.flaws), within != 0, Flaw.WRONG_TYPE)


def _timestamp_cells(values: pa.Array) -> Cells:
    # Without a zone the time is UTC.
    return on_calendar(_in_microseconds(values, TIMESTAMP, Flaw.BEYOND_CALENDAR))


def _in_microseconds(values: pa.Array, type_: pa.DataType, beyond: Flaw) -> Cells:
    """Timestamps or durations of any unit in microseconds, finer parts cut off; `beyond` where that is past 64 bits."""
    units = values.view(INT64)
    if values.type.unit == "ns":
        return Cells(array_from_view(settled(units) // 1000, type_, validity(units)))
    factor = _MICROSECONDS[values.type.unit]
    most = (2**63 - 1) // factor
    counts = settled(units)
    cells = with_flaw(Cells(units), (counts > most) | (counts < -most), beyond)
    return Cells(pc.multiply(cells.array, factor).view(type_), cells.flaws)


def type_words(kind: pa.DataType) -> str:
    """What a column of a file holds, in a user's words."""
    tests = (
        (pa.types.is_boolean, "true and false"),
        (pa.types.is_integer, "whole numbers"),
        (pa.types.is_floating, "numbers"),
        (pa.types.is_decimal, "decimal numbers"),
        (pa.types.is_date, "dates"),
        (pa.types.is_timestamp, "timestamps"),
        (pa.types.is_time, "times of day"),
        (pa.types.is_duration, "durations"),
        (pa.types.is_nested, "lists or records"),
        (pa.types.is_binary, "bytes"),
    )
    return next((words for test, words in tests if test(kind)), f"values of type {kind}")
