"""Physical arrays as whole numbers and back, codes that keep their order, and joining of batches."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
# Whole numbers or floats: which of them, the values say.
Numbers = npt.NDArray[Any]


def truth(array: pa.Array | pa.Scalar, length: int) -> tuple[Mask, Mask]:
    """Of a condition's values: where it is true, and where it is known."""
    if isinstance(array, pa.Scalar):
        value = array.as_py()
        return np.full(length, bool(value)), np.full(length, value is not None)
    known = valid_mask(array)
    true = pc.fill_null(array, False) if array.null_count else array
    return true.to_numpy(zero_copy_only=False), known


def valid_mask(array: pa.Array) -> Mask:
    """Where values are known."""
    if not array.null_count:
        return np.ones(len(array), dtype=bool)
    mask: Mask = array.is_valid().to_numpy(zero_copy_only=False)
    return mask


def is_float(type_: pa.DataType) -> bool:
    return bool(pa.types.is_floating(type_))


def is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_dictionary(type_))


def as_ints(array: pa.Array) -> Ints:
    """Whole numbers, amounts, dates, times, durations and truth values as int64; missing values are 0."""
    filled = array
    if pa.types.is_date32(array.type):
        filled = array.view(pa.int32())
    elif not pa.types.is_boolean(array.type):
        filled = array.view(pa.int64())
    if filled.null_count:
        filled = pc.fill_null(filled, False if pa.types.is_boolean(filled.type) else 0)
    ints: Ints = filled.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return ints


def as_floats(array: pa.Array) -> Floats:
    """Numbers as float64 with one zero (minus zero is plus zero); missing values are 0."""
    filled = pc.fill_null(array, 0.0) if array.null_count else array
    floats: Floats = filled.to_numpy(zero_copy_only=False).astype(np.float64, copy=False) + 0.0
    return floats


def from_ints(values: Ints, missing: Mask | None, type_: pa.DataType) -> pa.Array:
    """The inverse of `as_ints`; values are missing where `missing` says so."""
    if pa.types.is_date32(type_):
        return pa.array(values.astype(np.int32), pa.int32(), mask=missing).view(type_)
    if pa.types.is_boolean(type_):
        return pa.array(values.astype(bool), type_, mask=missing)
    return pa.array(values, pa.int64(), mask=missing).view(type_)


def plain_text(array: pa.Array) -> pa.Array:
    """Texts as strings, whether they come plain or coded."""
    return array.cast(pa.string()) if pa.types.is_dictionary(array.type) else array


def ordered_codes(array: pa.Array) -> Numbers:
    """Numbers that sort as the values do: text by code point, false before true. Missing values are arbitrary."""
    if is_float(array.type):
        return as_floats(array)
    if not is_text(array.type):
        return as_ints(array)
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    # A dictionary may hold one text twice after a replacement: equal texts must get equal codes.
    unique = coded.dictionary.unique()
    order = pc.sort_indices(unique).to_numpy()
    ranks = np.empty(len(unique) + 1, dtype=np.int64)
    ranks[order] = np.arange(len(unique))
    ranks[-1] = -1
    places = pc.fill_null(pc.index_in(coded.dictionary, value_set=unique), -1).to_numpy()
    codes = pc.fill_null(coded.indices, 0).to_numpy(zero_copy_only=False)
    if not len(unique):
        return np.zeros(len(array), dtype=np.int64)
    chosen: Ints = ranks[places][codes]
    return chosen


def joined(arrays: Sequence[pa.Array], type_: pa.DataType) -> pa.Array:
    """The arrays of the batches as one; dictionaries are made one, and a mix of plain and coded text comes coded."""
    if not arrays:
        return pa.array([], type_)
    if len(arrays) == 1:
        return arrays[0]
    if any(pa.types.is_dictionary(a.type) for a in arrays):
        coded = [a if pa.types.is_dictionary(a.type) else a.dictionary_encode() for a in arrays]
        return pa.chunked_array(coded).unify_dictionaries().combine_chunks()
    return pa.concat_arrays(arrays)
