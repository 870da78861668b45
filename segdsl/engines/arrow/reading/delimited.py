"""CSV and its kin: any delimiter, quote, encoding and header line; read as texts, in blocks.

Every cell is read as text and typed by the contract afterwards: measured on 2 M rows x 15 columns this costs no more
than letting the reader type them, and a broken cell is then a value with a row number rather than the end of the file.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from segdsl.diagnostics import Diagnostic, Span
from segdsl.engines.arrow.reading.encodings import decoded_chunks, known_encoding, undecodable, wide_encoding
from segdsl.engines.arrow.reading.files import DataFile, open_bytes, reason, unfit, unreadable
from segdsl.engines.arrow.reading.raw import Misfit, RawBatch, RawTable, WantedColumn
from segdsl.model.source import ReadOptions

_DELIMITERS = (",", ";", "\t", "|")
_BLOCK_BYTES = 16 << 20
# The cell of a row put below the last: if it is read as such, no quote is open at the end of the file. No ASCII, as
# that could be the delimiter.
_END = "\u2402\u2403\u2404"

# Python's own limit of 128 KB a cell says nothing of the file: a quote left open makes cells of any length.
csv.field_size_limit((1 << 31) - 1)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the bytes of one file are to be taken apart. `skipped` lines stand above the header row."""

    file: DataFile
    span: Span
    encoding: str
    delimiter: str
    quote: str
    skipped: int
    headers: tuple[str, ...]


def open_delimited(file: DataFile, span: Span, read: ReadOptions) -> RawTable | Diagnostic:
    """Reads the header row; the rows come by the table's stream."""
    encoding = known_encoding(read.encoding or "utf-8")
    if encoding is None:
        mend = 'common ones are "utf-8", "utf-16", "cp1252", "latin-1" and "cp1251"'
        return unfit(file, span, f"is said to be in `{read.encoding}`", "an encoding of text", mend)
    for name, sign in (("delimiter", read.delimiter), ("quote", read.quote)):
        if sign and (len(sign) > 1 or not sign.isascii() or sign in "\r\n"):
            return unfit(file, span, f"is said to have the {name} `{sign}`", "one sign of ASCII", f"correct the {name}")
    try:
        with open_bytes(file.path) as stream:
            chunks = decoded_chunks(stream, encoding, "replace")
            start = next(chunks)
            is_whole = next(chunks, "") == ""
    except UnicodeError:
        return undecodable(file, span, encoding)
    except (OSError, pa.ArrowInvalid) as error:
        return unreadable(file, span, reason(error))
    layout = _layout(file, span, read, encoding, start, is_whole)
    if not isinstance(layout, Diagnostic):
        return RawTable(layout.headers, partial(_stream, layout))
    return layout


def _layout(
    file: DataFile, span: Span, read: ReadOptions, encoding: str, start: str, is_whole: bool
) -> _Layout | Diagnostic:
    """The layout as the start of the file's text shows it; `is_whole` says that this is all of it."""
    lines = io.StringIO(start, newline="")
    skipped = _skip_to_header(lines, read.header)
    rest = lines.read()
    is_wide = encoding.startswith(("utf-16", "utf-32"))
    if "\0" in rest.partition("\n")[0] and not is_wide and wide_encoding(file.path) is not None:
        return undecodable(file, span, encoding)
    rest = rest.replace("\0", "")
    if not rest.strip():
        return unfit(file, span, "has no header row", "column names in the first row", "check the file")
    first = rest.splitlines()[0]
    if read.header is None and names_delimiter(first):
        why = f"begins with the line `{first}`, by which workbooks are told the delimiter"
        mend = f"say the line of the header: `read {{ header: {skipped + 2} }}`"
        return unfit(file, span, why, "column names in the first row", mend)
    delimiter = read.delimiter or sniff_delimiter(first)
    quote = '"' if read.quote is None else read.quote
    try:
        headers, below = _header_cells(rest, delimiter, quote)
    except (csv.Error, ValueError) as error:
        why = f"has a header row that can't be read: {error}"
        return unfit(file, span, why, "column names", "check delimiter and quote")
    if not (below or is_whole):
        why = "has a header row of more than 1 MB"
        return unfit(file, span, why, "column names in the first row", "check the first row, delimiter and quote")
    if any("\ufffd" in header for header in headers):
        return undecodable(file, span, encoding)
    names = tuple(h.strip() for h in headers)
    return _Layout(file, span, encoding, delimiter, quote, skipped, names)


