"""Texts as codes: the frequent values of a category, and which lists have them."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segdsl.evidence.binning import Codes


def code_texts(array: pa.Array, fewest: int, most: int) -> tuple[tuple[str, ...], Codes]:
    """The texts that are in enough rows, at most so many of the most frequent, by name, and a code for each row.

    A code is the place of the row's text among these, their number for any other text, and one more for a missing one.
    """
    encoded = array.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    places = pc.fill_null(encoded.indices, len(texts)).to_numpy(zero_copy_only=False)
    counts = np.bincount(places, minlength=len(texts) + 1)[: len(texts)]
    frequent = _frequent(texts, counts, fewest, most)
    codes = np.full(len(texts) + 1, len(frequent), np.uint16)
    for code, text in enumerate(frequent):
        codes[texts.index(text)] = code
    codes[-1] = len(frequent) + 1
    return frequent, codes[places]


def code_members(array: pa.Array, fewest: int, most: int) -> Iterator[tuple[str, Codes]]:
    """For each text that is in enough lists, at most so many of the most frequent: 1 where a list has it, else 0.

    A missing list has the code 2.
    """
    encoded = pc.list_flatten(array).dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    rows = pc.list_parent_indices(array).filter(encoded.is_valid()).to_numpy(zero_copy_only=False)
    places = encoded.indices.drop_null().to_numpy(zero_copy_only=False)
    pairs = np.unique(rows * max(len(texts), 1) + places)
    counts = np.bincount(pairs % max(len(texts), 1), minlength=len(texts))
    missing = array.is_null().to_numpy(zero_copy_only=False)
    for text in _frequent(texts, counts, fewest, most):
        codes = np.where(missing, 2, 0).astype(np.uint16)
        codes[rows[places == texts.index(text)]] = 1
        yield text, codes


def _frequent(texts: list[str], counts: NDArray[np.intp], fewest: int, most: int) -> tuple[str, ...]:
    enough = [(-int(count), text) for text, count in zip(texts, counts, strict=True) if count >= fewest]
    return tuple(sorted(text for _, text in sorted(enough)[:most]))
