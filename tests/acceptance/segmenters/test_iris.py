"""k-means on Fisher's irises: the published sums of squares, and the clusters by the text."""

import csv
from pathlib import Path

import numpy as np
import pytest

from segdsl.evidence.clusters import find_clusters, ordered
from segdsl_kmeans import SEGMENTER
from tests.plugins.finding import find

NAMES = ("Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width")


@pytest.fixture(scope="module")
def irises(shared_data: Path) -> list[tuple[float, ...]]:
    with (shared_data / "r_reference_tables" / "iris.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(float(row[name]) for name in NAMES) for row in csv.DictReader(file)]


def test_three_clusters_have_the_published_sums_of_squares(irises: list[tuple[float, ...]]) -> None:
    points = np.array(irises)
    within = find_clusters(points[ordered(points, 0)], 3, 0).within
    # R: kmeans(iris[, 1:4], 3, nstart = 20)$withinss
    assert np.round(np.sort(within), 3).tolist() == [15.151, 23.879, 39.821]


def test_the_text_gives_nearly_the_same_sums_of_squares(tmp_path: Path, irises: list[tuple[float, ...]]) -> None:
    types = {name.lower().replace(".", "_"): "number" for name in NAMES}
    options = f"features: {', '.join(types)} clusters: 3 scaling: none transform: none"
    found = find(tmp_path, SEGMENTER, options, types, irises)
    points, segments = np.array(irises), np.array(found.segments)
    within = 0.0
    for name in set(found.segments):
        own = points[segments == name]
        within += float(((own - own.mean(axis=0)) ** 2).sum())
    # Rounding the prototypes may move one flower of a hundred.
    assert 78.851 <= round(within, 3) <= 78.851 * 1.01
