"""Contract checks of functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from segdsl.plugin.arrays import BrokenPromise, array_type, promised_array
from segdsl.plugin.declarations import Function
from segdsl.plugin.testing.examples import FunctionExample
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt, shown
from segdsl.plugin.testing.odd_values import TYPES, odd_rows
from segdsl.types import Type

_STATED = "an array of the promised type, a value for every row"


def function_faults(declared: Function, examples: Sequence[FunctionExample]) -> Iterator[Fault]:
    """Everything in which a function breaks its contract, tried with the examples and with odd values."""
    arguments = declared.arguments
    turns = max((len(one.kinds) for one in arguments), default=1)
    tried = False
    for turn in range(turns):
        types = tuple(TYPES[sorted(one.kinds)[turn % len(one.kinds)]] for one in arguments)
        result = _result(declared, types)
        if result is not None:
            tried = True
            yield from _faults_of_call(declared, odd_rows(types, missing=False), result)
    if not tried and not examples:
        mend = "add FunctionExample(arguments=..., expected=..., types=...)"
        yield Fault("example", "arguments that the function takes", "none of their kinds gives a result", mend)
    for example in examples:
        yield from _example_faults(declared, example)


def _result(declared: Function, types: Sequence[Type]) -> Type | None:
    found = declared.result if isinstance(declared.result, Type) else declared.result(types, {})
    return found if isinstance(found, Type) else None


def _example_faults(declared: Function, example: FunctionExample) -> Iterator[Fault]:
    types = example.types or tuple(TYPES[min(one.kinds)] for one in declared.arguments[: len(example.arguments)])
    result = _result(declared, types)
    if result is None:
        yield Fault("example", "an example that the function takes", "types it refuses", "correct `types`")
        return
    arrays = [pa.array(v, array_type(t)) for v, t in zip(example.arguments, types, strict=True)]
    found = _computed(declared, arrays, result, "types")
    if isinstance(found, Fault):
        yield found
        return
    for row, (came, wanted) in enumerate(zip(found.to_pylist(), example.expected, strict=True)):
        if came != wanted:
            yield Fault("example", f"{shown(wanted)} in row {row}", shown(came), "correct the function, or the example")
            return


def _faults_of_call(declared: Function, arrays: Sequence[pa.Array], result: Type) -> Iterator[Fault]:
    whole = _computed(declared, arrays, result, "types")
    if isinstance(whole, Fault):
        yield whole
        return
    length = len(whole)
    everywhere = list(range(length))
    mend = "let the arguments of a row alone decide its value"
    trials: tuple[tuple[str, str, list[int]], ...] = (
        ("same values twice", "the same arguments give the same value", everywhere),
        ("row order", "the order of rows doesn't matter", [*everywhere[1::2], *everywhere[0::2]][::-1]),
        ("slices", "a value depends on the arguments of its row alone", everywhere[: length // 2]),
        ("empty input", "no values for no rows", []),
        ("one row", "one value for one row", everywhere[:1]),
    )
    for rule, promised, rows in trials:
        places = pa.array(rows, pa.int64())
        found = _computed(declared, [array.take(places) for array in arrays], result, rule)
        if isinstance(found, Fault):
            yield found
        elif not found.equals(whole.take(places)):
            row = next(r for r, place in enumerate(rows) if found[r] != whole[place])
            came = f"{shown(whole[rows[row]].as_py())}, then {shown(found[row].as_py())}"
            yield Fault(rule, promised, f"{came}, for {_row(arrays, rows[row])}", mend)


def _row(arrays: Sequence[pa.Array], row: int) -> str:
    return f"`{', '.join(shown(array[row].as_py()) for array in arrays)}`"


def _computed(declared: Function, arrays: Sequence[pa.Array], result: Type, rule: str) -> pa.Array | Fault:
    length = len(arrays[0]) if arrays else 1
    made = attempt(lambda: declared.compute(*arrays))
    if isinstance(made, Failure):
        return made.fault(rule, f"{_STATED}, for any arguments")
    if isinstance(made, Refusal):
        return Fault(
            rule, f"{_STATED}, for any arguments", f"it refuses: {made.message}", "give missing values instead"
        )
    try:
        return promised_array(declared.name, made, result, length)
    except BrokenPromise as broken:
        return Fault(rule, f"{_STATED} ({result})", str(broken).replace("the column", "the result of"), broken.mend)
