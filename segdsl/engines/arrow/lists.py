"""Tests and measures of lists."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Values
from segdsl.engines.arrow.buffers import booleans, has_missing_scalar, truth_bytes, validity
from segdsl.engines.arrow.coded import test_text
from segdsl.engines.arrow.comparison import member, value_set
from segdsl.engines.arrow.physical import BOOL, INT64
from segdsl.types import Type, Value


def has_values(lists: Values, values: tuple[Value, ...], every: bool, element: Type) -> Values:
    """Whether each list holds any (or every one) of some constants; unknown where the list is missing.

    A missing item is none of them. An empty list holds none.
    """
    if has_missing_scalar(lists):
        return pa.scalar(None, BOOL)
    if isinstance(lists, pa.Scalar):
        return has_values(pa.array([lists.as_py()], lists.type), values, every, element)[0]
    offsets = lists.offsets.to_numpy()
    items = lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0])) if len(lists) else lists.values
    offsets = offsets - offsets[0] if len(offsets) else offsets
    wanted = value_set(values, element)
    if not every:
        return booleans(_any_in(items, wanted, offsets), validity(lists))
    # A constant that no item can equal is not in the set: then no list has them all.
    found = np.full(len(lists), len(wanted) == len(values))
    for position in range(len(wanted)):
        found &= _any_in(items, wanted.slice(position, 1), offsets)
    return booleans(found, validity(lists))


def count_items(lists: Values) -> Values:
    """How many items each list has, missing ones too."""
    if isinstance(lists, pa.Scalar):
        return pa.scalar(len(lists.as_py()) if lists.is_valid else None, INT64)
    return pc.list_value_length(lists).cast(INT64)


def _any_in(items: pa.Array, wanted: pa.Array, offsets: np.ndarray) -> np.ndarray:
    if not len(offsets) or not len(wanted):
        return np.zeros(max(len(offsets) - 1, 0), np.bool_)
    hits = np.zeros(len(items) + 1, np.int64)
    np.cumsum(truth_bytes(test_text(items, lambda found: member(found, wanted))), out=hits[1:])
    found: np.ndarray = hits[offsets[1:]] > hits[offsets[:-1]]
    return found
