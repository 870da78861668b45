"""The legal forms that are written in company names, as an index for looking them up at either end of a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

from segdsl_firmographic.tables import read_table

QUOTES = '"«»“”„‟″＂'
_SILENT = ".,;:'’‘ʻʼ`´()[]<>{}|‐‑–—-\u0307" + QUOTES
_DROP = str.maketrans({**dict.fromkeys(_SILENT, None), "+": "&"})
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LOOK_ALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
# From here on scripts are written without spaces, so a form is glued to the name. Thai stands apart from them.
_GLUED = re.compile("[\u0e00-\u0e7f\u2e80-\U0010ffff]")
_ANYWHERE, _WITH_STOPS, _WITH_QUOTES = "*", ".", '"'


class Form(NamedTuple):
    """A legal form: its family, its usual abbreviation, and whether it stays part of the cleaned name."""

    family: str
    name: str
    stays: bool


# What one spelling means, by country, and elsewhere by how it is written.
Meanings: TypeAlias = Mapping[str, Form]


class Index(NamedTuple):
    """Spellings at one end of a name. `outer` is the outermost word, with the most words a spelling with it has."""

    meanings: Mapping[str, Meanings]
    outer: Mapping[str, int]


class Glued(NamedTuple):
    """Spellings in scripts without spaces, longest first, at one end of a name."""

    spellings: tuple[str, ...]
    forms: Mapping[str, Form]


class Forms(NamedTuple):
    start: Index
    end: Index
    glued_start: Glued
    glued_end: Glued


def choose(meanings: Meanings, country: str | None, words: list[str], quoted: bool) -> Form | None:
    """The form that a spelling stands for, None where it is no form in this country or written in this way."""
    if country is not None and (form := meanings.get(country)) is not None:
        return form
    form = meanings.get(_WITH_STOPS)
    if form is not None and "." in " ".join(words).rstrip(".,;)"):
        return form
    if quoted and (form := meanings.get(_WITH_QUOTES)) is not None:
        return form
    return meanings.get(_ANYWHERE)


def fold(word: str) -> str:
    """A word as spellings are compared: no case, no punctuation, `+` as `&`, Cyrillic without Latin look-alikes."""
    if word.isascii() and word.isalnum():
        return word.lower()
    return _fold_slowly(word)


@lru_cache(maxsize=8192)
def _fold_slowly(word: str) -> str:
    key = word.casefold().translate(_DROP)
    if not key.isascii() and _CYRILLIC.search(key):
        return key.translate(_LOOK_ALIKES)
    return key


def is_glued(text: str) -> bool:
    """Whether some of a text is in a script without spaces: Chinese, Japanese, Korean, Thai."""
    return _GLUED.search(text) is not None


@cache
def legal_forms() -> Forms:
    """The table of legal forms, read once."""
    rows = tuple(_rows())
    words = [row for row in rows if not is_glued(row.spelling)]
    glued = [row for row in rows if is_glued(row.spelling)]
    return Forms(_index(words, "start"), _index(words, "end"), _glued(glued, "start"), _glued(glued, "end"))


class _Row(NamedTuple):
    form: Form
    side: str
    where: tuple[str, ...]
    spelling: str


def _rows() -> Iterator[_Row]:
    for family, name, countries, place, written in read_table("legal_forms.tsv"):
        end, _, stays = place.partition(" ")
        form = Form(family, name, stays == "keep")
        for spelling in written.split("; "):
            for side in ("start", "end") if end == "both" else (end,):
                yield _Row(form, side, tuple(countries.split()), unicodedata.normalize("NFKC", spelling))


def _index(rows: Sequence[_Row], side: str) -> Index:
    meanings: dict[str, dict[str, Form]] = {}
    outer: dict[str, int] = {}
    for row in rows:
        if row.side != side:
            continue
        words = [key for key in map(fold, row.spelling.split()) if key]
        known = meanings.setdefault("".join(words), {})
        for where in row.where:
            known.setdefault(where, row.form)
        for word, most in _outermost(words, side):
            outer[word] = max(outer.get(word, 0), most)
    return Index(meanings, outer)


def _outermost(words: list[str], side: str) -> Iterator[tuple[str, int]]:
    """What the outermost word can be, by how a spelling may be spaced: `s.p.a.`, `s. p. a.`, `sp. z o.o.`, `zo.o.`."""
    letters = "".join(words)
    spaced = len(letters) + 1 if all(len(word) <= 3 for word in words) else len(words) + 2
    for count in range(1, len(words) + 1):
        part = words[:count] if side == "start" else words[-count:]
        yield "".join(part), spaced
    yield letters[0 if side == "start" else -1], spaced


def _glued(rows: Sequence[_Row], side: str) -> Glued:
    forms = {row.spelling: row.form for row in rows if row.side == side}
    return Glued(tuple(sorted(forms, key=lambda spelling: (-len(spelling), spelling))), forms)
