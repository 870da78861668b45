"""The built-in row-wise functions by name; their signatures are in `segdsl.types.function`.

A kernel gets the call and the values of its arguments, none of them a missing scalar.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Tally, Values
from segdsl.engines.arrow.buffers import has_missing_scalar, retyped
from segdsl.engines.arrow.calendar import DAY, MONTH, Part, days_of, lengths, part_of
from segdsl.engines.arrow.choice import conform
from segdsl.engines.arrow.coded import plain
from segdsl.engines.arrow.lists import count_items
from segdsl.engines.arrow.physical import INT64, scalar_type
from segdsl.engines.arrow.rounding import absolute, ceiling, floor, round_values
from segdsl.engines.arrow.text import count_characters, find_host, join, lower, trim, upper
from segdsl.engines.arrow.transcendental import exponential, logarithm, logarithm_10, square_root
from segdsl.model.expression import Call
from segdsl.types import Kind

Kernel = Callable[[Call, tuple[Values, ...], Tally], Values]


def apply(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    """The values of a call of a built-in function; missing where an argument is."""
    if has_missing_scalar(*arguments):
        return pa.scalar(None, scalar_type(expr.type))
    return KERNELS[expr.function](expr, arguments, tally)


def _of_first(kernel: Callable[[Values], Values]) -> Kernel:
    return lambda expr, arguments, tally: kernel(arguments[0])


def _length(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    is_list = expr.arguments[0].type.kind is Kind.LIST
    return count_items(arguments[0]) if is_list else count_characters(arguments[0])


def _extreme(kernel: Callable[..., Values]) -> Kernel:
    def pick(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
        same = [plain(conform(values, expr.type)) for values in arguments]
        if expr.type.kind in (Kind.TIMESTAMP, Kind.DURATION):
            same = [retyped(values, INT64) for values in same]
        return retyped(kernel(*same, skip_nulls=False), scalar_type(expr.type))

    return pick


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        "lower": _of_first(lower),
        "upper": _of_first(upper),
        "trim": _of_first(trim),
        "length": _length,
        "concat": lambda expr, arguments, tally: join(expr, arguments),
        "domain_of": _of_first(find_host),
        "round": round_values,
        "floor": floor,
        "ceil": ceiling,
        "abs": absolute,
        "log": logarithm,
        "log10": logarithm_10,
        "exp": exponential,
        "sqrt": square_root,
        "min_of": _extreme(pc.min_element_wise),
        "max_of": _extreme(pc.max_element_wise),
        "year": _of_first(lambda values: part_of(values, Part.YEAR)),
        "quarter": _of_first(lambda values: part_of(values, Part.QUARTER)),
        "month": _of_first(lambda values: part_of(values, Part.MONTH)),
        "day": _of_first(lambda values: part_of(values, Part.DAY)),
        "days": _of_first(lambda values: lengths(values, DAY)),
        "months": _of_first(lambda values: lengths(values, MONTH)),
        "date": _of_first(days_of),
    }
)
