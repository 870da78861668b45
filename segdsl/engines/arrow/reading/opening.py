"""Opens a data file in the format that its name stands for."""

from segdsl.diagnostics import Diagnostic, Span
from segdsl.engines.arrow.reading.columnar import open_ipc, open_parquet
from segdsl.engines.arrow.reading.delimited import open_delimited
from segdsl.engines.arrow.reading.files import DataFile, Format, Stamp, format_of, stamp, unfit
from segdsl.engines.arrow.reading.json_lines import open_json_lines
from segdsl.engines.arrow.reading.plugin_format import open_with_plugin
from segdsl.engines.arrow.reading.raw import RawTable
from segdsl.engines.arrow.reading.workbook import open_workbook
from segdsl.model.source import ReadOptions

_READABLE = ".csv, .tsv, .txt, .parquet, .arrow, .feather, .jsonl, .ndjson or .xlsx"


def open_table(
    file: DataFile, span: Span, read: ReadOptions, headers: frozenset[str]
) -> tuple[RawTable, Stamp] | Diagnostic:
    """The opened file and its stamp, or why it can't be read. `headers` are those that the contract looks for."""
    seen = stamp(file, span)
    if isinstance(seen, Diagnostic):
        return seen
    if read.plugin is not None:
        made = open_with_plugin(file, span, read.plugin, headers)
        return made if isinstance(made, Diagnostic) else (made, seen)
    kind = format_of(file.path)
    if kind is None:
        mend = "give the file the end that tells its format; text and JSON lines may be packed as .gz or .zst"
        return unfit(file, span, "has a name that doesn't tell its format", f"a name ending in {_READABLE}", mend)
    if seen.size == 0:
        return unfit(file, span, "is empty", f"a file with {kind.value} in it", "export the data again")
    match kind:
        case Format.DELIMITED:
            opened = open_delimited(file, span, read)
        case Format.PARQUET:
            opened = open_parquet(file, span)
        case Format.IPC:
            opened = open_ipc(file, span)
        case Format.JSON_LINES:
            opened = open_json_lines(file, span, read, headers)
        case Format.WORKBOOK:
            opened = open_workbook(file, span, read)
    return opened if isinstance(opened, Diagnostic) else (opened, seen)
