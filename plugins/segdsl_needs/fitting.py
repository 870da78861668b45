"""Groups found in survey answers, as prototypes in the language; or the word that there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from threadpoolctl import threadpool_limits

from segdsl.evidence.cluster_names import Named, Told, name_clusters
from segdsl.evidence.cluster_presence import Gap, find_gaps
from segdsl.evidence.clusters import Candidate, Clusters, choose_count, count_distinct, find_clusters, judge_counts
from segdsl.evidence.factor_space import main_factors
from segdsl.evidence.factors import Factors
from segdsl.evidence.measures import Floats
from segdsl.plugin import NUMBER, TEXT, FitCall, Fitted, Kind, Refused, literal, name
from segdsl_needs.analysis import Analysis, Space, analyse, make_space, reference
from segdsl_needs.answers import Answers, Item, read_answers
from segdsl_needs.prototypes import Prototypes, round_prototypes
from segdsl_needs.telling import NO_COMMON, ONLY_LEVEL, tell_analysis, tell_gaps, tell_groups, tell_no_groups

LEAST_DEVIATIONS = 5.0
LEAST_STABILITY = 0.8
_WHOLE = (Kind.COUNT, Kind.INT)
_NO_GROUPS = 'segment all "All accounts: no groups by needs" otherwise'


@dataclass(frozen=True, slots=True)
class _Groups:
    """The numbers of groups that were judged, the silhouette of one population for each, the number that was chosen,
    and its groups, the largest first."""

    candidates: tuple[Candidate, ...]
    usual: Mapping[int, float]
    chosen: Candidate
    clusters: Clusters


def fit(call: FitCall) -> Fitted:
    """Prototypes of groups, the largest first; where there are none, one segment for all.

    Accounts that lack an answer take no part, and belong to no prototype.
    """
    # One thread: the order in which several add up shows in the last digit.
    with threadpool_limits(limits=1):
        answers = read_answers(call)
        analysis = analyse(answers, call)
        told = tuple(tell_analysis(answers, analysis))
        if analysis.factors is None:
            return _none(told, NO_COMMON)
        space = make_space(answers, analysis.factors, call.options.get("center") is True)
        if not space.basis.shape[1]:
            return _none(told, ONLY_LEVEL)
        return _grouped(call, answers, analysis, analysis.factors, space, told)


def _none(told: Sequence[str], reason: str) -> Fitted:
    return Fitted(_NO_GROUPS, notes=(*told, tell_no_groups(reason)))


def _grouped(
    call: FitCall, answers: Answers, analysis: Analysis, factors: Factors, space: Space, told: Sequence[str]
) -> Fitted:
    points = space.project(answers.values)
    counts = _counts(call, points)
    population = reference(answers, analysis)
    gaps = find_gaps(points, counts, lambda rows, random: space.project(population.draw(rows, random)), call.seed)
    told = (*told, *tell_gaps(gaps, LEAST_DEVIATIONS))
    groups = _groups(call, points, [one for one in gaps if one.deviations >= LEAST_DEVIATIONS])
    if groups is None:
        return _none(told, "accounts differ by degrees, as in one population")
    found = round_prototypes(space, answers.values, groups.clusters.centres, groups.clusters.labels)
    named = _named(answers, factors, space, points, groups.clusters, found)
    try:
        body = _body(answers.items, space, found, named)
    except ValueError as failure:
        raise Refused(f"the prototypes can't be written: {failure}", "items", help="use other units") from failure
    notes = (*told, *tell_groups(groups.candidates, groups.usual, groups.chosen, LEAST_STABILITY, found.moved))
    return Fitted(body, nearest=True, notes=notes)


def _counts(call: FitCall, points: Floats) -> range:
    """The numbers of groups that the option allows and the answers can bear."""
    wanted = call.options.get("clusters", (2, 8))
    # A default is the list that the declaration has.
    assert isinstance(wanted, tuple | list)
    numbers = [one for one in wanted if isinstance(one, int)]
    low, high = min(numbers), max(numbers)
    distinct = count_distinct(points, call.seed)
    if distinct <= low:
        raise Refused(
            f"there are {distinct:,} different accounts by their answers, too few for {low} groups",
            option="clusters",
            expected=f"at least {low + 1:,}",
            help="ask for fewer groups, or for more items",
        )
    return range(low, min(high, distinct - 1) + 1)


def _groups(call: FitCall, points: Floats, gaps: Sequence[Gap]) -> _Groups | None:
    """The groups of the best number among those that stand out from one population; None where none does.

    The best has the largest silhouette beyond that of one population, among those that are stable if any is.
    """
    candidates = judge_counts(points, [one.count for one in gaps], call.seed)
    if not candidates:
        return None
    usual = {one.count: one.silhouette for one in gaps}
    beyond = [replace(one, silhouette=one.silhouette - usual[one.count]) for one in candidates]
    count = choose_count(beyond, LEAST_STABILITY).count
    chosen = next(one for one in candidates if one.count == count)
    return _Groups(candidates, usual, chosen, _by_size(find_clusters(points, chosen.count, call.seed)))


def _by_size(clusters: Clusters) -> Clusters:
    sizes = np.bincount(clusters.labels, minlength=len(clusters.centres))
    order = sorted(range(len(sizes)), key=lambda place: (-sizes[place], *(-clusters.centres[place])))
    return Clusters(clusters.centres[order], np.argsort(order)[clusters.labels], clusters.within[order])


def _named(
    answers: Answers, factors: Factors, space: Space, points: Floats, clusters: Clusters, found: Prototypes
) -> tuple[Named, ...]:
    """Names from the item that leads each factor: how far a group's centre is from the mean in it."""
    leading = _leading_items(factors)
    basis = space.basis[leading]
    spreads = np.maximum((points @ basis.T).std(axis=0), np.finfo(np.float64).tiny)
    apart = (clusters.centres @ basis.T) / spreads
    told = []
    for place, column in zip(leading, apart.T, strict=True):
        told.append(Told(answers.items[place].name, column, tuple(float(row[place]) for row in found.figures)))
    return name_clusters(told)


def _leading_items(factors: Factors) -> list[int]:
    """Of each factor the item with the largest loading among those that load most on it."""
    main, sizes = main_factors(factors.loadings), np.abs(factors.loadings).max(axis=1)
    own = [np.flatnonzero(main == factor) for factor in range(factors.loadings.shape[1])]
    return [int(places[np.argmax(sizes[places])]) for places in own if len(places)]


def _body(items: Sequence[Item], space: Space, found: Prototypes, named: Sequence[Named]) -> str:
    lines = [
        f"measure {name(item.name)} scale {literal(scale, NUMBER)}"
        for item, scale in zip(items, space.scales, strict=True)
    ]
    for own, figures in zip(named, found.figures, strict=True):
        places = (f"{_place(item.name)} {_figure(item, x)}" for item, x in zip(items, figures, strict=True))
        lines.append(f"segment {name(own.name)} {literal(own.title, TEXT)} at {', '.join(places)}")
    return "\n".join(lines)


def _place(field: str) -> str:
    """A measure as a prototype names it: one word, so a path is quoted whole."""
    return f"`{field}`" if "." in field else name(field)


def _figure(item: Item, value: Decimal) -> str:
    # A prototype of a count need not be whole.
    return literal(value, NUMBER if item.type.kind in _WHOLE else item.type)
