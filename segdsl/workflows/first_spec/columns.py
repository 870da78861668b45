"""The type of a column, as a spec words it, from what the column holds."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import pyarrow as pa

from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.profiling import ColumnProfile
from segdsl.engines.arrow.profiling.candidates import DATE_PATTERNS, ISO, Candidate
from segdsl.types.column_type import repr_text
from segdsl.workflows.first_spec.names import (
    COUNT_WORDS,
    FLAG_WORDS,
    FREE_TEXT,
    ID_WORDS,
    MONEY_WORDS,
    TEXT_CODES,
    TIME_WORDS,
    YEAR_WORDS,
    words,
)

# Texts that stand for nothing, compared without case.
_NOTHING = frozenset(
    """
    n/a na #n/a #na null none nil nan - -- --- ? . select unknown tbd missing empty #null! #ref! #value! #div/0!
    unspecified undefined
    """.split()
) | {
    "not available",
    "not specified",
    "not applicable",
    "not known",
    "n.a.",
    "(blank)",
    "(none)",
    "(empty)",
    "please select",
}
# In a category these are answers rather than nothing.
_ANSWERS = frozenset({"none", "unknown", "missing", "empty", "unspecified", "undefined", "."})

_CLOSED = 12
_CLOSED_LENGTH = 30
_LABEL = 60
_MOST_PAIRS = 4
# A value is a slip of another if it is so many times rarer, and so alike (1: the same).
_MUCH_RARER = 10
_NEARLY_SAME = 0.87
# Of the names of countries in ISO 3166-1 these alone are so alike (`Viet Nam` and `Vietnam` are one).
_DIFFERENT = frozenset({frozenset({"austria", "australia"})})
_FEW_BROKEN = 0.01
_MONEY_NOTE = "is this money? then write money(USD), or whichever currency it is"
_SEPARATORS = ("|", ";", ",")
_MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """A column as it will be written. `type` is without `?`; `notes` become comments above it."""

    name: str
    header: str
    type: str
    optional: bool = False
    is_key: bool = False
    modifiers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return self.type.split("(")[0]


def draft_column(profile: ColumnProfile, name: str, dates: str | None) -> ColumnDraft | str:
    """The column with the type that all its values have, or why it can't be read.

    `dates` is the pattern of the file's dates (None: it has none).
    """
    if profile.kind is not None and (profile.mixed or _is_record(profile.kind)):
        return "holds records or several kinds of values"
    draft = ColumnDraft(name, profile.header, "text", profile.missing > 0)
    if not profile.known:
        return replace(draft, optional=True, notes=("empty in every row",))
    if profile.kind is not None and pa.types.is_list(profile.kind):
        return replace(draft, type="list(category)")
    found = next((d for d in _typed(profile, draft, dates) if d is not None), None)
    return _worded(profile, draft) if found is None else replace(found, notes=(*found.notes, *_points(found, profile)))


def _is_record(kind: pa.DataType) -> bool:
    return pa.types.is_nested(kind) and not (pa.types.is_list(kind) and pa.types.is_string(kind.value_type))


def _typed(profile: ColumnProfile, draft: ColumnDraft, dates: str | None) -> Iterator[ColumnDraft | None]:
    hints = set(words(profile.header))
    yield _truth(profile, draft, hints)
    if not profile.leading_zeros and not hints & TEXT_CODES:
        yield _ratio(profile, draft)
        yield _amount(profile, draft)
        yield _whole(profile, draft, hints)
        yield _number(profile, draft, hints)
    yield _date(profile, draft, dates)


def read_by(profile: ColumnProfile, way: str) -> tuple[str, ...] | None:
    """The texts that stand for nothing if a way reads all others; None where it doesn't."""
    candidate = profile.ways[way]
    if candidate.dead or sum(candidate.failures.values()) >= profile.known:
        return None
    nothing = tuple(sorted(candidate.failures))
    return nothing if all(text.casefold() in _NOTHING for text in nothing) else None


