"""How long k-means takes on a million accounts, beside scikit-learn's `KMeans`, at equal inertia; and k-prototypes.

`python -m tests.benchmarks.clusters [--rows N] [--quick]` prints seconds and the sums of squares within clusters. Both
are asked for eight clusters of the same points, 20 measures about twelve overlapping centres, from five seeds: where a
search ends is a matter of luck. The whole call of the segmenter, which also judges numbers of clusters and writes the
text, is timed beside it, on numbers and on numbers with categories.
"""

import argparse
from collections.abc import Callable
from time import perf_counter, process_time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from segdsl.evidence.clusters import find_clusters, ordered
from segdsl.plugin import CATEGORY, NUMBER, FieldName, FitCall
from segdsl_kmeans.fitting import fit

SEED = 20260131
MEASURES, CENTRES, COUNT = 20, 12, 8
CEILING, MOST_LOST = 1.2, 0.005
SEEDS = range(5)

Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="few rows, to see that all works")
    options = parser.parse_args()
    rows = 20_000 if options.quick else options.rows
    points, centre = make_points(rows)
    print(f"{rows:,} rows x {MEASURES} measures, {COUNT} clusters", flush=True)
    ours, own = _timed("segdsl, five fits", lambda: sum(_own_inertia(points, seed) for seed in SEEDS))
    theirs, inertia = _timed(
        "scikit-learn, five fits", lambda: sum(KMeans(COUNT, random_state=seed).fit(points).inertia_ for seed in SEEDS)
    )
    lost = own / inertia - 1
    print(f"  {ours / theirs:.2f} of its time (at most {CEILING}); inertia {own / len(SEEDS):.6g}, {lost:+.2%}")
    if ours / theirs > CEILING or lost > MOST_LOST:
        print("  MISSED")
    _timed("segdsl, the whole call, 2 to 8 clusters", lambda: len(fit(_call(points)).body))
    few = points[:, : MEASURES - 3]
    kinds = [np.array([f"kind {code}" for code in range(CENTRES)])[(centre + shift) % CENTRES] for shift in range(3)]
    _timed("segdsl, the whole call, 17 measures and 3 categories", lambda: len(fit(_call(few, *kinds)).body))


def _own_inertia(points: Floats, seed: int) -> float:
    return float(find_clusters(points[ordered(points, seed)], COUNT, seed).within.sum())


def make_points(rows: int) -> tuple[Floats, NDArray[np.int64]]:
    """Points of which many lie between two centres, and the centre of each."""
    rng = np.random.default_rng(SEED)
    centre = rng.integers(0, CENTRES, rows)
    return rng.normal(0, 1.5, (CENTRES, MEASURES))[centre] + rng.normal(size=(rows, MEASURES)), centre


def _call(points: Floats, *kinds: NDArray[np.str_]) -> FitCall:
    fields: dict[str, pa.Array] = {f"n{place}": pa.array(column) for place, column in enumerate(points.T)}
    fields |= {f"c{place}": pa.array(column) for place, column in enumerate(kinds)}
    types = {name: NUMBER if name.startswith("n") else CATEGORY for name in fields}
    return FitCall(fields, types, len(points), (), {"features": tuple(map(FieldName, fields))})


def _timed(name: str, work: Callable[[], float]) -> tuple[float, float]:
    wall, processor = perf_counter(), process_time()
    found = float(work())
    seconds = process_time() - processor
    print(f"  {perf_counter() - wall:8.2f} s, processor {seconds:8.2f} s  {name}", flush=True)
    return seconds, found


if __name__ == "__main__":
    main()
