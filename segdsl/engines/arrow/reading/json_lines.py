"""JSON lines: one object a line. Read in blocks by Arrow where a block fits the contract's types, else line by line."""

import json
from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.json as arrow_json

from segdsl.diagnostics import Diagnostic, Span
from segdsl.engines.arrow.reading.encodings import decoded_chunks, known_encoding, undecodable
from segdsl.engines.arrow.reading.files import DataFile, open_bytes, reason, unfit, unreadable
from segdsl.engines.arrow.reading.raw import Misfit, RawBatch, RawTable, WantedColumn
from segdsl.model.source import ColumnContract, ReadOptions
from segdsl.types import Kind

_BATCH_LINES = 1 << 16
_BLOCK_BYTES = 4 << 20

_PLAIN = {
    Kind.INT: pa.int64(),
    Kind.COUNT: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.RATIO: pa.float64(),
    # Digits beyond these are left to the exact reading of texts.
    Kind.MONEY: pa.decimal128(38, 9),
    Kind.BOOL: pa.bool_(),
}

Lines = list[str]


def open_json_lines(file: DataFile, span: Span, read: ReadOptions, headers: frozenset[str]) -> RawTable | Diagnostic:
    """The fields of the file's objects as headers: the file is looked through until all those wanted are found."""
    encoding = known_encoding(read.encoding or "utf-8")
    if encoding is None:
        mend = 'JSON lines are nearly always "utf-8"'
        return unfit(file, span, f"is said to be in `{read.encoding}`", "an encoding of text", mend)
    found: dict[str, None] = {}
    for lines in _blocks(file, span, encoding):
        if isinstance(lines, Diagnostic):
            return lines
        for line in lines:
            value = _parse(line)
            if isinstance(value, dict):
                found.update(dict.fromkeys(value))
            if headers <= found.keys():
                break
        if headers <= found.keys():
            break
    return RawTable(tuple(found), partial(_stream, file, span, encoding, tuple(found)))


def _blocks(file: DataFile, span: Span, encoding: str) -> Iterator[Lines | Diagnostic]:
    """The lines of the file that aren't blank, many at a time."""
    try:
        with open_bytes(file.path) as stream:
            yield from _gathered(decoded_chunks(stream, encoding))
    except UnicodeError:
        yield undecodable(file, span, encoding)
    except (OSError, pa.ArrowInvalid) as error:
        yield unreadable(file, span, reason(error))


def _gathered(chunks: Iterator[str]) -> Iterator[Lines]:
    held: Lines = []
    rest = ""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split("\n")
        held.extend(line for line in whole if not line.isspace() and line)
        if len(held) >= _BATCH_LINES:
            yield held
            held = []
    if rest.strip():
        held.append(rest)
    if held:
        yield held


def _parse(line: str) -> object:
    """The value of a line, numbers as their own text; an error's words where it is no JSON."""
    try:
        value = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        check_characters(line, value)
    except UnicodeEncodeError as error:
        return f"half a character, `{ascii(error.object[error.start])[1:-1]}`"
    except (ValueError, RecursionError) as error:
        return str(error) if isinstance(error, ValueError) else "too deep"
    return value


def check_characters(line: str, value: object) -> None:
    """Raises UnicodeEncodeError where a line's value holds half a character.

    Escapes may write one half of a surrogate pair, as where a program cut a text inside an emoji.
    """
    if "\\ud" in line.lower():
        json.dumps(value, ensure_ascii=False).encode()


def _stream(
    file: DataFile, span: Span, encoding: str, headers: tuple[str, ...], wanted: tuple[WantedColumn, ...]
) -> Iterator[RawBatch | Diagnostic]:
    names = tuple(headers[w.position] for w in wanted)
    given = 0
    for lines in _blocks(file, span, encoding):
        if isinstance(lines, Diagnostic):
            yield lines
            return
        columns = _fast_columns(lines, names, wanted)
        if columns is not None:
            yield RawBatch(columns, len(lines), given + 1, len(lines))
        else:
            yield _batch(lines, names, wanted, given)
        given += len(lines)


def _fast_columns(
    lines: Lines, names: tuple[str, ...], wanted: tuple[WantedColumn, ...]
) -> tuple[pa.Array, ...] | None:
    """The columns by Arrow's parser; None if a line holds anything but the plain types of the contract."""
    types = [_plain_type(w.contract) for w in wanted]
    if None in types or not names:
        return None
    schema = pa.schema(list(zip(names, types, strict=True)))
    parse = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    try:
        data = pa.py_buffer("\n".join(lines).encode())
        table = arrow_json.read_json(pa.BufferReader(data), arrow_json.ReadOptions(block_size=_BLOCK_BYTES), parse)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeEncodeError):
        return None
    if table.num_rows != len(lines):
        return None
    return tuple(_one_array(table.column(name)) for name in names)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _plain_type(contract: ColumnContract) -> pa.DataType | None:
    """The Arrow type of a column's JSON values if they are as plain as can be; None where only their text will do."""
    if contract.empty or contract.replace:
        return pa.string() if contract.type.is_textual else None
    if contract.type.kind is Kind.LIST:
        element = contract.type.element
        return pa.list_(pa.string()) if element is not None and element.is_textual else None
    return _PLAIN.get(contract.type.kind, pa.string())


def _batch(lines: Lines, names: tuple[str, ...], wanted: tuple[WantedColumn, ...], given: int) -> RawBatch:
    objects, rows, misfits = [], [], []
    for row, line in enumerate(lines, given + 1):
        value = _parse(line)
        if isinstance(value, dict):
            objects.append(value)
            rows.append(row)
        else:
            why = value if isinstance(value, str) and not line.strip().startswith('"') else "not an object"
            misfits.append(Misfit(row, line.strip(), why))
    columns = tuple(
        _column([o.get(name) for o in objects], w.contract.type.kind is Kind.LIST)
        for name, w in zip(names, wanted, strict=True)
    )
    return RawBatch(columns, len(objects), given + 1, len(lines), np.array(rows, np.int64), tuple(misfits))


def _column(values: list[object], is_list: bool) -> pa.Array:
    """Cells as texts, lists as lists of texts; a value that stands alone where a list is wanted is a list of one."""
    if not is_list:
        return pa.array([_text(v) for v in values], pa.string())
    lists = [None if v is None else [_text(i) for i in v] if isinstance(v, list) else [_text(v)] for v in values]
    return pa.array(lists, pa.list_(pa.string()))


def _text(value: object) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case _:
            return json.dumps(value, ensure_ascii=False)
