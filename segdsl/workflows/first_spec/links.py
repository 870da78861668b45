"""Links between the sources of a first spec: columns whose values are keys of another one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa

from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.profiling import ColumnProfile
from segdsl.engines.arrow.profiling.table import column_texts
from segdsl.types.column_type import repr_text
from segdsl.workflows.first_spec.columns import ColumnDraft
from segdsl.workflows.first_spec.names import ID_WORDS, singular, words
from segdsl.workflows.first_spec.sources import SourceDraft, is_link_kind, keyed

# A column named like a link of which fewer rows than this point to nothing is one all the same.
_FEW_ORPHANS = 0.05
# Without a hint in the name, so many different values must all be keys.
_ENOUGH_VALUES = 3


@dataclass(frozen=True, slots=True)
class _Target:
    source: SourceDraft
    key: ColumnDraft
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a column points to a source: rows that don't, texts meant for keys they nearly are, some orphans."""

    target: _Target
    hinted: bool
    orphans: int
    meant: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]


def with_links(drafts: tuple[SourceDraft, ...]) -> tuple[SourceDraft, ...]:
    """The sources with the links that their values and names show."""
    targets = tuple(_Target(s, key, _values(s, profile)) for s, key, profile in keyed(drafts))
    return tuple(_linked(_noted_alike(draft, drafts), targets) for draft in drafts)


def _noted_alike(draft: SourceDraft, drafts: tuple[SourceDraft, ...]) -> SourceDraft:
    """A note where most columns are those of an earlier source: the two may share fields and segments."""
    mine = {column.header for column in draft.columns if column.header}
    for other in drafts[: [d.name for d in drafts].index(draft.name)]:
        theirs = {column.header for column in other.columns if column.header}
        if mine == theirs and len(mine) >= 2:
            pair = f"{other.name}, {draft.name}"
            note = f"the columns are those of {other.name}: `source both from {pair} {{ ... }}` has the rows of both"
            return replace(draft, notes=(*draft.notes, note))
        if len(mine) >= _ENOUGH_VALUES and len(mine & theirs) * 4 >= len(mine) * 3:
            note = (
                f"most columns are those of {other.name}: `source {draft.name} like {other.name} from ...` shares them"
            )
            return replace(draft, notes=(*draft.notes, note))
    return draft


def _linked(draft: SourceDraft, targets: tuple[_Target, ...]) -> SourceDraft:
    for column in draft.columns:
        profile = draft.profile_of(column)
        if column.is_key or profile is None or not profile.known or not is_link_kind(column):
            continue
        found = _best(draft, column, profile, targets)
        if found is not None:
            draft = _with_link(draft, column, profile, found)
    return draft


def _best(draft: SourceDraft, column: ColumnDraft, profile: ColumnProfile, targets: Iterable[_Target]) -> _Match | None:
    matches = [m for t in targets if (m := _match(draft, column, profile, t)) is not None]
    return min(matches, key=lambda m: (not m.hinted, m.orphans), default=None)


def _match(draft: SourceDraft, column: ColumnDraft, profile: ColumnProfile, target: _Target) -> _Match | None:
    hinted = _is_hinted(column, target, own=draft.name == target.source.name)
    if profile.distinct is None and not hinted:
        return None
    if (column.kind in ("int", "count")) != (target.key.kind == "int"):
        return None
    if not hinted and (target.key.kind == "int" or len(target.values) < _ENOUGH_VALUES):
        return None
    counts = profile.distinct if profile.distinct is not None else _counted(draft, profile)
    nothing = _empty_texts(column)
    lost = {text: rows for text, rows in counts.items() if text not in target.values and text not in nothing}
    if not hinted and (lost or len(counts) < _ENOUGH_VALUES):
        return None
    folded = {_letters(value): value for value in target.values} if lost else {}
    meant = tuple((text, folded[_letters(text)]) for text in lost if _letters(text) in folded)
    replaced = dict(meant)
    orphans = {text: rows for text, rows in lost.items() if text not in replaced}
    if sum(orphans.values()) * 2 > profile.known:
        return None
    return _Match(target, hinted, sum(orphans.values()), meant, tuple(orphans)[:3])


