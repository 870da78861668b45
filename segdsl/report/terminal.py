"""The report of a run as text: the same lines for terminals and pipes; terminals may colour them."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

import click
import pyarrow as pa

from segdsl.diagnostics.display import escape, shorten, width
from segdsl.engines.arrow.results import AttritionRow, SegmentSummary
from segdsl.plugin import SectionText
from segdsl.record import dataclass
from segdsl.report.amounts import NOTHING, amount_text, count_text, share_text
from segdsl.report.evaluations import evaluation_lines
from segdsl.report.hypotheses import hypothesis_lines
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.report.proxies import proxy_lines
from segdsl.report.run_report import (
    AudienceReport,
    EnrichedReport,
    PopulationReport,
    RunReport,
    SchemeReport,
    ScoreReport,
)
from segdsl.report.wrapping import wrap
from segdsl.runs.sections import section_cells
from segdsl.types import money

_BAR_WIDTH = 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STYLES: dict[Tone, dict[str, object]] = {
    Tone.PLAIN: {},
    Tone.HEADING: {"bold": True},
    Tone.QUIET: {"dim": True},
    Tone.BAR: {"fg": "cyan"},
    Tone.WARNING: {"fg": "yellow"},
    Tone.GOOD: {"fg": "green"},
}


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the text is written on: its width in columns, whether it shows signs beyond ASCII, and colours."""

    columns: int
    unicode: bool
    colour: bool


def render_report(report: RunReport, canvas: Canvas) -> str:
    """The whole report, with a line end."""
    sections = [list(_title(report, canvas)), *_sections(report, canvas)]
    return "\n".join(render_lines(section, canvas) for section in sections if section)


def render_lines(lines: Sequence[Line], canvas: Canvas) -> str:
    """Lines as text, each with its end."""
    return "".join(_line(line, canvas) + "\n" for line in lines)


def _line(line: Line, canvas: Canvas) -> str:
    text = "".join(piece.text for piece in line).rstrip()
    if canvas.colour:
        text = "".join(_styled(piece) for piece in line)
    return text if canvas.unicode else text.replace(NOTHING, "-").replace("…", "~")


def _styled(piece: Piece) -> str:
    style = _STYLES[piece.tone]
    return click.style(piece.text, **style) if style and piece.text.strip() else piece.text  # type: ignore[arg-type]


def _sections(report: RunReport, canvas: Canvas) -> Iterator[list[Line]]:
    yield from (list(_enriched(one, canvas)) for one in report.enriched)
    if report.paid is not None:
        amount, currency = report.paid
        yield [(Piece("paid to providers ", Tone.QUIET), Piece(amount_text(float(amount), money(currency))))]
    yield from (list(_population(one, canvas)) for one in report.populations)
    yield from (list(_score(one, canvas)) for one in report.scores)
    if report.proxies:
        yield list(proxy_lines(report.proxies, canvas.columns))
    if report.hypotheses:
        yield list(hypothesis_lines(report.hypotheses, canvas.columns))
    yield from (list(_scheme(one, canvas)) for one in report.schemes)
    yield from (
        list(lines) for lines in evaluation_lines(report.measured, report.remarks, report.gates, canvas.columns)
    )
    if report.audiences:
        yield list(_audiences(report.audiences, canvas))
    yield from (list(_section(one.text, canvas)) for one in report.sections)


def _title(report: RunReport, canvas: Canvas) -> Iterator[Line]:
    for line in wrap(escape(report.goal or PurePath(report.spec).name), canvas.columns):
        yield (Piece(line, Tone.HEADING),)
    origin = f"`{report.clock_from}`" if report.clock_from else "the day of the run"
    day = report.clock.isoformat()
    yield (Piece(f"as of {day} ({origin})", Tone.QUIET),)
    for one in report.hidden:
        rows = f"{count_text(one.rows)} {'row' if one.rows == 1 else 'rows'}"
        yield (Piece(f"{escape(one.source)}: {rows}, {count_text(one.hidden)} later than {day} hidden", Tone.QUIET),)


def _heading(kind: str, name: str, title: str, canvas: Canvas) -> Line:
    room = canvas.columns - width(f"{kind} {escape(name)}  ")
    rest = f"  {shorten(title, room)}" if title and title != name and room > 0 else ""
    return (Piece(f"{kind} ", Tone.QUIET), Piece(escape(name), Tone.HEADING), Piece(rest))


def _enriched(one: EnrichedReport, canvas: Canvas) -> Iterator[Line]:
    yield (Piece("columns added to ", Tone.QUIET), Piece(escape(one.source), Tone.HEADING))
    columns = (
        Column("column", name=True),
        Column("known", right=True),
        Column("share", right=True),
        Column("distinct", right=True),
    )
    rows = [
        (c.name, count_text(c.known), share_text(c.known / one.rows) if one.rows else NOTHING, count_text(c.distinct))
        for c in one.columns
    ]
    yield from table_lines(columns, rows, canvas.columns)


