"""Names of companies as they are compared: in Latin letters, without legal forms, in words that bear the identity.

`read_name` takes a name as people write it. Letters lose case and accents; Cyrillic is transliterated, by the Uzbek
alphabet where the country is Uzbekistan. Legal forms at either end become families ("limited", "public"), so that
`ООО`, `GmbH` and `Ltd` can be compared. Known abbreviations are written out, words such as "the" are dropped, and
words such as "group" are weak: they count for little.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from cleanco import termdata  # type: ignore[import-untyped]

from segdsl_vendor.places import country_words
from segdsl_vendor.tables import read_table

LONGEST_NAME = 500  # characters; what is longer is no name
_MOST_WORDS = 24
_UZBEK = "UZ"
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[&+]")
_SITE = re.compile(r"(?<=\w)\.(?:com|net|org|biz|info|io|co|eu|[a-z]{2})(?=\W*$|\s)")  # `Salesforce.com`, `Korzinka.uz`
_MARKS = re.compile(r"['’‘ʻʼ`´′\u0300-\u036f]")
_DOUBLE = re.compile(r"(.)\1+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LONGEST_FORM, _LONGEST_SPELLING = 5, 3  # words
_TELLING = 5  # letters of a word beside which an initial says little
_CLEANCO_SHORTEST = 3  # shorter forms of cleanco's list are too often words

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word in plain Latin letters, and as it sounds: the same for all common spellings of one pronunciation."""

    plain: str
    sound: str


