"""The coverage of fields, as lines of text and as JSON values."""

from collections.abc import Iterator, Mapping, Sequence

from segdsl.collecting.field_name import FieldName
from segdsl.collecting.users import EVALUATION, User
from segdsl.diagnostics.display import escape
from segdsl.engines.arrow.coverage import FieldCount
from segdsl.record import dataclass
from segdsl.report.amounts import NOTHING, count_text, share_text
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.report.terminal import Canvas
from segdsl.types import Type

_FILE = "file"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """A field: `count` is None where it can't be computed, for the reason `blocked`. `made_by` is "file", "derived" or
    the plugin that adds it; `providers` are those that cover it."""

    field: FieldName
    type: Type
    made_by: str
    count: FieldCount | None
    blocked: str
    providers: tuple[str, ...]
    users: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """The fields of a source: its columns, then derived and enriched ones. `read_from` are its files, or sources."""

    source: str
    read_from: tuple[str, ...]
    rows: int
    fields: tuple[FieldCoverage, ...]


def coverage_lines(sources: Sequence[SourceCoverage], canvas: Canvas) -> Iterator[Line]:
    """A table for each source."""
    for number, source in enumerate(sources):
        if number:
            yield ()
        read_from = ", ".join(source.read_from[:1]) + (
            f" and {len(source.read_from) - 1} more" if source.read_from[1:] else ""
        )
        rows = f"  {count_text(source.rows)} {'row' if source.rows == 1 else 'rows'}"
        yield (Piece(source.source, Tone.HEADING), Piece(rows), Piece(f"  {escape(read_from)}", Tone.QUIET))
        columns = (
            Column("field", name=True),
            Column("known", right=True),
            Column("", right=True),
            Column("missing", right=True),
            Column("stale", right=True, optional=True, tone=Tone.WARNING),
            Column("distinct", right=True),
            Column("from", cuttable=True, optional=True, tone=Tone.QUIET),
            Column("needed by", cuttable=True),
        )
        yield from table_lines(columns, [_row(field) for field in source.fields], canvas.columns)
        for field in source.fields:
            if field.blocked:
                yield (Piece(f"  {escape(field.field.name)}: {escape(field.blocked)}", Tone.WARNING),)


def _row(field: FieldCoverage) -> tuple[str, ...]:
    count = field.count
    if count is None:
        return field.field.name, NOTHING, "", NOTHING, "", NOTHING, _origin(field), _owners(field.users)
    share = share_text(count.known / count.rows) if count.rows else ""
    stale = "" if count.stale is None else count_text(count.stale)
    known, missing, distinct = (count_text(number) for number in (count.known, count.missing, count.distinct))
    return field.field.name, known, share, missing, stale, distinct, _origin(field), _owners(field.users)


def _origin(field: FieldCoverage) -> str:
    """What makes a field, where that isn't the file itself, and who else can bring it."""
    made = [] if field.made_by == _FILE else [field.made_by]
    return ", ".join((*made, *field.providers))


def _owners(users: Sequence[User]) -> str:
    """Names of what depends on a field, each once."""
    return ", ".join(dict.fromkeys(map(_owner, users)))


def _owner(user: User) -> str:
    return f"evaluation against {user.owner}" if user.kind == EVALUATION else user.owner


def coverage_facts(sources: Sequence[SourceCoverage]) -> Mapping[str, object]:
    """Everything that is known; also which rule, term or segment depends on a field."""
    return {
        "sources": [
            {
                "source": source.source,
                "read_from": list(source.read_from),
                "rows": source.rows,
                "fields": [_facts(field) for field in source.fields],
            }
            for source in sources
        ]
    }


def _facts(field: FieldCoverage) -> Mapping[str, object]:
    count = field.count
    counts = (
        {"known": None, "missing": None, "stale": None, "distinct": None}
        if count is None
        else {"known": count.known, "missing": count.missing, "stale": count.stale, "distinct": count.distinct}
    )
    return {
        "field": field.field.name,
        "type": str(field.type),
        **counts,
        "made_by": field.made_by,
        "providers": list(field.providers),
        "blocked": field.blocked or None,
        "needed_by": [{"kind": user.kind, "name": user.owner, "part": user.part or None} for user in field.users],
    }