def _header_cells(text: str, delimiter: str, quote: str) -> tuple[list[str], str]:
    """The cells of the first row of a text, and the text below it.

    Raises csv.Error, and ValueError for a quote that is never closed.
    """
    lines = io.StringIO(text, newline="")
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    ended = chain(lines, (_END,))
    cells = next(csv.reader(ended, delimiter=delimiter, quotechar=quote or None, quoting=quoting))
    if cells[-1].endswith(_END):
        raise ValueError("a quote in it is never closed")
    return cells, lines.read()


def _skip_to_header(lines: io.StringIO, header: int | None) -> int:
    """Moves to the header row: the line with that number, or the first that isn't blank; gives the lines passed."""
    passed = 0
    while True:
        here = lines.tell()
        line = lines.readline()
        wanted = passed + 1 >= header if header is not None else line.strip() != ""
        if wanted or not line:
            lines.seek(here)
            return passed
        passed += 1


def names_delimiter(line: str) -> bool:
    """Whether a line is none of the table but tells the delimiter, as in `sep=;`."""
    return re.fullmatch(r"sep=.", line, re.IGNORECASE) is not None


def sniff_delimiter(header: str) -> str:
    """The sign among comma, semicolon, tab and bar that parts a header line most often outside of quotes."""
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _stream(layout: _Layout, wanted: tuple[WantedColumn, ...]) -> Iterator[RawBatch | Diagnostic]:
    """The rows in order. The fast reader stops at the first row with too few or too many cells; the rest is then read
    by one thread, which knows the numbers of such rows."""
    given = 0
    for batch in _read(layout, wanted, None):
        if batch is None:
            yield from _stream_numbered(layout, wanted, given)
            return
        if isinstance(batch, Diagnostic):
            yield batch
            return
        columns = tuple(batch.columns[: len(wanted)])
        yield RawBatch(columns, batch.num_rows, given + 1, batch.num_rows)
        given += batch.num_rows


def _unclosed_quote(layout: _Layout) -> Diagnostic:
    """A quoted cell that the file's end closes: all rows behind its opening quote are swallowed by it."""
    with _open(layout, checked=False) as stream, io.TextIOWrapper(stream, "utf-8", "replace", newline="") as text:
        for _ in range(layout.skipped):
            text.readline()
        rows = csv.reader(text, delimiter=layout.delimiter, quotechar=layout.quote)
        above = below = layout.skipped
        for _ in rows:
            above, below = below, layout.skipped + rows.line_num
    why = f"has a quote in line {above + 1} that is never closed, so all below it would be one cell"
    return unfit(layout.file, layout.span, why, "as many closing quotes as opening ones", "close it")


def _stream_numbered(layout: _Layout, wanted: tuple[WantedColumn, ...], given: int) -> Iterator[RawBatch | Diagnostic]:
    misfits: list[Misfit] = []
    seen = read = 0
    for batch in _read(layout, wanted, misfits):
        if batch is None or isinstance(batch, Diagnostic):
            yield batch or _broken(layout, "rows with too few or too many cells")
            return
        # The reader works ahead, so that misfits of later batches may be known already: rows are numbered around all.
        taken = np.array([m.row for m in misfits], np.int64)
        free = np.arange(read + 1, read + 1 + batch.num_rows + len(taken), dtype=np.int64)
        rows = free[~np.isin(free, taken)][: batch.num_rows]
        last = int(rows[-1]) if len(rows) else read
        seen += batch.num_rows
        if seen > given:
            late = max(0, batch.num_rows - (seen - given))
            columns = tuple(c.slice(late) for c in batch.columns[: len(wanted)])
            yield RawBatch(columns, batch.num_rows - late, int(rows[late]), last - max(read, given), rows[late:])
        read = last
    total = max([read, *(m.row for m in misfits)])
    nothing = tuple(pa.nulls(0, pa.string()) for _ in wanted)
    yield RawBatch(nothing, 0, total + 1, total - max(read, given), misfits=tuple(misfits))


