"""How far segments differ in the score and in needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segdsl.evidence.measures import Floats, Mask
from segdsl.evidence.multiplicity import false_discovery
from segdsl.evidence.separation import Groups, compare_pairs, groups_of
from segdsl_schemes.needs import Compared
from segdsl_schemes.refitting import Places

# Cohen (1988): a small effect, as a standardised difference of means and as a share of variance.
SMALL_DIFFERENCE = 0.2
SMALL_SHARE = 0.01
_LEVEL = 0.05
# All pairs of so many segments are compared; of more, each with the next.
_MOST_ALL = 100


@dataclass(frozen=True, slots=True)
class Differences:
    """`alike`: the share of each field's variance that segments explain, NaN where it can't be told.

    `distinct`: the share of pairs of segments that differ in a field; None where no pair can be compared. `separated`:
    the fields that segments do separate.
    """

    alike: Floats
    distinct: float | None
    separated: Mask


def compare_segments(fields: Sequence[Compared], places: Places, count: int) -> Differences:
    """Two segments differ in a field if means are at least 0.2 standard deviations apart, and chance is no reason.

    Welch's tests of all pairs and fields are corrected together for a false discovery rate of 5 %. A field is separated
    if a pair differs in it and the segments explain at least 1 % of its variance.
    """
    there = np.flatnonzero(np.bincount(places[places >= 0], minlength=count))
    if len(there) <= _MOST_ALL:
        one, other = np.triu_indices(len(there), 1)
    else:
        one, other = np.arange(len(there) - 1), np.arange(1, len(there))
    first, second = there[one], there[other]
    columns = [(place, column) for place, field in enumerate(fields) for column in field.columns]
    groups = [_groups(column, places, count) for _, column in columns]
    p = np.array([_tested(one, first, second) for one in groups]).reshape(len(columns), len(first))
    effects = np.array([_effect(one, first, second) for one in groups]).reshape(p.shape)
    corrected = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    corrected[known] = false_discovery(p[known])
    differ: Mask = (corrected < _LEVEL) & (effects >= SMALL_DIFFERENCE)
    alike = np.array(
        [
            _explained([g for g, (of, _) in zip(groups, columns, strict=True) if of == place])
            for place in range(len(fields))
        ]
    )
    any_pair = np.array([differ[[of == place for of, _ in columns]].any() for place in range(len(fields))])
    compared = known.any(axis=0)
    distinct = float(np.asarray(differ.any(axis=0))[compared].mean()) if compared.any() else None
    with np.errstate(invalid="ignore"):
        return Differences(alike, distinct, any_pair & (alike >= SMALL_SHARE))


def _groups(column: Floats, places: Places, count: int) -> Groups:
    """The groups of a column, in units of its largest value: fourth powers of amounts may pass what a double holds."""
    taken = np.isfinite(column) & (places >= 0)
    own = column[taken]
    return groups_of(places[taken], own / (np.abs(own).max(initial=0.0) or 1.0), count)


def _tested(groups: Groups, first: Places, second: Places) -> Floats:
    """P of each pair, NaN where one of them has no rows or can't be tested."""
    p: Floats = compare_pairs(groups, first, second).p
    return p


def _effect(groups: Groups, first: Places, second: Places) -> Floats:
    """Standardised differences of means (Cohen's d with the mean of both variances); infinite where neither varies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = groups.squares / (groups.counts - 1)
        spread = np.sqrt((variance[first] + variance[second]) / 2)
        found: Floats = np.abs(groups.means[first] - groups.means[second]) / spread
    return np.nan_to_num(found, nan=0.0, posinf=np.inf)


def _explained(columns: Sequence[Groups]) -> float:
    """Of a field's columns together, without what chance gives: 1 - (1 - between / whole) (n - 1) / (n - k).

    Kelley's epsilon squared (1935); of the values of a category between / whole is R2 of R. J. Light & B. H. Margolin,
    An analysis of variance for categorical data, Journal of the American Statistical Association 66 (1971).
    """
    if not columns:
        return float("nan")
    counts = columns[0].counts
    rows, levels = int(counts.sum()), int((counts > 0).sum())
    within = sum(float(one.squares.sum()) for one in columns)
    between = sum(float(counts @ (one.means - counts @ one.means / max(rows, 1)) ** 2) for one in columns)
    if levels < 2 or rows <= levels or within + between <= 0:
        return float("nan")
    return 1 - within / (within + between) * (rows - 1) / (rows - levels)
