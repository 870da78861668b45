"""Parts a company's name into its legal form and the rest."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from segdsl_firmographic.legal_forms import QUOTES, Form, Forms, Glued, Index, choose, fold, is_glued, legal_forms

LONGEST_NAME = 500
_SIGNS = str.maketrans({**dict.fromkeys("™®©℠\u200b\u200e\u200f\ufeff", None), **dict.fromkeys(QUOTES, " ")})
_QUOTE = re.compile(f"[{QUOTES}]")
_EDGES = ",;:-–—|/&+"
_AND = frozenset({"&", "and", "und", "et"})


class Company(NamedTuple):
    """A name without its legal form, and the form, None where the name states none that is known."""

    name: str
    form: Form | None


def part_name(text: str, country: str | None) -> Company:
    """The cleaned name and legal form of a company name as it is written.

    `country` (ISO 3166-1 alpha-2) decides between the meanings of a spelling: `AS` is a private company in Norway, a
    public one in Latvia. A form counts at either end of a name, or before a last part in parentheses or after a comma.
    If several are written the last one counts. At least one word of the name is left. Names of more than
    `LONGEST_NAME` characters are only trimmed.
    """
    if len(text) > LONGEST_NAME:
        return Company(" ".join(text.split()), None)
    forms = legal_forms()
    if text.isascii():
        return _part_words(text.replace('"', " "), country, '"' in text, forms)
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    quoted = _QUOTE.search(text) is not None
    if not is_glued(plain):
        return _part_words(plain, country, quoted, forms)
    company, before = Company(" ".join(plain.split()), None), ""
    while company.name != before:
        before = company.name
        rest, glued = _part_glued(before, forms)
        name, form = _part_words(rest, country, quoted, forms)
        company = Company(name, company.form or glued or form)
    return company


def _part_words(text: str, country: str | None, quoted: bool, forms: Forms) -> Company:
    words = text.split()
    found: Form | None = None
    before = -1
    while len(words) not in (before, 0):
        before = len(words)
        if fold(words[-1]) in forms.end.outer or words[-1][-1] == ")" or "," in text:
            words, form = _strip_end(words, country, quoted, forms.end)
            found = _weigh(found, form)
        if fold(words[0]) in forms.start.outer:
            words, form = _strip_start(words, country, quoted, forms.start)
            found = _weigh(found, form)
    return Company(" ".join(words), found)


def _weigh(found: Form | None, inner: Form | None) -> Form | None:
    """The form that counts: the outer one, but a foundation stays one when it is an `Inc.`."""
    if found is None or (inner is not None and inner.stays and inner.family == "non-profit"):
        return inner or found
    return found


def _strip_end(words: list[str], country: str | None, quoted: bool, index: Index) -> tuple[list[str], Form | None]:
    count, form = _form_at_end(words, country, quoted, index)
    if form is not None:
        return (words if form.stays else _trim(words[:-count])), form
    tail = _tail(words)
    count, form = _form_at_end(words[:tail], country, quoted, index)
    if form is None or form.stays:
        return words, form
    name = _trim(words[: tail - count])
    comma = "," if words[tail - 1].endswith(",") else ""
    return [*name[:-1], name[-1] + comma, *words[tail:]], form


def _tail(words: list[str]) -> int:
    """Where a last part in parentheses or after a comma begins: `Fox Corporation (Class A)`, `Hansson AB, Johan`."""
    if words[-1].endswith(")"):
        return next((place for place in range(len(words) - 1, 0, -1) if words[place].startswith("(")), 0)
    return next((place for place in range(len(words) - 1, 0, -1) if words[place - 1].endswith(",")), 0)


def _form_at_end(words: list[str], country: str | None, quoted: bool, index: Index) -> tuple[int, Form | None]:
    """The longest spelling of a form that ends the words, and how many words it has."""
    most = index.outer.get(fold(words[-1]), 0) if words else 0
    best: tuple[int, Form | None] = (0, None)
    key = ""
    for count in range(1, min(most, len(words) - 1) + 1):
        key = fold(words[-count]) + key
        meanings = index.meanings.get(key)
        if meanings is None:
            continue
        form = choose(meanings, country, words[-count:], quoted)
        if form is not None and _leaves_name(words[:-count], key):
            best = (count, form)
    return best


def _leaves_name(words: list[str], key: str) -> bool:
    """Whether words make a name that the form after them isn't joined to: `Wash & Spa` is no company by shares."""
    last = fold(words[-1])
    if last in _AND:
        return key[0] == "&" and _is_name(words)
    return last not in ("", "/") or _is_name(words)


def _strip_start(words: list[str], country: str | None, quoted: bool, index: Index) -> tuple[list[str], Form | None]:
    most = index.outer.get(fold(words[0]), 0)
    best: tuple[int, Form | None] = (0, None)
    key = ""
    for count in range(1, min(most, len(words) - 1) + 1):
        key += fold(words[count - 1])
        meanings = index.meanings.get(key)
        form = None if meanings is None else choose(meanings, country, [*words[:count], ""], quoted)
        if form is not None and _is_name(words[count:]):
            best = (count, form)
    count, form = best
    return (words if form is None or form.stays else _trim(words[count:])), form


def _is_name(words: list[str]) -> bool:
    return not all(map(_is_filler, words))


def _is_filler(word: str) -> bool:
    return fold(word).strip("&/") in ("", "and")


def _trim(words: list[str]) -> list[str]:
    """The words without punctuation that led to the form."""
    if not words or (words[0][0].isalnum() and words[-1][-1].isalnum() and not _is_filler(words[-1])):
        return words
    first, last = 0, len(words)
    while first < last and _is_filler(words[first]):
        first += 1
    while first < last and _is_filler(words[last - 1]):
        last -= 1
    kept = words[first:last]
    if kept:
        kept[0] = kept[0].lstrip(_EDGES)
        kept[-1] = kept[-1].rstrip(_EDGES)
        if kept[-1].endswith(".") and kept[-1].count(".") == 1:
            kept[-1] = kept[-1][:-1]
    return kept


def _part_glued(text: str, forms: Forms) -> tuple[str, Form | None]:
    found: Form | None = None
    while True:
        at_end = _longest(text, forms.glued_end, at_end=True)
        at_start = None if at_end else _longest(text, forms.glued_start, at_end=False)
        if at_end is not None:
            text, form = text[: -len(at_end)].rstrip(), forms.glued_end.forms[at_end]
        elif at_start is not None:
            text, form = text[len(at_start) :].lstrip(), forms.glued_start.forms[at_start]
        else:
            return text, found
        found = found or form


def _longest(text: str, glued: Glued, at_end: bool) -> str | None:
    """The longest spelling at one end of the text that leaves something of it."""
    matches = text.endswith if at_end else text.startswith
    if not matches(glued.spellings):
        return None
    for spelling in glued.spellings:
        if matches(spelling) and _is_name((text[: -len(spelling)] if at_end else text[len(spelling) :]).split()):
            return spelling
    return None
