"""Contract checks of enrichers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segdsl.model.catalog import Output, PluginSignature, Scope
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Enricher
from segdsl.plugin.enriching import Call
from segdsl.plugin.testing.enricher_calls import (
    Columns,
    call_enricher,
    example_calls,
    invented_call,
    promised_types,
    taken,
)
from segdsl.plugin.testing.examples import EnrichExample
from segdsl.plugin.testing.faults import Fault, Refusal, shown

_TOLERANCE = 1e-9


def enricher_faults(declared: Enricher, examples: Sequence[EnrichExample]) -> Iterator[Fault]:
    """Everything in which an enricher breaks its contract, tried with the examples and with odd values."""
    signature = signature_of(declared)
    calls: list[Call] = []
    for example in examples:
        try:
            made = example_calls(signature, example)
        except ValueError as wrong:
            yield Fault("example", "an example of what the plugin declares", str(wrong), "correct the example")
            continue
        calls.extend(made)
        for call in made:
            yield from _expected(declared, call, example)
            yield from _faults_of_call(declared, call)
    lacking: list[str] = []
    for output in declared.outputs:
        yield from _output_faults(declared, signature, output, calls, lacking)
    if lacking:
        mend = f'add EnrichExample(asks={{"{lacking[0]}": ...}}, columns=..., options=...)'
        came = f"there is none for {', '.join(f'`{name}`' for name in lacking)}"
        yield Fault("example", "an example of each output whose inputs can't be invented", came, mend)


def _output_faults(
    declared: Enricher, signature: PluginSignature, output: Output, calls: Sequence[Call], lacking: list[str]
) -> Iterator[Fault]:
    """The faults of one output with odd values; it is noted as lacking an example where there is no other way."""
    like = next((c for c in calls if any(signature.output(a.output) is output for a in c.asked)), None)
    turns = max((len(one.kinds) for one in output.inputs), default=1)
    invented = [call for turn in range(turns) if (call := invented_call(signature, output, like, turn)) is not None]
    if like is None and (output.scope is Scope.TABLE or not invented):
        lacking.append(output.name)
    if output.scope is Scope.TABLE:
        return
    for call in invented:
        outcome = call_enricher(declared, call, "odd values")
        if isinstance(outcome, Refusal):
            if outcome.option and like is None:
                lacking.append(output.name)
            elif not outcome.option:
                came = f"it refuses: {outcome.message}"
                mend = "give missing values for odd data; refuse only options and files"
                yield Fault("odd values", f"`{output.name}` for whatever is in the columns", came, mend)
            return
        yield from _faults_of_call(declared, call)
        yield from _missing_faults(declared, output, call)


def _expected(declared: Enricher, call: Call, example: EnrichExample) -> Iterator[Fault]:
    found = call_enricher(declared, call, "types")
    if not isinstance(found, Columns):
        return
    for name, values in example.expected.items():
        if name not in found.arrays:
            continue
        came = found.arrays[name].to_pylist()
        row = _first_difference(came, list(values))
        if row is not None:
            one, other = (shown(v[row]) if row < len(v) else "nothing" for v in (values, came))
            yield Fault("example", f"`{name}` is {one} in row {row}", other, "correct the plugin, or the example")


def _faults_of_call(declared: Enricher, call: Call) -> Iterator[Fault]:
    """Types, then whatever may be done to the rows of a call: it must not matter."""
    whole = call_enricher(declared, call, "types")
    if isinstance(whole, Refusal):
        yield Fault("types", "columns for the example", f"it refuses: {whole.message}", "correct the example")
        return
    if isinstance(whole, Fault):
        yield whole
        return
    everywhere = list(range(call.length))
    if declared.deterministic:
        promise = "the same call gives the same columns (`deterministic=True`)"
        mend = "let nothing but the call decide, or declare `deterministic=False`"
        yield from _same(declared, call, whole, everywhere, False, ("same values twice", promise, mend))
        promise = "the order of rows doesn't matter"
        mend = "let each value depend on values, not on where a row stands"
        turned = [*everywhere[1::2], *everywhere[0::2]][::-1]
        yield from _same(declared, call, whole, turned, True, ("row order", promise, mend))
    if call.table == "" and declared.deterministic:
        promise = "a row of an output of scope ROW depends on that row alone"
        mend = "compute it from the row's inputs, or declare `scope=Scope.TABLE`"
        half = len(everywhere) // 2
        for part in (everywhere[:half], everywhere[half:]):
            yield from _same(declared, call, whole, part, False, ("slices", promise, mend))
    for rule, rows in (("empty input", []), ("one row", everywhere[:1])):
        outcome = call_enricher(declared, taken(call, rows), rule)
        if isinstance(outcome, Fault):
            yield outcome


def _same(
    declared: Enricher,
    call: Call,
    whole: Columns,
    rows: Sequence[int],
    turned: bool,
    rule: tuple[str, str, str],
) -> Iterator[Fault]:
    name, promised, mend = rule
    found = call_enricher(declared, taken(call, rows, turned), name)
    if isinstance(found, Fault):
        yield found
    if not isinstance(found, Columns):
        return
    before, after = whole.rows(rows), found.rows(range(len(rows)))
    for column in before:
        place = _first_difference(before[column], after[column])
        if place is not None:
            came = f"`{column}` is {shown(before[column][place])}, then {shown(after[column][place])}"
            yield Fault(name, promised, f"{came}, for {_inputs_of(call, rows[place])}", mend)


def _inputs_of(call: Call, row: int) -> str:
    inputs = call.asked[0].inputs
    values = [shown(one[row].as_py()) for one in inputs if len(one) == call.length]
    return f"the row {', '.join(values)}" if values else f"row {row}"


def _first_difference(one: Sequence[Any], other: Sequence[Any]) -> int | None:
    if len(one) != len(other):
        return min(len(one), len(other))
    return next((row for row, pair in enumerate(zip(one, other, strict=True)) if not _equal(*pair)), None)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return bool(one == other)


def _missing_faults(declared: Enricher, output: Output, call: Call) -> Iterator[Fault]:
    """Where everything is missing, so is what is made of it, unless the output's text speaks of missing values."""
    found = call_enricher(declared, taken(call, [call.length - 1]), "missing values")
    if not isinstance(found, Columns):
        return
    types: Mapping[str, Any] = promised_types(declared, call)
    name = call.asked[0].name
    value = found.arrays[name][0].as_py()
    if output.inputs and value is not None and types[name].optional and "missing" not in output.doc.lower():
        promised = f"`{output.name}` is missing where all it is made from is missing"
        mend = "give None there, or say in the output's text what missing values become"
        yield Fault("missing values", promised, shown(value), mend)