def _with_empty(draft: ColumnDraft, nothing: Iterable[str]) -> ColumnDraft:
    texts = ", ".join(repr_text(text) for text in nothing)
    if not texts:
        return draft
    return replace(draft, optional=True, modifiers=(*draft.modifiers, f"empty {texts}"))


def _truth(profile: ColumnProfile, draft: ColumnDraft, hints: set[str]) -> ColumnDraft | None:
    nothing = read_by(profile, "bool")
    if nothing is None or profile.distinct is None:
        return None
    values = {text.casefold() for text in profile.distinct} - {text.casefold() for text in nothing}
    digits = values <= {"0", "1"}
    if (digits and not hints & FLAG_WORDS) or (len(values) < 2 and not hints & FLAG_WORDS):
        return None
    note = ("1 is read as true, 0 as false",) if digits and profile.kind is None else ()
    return _with_empty(replace(draft, type="bool", notes=note), nothing)


def _ratio(profile: ColumnProfile, draft: ColumnDraft) -> ColumnDraft | None:
    """A ratio where all values but zeros have a percent sign: without one, 12 would be read as 1200 %."""
    nothing = read_by(profile, "ratio")
    if nothing is None or not profile.percents:
        return None
    bare = profile.known - profile.percents - _rows(profile, (*nothing, "0", "0.0", "0,0"))
    if bare:
        seen = f"{_counted(profile.percents, 'value')} with a percent sign and {bare:,} without"
        note = f"{seen}, read as text: `ratio lenient` takes 12 for 1200 %, so write them alike first"
        return _with_empty(replace(draft, notes=(note,)), nothing)
    return _with_empty(replace(draft, type="ratio", modifiers=("lenient",)), nothing)


def _amount(profile: ColumnProfile, draft: ColumnDraft) -> ColumnDraft | None:
    if len(profile.currencies) > 1:
        return _amounts(profile, draft)
    for currency in profile.currencies:
        nothing = read_by(profile, f"money {currency}")
        if nothing is not None:
            return _with_empty(replace(draft, type=f"money({currency})", modifiers=("lenient",)), nothing)
    return None


def _amounts(profile: ColumnProfile, draft: ColumnDraft) -> ColumnDraft | None:
    """Amounts in several currencies, as text: as numbers they would be added up. None for texts that hold a few."""
    nothing = read_by(profile, "lenient number")
    if nothing is None and sum(profile.currencies.values()) * 2 < profile.known:
        return None
    found = sorted(profile.currencies.items(), key=lambda item: (-item[1], item[0]))
    seen = ", ".join(f"{currency} ({_counted(rows, 'row')})" for currency, rows in found)
    notes = (
        f"amounts in several currencies, read as text: {seen}",
        "put the currency into a column of its own, and write money(USD) by CURRENCY rates RATES at DAY;",
        "or have one column for each currency",
    )
    return _with_empty(replace(draft, notes=notes), nothing or ())


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _points(draft: ColumnDraft, profile: ColumnProfile) -> Iterator[str]:
    """What points are taken for, where they could part thousands as well as fractions."""
    if profile.pointed is None or profile.points_settled or draft.kind not in ("int", "count", "number", "money"):
        return
    if profile.decimal == ".":
        yield (
            f"is the point of `{profile.pointed}` a decimal one, as it is read? if it parts thousands, write lenient,"
            ' and read { decimal: "," }'
        )
    else:
        yield f"the point of `{profile.pointed}` is taken to part thousands, as commas are decimal in this file"


def _whole(profile: ColumnProfile, draft: ColumnDraft, hints: set[str]) -> ColumnDraft | None:
    found = _strict_or_lenient(profile, draft, "int")
    if found is None or profile.ways["lenient int"].dead:
        return None
    low, high = profile.whole_low, profile.whole_high
    years = low is not None and high is not None and low >= 1500 and high <= 2200
    whole = bool(hints & (ID_WORDS | YEAR_WORDS)) or years or low is None or low < 0
    return _money_note(replace(found, type="int" if whole else "count"), hints)


