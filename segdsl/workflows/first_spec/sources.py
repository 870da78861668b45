"""One source of a first spec: its columns, the order of its dates, its key."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.profiling import ColumnProfile, TableProfile
from segdsl.engines.arrow.profiling.candidates import DATE_PATTERNS, ISO
from segdsl.engines.arrow.profiling.table import column_texts
from segdsl.language.keywords import quote_name
from segdsl.types import CURRENCIES
from segdsl.workflows.first_spec.columns import ColumnDraft, draft_column, read_by, with_currencies
from segdsl.workflows.first_spec.names import CHANGED_WORDS, ID_WORDS, identifier, is_personal, singular, words

_AMBIGUOUS = {
    "DD/MM/YYYY": "MM/DD/YYYY",
    "D/M/YYYY": "M/D/YYYY",
    "DD-MM-YYYY": "MM-DD-YYYY",
}
# A column named as a key of which so many rows at most repeat another is a key with duplicates.
_MOST_DUPLICATES = 0.02


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source as it will be written. `lines` stand behind the columns, `notes` above the source."""

    name: str
    path: str
    profile: TableProfile
    dates: str | None
    columns: tuple[ColumnDraft, ...]
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> ColumnDraft | None:
        return next((column for column in self.columns if column.is_key), None)

    def profile_of(self, column: ColumnDraft) -> ColumnProfile | None:
        return next((p for p in self.profile.columns if p.header == column.header), None)

    def with_column(self, column: ColumnDraft) -> "SourceDraft":
        columns = tuple(column if c.name == column.name else c for c in self.columns)
        return replace(self, columns=columns)


def draft_source(name: str, path: str, profile: TableProfile) -> SourceDraft:
    """The source for a file, or for files of one shape that `path` names by a pattern."""
    dates, note = _date_order(profile)
    draft = SourceDraft(name, path, profile, None if dates == ISO else dates, (), (), note)
    notes = [*draft.notes]
    if profile.headless:
        notes.append("the first row looks like data rather than names of columns: add a header row to the file")
    if profile.misfits:
        notes.append(f"{profile.misfits:,} rows have too few or too many cells: a run refuses them")
    columns: list[ColumnDraft] = []
    taken: set[str] = set()
    beside = {" ".join(words(header)) for header in profile.headers}
    for column in profile.columns:
        refused = _refuse_header(column.header, profile)
        made = refused or draft_column(column, identifier(column.header, taken, "column"), dates)
        if isinstance(made, str):
            shown = " ".join(column.header.split())
            notes.append(f"left out: `{shown}` {made}" if shown else f"left out: {_nameless(profile)}")
            continue
        personal = is_personal(column.header, name, beside) or column.mails * 2 > max(1, column.known)
        if personal and made.kind in ("text", "category"):
            made = replace(made, type="text", notes=(), modifiers=(*made.modifiers, "pii"))
        taken.add(made.name)
        columns.append(made)
    return _with_key(replace(draft, columns=_told_currencies(columns, profile), notes=tuple(notes)))


def _told_currencies(columns: Sequence[ColumnDraft], profile: TableProfile) -> tuple[ColumnDraft, ...]:
    """The columns; those that may be money say so with the currencies that a column of codes names."""
    distinct = {p.header: p.distinct for p in profile.columns}
    for column in columns:
        codes = distinct[column.header]
        if codes and codes.keys() <= CURRENCIES:
            return tuple(with_currencies(one, column.name, codes) for one in columns)
    return tuple(columns)


def _refuse_header(header: str, profile: TableProfile) -> str | None:
    if not header:
        return "has no name"
    if profile.headers.count(header) > 1:
        return "stands for several columns"
    if "`" in header or "\n" in header or "\r" in header:
        return "has a name that a spec can't write"
    return None


def _nameless(profile: TableProfile) -> str:
    number = sum(not header.strip() for header in profile.headers)
    return "a column without a name" if number == 1 else f"{number} columns without a name"


# ---- dates


def _date_order(profile: TableProfile) -> tuple[str | None, tuple[str, ...]]:
    """The pattern that reads most of the file's columns of dates, and a note where two read them equally well."""
    counts = dict.fromkeys(DATE_PATTERNS, 0)
    for column in profile.columns:
        if column.kind is None and column.known:
            for pattern in DATE_PATTERNS:
                counts[pattern] += _reads_dates(column, pattern)
    best = max(DATE_PATTERNS, key=lambda pattern: counts[pattern])
    if not counts[best]:
        return None, ()
    other = _AMBIGUOUS.get(best)
    if other is None or counts[other] < counts[best]:
        return best, ()
    return best, (f"are the dates {best} or {other}? no day is above 12, so the data don't say; {best} is assumed",)


def _reads_dates(column: ColumnProfile, pattern: str) -> bool:
    if pattern == "YYYYMMDD" and not {"date", "day", "on"} & set(words(column.header)):
        # Eight digits are dates only where the header says so.
        return False
    return read_by(column, f"timestamp {pattern}") is not None


