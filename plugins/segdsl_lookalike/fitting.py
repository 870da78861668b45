"""From rows to bands: levels are given points, and the sums of points are cut into segments."""

import numpy as np
import pyarrow as pa
from threadpoolctl import threadpool_limits

from segdsl.evidence.out_of_sample import area_of, choose_strength, judge_scorecard
from segdsl.evidence.scorecard import fit_weights, learn_scorecard, log_odds, point_sums
from segdsl.plugin import FieldName, FitCall, Fitted, Refused
from segdsl_lookalike.bands import find_bands, write_bands
from segdsl_lookalike.best import Best, find_best
from segdsl_lookalike.columns import Column, read_columns
from segdsl_lookalike.learned import Learned, write_notes

_NOTHING = 'segment all "All" otherwise'
# More rows tell no more of a level's points.
_MOST_ROWS = 100_000


def fit(call: FitCall) -> Fitted:
    """Segments by likeness to the best rows, the most alike first; rows without a target are left out of learning.

    One segment where the points don't order rows that weren't learned from better than chance would.
    Raises Refused where there is nothing to learn from: too few rows, or features that are the same in all of them.
    """
    # With more threads the last digits of sums of products are others.
    with threadpool_limits(limits=1):
        return _fitted(call)


def _fitted(call: FitCall) -> Fitted:
    best = find_best(call)
    columns, constant = _columns(call, best)
    features = [column.feature for column in columns]
    strength = choose_strength(features, best.wanted, call.seed)
    rows = np.arange(0, len(best.wanted), -(-len(best.wanted) // _MOST_ROWS))
    weights = fit_weights(features, best.wanted, strength, rows)
    card = learn_scorecard(features, best.wanted, strength, rows, weights)
    points = point_sums(card, features)
    bands = find_bands(points, _count(call.options.get("bands", 5)))
    learned = Learned(
        best,
        tuple(zip(columns, card.points, strict=True)),
        card.per_unit,
        area_of(best.wanted, points.astype(np.float64)),
        area_of(best.wanted, log_odds(weights, features)),
        bands,
        judge_scorecard(features, best.wanted, strength, [float(band.rows.mean()) for band in bands], call.seed),
        constant,
    )
    body = write_bands(bands, learned.terms) if learned.is_told else _NOTHING
    return Fitted(body, notes=write_notes(learned))


def _count(value: object) -> int:
    assert isinstance(value, int)
    return value


def _columns(call: FitCall, best: Best) -> tuple[list[Column], tuple[str, ...]]:
    """The columns that have levels, and the fields that have none since they are the same in every row."""
    target, named = call.options["target"], call.options["features"]
    assert isinstance(named, tuple)
    fields = tuple(dict.fromkeys(one.name for one in named if isinstance(one, FieldName)))
    if isinstance(target, FieldName) and target.name in fields:
        found = f"`{target.name}` is the target and a feature"
        raise Refused(found, option="features", help=f"leave `{target.name}` out")
    keep = None if best.known.all() else pa.array(best.known)
    columns: list[Column] = []
    constant = []
    for field in fields:
        array = call.fields[field] if keep is None else call.fields[field].filter(keep)
        own = list(read_columns(field, array, call.types[field]))
        columns += own
        constant += [] if own else [field]
    if not columns:
        raise Refused("every feature is the same in all rows", option="features", expected="one that varies")
    return columns, tuple(constant)