def _read(
    layout: _Layout, wanted: tuple[WantedColumn, ...], misfits: list[Misfit] | None
) -> Iterator[pa.RecordBatch | Diagnostic | None]:
    """Batches of the file; None, at the end, for a row with too few or too many cells. With a list for such rows they
    are put there instead, numbered, and only one thread reads."""
    last: pa.RecordBatch | None = None
    try:
        with _open(layout, checked=misfits is not None) as stream:
            ended = pa.PythonFile(_Ended(stream, _end_row(layout, wanted)), mode="r")
            for batch in arrow_csv.open_csv(ended, *_options(layout, wanted, misfits)):
                if batch.num_rows:
                    if last is not None:
                        yield last
                    last = batch
        if last is None or last.column(0)[-1].as_py() != _END:
            yield _unclosed_quote(layout)
        elif last.num_rows > 1:
            yield last.slice(0, last.num_rows - 1)
    except UnicodeError:
        yield undecodable(layout.file, layout.span, layout.encoding)
    except pa.ArrowInvalid as error:
        yield None if "Expected" in str(error) and "columns" in str(error) else _broken(layout, str(error))
    except OSError as error:
        yield unreadable(layout.file, layout.span, reason(error))


class _Ended(io.RawIOBase):
    """A stream of bytes with a few more behind its end."""

    def __init__(self, stream: pa.NativeFile, end: bytes) -> None:
        self._stream = stream
        self._end = end

    def readable(self) -> bool:
        return True

    def read(self, size: int) -> bytes:  # type: ignore[override]
        """As many bytes as are asked for, fewer only at the end: Arrow refuses a block that ends within the header."""
        found: bytes = self._stream.read(size)
        while len(found) < size and (more := self._stream.read(size - len(found))):
            found += more
        missing = size - len(found)
        end, self._end = self._end[:missing], self._end[missing:]
        return found + end


def _end_row(layout: _Layout, wanted: tuple[WantedColumn, ...]) -> bytes:
    """A row with `_END` in the first column that is read."""
    cells = [""] * len(layout.headers)
    cells[wanted[0].position if wanted else 0] = _END
    return f"\n{layout.delimiter.join(cells)}\n".encode()


def _open(layout: _Layout, checked: bool) -> pa.NativeFile:
    """The file as UTF-8. Arrow can't tell a misfit whose text is no UTF-8: `checked` finds such text before it does."""
    stream = open_bytes(layout.file.path)
    if layout.encoding in ("utf-8", "utf-8-sig", "ascii") and not checked:
        return stream
    return pa.transcoding_input_stream(
        stream, "utf-8-sig" if checked and layout.encoding == "utf-8" else layout.encoding, "utf8"
    )


def _options(
    layout: _Layout, wanted: tuple[WantedColumn, ...], misfits: list[Misfit] | None
) -> tuple[arrow_csv.ReadOptions, arrow_csv.ParseOptions, arrow_csv.ConvertOptions]:
    # Columns go by their place, so that odd, empty or doubled headers can do no harm.
    names = [str(place) for place in range(len(layout.headers))]
    asked = [str(w.position) for w in wanted] or names[:1]
    read = arrow_csv.ReadOptions(
        block_size=_BLOCK_BYTES,
        column_names=names,
        skip_rows=layout.skipped,
        skip_rows_after_names=1,
        use_threads=misfits is None,
    )
    parse = arrow_csv.ParseOptions(
        delimiter=layout.delimiter,
        quote_char=layout.quote or False,
        newlines_in_values=bool(layout.quote),
        invalid_row_handler=None if misfits is None else _misfit_keeper(layout, misfits),
    )
    convert = arrow_csv.ConvertOptions(
        column_types={name: pa.string() for name in asked},
        include_columns=asked,
        null_values=[""],
        strings_can_be_null=True,
    )
    return read, parse, convert


def _misfit_keeper(layout: _Layout, misfits: list[Misfit]) -> Callable[[arrow_csv.InvalidRow], str]:
    above = layout.skipped + 1

    def keep(row: arrow_csv.InvalidRow) -> str:
        number = row.number - above if row.number is not None else 0
        is_short = row.actual_columns < row.expected_columns
        cells = "1 cell" if row.actual_columns == 1 else f"{row.actual_columns} cells"
        misfits.append(Misfit(number, row.text, f"{cells}, not {row.expected_columns}", is_short))
        return "skip"

    return keep


def _broken(layout: _Layout, error: str) -> Diagnostic:
    if "UTF8" in error.upper():
        return undecodable(layout.file, layout.span, layout.encoding)
    if "straddl" in error:
        why = f"has a row of more than {_BLOCK_BYTES >> 20} MB, or a quote that is never closed"
        return unfit(layout.file, layout.span, why, "rows of a reasonable length", "look for a lone quote in the file")
    return unfit(
        layout.file, layout.span, f"can't be read: {error.splitlines()[0]}", "delimited text", "check the file"
    )
