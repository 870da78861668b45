"""What evaluations measured, for people: the figures of schemes beside one another, and what each measure says."""

from collections.abc import Iterator, Sequence

from segdsl.diagnostics.display import escape
from segdsl.engines.arrow.gates import Gate, number_text
from segdsl.engines.arrow.measured import Measurement, Remark
from segdsl.report.amounts import NOTHING
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.report.wrapping import wrap


def evaluation_lines(
    measured: Sequence[Measurement], remarks: Sequence[Remark], gates: Sequence[Gate], columns: int
) -> Iterator[Iterator[Line]]:
    """A block for each score: figures of the schemes and of the score, then remarks; at last the gates."""
    for score in dict.fromkeys(one.score for one in measured):
        own = [one for one in measured if one.score == score]
        yield _block(score, own, [one for one in remarks if one.score == score], columns)

    if gates:
        yield _requirements(gates, columns)


def _requirements(gates: Sequence[Gate], columns: int) -> Iterator[Line]:
    """Every requirement with its figure, or with the range of those of segments."""
    texts = tuple(dict.fromkeys(one.requirement for one in gates))
    by_text = {text: [one for one in gates if one.requirement == text] for text in texts}
    passed = sum(all(one.met for one in own) for own in by_text.values())
    yield (Piece("requirements ", Tone.QUIET), Piece(f"{passed} of {len(texts)} met"))
    heads = (Column("requirement", name=True), Column("figure", right=True), Column("met"))
    rows = [(text, _range(own), "yes" if all(one.met for one in own) else "no") for text, own in by_text.items()]
    yield from table_lines(heads, rows, columns)


def _range(gates: Sequence[Gate]) -> str:
    values = [one.value for one in gates if one.value is not None]
    if len(values) < len(gates):
        return next(one.figure for one in gates if one.value is None)
    low, high = (number_text(one, gates[0].is_share) for one in (min(values), max(values)))
    return low if len(gates) == 1 else f"{low} to {high}"


def _block(score: str, measured: Sequence[Measurement], remarks: Sequence[Remark], columns: int) -> Iterator[Line]:
    yield (Piece("evaluation against ", Tone.QUIET), Piece(escape(score), Tone.HEADING))
    whole = [one for one in measured if not one.segment and not one.figure]
    yield from _table("segmentation", [one for one in whole if one.scheme], columns)
    yield from _segments(measured, columns)
    yield from _table("score", [one for one in whole if not one.scheme], columns)
    for subject in dict.fromkeys(one.scheme for one in remarks):
        yield from _remarks(subject or score, [one for one in remarks if one.scheme == subject], columns)


def _table(head: str, shown: Sequence[Measurement], columns: int) -> Iterator[Line]:
    """A row for each of what is measured, a column for each measure."""
    if not shown:
        return
    measures = tuple(dict.fromkeys(one.measure for one in shown))
    found = {(one.subject, one.measure): one.value for one in shown}
    heads = (Column(head, name=True), *(Column(name, right=True) for name in measures))
    rows = [
        (subject, *(_figure(found.get((subject, name))) for name in measures))
        for subject in dict.fromkeys(one.subject for one in shown)
    ]
    yield from table_lines(heads, rows, columns)


def _segments(measured: Sequence[Measurement], columns: int) -> Iterator[Line]:
    """The same for what is measured of each segment."""
    shown = [one for one in measured if one.segment]
    if not shown:
        return
    measures = tuple(dict.fromkeys(one.measure for one in shown))
    found = {(one.scheme, one.segment, one.measure): one.value for one in shown}
    heads = (Column("segmentation", name=True), Column("segment", name=True))
    rows = [
        (*place, *(_figure(found.get((*place, name))) for name in measures))
        for place in dict.fromkeys((one.scheme, one.segment) for one in shown)
    ]
    yield from table_lines((*heads, *(Column(name, right=True) for name in measures)), rows, columns)


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3g}" if abs(value) < 1_000 else f"{value:,.0f}"


def _remarks(subject: str, remarks: Sequence[Remark], columns: int) -> Iterator[Line]:
    """The measure before its first sentence, under the name of what is measured."""
    yield (Piece(f"  {escape(subject)}"),)
    indent = max(len(one.measure) for one in remarks) + 6
    before = ""
    for one in remarks:
        head = "" if one.measure == before else escape(one.measure)
        before = one.measure
        for place, line in enumerate(wrap(escape(one.text), max(columns - indent, 20))):
            name = head if place == 0 else ""
            yield (Piece(f"    {name.ljust(indent - 4)}", Tone.QUIET), Piece(line))
