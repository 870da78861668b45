"""Lines of text in columns: aligned, cut to fit, with a tone for each piece that a terminal may colour."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from segdsl.diagnostics.display import escape, shorten, shorten_middle, width
from segdsl.record import dataclass

# Room enough for any table: nothing is cut.
UNBOUNDED = 1_000_000
_GAP = 2
# A text cut to less than this says nothing.
_LEGIBLE = 16


class Tone(StrEnum):
    """What a piece of text is, not how it looks."""

    PLAIN = "plain"
    HEADING = "heading"
    QUIET = "quiet"
    BAR = "bar"
    WARNING = "warning"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    tone: Tone = Tone.PLAIN


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Numbers stand to the right. What may be cut is cut to fit; what is optional goes first.

    A `name` is what a reader looks for elsewhere: it is cut last, in its middle, and never so that two become one.
    """

    head: str
    right: bool = False
    cuttable: bool = False
    name: bool = False
    optional: bool = False
    tone: Tone = Tone.PLAIN


def table_lines(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int, indent: int = 2) -> Iterator[Line]:
    """A table with a quiet head, at most `room` columns wide where that can be done.

    Texts are escaped, so that data can't send signs to the terminal. Optional columns are left out from the right
    until the rest fits, titles and bars before figures; then columns that may be cut are cut to share what room there
    is, and names last. Where names that can be told apart need more room, the table is wider.
    """
    shown = [[escape(cell) for cell in row] for row in rows]
    kept = _fitting(columns, shown, room - indent)
    widths = [_natural(columns[place], [row[place] for row in shown]) for place in kept]
    narrowest = [_narrowest(columns[place], [row[place] for row in shown], widths[at]) for at, place in enumerate(kept)]
    widths = _cut([columns[place] for place in kept], widths, narrowest, room - indent)
    if any(columns[place].head for place in kept):
        heads = [(columns[place], columns[place].head) for place in kept]
        yield tuple(_cells(heads, widths, indent, Tone.QUIET))
    for row in shown:
        yield tuple(_cells([(columns[place], row[place]) for place in kept], widths, indent, None))


def _natural(column: Column, cells: Sequence[str]) -> int:
    return max([width(column.head), *map(width, cells)])


def _fitting(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """The columns that stay: optional ones without content go, then long texts, then others, until the rest fits."""
    kept = [place for place, _ in enumerate(columns) if any(row[place] for row in rows) or not columns[place].optional]
    needed = {place: _natural(columns[place], [row[place] for row in rows]) for place in kept}
    least = {place: min(wide, _LEGIBLE) if columns[place].cuttable else wide for place, wide in needed.items()}
    optional = [place for place in kept if columns[place].optional]
    for place in sorted(optional, key=lambda place: (_worth(columns[place]), -place)):
        if sum(least[one] + _GAP for one in kept) - _GAP <= room:
            break
        kept.remove(place)
    return kept


def _worth(column: Column) -> int:
    """How late an optional column goes: a title says what a name does, and a bar what a share does."""
    return 0 if column.cuttable else 1 if column.tone is Tone.BAR else 2


def _narrowest(column: Column, cells: Sequence[str], natural: int) -> int:
    """The least width of a column: names must not only be legible, but as many as they are when whole."""
    if not column.name:
        return _LEGIBLE if column.cuttable else natural
    distinct = set(cells)
    narrowest = natural
    while narrowest > _LEGIBLE and len({shorten_middle(one, narrowest - 1) for one in distinct}) == len(distinct):
        narrowest -= 1
    return narrowest


def _cut(columns: Sequence[Column], widths: list[int], narrowest: Sequence[int], room: int) -> list[int]:
    """Narrower widths: the widest column gives way first, names only where nothing else can."""
    excess = sum(widths) + _GAP * (len(widths) - 1) - room
    for _ in range(excess):
        places = [place for place, wide in enumerate(widths) if wide > narrowest[place]]
        if not places:
            break
        widest = max(places, key=lambda place: (not columns[place].name, widths[place]))
        widths[widest] -= 1
    return widths


def _cells(
    cells: Sequence[tuple[Column, str]], widths: Sequence[int], indent: int, tone: Tone | None
) -> Iterator[Piece]:
    yield Piece(" " * indent)
    for place, ((column, whole), wide) in enumerate(zip(cells, widths, strict=True)):
        fitted = whole if width(whole) <= wide else shorten_middle(whole, wide) if column.name else shorten(whole, wide)
        padding = " " * (wide - width(fitted))
        last = place + 1 == len(cells)
        text = f"{padding}{fitted}" if column.right else fitted if last else f"{fitted}{padding}"
        yield Piece(text, tone or column.tone)
        if not last:
            yield Piece(" " * _GAP)
