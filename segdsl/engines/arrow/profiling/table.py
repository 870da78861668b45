"""What a data file holds: how it is written, its columns, and which of them depend on one another."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import pyarrow as pa

from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.profiling.candidates import NOWHERE
from segdsl.engines.arrow.profiling.column import ColumnProfile, plain_values
from segdsl.engines.arrow.reading.delimited import names_delimiter, sniff_delimiter
from segdsl.engines.arrow.reading.encodings import decoded_chunks, fitting_encoding
from segdsl.engines.arrow.reading.files import DataFile, Format, format_of, open_bytes
from segdsl.engines.arrow.reading.json_lines import check_characters
from segdsl.engines.arrow.reading.opening import open_table
from segdsl.engines.arrow.reading.raw import WantedColumn
from segdsl.engines.arrow.reading.texts import trim
from segdsl.model.source import ColumnContract, ReadOptions
from segdsl.types import TEXT

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 50
_JSON_LINES = 1 << 16


@dataclass(frozen=True, slots=True)
class TableProfile:
    """The columns of one or several files of one shape.

    `read` is how the reader has to be told to read them. `misfits` counts rows that don't fit the format. `headless`
    says that the first row looks like data.
    """

    files: tuple[DataFile, ...]
    read: ReadOptions
    headers: tuple[str, ...]
    columns: tuple[ColumnProfile, ...]
    rows: int
    misfits: int
    headless: bool


def profile_table(files: tuple[DataFile, ...]) -> TableProfile | Diagnostic:
    """Looks at every row of some files that hold one table."""
    read = ReadOptions()
    if format_of(files[0].path) is Format.DELIMITED:
        read = _layout(files[0])
    profiles: dict[str, ColumnProfile] = {}
    headers: tuple[str, ...] = ()
    rows = misfits = 0
    for file in files:
        streamed = _batches(file, read)
        if isinstance(streamed, Diagnostic):
            return streamed
        headers, batches = streamed
        for batch in batches:
            if isinstance(batch, Diagnostic):
                return batch
            for header, values in zip(batch.headers, batch.columns, strict=True):
                profiles.setdefault(header, ColumnProfile(header)).look(values)
            rows += batch.rows
            misfits += batch.misfits
    columns = tuple(profiles.setdefault(header, ColumnProfile(header)) for header in dict.fromkeys(headers))
    texts = [column for column in columns if column.kind is None]
    if any(column.needs_comma for column in texts) and not any(column.needs_point for column in texts):
        columns = tuple(column.with_comma() if column.kind is None else column for column in columns)
        read = replace(read, decimal=",")
    return TableProfile(files, read, headers, columns, rows, misfits, _is_headless(columns))


@dataclass(frozen=True, slots=True)
class _Rows:
    headers: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    rows: int
    misfits: int


def _batches(file: DataFile, read: ReadOptions) -> tuple[tuple[str, ...], Iterator[_Rows | Diagnostic]] | Diagnostic:
    opened = open_table(file, NOWHERE, read, frozenset(("\0",)))
    if isinstance(opened, Diagnostic):
        return replace(opened, labels=())
    table, _ = opened
    if format_of(file.path) is Format.JSON_LINES:
        return table.headers, _json_rows(file, table.headers)
    contracts = [ColumnContract(h, h, TEXT, NOWHERE) for h in table.headers]
    wanted = tuple(WantedColumn(place, contract) for place, contract in enumerate(contracts))

    def rows() -> Iterator[_Rows | Diagnostic]:
        for batch in table.stream(wanted):
            if isinstance(batch, Diagnostic):
                yield replace(batch, labels=())
                return
            yield _Rows(table.headers, batch.columns, batch.length, len(batch.misfits))

    return table.headers, rows()


def _json_rows(file: DataFile, headers: tuple[str, ...]) -> Iterator[_Rows | Diagnostic]:
    lines: list[dict[str, object]] = []
    for line in _lines(file):
        try:
            value = json.loads(line)
            check_characters(line, value)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            lines.append(value)
        if len(lines) >= _JSON_LINES:
            yield _json_batch(lines, headers)
            lines = []
    yield _json_batch(lines, headers)


def _json_batch(lines: list[dict[str, object]], headers: tuple[str, ...]) -> _Rows:
    columns = tuple(_json_column([line.get(header) for line in lines]) for header in headers)
    return _Rows(headers, columns, len(lines), 0)


def _json_column(values: list[object]) -> pa.Array:
    """Values of one kind as they are, a mix of kinds as texts; records can't be read."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(value is None or -(2**63) <= value < 2**63 for value in values):  # type: ignore[operator]
        return pa.array(values, pa.int64())
    if kinds <= {int, float}:
        # Whole numbers of more than 308 digits are beyond floats: texts then.
        with suppress(OverflowError):
            return pa.array([None if value is None else float(value) for value in values])  # type: ignore[arg-type]
    if kinds == {list} and all(isinstance(item, str) for value in values for item in value or ()):  # type: ignore[attr-defined]
        return pa.array(values, pa.list_(pa.string()))
    if kinds & {dict, list}:
        return pa.array([None if value is None else {"": ""} for value in values])
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _lines(file: DataFile) -> Iterator[str]:
    rest = ""
    with open_bytes(file.path) as stream:
        for chunk in decoded_chunks(stream, "utf-8", "replace"):
            *whole, rest = (rest + chunk).split("\n")
            yield from (line for line in whole if line.strip())
    if rest.strip():
        yield rest


