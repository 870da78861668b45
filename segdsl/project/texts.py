"""Reading text files of a project: UTF-8, bounded, and every failure a diagnostic."""

import os
from pathlib import Path
from typing import BinaryIO

from segdsl.diagnostics import Diagnostic, Label, SourceText, Span

MAX_TEXT = 16 * 1024 * 1024

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


_SPLIT = "split it and use `import`"


def read_text(
    path: Path, name: str, at: Span | None = None, limit: int = MAX_TEXT, mend: str = _SPLIT
) -> SourceText | Diagnostic:
    """The text of a file of at most `limit` bytes, without a byte order mark. Line ends are kept as they are.

    `name` is what the user calls the file; `at` is the place in a spec that asks for it; `mend` says what to do about
    a file that is larger.
    """
    try:
        with path.open("rb") as file:
            return read_stream(file, name, at, limit, mend)
    except OSError as failure:
        return unreadable(name, failure, at)


def read_stream(
    stream: BinaryIO, name: str, at: Span | None = None, limit: int = MAX_TEXT, mend: str = _SPLIT
) -> SourceText | Diagnostic:
    """The text of what is open for reading, as `read_text` gives it; an endless stream is read to the limit."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        size = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB"
        return Diagnostic("SEG107", f"`{name}` is larger than {size}", _labels(at), help=mend)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        return _undecodable(name, data, failure, at)
    return SourceText(name, text)


def unreadable(name: str, failure: OSError, at: Span | None = None) -> Diagnostic:
    """Why a file can't be opened, in plain words."""
    match failure:
        case FileNotFoundError() | NotADirectoryError():
            return Diagnostic("SEG501", f"`{name}` doesn't exist", _labels(at))
        case IsADirectoryError():
            return Diagnostic("SEG503", f"`{name}` is a folder, not a file", _labels(at), help="name a file in it")
        case PermissionError():
            mend = "ask its owner for the right to read it"
            return Diagnostic("SEG503", f"`{name}` may not be read by this user", _labels(at), help=mend)
        case _:
            reason = (failure.strerror or "unknown reason").lower()
            return Diagnostic("SEG503", f"`{name}` can't be read: {reason}", _labels(at))


def name_beside(name: str, folder: Path, target: Path) -> str:
    """What to call `target` when a file in `folder` is called `name`: a path that starts as `name` does."""
    return os.path.normpath(os.path.join(os.path.dirname(name), os.path.relpath(target, folder)))


def _undecodable(name: str, data: bytes, failure: UnicodeDecodeError, at: Span | None) -> Diagnostic:
    if data.startswith(_UTF16_MARKS):
        found, looks_like = f"`{name}` is UTF-16 text", "UTF-16"
    else:
        line = data.count(b"\n", 0, failure.start) + 1
        found = f"line {line} of `{name}` holds the byte 0x{data[failure.start]:02x}, which isn't UTF-8 there"
        looks_like = "its present encoding (often Windows-1252)"
    mend = f"open the file as {looks_like} and save it as UTF-8"
    return Diagnostic("SEG101", found, _labels(at), expected="UTF-8 text", help=mend)


def _labels(at: Span | None) -> tuple[Label, ...]:
    return () if at is None else (Label(at),)
