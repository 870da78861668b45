"""Contract checks of evaluators."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa

from segdsl.plugin.arrays import array_type
from segdsl.plugin.calls import ElsewhereRows, MeasureCall, Measured, Relearned
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Evaluator
from segdsl.plugin.testing.examples import MeasureExample, Values
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt, shown
from segdsl.plugin.testing.options import call_options
from segdsl.record import replace
from segdsl.types import Type

_NAMES = ("large", "small", "other")
_TOLERANCE = 1e-9
# Steps of the golden ratio fill the range from 0 to 1 evenly, and no two of them are equal.
_GOLDEN = 0.6180339887498949


def evaluator_faults(declared: Evaluator, examples: Sequence[MeasureExample]) -> Iterator[Fault]:
    """Everything in which an evaluator breaks its contract, tried with the examples and with made-up segmentations.

    One that needs options is tried with the examples alone.
    """
    if not signature_of(declared).options.get("required"):
        for rule, segments, score in _made_up():
            yield from _faults_of_call(declared, measure_call(declared, MeasureExample(segments, score, None)), rule)
    elif not examples:
        yield Fault("example", "rows that are to be measured", "no example", "add MeasureExample(segments=..., ...)")
    for example in examples:
        call = measure_call(declared, example)
        found = _measured(declared, call, "types")
        if isinstance(found, Fault):
            yield found
            continue
        yield from _example_faults(declared, found, example)
        yield from _faults_of_call(declared, call, "types")


def _example_faults(declared: Evaluator, found: Measured, example: MeasureExample) -> Iterator[Fault]:
    mend = "correct the evaluator, or the example"
    if not _near(_figure(declared, found), example.expected):
        yield Fault("example", shown(example.expected), shown(_figure(declared, found)), mend)
    for name, expected in example.figures.items():
        if not _near(found.figures.get(name), expected):
            yield Fault("example", f"{name} {shown(expected)}", shown(found.figures.get(name)), mend)


def _made_up() -> Iterator[tuple[str, list[str | None], list[float | None]]]:
    names: list[str | None] = ["large", "small", "large", None, "small", "small", "large", "small"] * 5
    scores: list[float | None] = [float((7 * row) % 41) - 10 if row % 6 else None for row in range(len(names))]
    yield "types", names, scores
    yield "empty input", [], []
    yield "one row", ["large"], [3.0]
    yield "missing values", [None] * 4, [1.0, 2.0, 3.0, 4.0]
    yield "missing values", ["large", "small", "large", "small"], [None] * 4
    yield "one value", ["large"] * 6, [2.0] * 6


def measure_call(declared: Evaluator, example: MeasureExample) -> MeasureCall:
    """The call that an example stands for; nothing in it is learned, and the key numbers the rows."""
    named = {one for rows in (example.segments, *example.elsewhere.values()) for one in rows if one is not None}
    names = _NAMES if named <= set(_NAMES) else tuple(sorted(named))
    rows = len(example.segments)
    whole = MeasureCall(
        segments=_places([None] * rows if declared.of_score else example.segments, names),
        names=() if declared.of_score else names,
        score=pa.array(example.score, pa.float64()),
        options=call_options(signature_of(declared).options, example.options),
        fields=_arrays(example.fields, example.types),
        told_by=_arrays(example.told_by, example.types),
        proxies=_arrays(example.proxies, example.types),
        terms={name: pa.array(values, pa.float64()) for name, values in example.terms.items()},
        types=example.types,
        rows_of={
            table: ElsewhereRows(
                _places(segments, names), _arrays(example.fields_elsewhere.get(table, {}), example.types)
            )
            for table, segments in example.elsewhere.items()
        },
        key=(pa.array(range(rows), pa.int64()),),
        draw=pa.array([(row + 1) * _GOLDEN % 1 for row in range(rows)], pa.float64()),
    )
    return replace(whole, relearn=_nothing_learned(whole))


def _places(segments: Sequence[str | None], names: Sequence[str]) -> pa.Int32Array:
    return pa.array([None if one is None else names.index(one) for one in segments], pa.int32())


def _arrays(values: Mapping[str, Values], types: Mapping[str, Type]) -> Mapping[str, pa.Array]:
    return {name: pa.array(one, array_type(types[name])) for name, one in values.items()}


def _nothing_learned(call: MeasureCall) -> Callable[[pa.BooleanArray], Relearned]:
    return lambda rows: Relearned(call.segments, call.names)


def _faults_of_call(declared: Evaluator, call: MeasureCall, rule: str) -> Iterator[Fault]:
    found = _measured(declared, call, rule)
    if isinstance(found, Fault):
        yield found
        return
    turned = _turned(call)
    trials = (
        ("same values twice", "the same rows give the same figure", call, "draw random numbers from `call.seed` only"),
        ("row order", "the order of rows doesn't matter", turned, "settle ties by values or `draw`, or share them"),
    )
    for name, promised, trial, mend in trials:
        again = _measured(declared, trial, name)
        if isinstance(again, Fault):
            yield again
        elif not _near(_figure(declared, again), _figure(declared, found)):
            came = f"{shown(_figure(declared, found))}, then {shown(_figure(declared, again))}"
            yield Fault(name, promised, came, mend)


def _turned(call: MeasureCall) -> MeasureCall:
    """The same rows, the last one first."""
    order = pa.array(range(len(call.segments)), pa.int64())[::-1]

    def turn(arrays: Mapping[str, pa.Array]) -> Mapping[str, pa.Array]:
        return {name: one.take(order) for name, one in arrays.items()}

    turned = replace(
        call,
        segments=call.segments.take(order),
        score=call.score.take(order),
        fields=turn(call.fields),
        told_by=turn(call.told_by),
        proxies=turn(call.proxies),
        terms=turn(call.terms),
        key=tuple(one.take(order) for one in call.key),
        draw=None if call.draw is None else call.draw.take(order),
    )
    return replace(turned, relearn=_nothing_learned(turned))


def _measured(declared: Evaluator, call: MeasureCall, rule: str) -> Measured | Fault:
    made: object = attempt(lambda: declared.measure(call))
    if isinstance(made, Failure):
        return made.fault(rule, "a figure, or None where it can't be told")
    if isinstance(made, Refusal):
        return Fault(rule, "a figure, or None", f"it refuses: {made.message}", "give None where it can't be told")
    if not isinstance(made, Measured):
        return Fault(rule, "an object `Measured`", type(made).__name__, "return `Measured(value=...)`")
    wrong = next(_form_faults(declared, call, made, rule), None)
    return made if wrong is None else wrong


def _form_faults(declared: Evaluator, call: MeasureCall, made: Measured, rule: str) -> Iterator[Fault]:
    if declared.each_segment and (made.value is not None or set(made.by_segment) != set(call.names)):
        came = ", ".join(f"`{name}`" for name in made.by_segment) or "no segments"
        listed = ", ".join(f"`{name}`" for name in call.names)
        yield Fault(rule, f"a figure for each of {listed}", came, "fill `by_segment`, with None where there is none")
    elif made.by_segment and not declared.each_segment:
        yield Fault(rule, "one figure", "figures by segment", "fill `value`, or declare `each_segment=True`")
    if set(made.figures) != set(declared.figures):
        came = ", ".join(f"`{name}`" for name in made.figures) or "none"
        listed = ", ".join(f"`{name}`" for name in declared.figures) or "none"
        yield Fault(rule, f"the declared figures: {listed}", came, "fill `figures`, with None where there is none")
    figures = [made.value, *made.by_segment.values(), *made.figures.values()]
    odd = next((one for one in figures if one is not None and not _is_figure(one)), None)
    if odd is not None:
        yield Fault(rule, "a finite number, or None where it can't be told", shown(odd), "give None there")


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _figure(declared: Evaluator, made: Measured) -> object:
    return dict(made.by_segment) if declared.each_segment else made.value


def _near(one: object, other: object) -> bool:
    match one, other:
        case (float() | int(), float() | int()):
            return math.isclose(float(one), float(other), rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
        case (dict(), Mapping()):
            return set(one) == set(other) and all(_near(one[name], other[name]) for name in one)
        case _:
            return one == other
