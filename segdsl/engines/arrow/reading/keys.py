"""Keys of rows as numbers: equal keys get equal codes, of any types and any number of columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.buffers import known_bytes, view
from segdsl.engines.arrow.physical import INT64, TEXT

KeyColumn: TypeAlias = "pa.Array | pa.ChunkedArray"
_LARGEST_CODE = 2**62


def plain(column: KeyColumn) -> pa.ChunkedArray:
    """The column without dictionaries."""
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    return chunked.cast(TEXT) if pa.types.is_dictionary(chunked.type) else chunked


def complete(columns: Sequence[KeyColumn]) -> np.ndarray:
    """Where every column of the key is known; a byte a row."""
    flags = np.ones(len(columns[0]), np.bool_)
    for column in columns:
        if column.null_count:
            flags &= np.asarray(pc.is_valid(column))
    return flags


def key_codes(columns: Sequence[KeyColumn]) -> np.ndarray:
    """One int64 a row, equal where the keys are equal. Columns hold no missing values."""
    codes = _codes(columns[0])
    for column in columns[1:]:
        more = _codes(column)
        span = int(more.max(initial=0)) - int(more.min(initial=0)) + 1
        low, high = int(codes.min(initial=0)), int(codes.max(initial=0))
        if (high - low + 1) * span > _LARGEST_CODE:
            codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
            more = np.unique(more, return_inverse=True)[1].astype(np.int64)
            low, span = 0, int(more.max(initial=0)) + 1
        codes = (codes - low) * span + (more - int(more.min(initial=0)))
    return codes


def _codes(column: KeyColumn) -> np.ndarray:
    held = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if held.type == INT64:
        return np.concatenate([view(chunk) for chunk in held.chunks]) if held.num_chunks else np.zeros(0, np.int64)
    unified = plain(held).dictionary_encode()
    parts = [chunk.indices.to_numpy() for chunk in unified.chunks]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Matches:
    """For each row the place of the equal key among others, -1 for none; and where its key is complete."""

    places: np.ndarray
    known: np.ndarray


def match_keys(columns: Sequence[KeyColumn], others: Sequence[KeyColumn]) -> Matches:
    """Looks up the keys of rows among other keys, which are distinct and known. A key with a missing part has none."""
    known = complete(columns)
    if len(columns) == 1:
        return Matches(_look_up(columns[0], plain(others[0])), known)
    mine, theirs = [], []
    for column, other in zip(columns, others, strict=True):
        distinct = plain(other).unique()
        mine.append(pa.array(_look_up(column, pa.chunked_array([distinct]))))
        theirs.append(pc.index_in(plain(other), value_set=distinct).cast(INT64))
    height = len(known)
    joined = key_codes([_stacked(a, b) for a, b in zip(mine, theirs, strict=True)])
    possible = np.logical_and.reduce([m.to_numpy() >= 0 for m in mine])
    places = _look_up(pa.array(joined[:height]), pa.chunked_array([pa.array(joined[height:])]))
    return Matches(np.where(possible & known, places, -1), known)


def _stacked(above: pa.Array, below: KeyColumn) -> pa.ChunkedArray:
    chunks = below.chunks if isinstance(below, pa.ChunkedArray) else [below]
    return pa.chunked_array([above, *chunks], INT64)


def _look_up(column: KeyColumn, keys: pa.ChunkedArray) -> np.ndarray:
    """Places of values among distinct keys; -1 for a missing value and for one that isn't there."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    value_set = keys.combine_chunks() if keys.num_chunks != 1 else keys.chunk(0)
    if isinstance(value_set, pa.ChunkedArray):
        value_set = pa.concat_arrays(value_set.chunks)
    parts = [_look_up_chunk(chunk, value_set) for chunk in chunks]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _look_up_chunk(chunk: pa.Array, keys: pa.Array) -> np.ndarray:
    if not isinstance(chunk, pa.DictionaryArray):
        return _places(pc.index_in(chunk, value_set=keys, skip_nulls=True))
    by_code = _places(pc.index_in(chunk.dictionary, value_set=keys, skip_nulls=True))
    if not len(by_code):
        return np.full(len(chunk), -1, np.int64)
    places = by_code[chunk.indices.fill_null(0).to_numpy()]
    return np.where(known_bytes(chunk.indices), places, -1)


def _places(found: pa.Array) -> np.ndarray:
    return np.asarray(found.fill_null(-1).to_numpy(), np.int64)
