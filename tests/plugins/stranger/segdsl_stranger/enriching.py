"""Quarters, counts of linked rows, and initials."""

from datetime import date
from typing import Any

import pyarrow as pa

from segdsl.plugin import Call, Made, Note


def make(call: Call) -> Made:
    columns: dict[str, Any] = {}
    notes = []
    starts = call.options["starts"]
    for asked in call.asked:
        if asked.output == "quarter":
            days = asked.inputs[0].to_pylist()
            columns[asked.name] = [None if day is None else _quarter(day, starts) for day in days]
            late = pa.array([day is not None and day.year > 2100 for day in days], pa.bool_())
            notes.append(Note("days after the year 2100", late, asked.name, "correct the dates"))
        else:
            counts = _counted(call, asked.columns[0].table)
            columns[asked.name] = counts
            columns[f"{asked.name}_share"] = [one / (sum(counts) or 1) for one in counts]
    return Made(columns, tuple(notes))


def _quarter(day: date, starts: int) -> str:
    return f"Q{(day.month - starts) % 12 // 3 + 1}"


def _counted(call: Call, table: str) -> list[int]:
    counts = [0] * call.length
    pointers = call.tables[table].rows
    for row in () if pointers is None else pointers.to_pylist():
        if row is not None:
            counts[row] += 1
    return counts


def initials(texts: pa.Array) -> pa.Array:
    found = ("".join(word[0] for word in text.split()).upper() for text in texts.to_pylist())
    return pa.array([one or None for one in found], pa.string())
