"""Lines of pairs in, lines of JSON out."""

import json
from collections.abc import Iterator
from itertools import islice

import pyarrow as pa

from segdsl.plugin import ExportCall, ReadCall, Refused


def read(call: ReadCall) -> Iterator[pa.RecordBatch]:
    there = {name for row in _rows(call) for name in row}
    names = [name for name in call.columns if name in there]
    rows = _rows(call)
    while batch := list(islice(rows, call.batch_rows)):
        columns = [pa.array([row.get(name) for row in batch], pa.string()) for name in names]
        yield pa.RecordBatch.from_arrays(columns, names)


def _rows(call: ReadCall) -> Iterator[dict[str, str]]:
    try:
        with call.path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                fields = [field.partition("=") for field in line.rstrip("\n").split(str(call.options["separator"]))]
                if not all(sign for _, sign, _ in fields):
                    raise Refused(f"line {number} has a field without `=`", expected="fields such as country=DE")
                yield {name: value for name, _, value in fields}
    except UnicodeDecodeError as failure:
        raise Refused(f"{call.path.name} is not UTF-8") from failure


def write(call: ExportCall) -> None:
    with call.path.open("w", encoding="utf-8", newline="\n") as file:
        for row in call.table.to_pylist():
            file.write(json.dumps(row, ensure_ascii=bool(call.options["ascii"]), default=str) + "\n")
