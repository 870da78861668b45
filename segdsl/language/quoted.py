"""Texts in quotes of other languages, and what stands in their place."""

import re

from segdsl.language.foreign_literals import iso_date

_CLOSING = {"'": "'", "‘": "’", "’": "’", "“": "”", "”": "”", "„": "“”", "«": "»", '"': '"'}
_TYPE_BEFORE = re.compile(r"(?<![\w.`])(interval|date|timestamp)\s+\Z", re.IGNORECASE)
_DURATION = re.compile(r"\d+ (?:year|month|week|day|hour|minute)s?\Z", re.IGNORECASE)


def quoted_mend(text: str, place: int, expected: frozenset[str]) -> str | None:
    """The mend for a text in quotes at `place`, or for the date or duration in them; None without quotes there."""
    sign = text[place : place + 1]
    if sign not in _CLOSING:
        return None
    word = _TYPE_BEFORE.search(text, max(0, place - 20), place)
    inner = _inner(text, place)
    if inner is not None and word is not None and _DURATION.match(inner):
        return f"a duration stands by itself, without quotes: `{inner.lower()}`"
    day = iso_date(inner) if inner is not None and (word is not None or "DATE" in expected) else None
    if day is not None:
        return f"a date stands by itself, without quotes: `{day}`"
    if sign == '"':
        return None
    if inner is None or '"' in inner or "\\" in inner:
        return 'texts stand in double quotes: "text"'
    straight = "" if sign == "'" else "straight "
    return f'texts stand in {straight}double quotes: `"{inner}"`'


def _inner(text: str, place: int) -> str | None:
    """What stands between the quotes that begin at `place`, a doubled apostrophe as one; None if they don't close."""
    closing = _CLOSING[text[place]]
    found = re.compile(rf"((?:[^{closing}\n]|'')*)[{closing}]").match(text, place + 1)
    if found is None:
        return None
    return found.group(1).replace("''", "'") if closing == "'" else found.group(1)
