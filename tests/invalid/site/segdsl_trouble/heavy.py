"""A function whose module imports a large library at its top."""

import pyarrow as pa

from segdsl.plugin import COUNT, Function, Input, Kind, hookimpl


def compute(texts):
    return pa.array([len(text) for text in texts.to_pylist()], pa.int64())


@hookimpl
def segdsl_functions():
    return (Function("heavy", "Letters", (Input("text", frozenset({Kind.TEXT})),), COUNT, compute),)