@dataclass(frozen=True, slots=True)
class Name:
    """A company name, ready to be compared.

    `words` are its own words in order, `weak` those that say little; where a name has weak words alone, they are its
    own. `forms` are the families of its legal forms, `script` "latin", "accented" or "cyrillic";
    `initials` are the first letters of all words, `whole` all words but forms with a family
    written as one, `joined` the own words written as one, and `sounds` the same as they sound. Names that are equal
    here are the same name.
    """

    words: tuple[Word, ...]
    weak: tuple[str, ...]
    forms: frozenset[str]
    script: str
    initials: str
    whole: str
    joined: str
    sounds: str


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What a run of words stands for: words instead of it, all of them weak or none."""

    words: Words
    weak: bool


def read_name(text: str | None, country: str | None) -> Name | None:
    """The name in a text, for a firm of a country (ISO alpha-2); None where there is none, or it is absurdly long."""
    if text is None or len(text) > LONGEST_NAME:
        return None
    place = country if country is not None and country.isupper() else ""  # a country that ISO knows
    tokens = _tokens(text, place == _UZBEK)
    bare, neutral, forms = _without_forms(tokens, place)
    parts = _spelt_out(bare, place) or [(token, False) for token in tokens if token != "&"]
    own = [word for word, weak in parts if not weak] or [word for word, _ in parts]
    weak = {word for word, _ in parts} - set(own)
    words = tuple(_word(word) for word in own[:_MOST_WORDS])
    initials = "".join(word[0] for word, _ in parts[:_MOST_WORDS])
    whole = "".join(word for word, _ in parts) + neutral
    joined = "".join(word.plain for word in words)
    sounds = _DOUBLE.sub(r"\1", "".join(word.sound for word in words))
    return Name(words, tuple(sorted(weak)), forms, _script(text), initials, whole, joined, sounds) if words else None


def _script(text: str) -> str:
    if text.isascii():
        return "latin"
    if _CYRILLIC.search(text):
        return "cyrillic"
    plain = _MARKS.sub("", unicodedata.normalize("NFC", text)).replace("«", "").replace("»", "")
    return "accented" if any(letter.isalpha() and not letter.isascii() for letter in plain) else "latin"


def _tokens(text: str, uzbek: bool) -> list[str]:
    """Words and numbers in plain Latin letters; single letters that stand together are one word (`J. P.` is `jp`)."""
    folded = _SITE.sub(" ", text.casefold())
    if not folded.isascii():
        spelt = unicodedata.normalize("NFKC", folded).translate(_letters(uzbek))
        folded = unicodedata.normalize("NFKD", spelt)
    folded = _MARKS.sub("", folded)
    if uzbek:
        folded = folded.replace("kh", "h").replace("x", "h")  # one sound, of which people write three spellings
    tokens: list[str] = []
    together = False
    for token in _TOKEN.findall(folded):
        single = len(token) == 1 and token.isalpha()
        if single and together:
            tokens[-1] += token
        else:
            tokens.append("&" if token in "&+" else token.lstrip("0") or token)
        together = single
    return tokens


@cache
def _letters(uzbek: bool) -> Mapping[int, str]:
    rows = read_table("letters")
    return {ord(row["letter"]): (uzbek and row["uzbek"]) or row["latin"] for row in rows}


@cache
def _sound_rules() -> tuple[tuple[str, str], ...]:
    return tuple((row["spelling"], row["sound"]) for row in read_table("sounds"))


@lru_cache(maxsize=1 << 18)
def _word(plain: str) -> Word:
    """A word with its sound (`data/sounds.csv`), double letters once."""
    sound = plain
    for spelling, written in _sound_rules():
        sound = sound.replace(spelling, written)
    return Word(plain, _DOUBLE.sub(r"\1", sound))


def _without_forms(tokens: list[str], country: str) -> tuple[list[str], str, frozenset[str]]:
    """The tokens between the legal forms at both ends; the forms without a family; the families of the others."""
    forms, opening = _forms(), _opening_forms()
    families: set[str] = set()
    neutral = ""
    start, end = 0, len(tokens)
    while (size := _form_at_end(tokens[start:end], forms)) and size < end - start:
        form = tuple(tokens[end - size : end])
        family = _family(forms[form], country)
        families.add(family)
        neutral = "".join(form) + neutral if not family else neutral
        end -= size
    while (size := _form_at_start(tokens[start:end], opening)) and size < end - start:
        families.add(_family(forms[tuple(tokens[start : start + size])], country))
        start += size
    return [token for token in tokens[start:end] if token != "&"], neutral, frozenset(families - {""})


def _form_at_end(tokens: list[str], forms: Container[Words]) -> int:
    """How many tokens at the end are one legal form, 0 for none."""
    if not tokens or tokens[-1] not in _form_tails():
        return 0
    sizes = range(min(_LONGEST_FORM, len(tokens)), 0, -1)
    return next((size for size in sizes if tuple(tokens[-size:]) in forms), 0)


def _form_at_start(tokens: list[str], forms: Container[Words]) -> int:
    sizes = range(min(_LONGEST_FORM, len(tokens)), 0, -1)
    return next((size for size in sizes if tuple(tokens[:size]) in forms), 0)


def _family(families: Mapping[str, str], country: str) -> str:
    return families.get(country, families.get("", ""))


@cache
def _forms() -> Mapping[Words, Mapping[str, str]]:
    """Family by country ("" for any) of each legal form, by its tokens."""
    forms: dict[Words, dict[str, str]] = {tuple(_tokens(term, False)): {} for term in _cleanco_terms()}
    for row in read_table("legal_forms"):
        for tokens in _readings(row["form"]):
            forms.setdefault(tokens, {})[row["country"]] = row["family"]
    return forms


@cache
def _form_tails() -> frozenset[str]:
    """The last words of all legal forms, so that most names need no look-up."""
    return frozenset(tokens[-1] for tokens in _forms())


@cache
def _opening_forms() -> frozenset[Words]:
    rows = read_table("legal_forms")
    return frozenset(tokens for row in rows if row["starts"] == "yes" for tokens in _readings(row["form"]))


def _readings(text: str) -> tuple[Words, ...]:
    """The tokens of a text by either way of transliterating it."""
    return tuple(tuple(_tokens(text, uzbek)) for uzbek in (False, True))


def _cleanco_terms() -> Iterable[str]:
    tables = (*termdata.terms_by_type.values(), *termdata.terms_by_country.values())
    terms = {term for table in tables for term in table}
    return (term for term in terms if len("".join(_tokens(term, False))) >= _CLEANCO_SHORTEST)


def _spelt_out(tokens: list[str], country: str) -> list[tuple[str, bool]]:
    """Words in order, abbreviations written out, and whether each is weak.

    Weak are also words for the firm's own country, and lone initials.
    """
    spellings, here = _spellings(country), country_words(country)
    heads = _spelling_heads(country)
    parts: list[tuple[str, bool]] = []
    at = 0
    while at < len(tokens):
        size, spelling = _spelling_at(tokens, at, spellings) if tokens[at] in heads else (1, None)
        if spelling is None:
            parts.append((tokens[at], tokens[at] in here))
        else:
            parts.extend((word, spelling.weak) for word in spelling.words)
        at += size
    telling = any(len(word) >= _TELLING for word, _ in parts)
    return [(word, weak or (telling and len(word) == 1 and word.isalpha())) for word, weak in parts]


def _spelling_at(tokens: list[str], at: int, spellings: Mapping[Words, _Spelling]) -> tuple[int, _Spelling | None]:
    for size in range(min(_LONGEST_SPELLING, len(tokens) - at), 0, -1):
        found = spellings.get(tuple(tokens[at : at + size]))
        if found is not None:
            return size, found
    return 1, None


@cache
def _spelling_heads(country: str) -> frozenset[str]:
    """The first words of all spellings, so that most words need no look-up."""
    return frozenset(tokens[0] for tokens in _spellings(country))


@cache
def _spellings(country: str) -> Mapping[Words, _Spelling]:
    found: dict[Words, _Spelling] = {}
    for row in read_table("words"):
        if row["country"] in ("", country):
            spelling = _Spelling(tuple(row["word"].split()), row["weak"] == "yes")
            found.update((tokens, spelling) for tokens in _readings(row["spelling"]))
    return found