def _section(section: SectionText, canvas: Canvas) -> Iterator[Line]:
    """A section that a plugin wrote; its texts are escaped as data are."""
    yield (Piece(escape(section.title), Tone.HEADING),)
    for paragraph in section.paragraphs:
        yield from ((Piece(f"  {line}"),) for line in wrap(escape(paragraph), canvas.columns - 2))
    for title, table in section.tables.items():
        yield (Piece(f"  {escape(title)}", Tone.QUIET),)
        heads, rows = section_cells(table)
        numbers = [pa.types.is_primitive(field.type) for field in table.schema]
        # What a row is about stands first.
        columns = [
            Column(escape(head), right=number, cuttable=bool(place) and not number, name=not place and not number)
            for place, (head, number) in enumerate(zip(heads, numbers, strict=True))
        ]
        yield from table_lines(columns, rows, canvas.columns)


def _population(one: PopulationReport, canvas: Canvas) -> Iterator[Line]:
    found = one.attrition
    yield _heading("population", found.population, one.title, canvas)
    columns = (
        Column(""),
        Column("rule", cuttable=True),
        Column("dropped", right=True),
        Column("left", right=True),
        Column("undecided", right=True, optional=True, tone=Tone.WARNING),
    )
    start = ("", f"all {found.table}", "", count_text(found.start), "")
    rules = (
        (_action(row), row.reason, count_text(row.dropped), count_text(row.left), _some(row.undecided))
        for row in found.rows
    )
    yield from table_lines(columns, [start, *rules], canvas.columns)


def _action(row: AttritionRow) -> str:
    return "keep" if row.keep else "drop"


def _score(one: ScoreReport, canvas: Canvas) -> Iterator[Line]:
    yield _heading("score", one.name, one.title, canvas)
    heads = ("mean", "min", "25%", "median", "75%", "max")
    amounts = (one.mean, *one.quartiles) if one.quartiles else ()
    columns = (Column("scored", right=True), *(Column(head, right=True) for head in heads))
    cells = [amount_text(amount, one.type) for amount in amounts] or [NOTHING] * len(heads)
    yield from table_lines(columns, [(count_text(one.scored), *cells)], canvas.columns)
    if one.missing:
        yield (Piece(f"  {count_text(one.missing)} of {one.table} have no score", Tone.WARNING),)
    if one.grades:
        grades = "   ".join(f"{escape(name)} {count_text(count)}" for name, count in one.grades)
        yield (Piece("  grades ", Tone.QUIET), Piece(grades))


def _scheme(one: SchemeReport, canvas: Canvas) -> Iterator[Line]:
    summary = one.summary
    yield _heading("segmentation", one.name, one.title, canvas)
    for note in one.learned:
        yield from ((Piece(f"  {line}", Tone.QUIET),) for line in wrap(escape(note), canvas.columns - 2))
    columns = (
        Column("segment", name=True),
        Column("", cuttable=True, optional=True, tone=Tone.QUIET),
        Column("count", right=True),
        Column("share", right=True),
        Column("", optional=True, tone=Tone.BAR),
        *(Column(f"mean {score}", right=True) for score, _ in one.scores),
        Column("undecided", right=True, optional=True, tone=Tone.WARNING),
    )
    most = max((segment.share for segment in summary.segments), default=0.0)
    rows = [_segment(segment, one, most, canvas) for segment in summary.segments]
    if summary.unassigned:
        share = summary.unassigned / summary.rows
        blanks = ("" for _ in one.scores)
        rows.append(("(in none)", "", count_text(summary.unassigned), share_text(share), "", *blanks, ""))
    yield from table_lines(columns, rows, canvas.columns)


def _segment(segment: SegmentSummary, scheme: SchemeReport, most: float, canvas: Canvas) -> tuple[str, ...]:
    *above, name = segment.path.split("/")
    means = (amount_text(segment.means.get(score), type_) for score, type_ in scheme.scores)
    return (
        f"{'  ' * len(above)}{name}",
        segment.title if segment.title != name else "",
        count_text(segment.count),
        share_text(segment.share),
        _bar(segment.share / most if most else 0.0, canvas.unicode),
        *means,
        _some(segment.undecided),
    )


def _bar(part: float, unicode: bool) -> str:
    """A bar of up to 12 columns; always the same width, so that it can't move what stands behind it."""
    if not unicode:
        return ("#" * round(part * _BAR_WIDTH)).ljust(_BAR_WIDTH)
    eighths = round(part * _BAR_WIDTH * 8)
    return (_EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()).ljust(_BAR_WIDTH)


def _audiences(found: Sequence[AudienceReport], canvas: Canvas) -> Iterator[Line]:
    yield (Piece("audiences", Tone.QUIET),)
    columns = (
        Column("list", name=True),
        Column("", cuttable=True, optional=True, tone=Tone.QUIET),
        Column("eligible", right=True),
        Column("listed", right=True),
        Column("held out", right=True, optional=True),
        Column("file"),
    )
    rows = [
        (one.name, one.title, count_text(one.chosen), count_text(one.listed), _some(one.held_out), one.file)
        for one in found
    ]
    yield from table_lines(columns, rows, canvas.columns)


def _some(count: int | None) -> str:
    """A count where there is something to tell."""
    return count_text(count) if count else ""
