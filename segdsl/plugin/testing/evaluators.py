"""Contract checks of evaluators."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from segdsl.model.catalog import Options
from segdsl.plugin.calls import MeasureCall, Measured
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Evaluator
from segdsl.plugin.testing.examples import MeasureExample
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt, shown
from segdsl.plugin.testing.options import call_options

_NAMES = ("large", "small", "other")
_TOLERANCE = 1e-9


def evaluator_faults(declared: Evaluator, examples: Sequence[MeasureExample]) -> Iterator[Fault]:
    """Everything in which an evaluator breaks its contract, tried with the examples and with made-up segmentations."""
    options = call_options(signature_of(declared).options)
    for rule, segments, score in _made_up():
        yield from _faults_of_call(declared, _call(segments, score, options), rule)
    for example in examples:
        call = _call(example.segments, example.score, {**options, **example.options})
        found = _measured(declared, call, "types")
        if isinstance(found, Fault):
            yield found
        elif not _near(_figure(declared, found), example.expected):
            came = shown(_figure(declared, found))
            yield Fault("example", shown(example.expected), came, "correct the evaluator, or the example")


def _made_up() -> Iterator[tuple[str, list[str | None], list[float | None]]]:
    names: list[str | None] = ["large", "small", "large", None, "small", "small", "large", "small"] * 5
    scores: list[float | None] = [float((7 * row) % 41) - 10 if row % 6 else None for row in range(len(names))]
    yield "types", names, scores
    yield "empty input", [], []
    yield "one row", ["large"], [3.0]
    yield "missing values", [None] * 4, [1.0, 2.0, 3.0, 4.0]
    yield "missing values", ["large", "small", "large", "small"], [None] * 4
    yield "one value", ["large"] * 6, [2.0] * 6


def _call(segments: Sequence[str | None], score: Sequence[float | None], options: Options) -> MeasureCall:
    names = _NAMES if set(segments) <= {*_NAMES, None} else tuple(dict.fromkeys(s for s in segments if s is not None))
    places = [None if one is None else names.index(one) for one in segments]
    return MeasureCall(pa.array(places, pa.int32()), names, pa.array(score, pa.float64()), options)


def _faults_of_call(declared: Evaluator, call: MeasureCall, rule: str) -> Iterator[Fault]:
    found = _measured(declared, call, rule)
    if isinstance(found, Fault):
        yield found
        return
    order = pa.array(range(len(call.segments)), pa.int64())[::-1]
    turned = MeasureCall(call.segments.take(order), call.names, call.score.take(order), call.options, call.seed)
    trials = (
        ("same values twice", "the same rows give the same figure", call, "draw random numbers from `call.seed` only"),
        ("row order", "the order of rows doesn't matter", turned, "settle ties by values, or share them evenly"),
    )
    for name, promised, trial, mend in trials:
        again = _measured(declared, trial, name)
        if isinstance(again, Fault):
            yield again
        elif not _near(_figure(declared, again), _figure(declared, found)):
            came = f"{shown(_figure(declared, found))}, then {shown(_figure(declared, again))}"
            yield Fault(name, promised, came, mend)


def _measured(declared: Evaluator, call: MeasureCall, rule: str) -> Measured | Fault:
    made: object = attempt(lambda: declared.measure(call))
    if isinstance(made, Failure):
        return made.fault(rule, "a figure, or None where it can't be told")
    if isinstance(made, Refusal):
        return Fault(rule, "a figure, or None", f"it refuses: {made.message}", "give None where it can't be told")
    if not isinstance(made, Measured):
        return Fault(rule, "an object `Measured`", type(made).__name__, "return `Measured(value=...)`")
    if declared.each_segment:
        if made.value is not None or set(made.by_segment) != set(call.names):
            came = ", ".join(f"`{name}`" for name in made.by_segment) or "no segments"
            listed = ", ".join(f"`{name}`" for name in call.names)
            return Fault(
                rule, f"a figure for each of {listed}", came, "fill `by_segment`, with None where there is none"
            )
    elif made.by_segment:
        return Fault(rule, "one figure", "figures by segment", "fill `value`, or declare `each_segment=True`")
    figures = [made.value, *made.by_segment.values()]
    odd = next((one for one in figures if one is not None and not _is_figure(one)), None)
    if odd is not None:
        return Fault(rule, "a finite number, or None where it can't be told", shown(odd), "give None there")
    return made


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