# ---- how a delimited file is written


def _layout(file: DataFile) -> ReadOptions:
    """Encoding, delimiter and header row, named only where the reader would not find them itself."""
    encoding = _encoding(file)
    try:
        with open_bytes(file.path) as stream:
            start = next(decoded_chunks(stream, encoding or "utf-8", "replace"), "")
    except (OSError, pa.ArrowInvalid):
        # The reader will say what is wrong with the file.
        return ReadOptions()
    delimiter, header = _shape(start)
    return ReadOptions(delimiter=delimiter, encoding=encoding, header=header)


def _encoding(file: DataFile) -> str | None:
    """None for UTF-8, and for a file that can't be opened."""
    try:
        found = fitting_encoding(file.path)
    except (OSError, pa.ArrowInvalid):
        return None
    return None if found == "utf-8" else found


def _shape(start: str) -> tuple[str | None, int | None]:
    """The delimiter with which most rows have the same number of cells, and the header's line where others stand above.

    None where the reader finds them: a comma, and the first line that isn't blank.
    """
    best = max(_DELIMITERS, key=lambda sign: _regularity(start, sign))
    lines = [(number, line) for number, line in enumerate(start.splitlines(), 1) if line.strip()]
    first = lines[0][1] if lines else ""
    if len(lines) > 1 and names_delimiter(first):
        number, header_line = lines[1]
        return (None if sniff_delimiter(header_line) == first[-1] else first[-1]), number
    rows = _sample(start, best)
    widths = [len(cells) for _, cells in rows]
    usual = max(set(widths), key=lambda w: (widths.count(w), w), default=1)
    header = None
    if rows and len(rows[0][1]) < usual and usual > 1:
        header = next(number for number, cells in rows if len(cells) == usual)
    found = best if usual > 1 else sniff_delimiter(first)
    return (None if found == "," and (header is not None or sniff_delimiter(first) == ",") else found), header


def _regularity(start: str, sign: str) -> tuple[float, int]:
    widths = [len(cells) for _, cells in _sample(start, sign)]
    if not widths:
        return 0.0, 0
    usual = max(set(widths), key=widths.count)
    return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual


def _sample(start: str, sign: str) -> list[tuple[int, list[str]]]:
    """The first rows with the numbers of their lines."""
    reader = csv.reader(io.StringIO(start.replace("\0", ""), newline=""), delimiter=sign)
    found: list[tuple[int, list[str]]] = []
    line = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line + 1, cells))
            line = reader.line_num
            if len(found) >= _LOOKED_AT:
                break
    except csv.Error:
        # What was read before is enough to guess from; the whole file is judged when the first spec is loaded.
        pass
    # The last row of the sample may be cut off.
    return found[:-1] if len(found) > 2 else found


def _is_headless(columns: tuple[ColumnProfile, ...]) -> bool:
    """Whether the header row looks like data: a header that is a number, or like the mails and domains below it."""
    if not columns:
        return False
    return any(_is_number(c.header) for c in columns) or all(_looks_like_below(c) for c in columns)


def _is_number(text: str) -> bool:
    parts = text.split()
    return bool(parts) and all(part.replace(".", "", 1).replace("-", "", 1).isdigit() for part in parts)


def _looks_like_below(column: ColumnProfile) -> bool:
    known = list(column.distinct or ())[:_LOOKED_AT]
    return "." in column.header and bool(known) and all("." in text and " " not in text for text in known)


def column_texts(profile: TableProfile, header: str) -> Iterator[pa.StringArray | Diagnostic]:
    """One column of a table once more, as texts without white space around them."""
    for file in profile.files:
        streamed = _batches(file, profile.read)
        if isinstance(streamed, Diagnostic):
            yield streamed
            return
        for batch in streamed[1]:
            if isinstance(batch, Diagnostic):
                yield batch
                return
            values = plain_values(batch.columns[batch.headers.index(header)])
            yield trim(values if pa.types.is_string(values.type) else values.cast(pa.string()))


def headers_of(file: DataFile) -> tuple[str, ...]:
    """The names of a file's columns; none where it can't be read."""
    read = _layout(file) if format_of(file.path) is Format.DELIMITED else ReadOptions()
    opened = open_table(file, NOWHERE, read, frozenset(("\0",)))
    return () if isinstance(opened, Diagnostic) else opened[0].headers
