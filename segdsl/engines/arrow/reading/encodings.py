"""Bytes of data files as text: the encodings there are, and which one a file is in where the named one fails."""

import codecs
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Span
from segdsl.engines.arrow.reading.files import DataFile, open_bytes, unfit

_CHUNK = 1 << 20

# Encodings of domain names, and one that stands for none: no file of data is written in them.
_NOT_OF_FILES = {"idna", "punycode", "undefined"}

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Which bytes of every four are often zero in text without a mark: delimiters, digits and line ends are small numbers.
_ZEROS = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (False, False, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (True, True, False, False): "utf-32-be",
}
_OFTEN = 0.1


def known_encoding(name: str) -> str | None:
    """The codec's own name of an encoding of text files; None if there is no such encoding."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs such as base64 or rot13 turn bytes into bytes or text into text: they are no encodings of text.
    is_text = getattr(found, "_is_text_encoding", True) and found.name not in _NOT_OF_FILES
    return found.name if is_text else None


def decoded_chunks(stream: pa.NativeFile, encoding: str, errors: str = "strict") -> Iterator[str]:
    """The text of a stream piece by piece.

    Raises UnicodeError (with `replace` only where a mark of the byte order is missing), OSError, pa.ArrowInvalid.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)(errors)
    while chunk := stream.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def fitting_encoding(path: Path) -> str:
    """The encoding that the bytes of a file show: by its start, else the first that can read all of it.

    Raises OSError, pa.ArrowInvalid where not even the start can be read.
    """
    wide = wide_encoding(path)
    return wide or next((name for name in ("utf-8", "cp1252") if _can_read(path, name)), "latin-1")


def wide_encoding(path: Path) -> str | None:
    """The encoding of two or four bytes a sign that a file's mark, or its zeros, show; None if neither does.

    Raises OSError, pa.ArrowInvalid.
    """
    with open_bytes(path) as stream:
        start = stream.read(4096)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    zeros = tuple(start[place::4].count(0) * 4 > _OFTEN * len(start) for place in range(4))
    return marked or _ZEROS.get(zeros)


def _can_read(path: Path, encoding: str) -> bool:
    """Whether all that can be unpacked of a file is text in this encoding."""
    try:
        with open_bytes(path) as stream:
            for _ in decoded_chunks(stream, encoding):
                pass
    except UnicodeError:
        return False
    except (OSError, pa.ArrowInvalid):
        return True
    return True


def undecodable(file: DataFile, span: Span, encoding: str) -> Diagnostic:
    """Finds the first byte that isn't text in this encoding and names its line."""
    why = f"is not text in {encoding}: {_first_flaw(file.path, encoding)}"
    return unfit(file, span, why, f"text in {encoding}", _mend(fitting_encoding(file.path), encoding))


def _first_flaw(path: Path, encoding: str) -> str:
    line = 1
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_bytes(path) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                line += error.object[: error.start].decode(encoding, "replace").count("\n")
                byte = error.object[error.start : error.start + 1]
                return f"byte 0x{byte.hex().upper()} on line {line} can't be read"
            except UnicodeError:
                return "it doesn't begin with a mark of the byte order"
            if not chunk:
                return "its header can't be read"


def _mend(fitting: str, encoding: str) -> str:
    if codecs.lookup(fitting).name == encoding:
        return "the file is broken there or cut off: export it again"
    if fitting == "cp1252":
        return 'say the encoding, often `read { encoding: "cp1252" }` for files from Windows programs'
    return f'say the encoding: `read {{ encoding: "{fitting}" }}`'
