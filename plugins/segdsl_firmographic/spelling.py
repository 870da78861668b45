"""Finds a name among known ones however it is spelt, and the one name that a misspelling can only stand for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rapidfuzz.distance import OSA

SHORTEST_GUESSED = 6
_DROP_ASCII = str.maketrans({sign: None for sign in map(chr, range(128)) if not sign.isalnum()})
LONGEST_NAME = 120


class Spellings(NamedTuple):
    """Known names, folded, with what they stand for, and all of them with one character left out, for guessing."""

    meanings: Mapping[str, str]
    shortened: Mapping[str, tuple[str, ...]]


def fold_name(text: str) -> str:
    """A name without case, accents, spaces, punctuation and a leading `the`; `&` is `and`, `St` is `Saint`."""
    plain = (text if text.isascii() else unicodedata.normalize("NFKD", text)).casefold().strip()
    if "&" in plain:
        plain = plain.replace("&", " and ")
    if plain.startswith("the "):
        plain = plain[4:]
    elif plain.startswith(("st ", "st.")):
        plain = "saint" + plain[3:]
    return plain.translate(_DROP_ASCII) if plain.isascii() else "".join(filter(str.isalnum, plain))


def index_spellings(meanings: Mapping[str, str]) -> Spellings:
    """An index of folded names; a guess is made only among those of `SHORTEST_GUESSED` characters or more."""
    shortened: dict[str, list[str]] = {}
    for name in meanings:
        if len(name) >= SHORTEST_GUESSED - 1:
            for short in _with_one_less(name):
                shortened.setdefault(short, []).append(name)
    return Spellings(meanings, {short: tuple(names) for short, names in shortened.items()})


def guess(key: str, known: Spellings) -> str | None:
    """What a misspelt name stands for, None where that is not known or might be several things.

    One edit is forgiven (one character more, less, other or swapped) in names of `SHORTEST_GUESSED` characters or more.
    """
    meanings = near(key, known)
    return next(iter(meanings)) if len(meanings) == 1 else None


def near(key: str, known: Spellings) -> set[str]:
    """All that is meant by known names one edit from `key`."""
    if not SHORTEST_GUESSED <= len(key) <= LONGEST_NAME:
        return set()
    names = {name for short in _with_one_less(key) for name in known.shortened.get(short, ())}
    return {known.meanings[name] for name in names if OSA.distance(key, name, score_cutoff=1) <= 1}


def _with_one_less(name: str) -> Iterator[str]:
    yield name
    for place in range(len(name)):
        yield name[:place] + name[place + 1 :]
