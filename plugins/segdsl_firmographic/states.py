"""Knows a state of the United States or a province of Canada by its name or code, also at the end of an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from segdsl_firmographic.countries import find_country
from segdsl_firmographic.spelling import LONGEST_NAME, Spellings, fold_name, guess, index_spellings
from segdsl_firmographic.tables import read_table

LONGEST_ADDRESS = 1000
_WITH_STATES = ("US", "CA")


class State(NamedTuple):
    """A state or province, with its US Census region and division (empty outside the 50 states and D.C.)."""

    country: str
    code: str
    region: str
    division: str


class Found(NamedTuple):
    """A state, whether it was guessed, and whether it should have been one but is unknown."""

    state: State | None
    guessed: bool = False
    unknown: bool = False


class States(NamedTuple):
    spellings: Spellings
    by_code: Mapping[str, State]


def find_state(text: str, country: str | None) -> Found:
    """The state that a text names: `Minnesota`, `MN`, `Saint Paul, Minn.`, `Austin, TX 78701, USA`.

    With a `country` (ISO 3166-1 alpha-2) only its states are meant: none outside the United States and Canada. Without
    one, an address that ends with another country has none. Its last part counts, then the one before.
    """
    if len(text) > LONGEST_ADDRESS or (country is not None and country not in _WITH_STATES):
        return Found(None)
    parts = [part for part in text.split(",") if part.strip()]
    whole = states().spellings.meanings.get(fold_name(text))
    if whole is not None and country in (None, states().by_code[whole].country):
        return Found(states().by_code[whole])
    guesses = []
    for part in reversed(parts[-2:]):
        place = _read(part)
        fits = place.state is not None and country in (None, place.state.country)
        if fits and not place.guessed:
            return place
        if country is None and part is parts[-1] and _is_elsewhere(part):
            return Found(None)
        guesses += [place] if fits else []
    return guesses[0] if guesses else Found(None, unknown=bool(parts))


@lru_cache(maxsize=4096)
def _read(text: str) -> Found:
    """The state that a part of an address names, without a footnote as in `Florida[3]`. Addresses share last parts."""
    if len(text) > LONGEST_NAME:
        return Found(None)
    known = states()
    key = fold_name(text.partition("[")[0])
    code = known.spellings.meanings.get(key)
    if code is None and any(sign.isdigit() for sign in text):
        code = known.spellings.meanings.get(fold_name(_without_postal_code(text)))
    if code is not None:
        return Found(known.by_code[code])
    code = guess(key, known.spellings)
    return Found(None) if code is None else Found(known.by_code[code], guessed=True)


@lru_cache(maxsize=4096)
def _is_elsewhere(text: str) -> bool:
    return find_country(text).code not in (None, *_WITH_STATES)


def _without_postal_code(text: str) -> str:
    words = text.split()
    while len(words) > 1 and any(character.isdigit() for character in words[-1]):
        words.pop()
    return " ".join(words)


@cache
def states() -> States:
    """The table of states, read once."""
    by_code: dict[str, State] = {}
    meanings: dict[str, str] = {}
    for country, code, name, region, division, written in read_table("states.tsv"):
        by_code[code] = State(country, code, region, division)
        for spelling in (code, f"{country}-{code}", name, f"State of {name}", *written.split("; ")):
            if spelling:
                meanings.setdefault(fold_name(spelling), code)
    return States(index_spellings(meanings), by_code)
