"""Mends that the text around a mistake suggests, where the mistake alone would not."""

import re

_NAME = r"(?:[^\W\d]\w*|`[^`\n]+`)"
_COUNT_DISTINCT = re.compile(r"(?<![\w.`])count\s*\(\s*distinct\s+\Z", re.IGNORECASE)
_DOTTED = re.compile(rf"{_NAME}(?:\.{_NAME})*")
_GRADE = re.compile(rf"(?:(?<![\w.`])grade\s+|,\s*)({_NAME})\s+\Z")
_REQUIRE = re.compile(rf"(?<![\w.`])require\s+[\w.`]+\s+of\s+(?:each\s+segment\s+in\s+)?({_NAME})\s*\Z")
# A term with its name behind it, as other languages have it: `sum(orders.amount) as total`.
_TERM_AS = re.compile(rf"([^\n]{{1,200}}?)\s+as\s+({_NAME})[ \t,]*(?:\n|\Z)", re.IGNORECASE)
_COLUMN_BEFORE = re.compile(r"(?s).*(?:(?<![\w.`])columns\s|,)\s*([^,\n{}]+?)\s*\Z")
_NAME_AFTER = re.compile(rf"\s*({_NAME})")


def count_distinct(text: str, place: int) -> tuple[int, str] | None:
    """Where `count(distinct ...)` begins, whose argument stands at `place`, and the mend; None where there is none."""
    # What may stand before is short, so only the end is looked at: a search through all of it would be slow.
    start = max(0, place - 80)
    found, argument = _COUNT_DISTINCT.search(text[start:place]), _DOTTED.match(text, place)
    if found is None or argument is None:
        return None
    return start + found.start(), f"it is a function of its own: `distinct({argument.group()})`"


def near_mend(found: str, text: str, place: int, expected: frozenset[str]) -> str | None:
    """The mend for a word or sign at `place` that doesn't fit there; None where the text says nothing more."""
    before = text[max(0, place - 250) : place]
    operator = {"PLUS", "STAR"} <= expected
    if found.endswith("%"):
        grade = _GRADE.search(before)
        word = "top" if "TOP" in expected else "next" if "NEXT" in expected else None
        return None if grade is None or word is None else f"write `{grade.group(1)} {word} {found}`"
    if found == "," and not operator and _REQUIRE.search(before):
        return "write one `require` for each segmentation"
    if "NAME_EQ" in expected and not operator:
        named = _TERM_AS.match(text, place)
        return None if named is None else f"the name stands first: `{named.group(2)} = {named.group(1).strip()}`"
    if found.lower() == "as" and operator:
        term, name = _COLUMN_BEFORE.search(before), _NAME_AFTER.match(text, place + len(found))
        if term is not None and name is not None and term.group(1).count("(") == term.group(1).count(")"):
            return f"the name stands first: `{name.group(1)} = {term.group(1)}`"
    return None
