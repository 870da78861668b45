"""Knows a state of the United States or a province of Canada by its name or code, also at the end of an address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
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
    for part in (text, *reversed(parts[-2:])):
        state, guessed = _read(part)
        if state is not None and country in (None, state.country):
            return Found(state, guessed)
    if country is None and parts and find_country(parts[-1]).code not in (None, *_WITH_STATES):
        return Found(None)
    return Found(None, unknown=bool(parts))


def _read(text: str) -> tuple[State | None, bool]:
    known = states()
    for key in (fold_name(text), fold_name(_without_postal_code(text))):
        if (code := known.spellings.meanings.get(key)) is not None:
            return known.by_code[code], False
    code = guess(fold_name(text), known.spellings) if len(text) <= LONGEST_NAME else None
    return (known.by_code[code], True) if code is not None else (None, False)


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
