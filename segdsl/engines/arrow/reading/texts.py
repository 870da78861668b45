"""Texts of cells before they are typed: trimmed, empty as missing, named texts as missing or replaced."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.physical import TEXT
from segdsl.engines.arrow.reading.rule import Rule

# First bytes of the UTF-8 forms of white space beyond ASCII (U+0085, U+00A0, U+1680, U+2000.., U+3000).
_WIDE_SPACE = np.zeros(256, np.bool_)
_WIDE_SPACE[[0xC2, 0xE1, 0xE2, 0xE3]] = True
_WIDE_SPACE[:0x21] = True


def tidy(texts: pa.StringArray, rule: Rule) -> pa.StringArray:
    """Surrounding white space goes; empty text and the contract's `empty` texts are missing; then `replace`."""
    tidied = trim(texts)
    if rule.empty is not None:
        named = pc.is_in(tidied, value_set=rule.empty)
        tidied = pc.if_else(named, None, tidied) if named.true_count else tidied
    if rule.found is not None and rule.meant is not None:
        at = pc.index_in(tidied, value_set=rule.found)
        tidied = pc.if_else(at.is_valid(), rule.meant.take(at), tidied) if at.null_count < len(at) else tidied
    return tidied


def trim(texts: pa.StringArray) -> pa.StringArray:
    """Texts without white space around them, empty ones as missing."""
    if not len(texts):
        return texts
    has_space, has_empty = _edges(texts)
    if has_space:
        texts = pc.utf8_trim_whitespace(texts)
        has_empty = True
    if has_empty:
        empty = pc.equal(pc.binary_length(texts), 0)
        texts = pc.if_else(empty, None, texts) if empty.true_count else texts
    return texts


def _edges(texts: pa.StringArray) -> tuple[bool, bool]:
    """Whether a text may begin or end with white space, and whether one may be empty.

    Looks at the first and last byte of each, several times cheaper than trimming texts that hardly ever need it.
    """
    _, offset_bytes, data_bytes = texts.buffers()
    offsets = np.frombuffer(offset_bytes, np.int32, len(texts) + 1, texts.offset * 4)
    if data_bytes is None or not data_bytes.size:
        return False, True
    data = np.frombuffer(data_bytes, np.uint8)
    starts, ends = offsets[:-1], offsets[1:]
    has_empty = bool((starts == ends).any())
    first = data[np.minimum(starts, data.size - 1)] if has_empty else data[starts]
    last = data[ends - 1]
    # A last byte from 0x80 on ends some character beyond ASCII: let the exact trimming decide.
    return bool(_WIDE_SPACE[first].any() or (last <= 0x20).any() or (last >= 0x80).any()), has_empty


def undress(texts: pa.StringArray, signs: str) -> pa.StringArray:
    """The plain digits of amounts such as `$1,200.50` or `(350)`, decimal sign `.`; any other text as it is.

    `signs` are the currency signs that may stand before the digits. This is a part, done for whole columns, of what
    `lenient_decimal` reads text by text, which costs a hundred times as much.
    """
    sign = f"[{re.escape(signs)}]?" if signs else ""
    digits = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?"
    dressed = pc.match_substring_regex(texts, rf"^(?:\({sign}{digits}\)|-?{sign}{digits}|{sign}-{digits})$")
    plain = pc.if_else(dressed, texts, None)
    negative = pc.starts_with(plain, "(")
    for char in f",(){signs}":
        # One plain replacement after the other is faster than one by pattern, and most signs don't occur.
        if pc.any(pc.match_substring(plain, char)).as_py():
            plain = pc.replace_substring(plain, char, "")
    if pc.any(negative).as_py():
        plain = pc.if_else(negative, pc.binary_join_element_wise("-", plain, ""), plain)
    return plain if dressed.true_count == len(texts) - texts.null_count else pc.coalesce(plain, texts)


def holds_byte(texts: pa.StringArray, either: int, other: int) -> bool:
    """Whether one of two bytes occurs in the texts' data."""
    _, offset_bytes, data_bytes = texts.buffers()
    if data_bytes is None or not len(texts):
        return False
    offsets = np.frombuffer(offset_bytes, np.int32, len(texts) + 1, texts.offset * 4)
    data = np.frombuffer(data_bytes, np.uint8)[offsets[0] : offsets[-1]]
    return bool(((data == either) | (data == other)).any())


def as_texts(values: pa.Array) -> pa.StringArray:
    """Texts of any Arrow layout as plain strings; other values by Arrow's own text of them."""
    return values if values.type == TEXT else values.cast(TEXT)
