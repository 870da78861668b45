"""Parquet and Arrow IPC: only the wanted columns are read, row group by row group or batch by batch."""

from collections.abc import Iterator
from functools import partial

import pyarrow as pa
import pyarrow.ipc as arrow_ipc
import pyarrow.parquet as arrow_parquet

from segdsl.diagnostics import Diagnostic, Span
from segdsl.engines.arrow.reading.files import FORMAT_ERRORS, DataFile, reason, unfit, unreadable
from segdsl.engines.arrow.reading.layouts import plain_layout
from segdsl.engines.arrow.reading.raw import RawBatch, RawTable, WantedColumn
from segdsl.types import Kind

# Smaller batches lose to the interpreter lock further down.
BATCH_ROWS = 1 << 18
# Reading ahead would hold the whole file in memory; through a buffer it is as fast.
_BUFFER_BYTES = 1 << 18
_CODED = {Kind.CATEGORY, Kind.BOOL}


def open_parquet(file: DataFile, span: Span) -> RawTable | Diagnostic:
    try:
        with arrow_parquet.ParquetFile(file.path) as opened:
            headers = tuple(opened.schema_arrow.names)
            texts = {f.name for f in opened.schema_arrow if pa.types.is_string(f.type)}
    except FORMAT_ERRORS as error:
        return _not_in_format(file, span, "Parquet", error)
    except OSError as error:
        return _io_failure(file, span, "Parquet", error)
    return RawTable(headers, partial(_stream_parquet, file, span, headers, frozenset(texts)))


def _stream_parquet(
    file: DataFile, span: Span, headers: tuple[str, ...], texts: frozenset[str], wanted: tuple[WantedColumn, ...]
) -> Iterator[RawBatch | Diagnostic]:
    names = [headers[w.position] for w in wanted]
    coded = [headers[w.position] for w in wanted if w.contract.type.kind in _CODED]
    given = 0
    try:
        with arrow_parquet.ParquetFile(
            file.path, read_dictionary=[c for c in coded if c in texts], pre_buffer=False, buffer_size=_BUFFER_BYTES
        ) as opened:
            for batch in opened.iter_batches(BATCH_ROWS, columns=names):
                yield _raw(batch, names, given)
                given += batch.num_rows
    except FORMAT_ERRORS as error:
        yield _not_in_format(file, span, "Parquet", error)
    except OSError as error:
        yield _io_failure(file, span, "Parquet", error)


def open_ipc(file: DataFile, span: Span) -> RawTable | Diagnostic:
    """An IPC file or an IPC stream, told apart by the file's first bytes."""
    try:
        with pa.OSFile(str(file.path), "rb") as opened:
            is_file = opened.read(6) == b"ARROW1"
            opened.seek(0)
            schema = (arrow_ipc.open_file(opened) if is_file else arrow_ipc.open_stream(opened)).schema
            headers = tuple(schema.names)
    except FORMAT_ERRORS as error:
        return _not_in_format(file, span, "Arrow IPC", error)
    except OSError as error:
        return _io_failure(file, span, "Arrow IPC", error)
    return RawTable(headers, partial(_stream_ipc, file, span, is_file))


def _stream_ipc(
    file: DataFile, span: Span, is_file: bool, wanted: tuple[WantedColumn, ...]
) -> Iterator[RawBatch | Diagnostic]:
    positions = sorted({w.position for w in wanted})
    options = arrow_ipc.IpcReadOptions(included_fields=positions)
    given = 0
    try:
        with pa.OSFile(str(file.path), "rb") as opened:
            for batch in _ipc_batches(opened, is_file, options):
                batch.validate(full=True)
                columns = tuple(plain_layout(batch.column(positions.index(w.position))) for w in wanted)
                yield RawBatch(columns, batch.num_rows, given + 1, batch.num_rows)
                given += batch.num_rows
    except FORMAT_ERRORS as error:
        yield _not_in_format(file, span, "Arrow IPC", error)
    except OSError as error:
        yield _io_failure(file, span, "Arrow IPC", error)


def _ipc_batches(opened: pa.NativeFile, is_file: bool, options: arrow_ipc.IpcReadOptions) -> Iterator[pa.RecordBatch]:
    if not is_file:
        yield from arrow_ipc.open_stream(opened, options=options)
        return
    reader = arrow_ipc.open_file(opened, options=options)
    for number in range(reader.num_record_batches):
        yield reader.get_batch(number)


def _raw(batch: pa.RecordBatch, names: list[str], given: int) -> RawBatch:
    places = {name: place for place, name in enumerate(batch.schema.names)}
    columns = tuple(batch.column(places[name]) for name in names)
    for column in columns:
        _require_sound(column)
    return RawBatch(tuple(map(plain_layout, columns)), batch.num_rows, given + 1, batch.num_rows)


def _require_sound(column: pa.Array) -> None:
    """Arrow trusts a Parquet file that its texts are UTF-8 and its codes lie within their dictionary; raises
    pa.ArrowInvalid where that isn't so."""
    held = column.type
    if pa.types.is_dictionary(held) or pa.types.is_string(held) or pa.types.is_large_string(held):
        column.validate(full=True)


def _not_in_format(file: DataFile, span: Span, name: str, error: pa.ArrowException | UnicodeDecodeError) -> Diagnostic:
    return unfit(
        file, span, f"is not a whole {name} file: {reason(error)}", f"a {name} file", "write or copy the file again"
    )


def _io_failure(file: DataFile, span: Span, name: str, error: OSError) -> Diagnostic:
    # Arrow reports broken pages and buffers as OSError without a number; the system's own errors have one.
    if error.errno is None:
        return _not_in_format(file, span, name, pa.ArrowInvalid(str(error)))
    return unreadable(file, span, reason(error))
