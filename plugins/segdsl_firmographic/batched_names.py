"""Parts a batch of company names; most are told by their last words alone, of which there are few.

A name that begins in plain ASCII, and whose first word and some word near its end can't belong to a legal form, is
parted as those last words are after any such word. `company_names.part_name` is what a name means; here it is asked
once for last words.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl_firmographic.batches import Ints, as_bools, distinct_pairs, other_rows, put_together, rows_where
from segdsl_firmographic.company_names import LONGEST_NAME, Company, part_name
from segdsl_firmographic.legal_forms import legal_forms

# One space between words, no quotation marks, and a first word of letters and digits. Letters that are not ASCII may
# follow (of last words, as it turns out); those of Latin-1 and Cyrillic are no signs, and join no others.
_PLAIN = r"^[A-Za-z0-9]+,?(?: [!#-~À-ÖØ-öø-ÿЀ-џ]+)*\z"
_MOST_LAST_WORDS = 4
STAND_IN = "Qqq"
_ASCII = re.compile("[ -~]+")


class Names(NamedTuple):
    """Cleaned names, and the families and names of their legal forms."""

    clean: pa.Array
    family: pa.Array
    form: pa.Array


class _Parted(NamedTuple):
    """Rows of names, with all up to a word that is part of no form, and what follows it."""

    rows: Ints
    heads: pa.Array
    tails: pa.Array


def part_names(names: pa.Array, countries: pa.Array) -> Names:
    """Names as `part_name` parts them, by the codes of their countries; missing stays missing."""
    usual = _part(names)
    others = other_rows(usual.rows, names)
    pairs, places = distinct_pairs(usual.tails, countries.take(pa.array(usual.rows)))
    ends = _columns([_part_end(tail, country) for tail, country in pairs])
    kept = pc.utf8_slice_codeunits(ends.clean, len(STAND_IN)).take(places)
    rest = _columns(
        [
            part_name(name, country)
            for name, country in zip(
                names.take(pa.array(others)).to_pylist(), countries.take(pa.array(others)).to_pylist(), strict=True
            )
        ]
    )
    usual_columns = Names(
        pc.binary_join_element_wise(usual.heads, kept, ""), ends.family.take(places), ends.form.take(places)
    )
    return Names(
        *(
            put_together([(usual.rows, one), (others, other)], len(names), pa.string())
            for one, other in zip(usual_columns, rest, strict=True)
        )
    )


@lru_cache(maxsize=1 << 14)
def _part_end(tail: str, country: str | None) -> Company:
    """The name that stands in, with what follows it, parted; batches share last words."""
    return part_name(STAND_IN + tail, country)


def _columns(companies: list[Company]) -> Names:
    forms = [company.form for company in companies]
    return Names(
        pa.array([company.name or None for company in companies], pa.string()),
        pa.array([form and form.family for form in forms], pa.string()),
        pa.array([form and form.name for form in forms], pa.string()),
    )


def _part(names: pa.Array) -> _Parted:
    """The names that can be parted by their last words."""
    plain = pc.and_(pc.match_substring_regex(names, _PLAIN), pc.less_equal(pc.binary_length(names), LONGEST_NAME))
    rows = rows_where(plain)
    left = names.take(pa.array(rows))
    tails = pa.array([""] * len(rows), pa.string())
    parts: list[_Parted] = []
    for _ in range(_MOST_LAST_WORDS + 1):
        before, word = _split_last(left)
        bare = _without_comma(word)
        found = pc.and_(pc.ascii_is_alnum(bare), pc.invert(_may_belong_to_form(bare)))
        comma = pc.if_else(pc.ends_with(word, ","), ",", "")
        tails_there = pc.binary_join_element_wise(comma, tails, "").filter(found)
        parts.append(_Parted(rows[as_bools(found)], _without_comma(left.filter(found)), tails_there))
        more = pc.and_not(before.is_valid(), found)
        tails = pc.binary_join_element_wise(" ", word, tails, "").filter(more)
        rows, left = rows[as_bools(more)], before.filter(more)
    whole = _Parted(
        np.concatenate([part.rows for part in parts]),
        pa.concat_arrays([part.heads for part in parts]),
        pa.concat_arrays([part.tails for part in parts]),
    )
    return _with_free_heads(whole)


def _with_free_heads(parted: _Parted) -> _Parted:
    """Without names that begin with what may be a form, or aren't ASCII or have a comma before the last words."""
    first = pc.list_element(pc.split_pattern(parted.heads, " ", max_splits=1), 0)
    free = pc.and_not(pc.invert(pc.match_substring_regex(parted.heads, "[^!-'*+\\--~ ]")), _may_belong_to_form(first))
    return _Parted(parted.rows[as_bools(free)], parted.heads.filter(free), parted.tails.filter(free))


def _split_last(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """All but the last word of each text, null where there is one word, and the last word."""
    split = pc.split_pattern(texts, " ", max_splits=1, reverse=True)
    ends = split.offsets.to_numpy()
    first, last = ends[:-1], ends[1:] - 1
    words = split.values
    return words.take(pa.array(first, mask=first == last)), words.take(pa.array(last))


def _without_comma(words: pa.Array) -> pa.Array:
    return pc.if_else(pc.ends_with(words, ","), pc.utf8_slice_codeunits(words, 0, -1), words)


def _may_belong_to_form(words: pa.Array) -> pa.Array:
    return pc.is_in(pc.ascii_lower(words), _parts_of_forms())


@cache
def _parts_of_forms() -> pa.Array:
    """All that an ASCII word of letters and digits can be within a spelling of a legal form, in lower case."""
    forms = legal_forms()
    spellings = {run for index in (forms.start, forms.end) for key in index.meanings for run in _ASCII.findall(key)}
    parts = {run[start:end] for run in spellings for start in range(len(run)) for end in range(start + 1, len(run) + 1)}
    return pa.array(sorted(parts | {"and", "und", "et"}))
