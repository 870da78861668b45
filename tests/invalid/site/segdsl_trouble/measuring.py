"""Measures of a segmentation."""

from segdsl.plugin import Evaluator, Measured, hookimpl


def placed(call):
    rows = len(call.segments)
    return Measured((rows - call.segments.null_count) / rows if rows else None)


def share(call):
    places = call.segments.to_pylist()
    return Measured(by_segment={name: places.count(row) / len(places) for row, name in enumerate(call.names)})


@hookimpl
def segdsl_evaluators():
    return (
        Evaluator("placed_rows", "The share of rows in a segment", placed),
        Evaluator("part", "The share of rows in each segment", share, each_segment=True),
    )
