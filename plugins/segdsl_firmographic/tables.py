"""Reads the package's own tables: tab-separated lines, in which lines that start with `#` say what the table is."""

from importlib.resources import files


def read_table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `data/NAME`, without its comments."""
    text = (files("segdsl_firmographic") / "data" / name).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))
