"""The share of accounts in each segment."""

import numpy as np

from segdsl.plugin import MeasureCall, Measured


def measure(call: MeasureCall) -> Measured:
    """Of all accounts, also those in no segment; None where there are no accounts."""
    if not len(call.segments):
        return Measured(by_segment=dict.fromkeys(call.names))
    counts = np.bincount(call.segments.drop_null().to_numpy(), minlength=len(call.names))
    return Measured(by_segment={name: int(n) / len(call.segments) for name, n in zip(call.names, counts, strict=True)})
