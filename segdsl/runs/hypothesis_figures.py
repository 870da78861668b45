"""What the tests of hypotheses say, as a table."""

from collections.abc import Iterable

import pyarrow as pa

from segdsl.engines.arrow.hypothesis_result import HypothesisResult

_TEXT, _INT, _NUMBER = pa.string(), pa.int64(), pa.float64()
_SCHEMA = pa.schema(
    [
        ("hypothesis", _TEXT),
        ("title", _TEXT),
        ("expectation", _TEXT),
        ("among", _TEXT),
        ("score", _TEXT),
        ("proxy", _TEXT),
        ("rows", _INT),
        ("n", _INT),
        ("coverage", _NUMBER),
        ("measure", _TEXT),
        ("effect", _NUMBER),
        ("effect low", _NUMBER),
        ("effect high", _NUMBER),
        ("p", _NUMBER),
        ("corrected p", _NUMBER),
        ("method", _TEXT),
        ("verdict", _TEXT),
        ("reason", _TEXT),
        ("rows needed", _INT),
        ("difference", _NUMBER),
        ("difference low", _NUMBER),
        ("difference high", _NUMBER),
        ("cut", _TEXT),
        ("rows low", _INT),
        ("mean low", _NUMBER),
        ("top quartile low", _NUMBER),
        ("rows high", _INT),
        ("mean high", _NUMBER),
        ("top quartile high", _NUMBER),
        ("middle", _TEXT),
        ("middle at", _TEXT),
        ("rare categories", _INT),
        ("mean known", _NUMBER),
        ("mean missing", _NUMBER),
        ("missing corrected p", _NUMBER),
    ]
)


def hypothesis_table(tested: Iterable[HypothesisResult]) -> pa.Table:
    """One row for each hypothesis, in the order of the spec; a cell is missing where there is nothing to tell."""
    rows = [_row(one) for one in tested]
    columns = zip(*rows, strict=True) if rows else ((),) * len(_SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=_SCHEMA)


def _row(one: HypothesisResult) -> tuple[object, ...]:
    told = (one.name, one.title or None, one.expectation, one.among or None, one.score, one.proxy)
    middle = ("best" if one.turn_best else "worst", one.turn) if one.turn else (None, None)
    return (
        *told,
        one.rows,
        one.n,
        one.coverage,
        *_effect(one),
        one.verdict,
        one.reason or None,
        one.needed,
        *(one.difference or (None,) * 3),
        *_sides(one),
        *middle,
        one.rare,
        *_missing(one),
    )


def _missing(one: HypothesisResult) -> tuple[object, ...]:
    found = one.missing
    return (None,) * 3 if found is None else (found.mean_known, found.mean_missing, found.corrected)


def _effect(one: HypothesisResult) -> tuple[object, ...]:
    effect = one.effect
    if effect is None:
        return (None,) * 7
    return effect.measure, effect.value, effect.low, effect.high, effect.p, effect.corrected, effect.method


def _sides(one: HypothesisResult) -> tuple[object, ...]:
    cut = one.cut
    if cut is None:
        return (None,) * 7
    sides = ((side.rows, side.mean, side.top) for side in (cut.low, cut.high))
    return cut.at or None, *(figure for side in sides for figure in side)
