"""Clusters found in the rows of a population, as prototypes in the language."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from segdsl.evidence.clusters import Candidate, choose_count
from segdsl.evidence.mixed_clusters import MixedClusters, count_distinct, find_clusters, judge_counts, ordered
from segdsl.plugin import FitCall, Fitted, Refused
from segdsl_kmeans.features import Features, read_features
from segdsl_kmeans.prototypes import Prototypes, round_prototypes
from segdsl_kmeans.writing import Written, tell_shares, write_body, write_names

_LEAST_STABILITY = 0.8
_NO_STRUCTURE = 0.25


def fit(call: FitCall) -> Fitted:
    """Prototypes of clusters, the largest cluster first. Rows that lack a feature take no part and stay unassigned."""
    features = read_features(call)
    order = ordered(features.points, call.seed)
    features = replace(features, points=features.points.take(order))
    candidates = _candidates(call, features)
    chosen = choose_count(candidates, _LEAST_STABILITY)
    clusters = _by_size(find_clusters(features.points, chosen.count, call.seed))
    found = round_prototypes(features.numbers, features.points, clusters.prototypes, clusters.labels)
    written = Written(features, clusters, found, write_names(features, clusters, found))
    try:
        body = write_body(written)
    except ValueError as failure:
        raise Refused(f"the prototypes can't be written: {failure}", "features", help="use other units") from failure
    return Fitted(body, nearest=True, notes=(*_notes(features, candidates, chosen, found), *tell_shares(written)))


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


def _by_size(clusters: MixedClusters) -> MixedClusters:
    """The clusters in another order: the largest first, of two as large the one with the larger first feature."""
    middles = clusters.prototypes
    sizes = np.bincount(clusters.labels, minlength=len(middles.centres))
    ranked = sorted(range(len(sizes)), key=lambda at: (-sizes[at], *(-middles.centres[at]), *middles.modes[at]))
    order = np.array(ranked)
    return MixedClusters(middles.take(order), np.argsort(order)[clusters.labels], clusters.within[order])


def _notes(features: Features, candidates: Sequence[Candidate], chosen: Candidate, found: Prototypes) -> Iterator[str]:
    left_out = int(np.sum(~features.known))
    unassigned = f"; unassigned for lack of a feature: {left_out:,}" if left_out else ""
    method = "k-means" if len(features.numbers) == len(features.measures) else "k-prototypes"
    yield f"{method} on {len(features.points):,} accounts{unassigned}"
    for one in candidates:
        halves = "not known: too few accounts"
        if one.stability is not None:
            halves = f"{one.stability:.2f} with {one.count} clusters given"
        mark = ", chosen" if one is chosen else ""
        yield f"{one.count} clusters: silhouette {one.silhouette:.2f}, agreement of halves {halves}{mark}"
    if chosen.silhouette <= _NO_STRUCTURE:
        yield f"a silhouette of at most {_NO_STRUCTURE} means that the accounts hardly fall into groups"
    if chosen.stability is not None and chosen.stability < _LEAST_STABILITY:
        yield f"an agreement of halves below {_LEAST_STABILITY} means that half of the accounts give other clusters"
    yield f"rounding the prototypes moved {found.moved:.1%} of the accounts to another cluster"
