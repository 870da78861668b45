"""Lists of constants in files: `set rivals from "lists/rivals.csv"`."""

import csv
from io import StringIO
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.project.texts import read_text

MAX_VALUES = 1_000_000


def read_list(path: Path, name: str, at: Span | None = None) -> tuple[str, ...] | Diagnostic:
    """The values of the first column of a CSV file, each once, in the order of the file.

    The first line is the header, as in every CSV file of a project. Space around a value and empty values
    are dropped. At most 1,000,000 values in 16 MB.
    """
    text = read_text(path, name, at)
    if isinstance(text, Diagnostic):
        return text
    values: dict[str, None] = {}
    labels = () if at is None else (Label(at),)
    rows = csv.reader(StringIO(text.text, newline=""), strict=True)
    try:
        header = next(rows, ())
        for row in rows:
            value = row[0].strip() if row else ""
            if value:
                values[value] = None
            if len(values) > MAX_VALUES:
                return Diagnostic("SEG107", f"`{name}` holds more than {MAX_VALUES:,} values", labels)
    except csv.Error as failure:
        return Diagnostic("SEG503", f"line {rows.line_num} of `{name}` isn't CSV: {failure}", labels)
    if not values:
        found = f"`{name}` holds only the header `{header[0]}`" if header else f"`{name}` is empty"
        return Diagnostic("SEG503", found, labels, expected="a header line, then one value a line")
    return tuple(values)
