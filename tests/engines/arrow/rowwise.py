"""Evaluates an expression on given rows, laid out in memory in every way that must not matter."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.batch import Batch, Tally
from segdsl.engines.arrow.physical import arrow_type, from_physical, to_physical
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import Column, Expr
from segdsl.types import Type, Value

Rows = Mapping[Column, Sequence[Value]]


def array_of(values: Sequence[Value], type_: Type) -> pa.Array:
    """Values as a physical array; text and category plain."""
    arrow = pa.string() if type_.is_textual else arrow_type(type_)
    return pa.array([to_physical(value, type_) for value in values], arrow)


def values_of(expr: Expr, rows: Rows) -> list[Value]:
    """What `expr` gives for each row; the same for every layout, or the test fails."""
    return tallied(expr, rows)[0]


def tallied(expr: Expr, rows: Rows) -> tuple[list[Value], dict[str, int]]:
    """As `values_of`, with the rows that lapsed by reason."""
    length = len(next(iter(rows.values()))) if rows else 1
    plain = {column: array_of(values, column.type) for column, values in rows.items()}
    answers = []
    for batches in _layouts(plain, length):
        tally = Tally()
        found: list[Value] = []
        for size, bound in batches:
            result = evaluate(expr, Batch(size, dict(bound), tally))
            found += _read(result, expr.type, size)
        counts = {lapse.value: count for (lapse, _), count in tally.counts.items()}
        answers.append((found, counts))
    for answer in answers[1:]:
        assert answer == answers[0]
    return answers[0]


def _read(result: Any, type_: Type, size: int) -> list[Value]:
    if isinstance(result, pa.Scalar):
        return [from_physical(result.as_py(), type_)] * size
    result.validate(full=True)
    assert len(result) == size
    return [from_physical(value, type_) for value in result.to_pylist()]


Bound = dict[Expr, Any]


def _layouts(plain: Mapping[Column, pa.Array], length: int) -> Iterator[list[tuple[int, Bound]]]:
    yield [(length, dict(plain))]
    yield [(length, {c: _shifted(a) for c, a in plain.items()})]
    yield [(length, {c: _soiled(a) for c, a in plain.items()})]
    cut = length // 3
    yield [(size, {c: a.slice(at, size) for c, a in plain.items()}) for at, size in ((0, cut), (cut, length - cut))]
    coded = {c: _coded(a) for c, a in plain.items()}
    yield [(length, dict(coded))]
    yield [(length, {c: _shifted(a) for c, a in coded.items()})]
    # A dictionary much longer than the rows, as a slice of a big table has.
    yield [(1, {c: a.slice(i, 1) for c, a in coded.items()}) for i in range(length)]


def _coded(array: pa.Array) -> pa.Array:
    return array.dictionary_encode() if pa.types.is_string(array.type) else array


def _shifted(array: pa.Array) -> pa.Array:
    """The same rows as a slice that starts in the middle of a byte of its bitmap."""
    return pa.concat_arrays([array[:0], pa.nulls(11, array.type), array, array[:1]]).slice(11, len(array))


def _soiled(array: pa.Array) -> pa.Array:
    """The same rows with the greatest number there is standing under each null."""
    if not array.null_count or not pa.types.is_integer(array.type):
        return array
    data = np.array(array.fill_null(2**63 - 1))
    return pa.Array.from_buffers(array.type, len(array), [array.is_valid().buffers()[1], pa.py_buffer(data)])
