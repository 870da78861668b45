"""Contract checks of segmenters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from segdsl.plugin.arrays import array_type
from segdsl.plugin.calls import FitCall, Fitted
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Segmenter
from segdsl.plugin.testing.examples import FitExample
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt, shown
from segdsl.plugin.testing.options import call_options
from segdsl.plugin.testing.specs import faults_of_spec
from segdsl.record import replace


def segmenter_faults(declared: Segmenter, examples: Sequence[FitExample]) -> Iterator[Fault]:
    """Everything in which a segmenter breaks its contract, tried with the examples."""
    if not examples:
        mend = 'add FitExample(fields={"seats": [...]}, types={"seats": COUNT}, options=...)'
        yield Fault("example", "rows in which segments are to be found", "no example", mend)
    for example in examples:
        yield from _example_faults(declared, example)


def _example_faults(declared: Segmenter, example: FitExample) -> Iterator[Fault]:
    call = _call(declared, example)
    whole = _fitted(declared, call, "types")
    if not isinstance(whole, Fitted):
        refused = isinstance(whole, Refusal)
        mend = "correct the example"
        yield Fault("types", "segments of the example", whole.message, mend) if isinstance(whole, Refusal) else whole
        assert refused or isinstance(whole, Fault)
        return
    yield from _language_faults(whole, example)
    if example.expected is not None and whole.body.split() != example.expected.split():
        mend = "correct the segmenter, or the example"
        yield Fault("example", shown(example.expected), shown(whole.body), mend)
    rows = list(range(call.length))
    if declared.deterministic:
        mend = "draw random numbers from `call.seed` only, and sort what has no order"
        yield from _same(declared, call, whole, ("same values twice", "the same rows give the same segments", mend))
        mend = "let ties be settled by values, not by where a row stands"
        turned = _taken(call, rows[::-1])
        yield from _same(declared, turned, whole, ("row order", "the order of rows doesn't matter", mend))
    gaps = replace(call, fields={n: pa.nulls(call.length, array.type) for n, array in call.fields.items()})
    trials = (("empty input", _taken(call, [])), ("one row", _taken(call, rows[:1])), ("missing values", gaps))
    for rule, trial in trials:
        found = _fitted(declared, trial, rule)
        if isinstance(found, Fault):
            yield found
        elif isinstance(found, Fitted):
            yield from _language_faults(found, example)


def _call(declared: Segmenter, example: FitExample) -> FitCall:
    fields = {n: pa.array(v, array_type(example.types[n])) for n, v in example.fields.items()}
    length = len(next(iter(fields.values()), ()))
    options = call_options(signature_of(declared).options, example.options)
    key = (pa.array(range(length), pa.int64()),)
    return FitCall(fields, example.types, length, key, options)


def _taken(call: FitCall, rows: Sequence[int]) -> FitCall:
    places = pa.array(rows, pa.int64())
    fields = {name: array.take(places) for name, array in call.fields.items()}
    return replace(call, fields=fields, length=len(rows), key=tuple(array.take(places) for array in call.key))


def _fitted(declared: Segmenter, call: FitCall, rule: str) -> Fitted | Refusal | Fault:
    made: object = attempt(lambda: declared.fit(call))
    match made:
        case Failure():
            fault = made.fault(rule, "segments, or a refusal that says why there are none")
            return replace(fault, mend="raise `Refused` where no segments can be found")
        case Fitted() | Refusal():
            return made
        case _:
            return Fault(rule, "an object `Fitted`", type(made).__name__, "return `Fitted(body=...)`")


def _same(declared: Segmenter, call: FitCall, whole: Fitted, rule: tuple[str, str, str]) -> Iterator[Fault]:
    name, promised, mend = rule
    found = _fitted(declared, call, name)
    if isinstance(found, Fault):
        yield found
    elif isinstance(found, Fitted) and found.body != whole.body:
        yield Fault(name, promised, f"{shown(whole.body)}, then {shown(found.body)}", mend)


def _language_faults(fitted: Fitted, example: FitExample) -> Iterator[Fault]:
    columns = "".join(f"  `{name}` : {type_.or_missing()}\n" for name, type_ in example.types.items())
    source = f'source rows from "rows.csv" {{\n  row_key_of_rows : int key\n{columns}}}\n'
    how = "nearest " if fitted.nearest else ""
    text = f"{source}segmentation found for rows {how}{{\n{fitted.body}\n}}\n"
    promised = "what stands between the braces of a `segmentation`"
    yield from faults_of_spec("language", text, promised, "write rules (or with `nearest` prototypes) on the fields")
