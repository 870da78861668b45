"""The many layouts in which Arrow files hold the same values, brought to those that its kernels know."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def plain_layout(values: pa.Array) -> pa.Array:
    """The same values without extension types, run ends, views and short decimals; dictionaries stay.

    Most kernels of Arrow have no way with those, be it to take rows or to count them.
    """
    if isinstance(values, pa.ExtensionArray):
        return plain_layout(values.storage)
    if isinstance(values, pa.RunEndEncodedArray):
        rows = np.arange(values.offset, values.offset + len(values))
        runs = np.searchsorted(values.run_ends.to_numpy(), rows, side="right")
        return plain_layout(values.values).take(pa.array(runs))
    if isinstance(values, pa.DictionaryArray):
        dictionary = plain_layout(values.dictionary)
        same = dictionary.type == values.dictionary.type
        return values if same else pa.DictionaryArray.from_arrays(values.indices, dictionary)
    if pa.types.is_string_view(values.type):
        return values.cast(pa.string())
    if pa.types.is_binary_view(values.type):
        return values.cast(pa.binary())
    if pa.types.is_decimal32(values.type) or pa.types.is_decimal64(values.type):
        return values.cast(pa.decimal128(values.type.precision, values.type.scale))
    if pa.types.is_list_view(values.type) or pa.types.is_large_list_view(values.type):
        # Arrow's own cast of these gives offsets that lie anywhere.
        lengths = pc.list_value_length(values).fill_null(0).to_numpy()
        values = _lists(np.concatenate(([0], np.cumsum(lengths))), values.flatten(), values)
    if pa.types.is_large_list(values.type) or pa.types.is_fixed_size_list(values.type):
        values = values.cast(pa.list_(values.type.value_type))
    if not pa.types.is_list(values.type):
        return values
    items = plain_layout(values.values)
    return values if items.type == values.type.value_type else _lists(values.offsets.to_numpy(), items, values)


def _lists(offsets: np.ndarray, items: pa.Array, missing_as: pa.Array) -> pa.ListArray:
    missing = missing_as.is_null() if missing_as.null_count else None
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items, mask=missing)


def cell(values: pa.Array, row: int) -> object:
    """One value as Python has it; as text where Python has no such value (a day beyond its calendar, a nanosecond, a
    time in an unknown zone)."""
    try:
        return values[row].as_py()
    except (ValueError, OverflowError):
        one = values.slice(row, 1)
        one = one.dictionary_decode() if isinstance(one, pa.DictionaryArray) else one
        return one.to_string(indent=0, skip_new_lines=True)[1:-1]
