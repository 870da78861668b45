"""Numbers too large to be computed with further: plugins, measures and tests of hypotheses get them as missing."""

import pyarrow as pa
import pyarrow.compute as pc

# Sums of fourth powers of larger numbers are beyond what a double holds; no amount of money comes near.
LARGEST = 1e60


def within_reach(values: pa.Array) -> pa.Array:
    """The values; of floats those beyond `LARGEST` in either direction, and NaN, are missing. Other types stay."""
    if not pa.types.is_floating(values.type):
        return values
    return pc.if_else(pc.less_equal(pc.abs(values), LARGEST), values, pa.scalar(None, values.type))


def beyond_reach(values: pa.Array) -> int:
    """How many of the values are missing for their size alone."""
    return int(within_reach(values).null_count - values.null_count)
