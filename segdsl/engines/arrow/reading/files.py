"""Data files: which format a name stands for, how their bytes are opened, and what can go wrong there."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Label, Span

# What pyarrow raises where bytes are not what their format asks for; names in them may be no UTF-8 either.
FORMAT_ERRORS = (pa.ArrowException, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A resolved path and the name by which messages call it."""

    path: Path
    shown: str


class Format(StrEnum):
    DELIMITED = "delimited text"
    PARQUET = "Parquet"
    IPC = "Arrow IPC"
    JSON_LINES = "JSON lines"
    WORKBOOK = "XLSX"


_BY_SUFFIX = {
    ".csv": Format.DELIMITED,
    ".tsv": Format.DELIMITED,
    ".tab": Format.DELIMITED,
    ".txt": Format.DELIMITED,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.IPC,
    ".arrows": Format.IPC,
    ".feather": Format.IPC,
    ".ipc": Format.IPC,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".xlsx": Format.WORKBOOK,
}
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_COMPRESSIBLE = {Format.DELIMITED, Format.JSON_LINES}


def format_of(path: Path) -> Format | None:
    """The format that the end of a file's name stands for; None if it stands for none that can be read."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] in _COMPRESSIONS:
        found = _BY_SUFFIX.get(suffixes[-2]) if len(suffixes) > 1 else None
        return found if found in _COMPRESSIBLE else None
    return _BY_SUFFIX.get(suffixes[-1]) if suffixes else None


def open_bytes(path: Path) -> pa.NativeFile:
    """The bytes of a file, decompressed if its name says that they are compressed. Raises OSError."""
    compression = _COMPRESSIONS.get(path.suffix.lower())
    raw = pa.OSFile(str(path), "rb")
    return raw if compression is None else pa.CompressedInputStream(raw, compression)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size and time of a file, to see whether it changed while it was read."""

    size: int
    modified: int


def stamp(file: DataFile, span: Span) -> Stamp | Diagnostic:
    """The file's stamp, or why it can't be read."""
    try:
        found = file.path.stat()
    except OSError as error:
        return unreadable(file, span, reason(error))
    if file.path.is_dir():
        return unreadable(file, span, "it is a folder")
    return Stamp(found.st_size, found.st_mtime_ns)


def reason(error: OSError | pa.ArrowException | UnicodeDecodeError) -> str:
    """The first line of what the system says, without paths and numbers of its own."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    text = str(error).strip().splitlines()
    return text[0].rstrip(".") if text else "no reason was given"


def unreadable(file: DataFile, span: Span, why: str) -> Diagnostic:
    return Diagnostic(
        "SEG503",
        f"`{file.shown}` can't be read: {why}",
        (Label(span),),
        expected="a file that this user may read",
        help="check the path, the rights of the file and that no other program is writing it",
    )


def unfit(file: DataFile, span: Span, why: str, expected: str, mend: str) -> Diagnostic:
    """A file that doesn't fit its format."""
    return Diagnostic("SEG611", f"`{file.shown}` {why}", (Label(span),), expected=expected, help=mend)


def changed(file: DataFile, span: Span) -> Diagnostic:
    return unreadable(file, span, "it changed while it was being read")
