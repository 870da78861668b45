"""Columns of a table as the cells of a CSV file.

Dates are ISO 8601, durations are days, money has at least two decimals and no more than it needs, lists are joined by
`; `, missing is empty. Text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a
carriage return) gets a `'` before it, so that data can't make a spreadsheet do anything.
Source: OWASP, "CSV Injection".
"""

import pyarrow as pa
import pyarrow.compute as pc

LIST_SEPARATOR = "; "
_FORMULA = r"^([=+\-@\t\r])"
_LEAST_PLACES = 2
_FRACTION_ZEROS = r"(\.\d*?)0+$"
_NEEDS_QUOTES = r'[",\r\n]'
_SPECIAL = f"{_FORMULA}|{_NEEDS_QUOTES}"
_MICROSECONDS_A_DAY = 86_400_000_000


def cell_texts(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The cells of a column as they stand in a CSV file, quoted where RFC 4180 asks for it; never null."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        # Each value once, however many rows bear it.
        return pc.fill_null(cell_texts(array.dictionary).take(array.indices), "")
    texts = pc.fill_null(_texts(array), "")
    return _plain(texts) if _holds_text(array.type) else texts


def _plain(texts: pa.Array) -> pa.Array:
    """Texts that no spreadsheet computes, in quotes where they hold a comma, a quote or a line end."""
    if not pc.any(pc.match_substring_regex(texts, _SPECIAL)).as_py():
        return texts
    safe = pc.replace_substring_regex(texts, _FORMULA, r"'\1")
    doubled = pc.replace_substring(safe, '"', '""')
    quoted = pc.binary_join_element_wise('"', doubled, '"', "")
    return pc.if_else(pc.match_substring_regex(safe, _NEEDS_QUOTES), quoted, safe)


def _texts(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return array.dictionary_decode()
    if pa.types.is_list(kind):
        return _joined(array)
    if pa.types.is_decimal(kind):
        return _amounts(array)
    if pa.types.is_timestamp(kind):
        return _timestamps(array)
    if pa.types.is_duration(kind):
        exact = array.cast(pa.duration("us"), safe=False).cast(pa.int64())
        days = pc.divide(exact.cast(pa.float64(), safe=False), float(_MICROSECONDS_A_DAY))
        return days.cast(pa.string())
    return array.cast(pa.string())


def _amounts(array: pa.Array) -> pa.Array:
    """Decimals without the zeros at their end, but with two places at least."""
    exact = array if array.type.scale >= _LEAST_PLACES else array.cast(pa.decimal128(38, _LEAST_PLACES))
    trimmed = pc.ascii_rtrim(exact.cast(pa.string()), "0")
    missing = pc.if_else(pc.match_substring_regex(trimmed, r"\.\d$"), "0", "")
    missing = pc.if_else(pc.ends_with(trimmed, "."), "00", missing)
    return pc.binary_join_element_wise(trimmed, missing, "")


def _timestamps(array: pa.Array) -> pa.Array:
    """`2026-01-31T09:00:00Z`, with a fraction of a second where there is one."""
    texts = pc.replace_substring(array.cast(pa.string()), " ", "T")
    texts = pc.replace_substring_regex(texts, r"Z$", "")
    texts = pc.replace_substring_regex(texts, _FRACTION_ZEROS, r"\1")
    return pc.binary_join_element_wise(pc.replace_substring_regex(texts, r"\.$", ""), "Z", "")


def _joined(array: pa.Array) -> pa.Array:
    items = pc.fill_null(_texts(array.flatten()), "")
    lengths = pc.fill_null(pc.list_value_length(array), 0)
    ends = pc.cumulative_sum(lengths.cast(pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, items), LIST_SEPARATOR)
    return pc.if_else(array.is_valid(), joined, pa.scalar(None, pa.string()))


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind) or pa.types.is_list(kind):
        return _holds_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
