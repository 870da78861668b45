"""Contract checks of readers of file formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pyarrow as pa

from segdsl.plugin.calls import ReadCall
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Reader
from segdsl.plugin.testing.examples import ReadExample
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt, shown
from segdsl.plugin.testing.options import call_options
from segdsl.record import replace

_UNKNOWN = "column_that_no_file_has"
_Rows: TypeAlias = dict[str, list[Any]]


def reader_faults(declared: Reader, examples: Sequence[ReadExample]) -> Iterator[Fault]:
    """Everything in which a reader breaks its contract, tried with the files of the examples."""
    if not examples:
        mend = 'add ReadExample(content=b"...", expected={"id": ["1", "2"]})'
        yield Fault("example", "a file of the format", "no example", mend)
    for example in examples:
        with TemporaryDirectory() as folder:
            path = Path(folder) / example.name
            path.write_bytes(example.content)
            yield from _example_faults(declared, example, path)


def _example_faults(declared: Reader, example: ReadExample, path: Path) -> Iterator[Fault]:
    options = call_options(signature_of(declared).options, example.options)
    call = ReadCall(path, tuple(example.expected), options)
    whole = _read(declared, call, "types")
    if isinstance(whole, Refusal):
        whole = Fault("types", "the rows of the example", f"it refuses: {whole.message}", "correct the example")
    if isinstance(whole, Fault):
        yield whole
        return
    for name, values in example.expected.items():
        if name not in whole:
            listed = ", ".join(f"`{one}`" for one in whole) or "no columns"
            yield Fault("columns", f"the column `{name}`", listed, "give every wanted column that the file has")
        elif whole[name] != list(values):
            mend = "correct the reader, or the example"
            yield Fault("example", f"`{name}` is {shown(list(values))}", shown(whole[name]), mend)
    first = call.columns[:1]
    trials: tuple[tuple[str, str, ReadCall, _Rows, str], ...] = (
        ("same values twice", "a file is read the same each time", call, whole, "keep nothing between calls"),
        (
            "columns",
            "only wanted columns, without those that a file lacks",
            replace(call, columns=(*first, _UNKNOWN)),
            {name: whole[name] for name in first if name in whole},
            "leave out what isn't in `call.columns`, and what the file lacks",
        ),
        (
            "slices",
            "the same rows in batches of at most `call.batch_rows`",
            replace(call, batch_rows=1),
            whole,
            "cut batches at `call.batch_rows`",
        ),
    )
    for rule, promised, trial, wanted, mend in trials:
        found = _read(declared, trial, rule)
        if isinstance(found, Fault):
            yield found
        elif found != wanted:
            yield Fault(rule, promised, shown(found), mend)
    yield from _broken_files(declared, call, example)


def _broken_files(declared: Reader, call: ReadCall, example: ReadExample) -> Iterator[Fault]:
    """An empty file, half a file and one of another format: rows, or a refusal that tells the user."""
    half = example.content[: len(example.content) // 2]
    for rule, content in (("empty input", b""), ("broken file", half), ("broken file", b"\xff\x00\x81")):
        call.path.write_bytes(content)
        found = _read(declared, call, rule)
        if isinstance(found, Fault):
            yield replace(found, mend='raise `Refused("...")` with what is wrong in the file')


def _read(declared: Reader, call: ReadCall, rule: str) -> _Rows | Refusal | Fault:
    batches = attempt(lambda: list(declared.read(call)))
    if isinstance(batches, Failure):
        return batches.fault(rule, "record batches, or a refusal")
    if isinstance(batches, Refusal):
        return batches
    rows: _Rows = {}
    for batch in batches:
        if not isinstance(batch, pa.RecordBatch):
            return Fault(rule, "record batches", type(batch).__name__, "yield `pyarrow.RecordBatch` objects")
        if batch.num_rows > call.batch_rows:
            promised = f"at most {call.batch_rows:,} rows a batch"
            return Fault(rule, promised, f"{batch.num_rows:,} rows", "cut batches at `call.batch_rows`")
        for name in batch.schema.names:
            rows.setdefault(name, []).extend(batch.column(name).to_pylist())
    return rows