def _number(profile: ColumnProfile, draft: ColumnDraft, hints: set[str]) -> ColumnDraft | None:
    found = _strict_or_lenient(profile, draft, "number")
    return None if found is None else _money_note(replace(found, type="number"), hints)


def _strict_or_lenient(profile: ColumnProfile, draft: ColumnDraft, way: str) -> ColumnDraft | None:
    nothing = read_by(profile, way)
    if nothing is not None:
        return _with_empty(draft, nothing)
    nothing = read_by(profile, f"lenient {way}")
    return None if nothing is None else _with_empty(replace(draft, modifiers=("lenient",)), nothing)


def _money_note(draft: ColumnDraft, hints: set[str]) -> ColumnDraft:
    if not hints & MONEY_WORDS or hints & (ID_WORDS | TIME_WORDS | COUNT_WORDS):
        return draft
    return replace(draft, notes=(_MONEY_NOTE,))


def with_currencies(draft: ColumnDraft, column: str, currencies: Collection[str]) -> ColumnDraft:
    """A column that may be money, where another column of the file names the currencies."""
    if _MONEY_NOTE not in draft.notes:
        return draft
    if len(currencies) == 1:
        note = f"is this money? then write money({next(iter(currencies))}), as {column} says"
    else:
        note = f"amounts in several currencies, as {column} says? then write money(USD) by {column} rates RATES at DAY"
    return replace(draft, notes=tuple(note if n == _MONEY_NOTE else n for n in draft.notes))


def _date(profile: ColumnProfile, draft: ColumnDraft, dates: str | None) -> ColumnDraft | None:
    if profile.kind is not None and pa.types.is_timestamp(profile.kind):
        return replace(draft, type="date" if read_by(profile, f"date {ISO}") is not None else "timestamp")
    if profile.kind is not None and pa.types.is_date(profile.kind):
        return replace(draft, type="date")
    if profile.kind is not None:
        return None
    for kind in ("date", "timestamp"):
        nothing = None if dates is None else read_by(profile, f"{kind} {dates}")
        if nothing is not None:
            return _with_empty(replace(draft, type=kind), nothing)
    others = [pattern for pattern in DATE_PATTERNS if read_by(profile, f"timestamp {pattern}") is not None]
    if not others or others == ["YYYYMMDD"]:
        return None
    return replace(draft, notes=(f"dates as {others[0]}, unlike the other dates of this file: read as text",))


def _worded(profile: ColumnProfile, draft: ColumnDraft) -> ColumnDraft:
    """A column of texts: a list, a category, or text; with a note where it is nearly something else."""
    nearly = tuple(_nearly(profile))
    if nearly:
        return replace(draft, notes=nearly)
    distinct = profile.distinct
    hints = set(words(profile.header))
    listed = _list(profile, draft)
    if listed is not None:
        return listed
    if distinct is None or hints & (TEXT_CODES | FREE_TEXT) or profile.mails * 2 > profile.known:
        return draft
    nothing = [t for t in distinct if t.casefold() in _NOTHING - _ANSWERS]
    values = [t for t in distinct if t not in nothing]
    often = 20 if hints & ID_WORDS else 3
    if not values or profile.rows < often * len(values) or profile.longest > _LABEL or any("\n" in v for v in values):
        return draft
    draft = _with_empty(draft, sorted(nothing))
    notes = (*draft.notes, *_misspelt({value: distinct[value] for value in values}))
    short = profile.longest <= _CLOSED_LENGTH and profile.rows >= 5 * len(values)
    closed = 2 <= len(values) <= _CLOSED and short
    listed_values = ", ".join(repr_text(v) for v in sorted(values, key=lambda v: (-distinct[v], v)))
    return replace(draft, type=f"category({listed_values})" if closed else "category", notes=notes)


