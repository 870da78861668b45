"""Evaluation on some rows of a batch only: what a case guards against is neither computed nor counted."""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Batch, Values
from segdsl.engines.arrow.buffers import booleans, packed
from segdsl.engines.arrow.constants import constant_number
from segdsl.model.expression import Arithmetic, Call, Expr, Operator
from segdsl.plan.traversal import operands
from segdsl.types.function import signature


def evaluate_where(
    expr: Expr, rows: np.ndarray | None, batch: Batch, evaluate: Callable[[Expr, Batch], Values]
) -> Values:
    """The values of `expr` in the rows where `rows` is true (None: in all); anything, mostly null, elsewhere.

    Only an expression that can lapse (divide by zero, say) is computed on those rows alone.
    """
    if rows is None or not _may_lapse(expr, batch):
        return evaluate(expr, batch)
    count = int(np.count_nonzero(rows))
    if count == len(rows):
        return evaluate(expr, batch)
    mask = booleans(rows)
    bound = {node: _filtered(batch.bound[node], mask) for node in _needed(expr, batch)}
    values = evaluate(expr, Batch(count, bound, batch.tally))
    if isinstance(values, pa.Scalar):
        return values
    places = np.cumsum(rows, dtype=np.int64) - 1
    indices = pa.Array.from_buffers(pa.int64(), len(rows), [packed(rows), pa.py_buffer(places)])
    return pc.take(values, indices)


def _may_lapse(expr: Expr, batch: Batch) -> bool:
    if expr in batch.bound:
        return False
    match expr:
        case Arithmetic(operator=Operator.DIVIDE, right=right) if not constant_number(right):
            return True
        case Call(function=name) if (called := signature(name)) is not None and called.may_be_missing:
            return True
    return any(_may_lapse(part, batch) for part in operands(expr))


def _needed(expr: Expr, batch: Batch) -> Iterator[Expr]:
    """The topmost nodes of an expression that are bound already."""
    if expr in batch.bound:
        yield expr
        return
    for part in operands(expr):
        yield from _needed(part, batch)


def _filtered(values: Values, mask: pa.BooleanArray) -> Values:
    return values if isinstance(values, pa.Scalar) else pc.filter(values, mask)
