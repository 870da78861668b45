"""The score and the needs of accounts as columns of numbers that segments can be compared by."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.plugin import FieldName, Kind, MeasureCall

# Values that fewer accounts have tell segments apart by chance; of more frequent ones these many are compared.
_LEAST_ACCOUNTS = 5
_MOST_VALUES = 20
_VALUES = frozenset({Kind.TEXT, Kind.CATEGORY})


@dataclass(frozen=True, slots=True)
class Compared:
    """A field: a column of numbers, or one for each value that says whether an account has it. Missing is NaN.

    The name of the score is empty.
    """

    name: str
    columns: tuple[Floats, ...]


def compared_fields(call: MeasureCall) -> tuple[Compared, ...]:
    """The score and the fields that the option `needs` names, in this order."""
    score = call.score.to_numpy(zero_copy_only=False).astype(np.float64)
    given = call.options.get("needs", ())
    assert isinstance(given, tuple)
    names = [one.name for one in given if isinstance(one, FieldName)]
    return (
        Compared("", (np.where(np.isfinite(score), score, np.nan),)),
        *(Compared(name, tuple(_columns(call.fields[name], call.types[name].kind))) for name in names),
    )


def _columns(array: pa.Array, kind: Kind) -> Iterator[Floats]:
    if kind in _VALUES:
        yield from _having(array.cast(pa.string()), np.arange(len(array)), array)
    elif kind is Kind.LIST:
        items = pc.list_flatten(array).cast(pa.string())
        yield from _having(items, pc.list_parent_indices(array).to_numpy(zero_copy_only=False), array)
    else:
        values, known = plain_numbers(array)
        yield np.where(known & np.isfinite(values), values, np.nan)


def _having(values: pa.Array, rows: np.ndarray[tuple[int, ...], np.dtype[np.int64]], of: pa.Array) -> Iterator[Floats]:
    """A column for each frequent value: 1 in the rows that have it, 0 in others, NaN where none is known."""
    encoded = values.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    names = encoded.dictionary.to_pylist()
    missing = of.is_null().to_numpy(zero_copy_only=False)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = sorted(range(len(names)), key=lambda place: (-counts[place], names[place]))
    for place in order[:_MOST_VALUES]:
        if counts[place] >= _LEAST_ACCOUNTS:
            column = np.where(missing, np.nan, 0.0)
            column[rows[codes == place]] = 1.0
            yield column
