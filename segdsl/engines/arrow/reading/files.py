"""Data files: which format a name stands for, how their bytes are opened, and what can go wrong there."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Label, Span

CHUNK = 1 << 20


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


def known_encoding(name: str) -> str | None:
    """The codec's own name of a text encoding; None if there is no such encoding."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return None
    # Codecs such as base64 or rot13 turn bytes into bytes or text into text: they are no encodings of text.
    return found.name if getattr(found, "_is_text_encoding", True) else None


def decoded_chunks(stream: pa.NativeFile, encoding: str, errors: str = "strict") -> Iterator[str]:
    """The text of a stream piece by piece. Raises UnicodeDecodeError (if `strict`), OSError, pa.ArrowInvalid."""
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)(errors)
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def undecodable(file: DataFile, span: Span, encoding: str) -> Diagnostic:
    """Finds the first byte that isn't text in this encoding and names its line."""
    line, byte = 1, b""
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_bytes(file.path) as stream:
        start = stream.read(4)
    with open_bytes(file.path) as stream:
        while True:
            chunk = stream.read(CHUNK)
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(encoding, "replace").count("\n")
                byte = error.object[error.start : error.start + 1]
                break
            if not chunk:
                break
    found = f"byte 0x{byte.hex().upper()} on line {line}" if byte else "its text"
    return unfit(
        file, span, f"is not text in {encoding}: {found} can't be read", f"text in {encoding}", _encoding_mend(start)
    )


def _encoding_mend(start: bytes) -> str:
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return 'say the encoding: `read { encoding: "utf-16" }`'
    return 'say the encoding, often `read { encoding: "cp1252" }` for files from Windows programs'
