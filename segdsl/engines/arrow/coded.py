"""Texts as Arrow holds them: plain, or coded as a dictionary of distinct texts with an index for each row.

What is computed on a coded array is computed once for each text of the dictionary, unless the dictionary has
more texts than the array has rows.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Values
from segdsl.engines.arrow.buffers import array_from_view, booleans, truth_bytes, validity, view
from segdsl.engines.arrow.physical import TEXT


def is_coded(values: Values) -> bool:
    return bool(pa.types.is_dictionary(values.type))


def plain(values: Values) -> Values:
    """The texts as a plain array or scalar."""
    if not is_coded(values):
        return values
    if isinstance(values, pa.Scalar):
        return pa.scalar(values.as_py(), TEXT)
    return values.dictionary_decode()


def test_text(texts: Values, test: Callable[[Values], Values]) -> Values:
    """The answers of a yes-or-no `test` on texts; null where the text is.

    `test` gets plain texts and gives null for null.
    """
    if not _is_worth_coding(texts):
        return test(plain(texts))
    answers = test(texts.dictionary)
    codes = texts.indices
    if answers.null_count:
        return pc.take(answers, codes)
    known = validity(codes)
    true = truth_bytes(answers)
    yes = np.flatnonzero(true)
    if len(yes) == 0:
        return booleans(np.zeros(len(codes), np.bool_), known)
    if len(yes) == 1:
        return pc.equal(codes, pa.scalar(int(yes[0]), codes.type))
    return booleans(true.take(view(codes), mode="clip"), known)


def map_text(texts: Values, change: Callable[[Values], Values]) -> Values:
    """Texts changed by a function of plain texts; a coded array stays coded, its dictionary distinct."""
    if not _is_worth_coding(texts):
        return change(plain(texts))
    changed = change(texts.dictionary).dictionary_encode()
    codes = _mapped(changed.indices, texts.indices)
    return pa.DictionaryArray.from_arrays(codes, changed.dictionary)


def measure_text(texts: Values, measure: Callable[[Values], Values]) -> Values:
    """A number for each text, computed by a function of plain texts."""
    if not _is_worth_coding(texts):
        return measure(plain(texts))
    return _mapped(measure(texts.dictionary), texts.indices)


def share_dictionary(parts: Sequence[Values], length: int) -> tuple[list[Values], pa.Array] | None:
    """The parts as codes into one dictionary, which is given too; None where plain texts are the better way.

    A scalar stays a scalar.
    """
    arrays = [p for p in parts if isinstance(p, pa.Array)]
    if not all(is_coded(p) for p in arrays) or sum(len(p.dictionary) for p in arrays) > max(length, 1):
        return None
    pieces = [p.dictionary if isinstance(p, pa.Array) else pa.array([p.as_py()], TEXT) for p in parts]
    merged = pa.concat_arrays([piece.cast(TEXT) for piece in pieces]).dictionary_encode()
    codes: list[Values] = []
    start = 0
    for part, piece in zip(parts, pieces, strict=True):
        own = merged.indices.slice(start, len(piece))
        codes.append(_mapped(own, part.indices) if isinstance(part, pa.Array) else own[0])
        start += len(piece)
    return codes, merged.dictionary


def coded(codes: Values, dictionary: pa.Array) -> Values:
    """Codes and their dictionary as texts."""
    if isinstance(codes, pa.Scalar):
        return dictionary[codes.as_py()] if codes.is_valid else pa.scalar(None, TEXT)
    return pa.DictionaryArray.from_arrays(codes, dictionary)


def _is_worth_coding(texts: Values) -> bool:
    return isinstance(texts, pa.DictionaryArray) and len(texts.dictionary) <= len(texts)


def _mapped(table: pa.Array, codes: pa.Array) -> pa.Array:
    """The entry of the table for each code: other codes, or numbers."""
    if table.null_count or not len(table):
        return pc.take(table, codes)
    entries = view(table)
    if table.type == codes.type and np.array_equal(entries, np.arange(len(entries))):
        return codes
    # What stands under a null may be no code at all: `clip` keeps the lookup inside the table.
    found = entries.take(view(codes).astype(np.intp), mode="clip")
    return array_from_view(found, table.type, validity(codes))
