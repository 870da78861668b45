"""Reads the package's own tables: tab-separated lines, in which lines that start with `#` say what the table is."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_lines(name: str) -> tuple[str, ...]:
    """The lines of `data/NAME`, without its comments."""
    text = (DATA / name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def read_table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `data/NAME`, without its comments."""
    return tuple(tuple(line.split("\t")) for line in read_lines(name))
