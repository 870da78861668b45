"""Contract checks of exporters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from segdsl.plugin.arrays import array_type
from segdsl.plugin.calls import ExportCall
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Exporter
from segdsl.plugin.testing.examples import ExportExample
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt, shown
from segdsl.plugin.testing.odd_values import TYPES, odd_rows
from segdsl.plugin.testing.options import call_options
from segdsl.types import Type

_PROMISED = "one file at `call.path`"


def exporter_faults(declared: Exporter, examples: Sequence[ExportExample]) -> Iterator[Fault]:
    """Everything in which an exporter breaks its contract, tried with the examples and with a list of every type."""
    options = call_options(signature_of(declared).options)
    for example in examples:
        types = dict(example.types)
        table = pa.table({n: pa.array(v, array_type(types[n])) for n, v in example.columns.items()})
        with TemporaryDirectory() as folder:
            call = ExportCall(table, types, Path(folder) / "list", example.title, {**options, **example.options})
            found = _written(declared, call, "types")
        if isinstance(found, Fault):
            yield found
        elif example.expected is not None and found != example.expected:
            yield Fault("example", shown(example.expected), shown(found), "correct the exporter, or the example")
    like = examples[0].options if examples else {}
    yield from _odd_lists(declared, {**options, **like})


def _odd_lists(declared: Exporter, options: Mapping[str, object]) -> Iterator[Fault]:
    types = {str(kind): type_.or_missing() for kind, type_ in TYPES.items()}
    arrays = dict(zip(types, odd_rows(tuple(types.values())), strict=True))
    table = pa.table(arrays)
    trials = (
        ("odd values", table),
        ("empty input", table.slice(0, 0)),
        ("one row", table.slice(0, 1)),
        ("missing values", table.slice(table.num_rows - 1)),
    )
    for rule, part in trials:
        first = _written_anew(declared, part, types, options, rule)
        if isinstance(first, Fault):
            yield first
            continue
        again = _written_anew(declared, part, types, options, "same values twice")
        if again != first:
            mend = "write no times, random numbers or paths"
            promised = "the same list gives the same file"
            yield again if isinstance(again, Fault) else Fault("same values twice", promised, "another file", mend)


def _written_anew(
    declared: Exporter, table: pa.Table, types: Mapping[str, Type], options: Mapping[str, object], rule: str
) -> bytes | Fault:
    with TemporaryDirectory() as folder:
        call = ExportCall(table, types, Path(folder) / "list", "Call first", options)  # type: ignore[arg-type]
        return _written(declared, call, rule)


def _written(declared: Exporter, call: ExportCall, rule: str) -> bytes | Fault:
    ended = attempt(lambda: declared.write(call))
    if isinstance(ended, Failure):
        fault = ended.fault(rule, f"{_PROMISED}, whatever is in the list")
        return Fault(rule, fault.promised, fault.came, "write texts and missing values as the format has them")
    if isinstance(ended, Refusal):
        return Fault(rule, _PROMISED, f"it refuses: {ended.message}", "refuse only options")
    found = sorted(path.name for path in call.path.parent.iterdir())
    if found != [call.path.name]:
        listed = ", ".join(f"`{name}`" for name in found) or "no file"
        return Fault(rule, _PROMISED, listed, "write to `call.path`, and leave nothing else there")
    return call.path.read_bytes()