def _is_hinted(column: ColumnDraft, target: _Target, own: bool) -> bool:
    """Whether a column is named like the key of a source, or like the source."""
    mine, theirs = words(column.header), words(target.key.header)
    table = singular(words(target.source.name)[-1])
    if own:
        return bool({"parent", "manager", "group", "subsidiary"} & set(mine))
    if mine == theirs and len(mine) == 1 and mine[0] in ("id", "key", "code", "name", "row", "number"):
        return False
    named = tuple(word for word in theirs if word not in ID_WORDS)
    return (bool(mine) and mine in (theirs, named)) or table in {singular(word) for word in mine}


def _with_link(draft: SourceDraft, column: ColumnDraft, profile: ColumnProfile, found: _Match) -> SourceDraft:
    parent = found.target.source.name
    line = f"links {column.name} to {parent}"
    if found.orphans > _FEW_ORPHANS * profile.known:
        examples = ", ".join(f"`{text}`" for text in found.examples)
        note = f"{line} ? {found.orphans:,} rows point to no row there, such as {examples}"
        return draft.with_column(replace(column, notes=(*column.notes, note)))
    kept = tuple(m for m in column.modifiers if m != "lenient")
    if found.meant:
        pairs = ", ".join(f"{repr_text(text)} with {repr_text(key)}" for text, key in found.meant)
        kept = (*kept, f"replace {pairs}")
    notes = tuple(n for n in column.notes if not n.startswith("one and the same"))
    kind = found.target.key.type
    linked = draft.with_column(replace(column, type=kind, modifiers=kept, notes=notes))
    lines = [*linked.lines, line]
    if found.orphans and "on orphan drop" not in lines:
        lines.append("on orphan drop")
    noted = linked.notes
    if found.orphans:
        one = found.orphans == 1
        many = f"{found.orphans:,} row{' points' if one else 's point'} to no row of {parent}"
        noted = (*noted, f"{many}; {'it is' if one else 'they are'} dropped, and counted")
    return replace(linked, lines=tuple(sorted(lines, key=_place)), notes=noted)


def _place(line: str) -> int:
    return ("links", "known", "on dup", "on orp").index(
        next(p for p in ("links", "known", "on dup", "on orp") if line.startswith(p))
    )


def _values(source: SourceDraft, profile: ColumnProfile) -> frozenset[str]:
    if profile.held is not None:
        return frozenset(str(value) for array in profile.held for value in array.to_pylist())
    return frozenset(_counted(source, profile) if profile.distinct is None else profile.distinct)


def _counted(draft: SourceDraft, profile: ColumnProfile) -> dict[str, int]:
    """Every different text of a column, with its rows."""
    counts: dict[str, int] = {}
    for texts in column_texts(draft.profile, profile.header):
        if isinstance(texts, Diagnostic):
            break
        counted = texts.drop_null().value_counts()
        for text, rows in zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True):
            counts[str(text)] = counts.get(str(text), 0) + rows
    return counts


def _empty_texts(column: ColumnDraft) -> frozenset[str]:
    listed = next((m.removeprefix("empty ") for m in column.modifiers if m.startswith("empty ")), "")
    return frozenset(part.strip().strip('"') for part in listed.split(",") if part.strip())


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def dependent_columns(draft: SourceDraft) -> tuple[str, tuple[ColumnDraft, ...]] | None:
    """A repeated id and the columns that are the same in all rows with it: a source of its own, perhaps."""
    for column in draft.columns:
        profile = draft.profile_of(column)
        if column.is_key or profile is None or profile.distinct is None or column.optional:
            continue
        if words(column.header)[-1:] != ("id",) or not 2 <= len(profile.distinct) * 3 <= draft.profile.rows:
            continue
        if any(line.startswith(f"links {column.name} ") for line in draft.lines):
            continue
        constant = _constant_within(draft, column)
        if constant:
            return column.name, constant
    return None


def _constant_within(draft: SourceDraft, column: ColumnDraft) -> tuple[ColumnDraft, ...]:
    if draft.profile.rows > 2_000_000:
        return ()
    keys = pa.concat_arrays([t for t in column_texts(draft.profile, column.header) if not isinstance(t, Diagnostic)])
    found = []
    for other in draft.columns:
        if other.is_key or other.name == column.name or not other.header or other.kind == "list":
            continue
        texts = [t for t in column_texts(draft.profile, other.header) if not isinstance(t, Diagnostic)]
        pairs = pa.table({"key": keys, "value": pa.concat_arrays(texts)}).group_by("key")
        most = max(pairs.aggregate([("value", "count_distinct")])["value_count_distinct"].to_pylist(), default=2)
        if most <= 1 and (draft.profile_of(other) or column) is not None:
            found.append(other)
    return tuple(found)
