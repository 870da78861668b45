"""Clusters found in the rows of a population, as prototypes in the language."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np

from segdsl.evidence.clusters import (
    Candidate,
    Clusters,
    choose_count,
    count_distinct,
    find_clusters,
    judge_counts,
    ordered,
)
from segdsl.plugin import NUMBER, TEXT, FitCall, Fitted, Kind, Refused, literal, name
from segdsl_kmeans.features import Feature, Features, read_features
from segdsl_kmeans.naming import Named, name_clusters
from segdsl_kmeans.prototypes import Prototypes, round_prototypes

_LEAST_STABILITY = 0.8
_NO_STRUCTURE = 0.25
_WHOLE = (Kind.COUNT, Kind.INT)


def fit(call: FitCall) -> Fitted:
    """Prototypes of clusters, the largest cluster first. Rows that lack a feature take no part and stay unassigned."""
    features = read_features(call)
    order = ordered(features.points, call.seed)
    features = replace(features, points=features.points[order])
    candidates = _candidates(call, features)
    chosen = choose_count(candidates, _LEAST_STABILITY)
    clusters = _by_size(find_clusters(features.points, chosen.count, call.seed))
    found = round_prototypes(features.measures, features.points, clusters.centres, clusters.labels)
    named = _named(features, clusters, found)
    try:
        body = _body(features.measures, found, named)
    except ValueError as failure:
        raise Refused(f"the prototypes can't be written: {failure}", "features", help="use other units") from failure
    return Fitted(body, nearest=True, notes=tuple(_notes(features, candidates, chosen, found)))


def _candidates(call: FitCall, features: Features) -> tuple[Candidate, ...]:
    """The numbers of clusters that the option allows and the rows can bear, judged."""
    wanted = call.options.get("clusters", (2, 8))
    assert isinstance(wanted, tuple)
    low, high = min(wanted), max(wanted)  # type: ignore[type-var]
    assert isinstance(low, int) and isinstance(high, int)
    distinct = count_distinct(features.points, call.seed)
    if distinct <= low:
        raise Refused(
            f"there are {distinct:,} different accounts with every feature, too few for {low} clusters",
            option="clusters",
            expected=f"at least {low + 1:,}",
            help="ask for fewer clusters, or leave out a feature that is mostly missing",
        )
    judged = judge_counts(features.points, range(low, high + 1), call.seed)
    if not judged:
        raise Refused(f"there are too few different accounts for {low} clusters", option="clusters")
    return judged


def _by_size(clusters: Clusters) -> Clusters:
    """The clusters in another order: the largest first, of two as large the one with the larger first feature."""
    sizes = np.bincount(clusters.labels, minlength=len(clusters.centres))
    order = sorted(range(len(sizes)), key=lambda place: (-sizes[place], *(-clusters.centres[place])))
    return Clusters(clusters.centres[order], np.argsort(order)[clusters.labels], clusters.within[order])


def _named(features: Features, clusters: Clusters, found: Prototypes) -> tuple[Named, ...]:
    points = features.points
    apart = (clusters.centres - points.mean(axis=0)) / points.std(axis=0)
    figures = np.array(found.figures, dtype=np.float64)
    return name_clusters([measure.name for measure in features.measures], apart, figures)


# ---- text


def _body(measures: Sequence[Feature], found: Prototypes, named: Sequence[Named]) -> str:
    lines = [
        f"measure {name(one.name)} {'log ' if one.log else ''}scale {literal(one.scale, NUMBER)}" for one in measures
    ]
    for own, figures in zip(named, found.figures, strict=True):
        places = (f"{_place(m.name)} {_figure(m, x)}" for m, x in zip(measures, figures, strict=True))
        lines.append(f"segment {name(own.name)} {literal(own.title, TEXT)} at {', '.join(places)}")
    return "\n".join(lines)


def _place(field: str) -> str:
    """A measure as a prototype names it: one word, so a path is quoted whole."""
    return f"`{field}`" if "." in field else name(field)


def _figure(measure: Feature, value: Decimal) -> str:
    if measure.type.kind is Kind.DURATION:
        return literal(timedelta(seconds=int(value * 86_400)), measure.type)
    # A prototype of a count need not be whole.
    return literal(value, NUMBER if measure.type.kind in _WHOLE else measure.type)


# ---- notes


def _notes(features: Features, candidates: Sequence[Candidate], chosen: Candidate, found: Prototypes) -> Iterator[str]:
    left_out = int(np.sum(~features.known))
    unassigned = f"; unassigned for lack of a feature: {left_out:,}" if left_out else ""
    yield f"k-means on {len(features.points):,} accounts{unassigned}"
    for one in candidates:
        stability = "not known: too few accounts" if one.stability is None else f"{one.stability:.2f}"
        mark = ", chosen" if one is chosen else ""
        yield f"{one.count} clusters: silhouette {one.silhouette:.2f}, stability {stability}{mark}"
    if chosen.silhouette <= _NO_STRUCTURE:
        yield f"a silhouette of at most {_NO_STRUCTURE} means that the accounts hardly fall into groups"
    if chosen.stability is not None and chosen.stability < _LEAST_STABILITY:
        yield f"a stability below {_LEAST_STABILITY} means that half of the accounts give other clusters"
    yield f"rounding the prototypes moved {found.moved:.1%} of the accounts to another cluster"
