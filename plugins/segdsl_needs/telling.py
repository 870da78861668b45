"""What was learned, a clause each, for the notes above the text."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

import numpy as np

from segdsl.evidence.cluster_presence import Gap
from segdsl.evidence.clusters import Candidate
from segdsl.evidence.factors import Factors
from segdsl.evidence.measures import Floats
from segdsl_needs.analysis import Analysis
from segdsl_needs.answers import Answers

NO_COMMON = "the items have nothing in common"
ONLY_LEVEL = "all that the items have in common is the level of an account's answers"
_LEAST_ADEQUACY = 0.5
_LOADS = 0.4
_LITTLE = 0.2
_ACCOUNTS_PER_ITEM = 5
_NO_STRUCTURE = 0.25


def tell_analysis(answers: Answers, analysis: Analysis) -> Iterator[str]:
    """Who was analysed, whether the items suit it, and the factors."""
    rows, items = answers.values.shape
    lacking = f"; unassigned for lack of an answer: {answers.lacking:,}" if answers.lacking else ""
    yield f"factor analysis of {items} items, {rows:,} accounts{lacking}"
    if answers.same:
        yield f"left out, as all answer them alike or not at all: {', '.join(answers.same)}"
    if rows < _ACCOUNTS_PER_ITEM * items:
        yield f"fewer than {_ACCOUNTS_PER_ITEM} accounts an item: other accounts may give other factors"
    yield _suitability(analysis)
    if analysis.factors is not None:
        yield from _factors(answers, analysis.factors, analysis.given)


def _suitability(analysis: Analysis) -> str:
    adequacy, p = analysis.suitability.adequacy, analysis.suitability.p
    sphericity = f"Bartlett's test of sphericity p {'< 0.001' if p < 0.001 else f'= {p:.3f}'}"
    if isnan(adequacy):
        return f"Kaiser-Meyer-Olkin measure not known, as an item follows from others; {sphericity}"
    poor = (
        f", which is below {_LEAST_ADEQUACY}: the items don't suit factor analysis"
        if adequacy < _LEAST_ADEQUACY
        else ""
    )
    return f"Kaiser-Meyer-Olkin measure {adequacy:.2f}{poor}; {sphericity}"


def _factors(answers: Answers, factors: Factors, given: bool) -> Iterator[str]:
    count = factors.loadings.shape[1]
    explained = float(factors.communalities.mean())
    how = "as the spec says" if given else "by parallel analysis"
    yield f"factors {how}: {count}, {explained:.0%} of the variance of the items"
    names = [item.name for item in answers.items]
    for place, loadings in enumerate(factors.loadings.T, 1):
        yield f"factor {place}, {float((loadings**2).mean()):.0%}: {_loading_items(names, loadings)}"
    little = [one for one, share in zip(names, factors.communalities, strict=True) if share < _LITTLE]
    if little:
        yield f"with little in common with the others (communality below {_LITTLE}): {', '.join(little)}"


def _loading_items(names: Sequence[str], loadings: Floats) -> str:
    """The items with loadings from 0.4 on, or the one with the largest, the largest first."""
    order = sorted(range(len(names)), key=lambda place: (-abs(loadings[place]), place))
    large = int(np.sum(np.abs(loadings) >= _LOADS))
    return ", ".join(f"{names[place]} {loadings[place]:.2f}" for place in order[: max(large, 1)])


def tell_gaps(gaps: Sequence[Gap], least: float) -> Iterator[str]:
    """How far the accounts stand out from one population, at the number of groups at which they do most."""
    if gaps:
        most = max(gaps, key=lambda one: one.deviations)
        yield (
            f"within {most.count} groups accounts are closer than in one population that answers as much alike by"
            f" {most.deviations:.1f} standard deviations; groups are told from {least:g} on"
        )


def tell_no_groups(reason: str) -> str:
    """That there are no groups."""
    return f"no groups: {reason}; so there is one segment for all"


def tell_groups(
    candidates: Sequence[Candidate], usual: Mapping[int, float], chosen: Candidate, least: float, moved: float
) -> Iterator[str]:
    """How good each number of groups is, and how the text agrees with the factors."""
    for one in candidates:
        stability = "not known: too few accounts" if one.stability is None else f"{one.stability:.2f}"
        mark = ", chosen" if one is chosen else ""
        silhouette = f"silhouette {one.silhouette:.2f} ({usual[one.count]:.2f} in one population)"
        yield f"{one.count} groups: {silhouette}, stability {stability}{mark}"
    if chosen.silhouette <= _NO_STRUCTURE:
        yield f"a silhouette of at most {_NO_STRUCTURE} means that the groups hardly stand apart"
    if chosen.stability is not None and chosen.stability < least:
        yield f"a stability below {least} means that half of the accounts give other groups"
    yield f"the text places {1 - moved:.1%} of the accounts as the factor scores do"
