"""Functions of plugins: called with distinct rows on which every argument is known."""

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.batch import EvaluationStopped, Values, spread
from segdsl.engines.arrow.buffers import has_missing_scalar
from segdsl.engines.arrow.distinct_rows import distinct_rows
from segdsl.engines.arrow.physical import arrow_type, scalar_type
from segdsl.engines.arrow.plugin_values import for_plugin, from_plugin
from segdsl.model.expression import Call
from segdsl.plugin.arrays import BrokenPromise
from segdsl.plugin.calling import Culprit, Raised, attempt, broken, diagnose


class FunctionFailed(EvaluationStopped):
    """A function of a plugin that raised, or gave something else than it declared."""

    def __init__(self, function: str, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.function = function


def apply_plugin(expr: Call, arguments: tuple[Values, ...], length: int) -> Values:
    """The values of a call; missing where an argument is. Raises FunctionFailed."""
    if has_missing_scalar(*arguments):
        return pa.scalar(None, scalar_type(expr.type))
    if all(isinstance(values, pa.Scalar) for values in arguments):
        length = 1
    columns = [spread(values, length) for values in arguments]
    known = [column.is_valid() for column in columns if column.null_count]
    all_known = None
    for mask in known:
        all_known = mask if all_known is None else pc.and_(all_known, mask)
    if all_known is not None:
        columns = [column.filter(all_known) for column in columns]
    made = _made(expr, columns, len(columns[0]) if columns else length)
    if all_known is not None:
        places = pc.if_else(all_known, _places(all_known), pa.scalar(None, pa.int64()))
        made = made.take(places)
    return made[0] if all(isinstance(values, pa.Scalar) for values in arguments) else made


def _places(known: pa.BooleanArray) -> pa.Array:
    return pc.subtract(pc.cumulative_sum(known.cast(pa.int64())), 1)


def _made(expr: Call, columns: list[pa.Array], rows: int) -> pa.Array:
    """The function's values for known arguments, computed once for equal ones."""
    first, inverse = distinct_rows(columns, rows)
    chosen = pa.array(first)
    inputs = [for_plugin(c.take(chosen), a.type) for c, a in zip(columns, expr.arguments, strict=True)]
    if not len(chosen):
        return pa.nulls(0, arrow_type(expr.type))
    assert expr.compute is not None
    whose = Culprit(expr.function, expr.package, expr.span)
    values = attempt(expr.compute, *inputs)
    if isinstance(values, Raised):
        raise FunctionFailed(expr.function, diagnose(values, whose, "compute its values"))
    try:
        made = from_plugin(expr.function, values, expr.type, len(chosen))
    except BrokenPromise as promise:
        found = broken(whose, "keep its promise", str(promise))
        raise FunctionFailed(expr.function, found) from promise
    return made if inverse is None else made.take(pa.array(inverse))