# ---- keys


def _with_key(draft: SourceDraft) -> SourceDraft:
    candidates = [(column, draft.profile_of(column)) for column in draft.columns]
    ranked = sorted(
        (rank, place, column, profile)
        for place, (column, profile) in enumerate(candidates)
        if profile is not None and (rank := _key_rank(column, profile, draft.name, place)) is not None
    )
    for _, _, column, profile in ranked:
        if profile.is_unique() and not column.optional:
            return draft.with_column(_as_key(column))
    for rank, place, column, profile in ranked:
        by = _latest_by(draft) if rank <= 1 else None
        if by is not None or rank == 0 or (rank == 1 and place == 0):
            doubled = _doubled_key(draft, column, profile, by)
            if doubled is not None:
                return doubled
    note = f"{_why_none(candidates)}, so each row is numbered"
    row = ColumnDraft(_row_name(draft), "", "int", is_key=True, modifiers=("from row_number",), notes=(note,))
    return replace(draft, columns=(row, *draft.columns))


def _why_none(candidates: Iterable[tuple[ColumnDraft, ColumnProfile | None]]) -> str:
    different = [c.name for c, p in candidates if p is not None and p.is_unique() and not c.optional]
    if different:
        return f"{different[0]} differs from row to row, but doesn't look like a key"
    return "no column tells the rows apart"


def _row_name(draft: SourceDraft) -> str:
    return identifier("row", {column.name for column in draft.columns}, "row")


def _as_key(column: ColumnDraft) -> ColumnDraft:
    kept = tuple(m for m in column.modifiers if not m.startswith("empty"))
    kind = "int" if column.kind in ("int", "count") else "text"
    return replace(column, type=kind, is_key=True, modifiers=kept, notes=())


def _key_rank(column: ColumnDraft, profile: ColumnProfile, table: str, place: int) -> int | None:
    """How much a column looks like a key; None where it doesn't.

    0: the id of its own table, or a column named as the table, 1: any id, 2: a name, 3: the first column.
    """
    if (
        column.kind not in ("text", "category", "int", "count")
        or "lenient" in column.modifiers
        or profile.longest > 120
    ):
        return None
    parts = words(column.header)
    own = {singular(word) for word in words(table)}
    named = {singular(word) for word in parts}
    if named & ID_WORDS:
        return 0 if parts[0] in ID_WORDS or named & own else 1
    if named <= own:
        return 0
    if column.kind in ("int", "count"):
        return None
    if named & own or "name" in named or "email" in named:
        return 2
    return 3 if place == 0 else None


def _doubled_key(draft: SourceDraft, column: ColumnDraft, profile: ColumnProfile, by: str | None) -> SourceDraft | None:
    """A key with some duplicates, of which the latest row by a date is kept; None if there are too many.

    Without a date any column serves the policy: of rows with one key that are equal in it, their values settle it.
    """
    doubled = profile.duplicates()
    if doubled is None:
        doubled = _count_duplicates(draft, profile)
    if doubled is None or column.optional or doubled > _MOST_DUPLICATES * profile.known or column.kind == "category":
        return None
    note = f"{doubled:,} row{' repeats' if doubled == 1 else 's repeat'} a key that stands before"
    why = (
        f"the latest by {by} is kept"
        if by
        else "no date says which is the latest, so put a column that does behind `by`"
    )
    keyed = draft.with_column(replace(_as_key(column), notes=(f"{note}: {why}",)))
    return replace(keyed, lines=(*keyed.lines, f"on duplicate keep last by {quote_name(by or column.name)}"))


def _count_duplicates(draft: SourceDraft, profile: ColumnProfile) -> int | None:
    parts = list(column_texts(draft.profile, profile.header))
    texts = [part for part in parts if not isinstance(part, Diagnostic)]
    if len(texts) < len(parts):
        return None
    return profile.known - len(pa.chunked_array(texts, pa.string()).drop_null().unique())


def _latest_by(draft: SourceDraft) -> str | None:
    """A date that says which of some rows is the latest; where some rows have none, only one that is named so."""
    dates = [c for c in draft.columns if c.kind in ("date", "timestamp")]
    changed = (c.name for word in CHANGED_WORDS for c in dates if word in words(c.header))
    always = (c.name for c in reversed(dates) if not c.optional)
    return next(changed, next(always, None))


def is_link_kind(column: ColumnDraft) -> bool:
    return column.kind in ("text", "category", "int", "count")


def keyed(drafts: tuple[SourceDraft, ...]) -> Iterator[tuple[SourceDraft, ColumnDraft, ColumnProfile]]:
    """The sources with a key column that the file holds."""
    for draft in drafts:
        key = draft.key
        profile = None if key is None else draft.profile_of(key)
        if key is not None and profile is not None:
            yield draft, key, profile
