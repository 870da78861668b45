"""The plugin's own tables (`data/*.csv`), each read once: rows as the file lists them."""

from collections.abc import Mapping
from csv import DictReader
from functools import cache
from importlib.resources import files


@cache
def read_table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `data/NAME.csv` by its header; lines that begin with `#` say where the data comes from."""
    text = (files("segdsl_vendor") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(DictReader(lines))
