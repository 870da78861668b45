"""Clusters as text: measures, prototypes, names, and how many of a cluster have its prototype's value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np

from segdsl.evidence.cluster_names import Named, Told, name_clusters
from segdsl.evidence.measures import Floats
from segdsl.evidence.mixed_clusters import MixedClusters
from segdsl.plugin import NUMBER, Kind, literal, name, title_text
from segdsl_kmeans.choices import Choice
from segdsl_kmeans.features import Feature, Features, Measured
from segdsl_kmeans.prototypes import Prototypes

_WHOLE = (Kind.COUNT, Kind.INT)


@dataclass(frozen=True, slots=True)
class Written:
    """Clusters, the largest first, with their prototypes in round figures and their names."""

    features: Features
    clusters: MixedClusters
    found: Prototypes
    named: tuple[Named, ...]

    def value(self, choice: Choice, place: int, cluster: int) -> str | bool:
        """What the prototype of a cluster has of a choice, the one at `place`."""
        return choice.values[int(self.clusters.prototypes.modes[cluster, place])]


# ---- the body


def write_body(written: Written) -> str:
    """Raises ValueError for what the language can't say."""
    lines = [_measure(one) for one in written.features.measures]
    for cluster, own in enumerate(written.named):
        places = ", ".join(_placed(written, measure, at, cluster) for measure, at in written.features.places)
        lines.append(f"segment {name(own.name)} {title_text(own.title)} at {places}")
    return "\n".join(lines)


def _measure(one: Measured) -> str:
    log = "log " if isinstance(one, Feature) and one.log else ""
    return f"measure {name(one.name)} {log}scale {literal(one.scale, NUMBER)}"


def _placed(written: Written, measure: Measured, place: int, cluster: int) -> str:
    # A prototype names a measure by one word, so a path is quoted whole.
    field = f"`{measure.name}`" if "." in measure.name else name(measure.name)
    if isinstance(measure, Choice):
        return f"{field} {literal(written.value(measure, place, cluster), measure.type)}"
    return f"{field} {_figure(measure, written.found.figures[cluster][place])}"


def _figure(measure: Feature, value: Decimal) -> str:
    if measure.type.kind is Kind.DURATION:
        return literal(timedelta(seconds=int(value * 86_400)), measure.type)
    # A prototype of a count need not be whole.
    return literal(value, NUMBER if measure.type.kind in _WHOLE else measure.type)


# ---- names


def write_names(features: Features, clusters: MixedClusters, found: Prototypes) -> tuple[Named, ...]:
    """A name for each cluster, by what sets it apart."""
    return name_clusters([_told(features, clusters, found, measure, at) for measure, at in features.places])


def _told(features: Features, clusters: MixedClusters, found: Prototypes, measure: Measured, place: int) -> Told:
    modes = clusters.prototypes.modes
    if isinstance(measure, Choice):
        values = tuple(measure.values[mode] for mode in modes[:, place])
        return Told(measure.name, _above_others(features, clusters, place), values=values)
    column = features.points.numbers[:, place]
    apart = (clusters.prototypes.centres[:, place] - column.mean()) / column.std()
    return Told(measure.name, apart, figures=tuple(float(row[place]) for row in found.figures))


def _above_others(features: Features, clusters: MixedClusters, place: int) -> Floats:
    """How much likelier a cluster's accounts have its value than all accounts, in standard deviations of having it."""
    codes = features.points.choices[:, place]
    apart = []
    for cluster, mode in enumerate(clusters.prototypes.modes[:, place]):
        has = codes == mode
        share, spread = has[clusters.labels == cluster].mean(), has.std()
        apart.append(max((share - has.mean()) / spread, 0.0) if spread else 0.0)
    return np.array(apart)


# ---- notes


def tell_shares(written: Written) -> Iterator[str]:
    """How many accounts of each segment have its value of each choice: the others are as far from it as any."""
    choices = [(one, at) for one, at in written.features.places if isinstance(one, Choice)]
    for cluster, own in enumerate(written.named if choices else ()):
        inside = written.found.labels == cluster
        told = []
        for choice, place in choices:
            has = written.features.points.choices[inside, place] == written.clusters.prototypes.modes[cluster, place]
            value = literal(written.value(choice, place, cluster), choice.type)
            told.append(f"`{choice.name}` is {value} in {has.mean():.0%}")
        yield f"{own.name}: {inside.sum():,} accounts, of which {', '.join(told)}"