def _nearly(profile: ColumnProfile) -> Iterator[str]:
    """What all but a few of the values are."""
    for way, name in (("lenient int", "whole numbers"), ("lenient number", "numbers"), *_DATE_WAYS):
        candidate = profile.ways[way]
        failed = _broken(candidate)
        if candidate.dead or not failed or sum(failed.values()) > _FEW_BROKEN * profile.known:
            continue
        examples = ", ".join(f"`{_one_line(text)}`" for text in list(failed)[:3])
        rows = sum(failed.values())
        what = "value isn't" if rows == 1 else "values aren't"
        yield f"{name}, but {rows:,} {what}: {examples}; with that type and `on broken as missing` they are left out"
        return


_DATE_WAYS = tuple((f"date {pattern}", f"dates as {pattern}") for pattern in DATE_PATTERNS)


def _broken(candidate: Candidate) -> Mapping[str, int]:
    return {text: rows for text, rows in candidate.failures.items() if text.casefold() not in _NOTHING}


def _one_line(text: str) -> str:
    return " ".join(text.split())[:40]


def _rows(profile: ColumnProfile, texts: Iterable[str]) -> int:
    return sum((profile.distinct or {}).get(text, 0) for text in texts)


def _list(profile: ColumnProfile, draft: ColumnDraft) -> ColumnDraft | None:
    """A list where one separator parts many values into few different items."""
    if profile.distinct is None or profile.longest > 1_000:
        return None
    for sign in _SEPARATORS:
        parted = {text: rows for text, rows in profile.distinct.items() if sign in text}
        if sum(parted.values()) * 5 < profile.known:
            continue
        items = {item.strip() for text in profile.distinct for item in text.split(sign)}
        pieces = sum(text.count(sign) + 1 for text in profile.distinct)
        repeated = len(items) * 3 <= pieces if sign == "," else len(items) < pieces
        if len(items) <= _MOST_ITEMS and repeated and max(map(len, items)) <= 40 and "" not in items:
            nothing = sorted(t for t in profile.distinct if t.casefold() in _NOTHING)
            texts = ", ".join(repr_text(text) for text in nothing)
            modifiers = (*((f"empty {texts}",) if texts else ()), f"split {repr_text(sign)}")
            return replace(draft, type="list(category)", optional=bool(nothing), modifiers=modifiers)
    return None


def _misspelt(values: Mapping[str, int]) -> Iterator[str]:
    """A proposal to read rare values as the frequent ones that they nearly are."""
    alike = _alike(values)
    if alike:
        pairs = ", ".join(f"{repr_text(found)} with {repr_text(meant)}" for found, meant in alike[:_MOST_PAIRS])
        more = f" (and {len(alike) - _MOST_PAIRS} more)" if len(alike) > _MOST_PAIRS else ""
        yield f"one and the same? then add: replace {pairs}{more}"


def _alike(values: Mapping[str, int]) -> list[tuple[str, str]]:
    """Values that differ from a more frequent one in case alone, and rare ones that nearly are one: (found, meant)."""
    if len(values) > 300:
        return []
    spellings: dict[str, list[str]] = {}
    for value in sorted(values, key=lambda one: (-values[one], one)):
        spellings.setdefault(value.casefold(), []).append(value)
    found = [(other, first) for first, *others in spellings.values() for other in others]
    cased = {other for other, _ in found}
    for value, rows in values.items():
        if value in cased or len(value) < 5 or any(char.isdigit() for char in value):
            continue
        others = [other for other, count in values.items() if count >= _MUCH_RARER * rows]
        meant = closest(value, others)
        if meant is None or frozenset((value.casefold(), meant.casefold())) in _DIFFERENT:
            continue
        if SequenceMatcher(None, value.casefold(), meant.casefold()).ratio() >= _NEARLY_SAME:
            found.append((value, meant))
    return found
