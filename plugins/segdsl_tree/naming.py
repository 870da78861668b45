"""Names and titles of segments, from the conditions they are told by."""

from collections.abc import Sequence
from itertools import count

from segdsl_tree.conditions import Condition

_MOST_LETTERS = 40
_MOST_IN_TITLE = 120


def segment_names(told: Sequence[Sequence[Condition]]) -> list[str]:
    """A name for each segment, at most 40 characters long; equal ones are numbered."""
    names: list[str] = []
    for conditions in told:
        wanted = _name(conditions)
        numbered = (wanted if one == 1 else f"{wanted[: _MOST_LETTERS - 3].rstrip('_')}_{one}" for one in count(1))
        names.append(next(one for one in numbered if one not in names))
    return names


def _name(conditions: Sequence[Condition]) -> str:
    """As many of the conditions as there is room for, the first one in any case."""
    name = ""
    for one in conditions:
        longer = _slug(f"{name}_{one.short}")
        if not name or len(longer) <= _MOST_LETTERS:
            name = longer
    name = name[:_MOST_LETTERS].rstrip("_") or "all"
    return name if name[0].isalpha() else f"s_{name}"[:_MOST_LETTERS]


def _slug(text: str) -> str:
    """The text in small letters and digits, with `_` between words."""
    said = text.replace("%", " pct")
    plain = "".join(letter if letter.isalnum() else " " for letter in said.replace("'", "").lower())
    return "_".join(plain.split())


def segment_title(conditions: Sequence[Condition]) -> str:
    """All conditions, in words."""
    title = "; ".join(one.title for one in conditions)
    cut = title if len(title) <= _MOST_IN_TITLE else f"{title[: _MOST_IN_TITLE - 3]}..."
    return cut[:1].upper() + cut[1:]
