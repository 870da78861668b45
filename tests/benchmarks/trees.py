"""How long the segmenter `tree` takes on a million accounts, beside scikit-learn's exact tree, at equal accuracy.

`python -m tests.benchmarks.trees [--rows N]` prints seconds and the share of variance explained in rows held out. The
segmenter's time is that of the whole call: reading columns, growing, cross-validation, cut-points and text. The data
is the same at every run: 14 measures and 6 categories, of which five decide, with noise.
"""

import argparse
from collections.abc import Callable
from time import perf_counter, process_time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.metrics import r2_score
from sklearn.tree import DecisionTreeRegressor

from segdsl.evidence.binning import bin_values
from segdsl.evidence.regression_tree import Feature, Growth, grow, leaf_places, leaves
from segdsl.plugin import CATEGORY, NUMBER, FieldName, FitCall, Options
from segdsl_tree.fitting import fit

SEED = 20260131
MEASURES, CATEGORIES = 14, 6
HELD_OUT = 0.1
FLOOR, MOST_LOST = 5.0, 0.01

Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="few rows, to see that all works")
    options = parser.parse_args()
    rows = 20_000 if options.quick else options.rows
    numbers, codes, target = make_accounts(round(rows / (1 - HELD_OUT)))
    call = _call(numbers[:rows], codes[:rows], target[:rows])
    print(f"{rows:,} rows x {MEASURES + CATEGORIES} features, depth 3, at least 5% a segment", flush=True)
    ours = _timed("segdsl, the whole call", lambda: fit(call))
    known = np.hstack([numbers, codes])
    exact = DecisionTreeRegressor(max_depth=3, min_samples_leaf=rows // 20, random_state=0)
    theirs = _timed("scikit-learn, exact, one fit", lambda: exact.fit(known[:rows], target[:rows]))
    own = _predicted(numbers, codes, target, rows)
    held = target[rows:]
    lost = r2_score(held, exact.predict(known[rows:])) - r2_score(held, own)
    print(
        f"  {theirs / ours:.1f} times as fast (floor {FLOOR:.0f}); held-out R2 {r2_score(held, own):.4f}, {-lost:+.4f}"
    )
    if theirs / ours < FLOOR or lost > MOST_LOST:
        print("  MISSED")


def make_accounts(rows: int) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Measures with long tails, categories, and a score that rests on two categories and three measures."""
    rng = np.random.default_rng(SEED)
    numbers = rng.lognormal(4, 1.5, size=(rows, MEASURES))
    codes = rng.integers(0, 12, size=(rows, CATEGORIES))
    target = 2.0 * (numbers[:, 0] > 120) + 1.2 * np.log(numbers[:, 1]) + (numbers[:, 2] < 30)
    target += 1.5 * (codes[:, 0] >= 8) + 1.0 * (codes[:, 1] >= 6)
    return numbers, codes, target + rng.normal(0, 1.5, rows)


def _timed(name: str, work: Callable[[], object]) -> float:
    wall, processor = perf_counter(), process_time()
    work()
    seconds = process_time() - processor
    print(f"  {perf_counter() - wall:8.2f} s, processor {seconds:8.2f} s  {name}", flush=True)
    return seconds


def _call(numbers: Floats, codes: NDArray[np.int64], target: Floats) -> FitCall:
    fields: dict[str, pa.Array] = {f"n{j}": pa.array(numbers[:, j]) for j in range(MEASURES)}
    texts = np.array([f"value {code:02}" for code in range(12)])
    fields |= {f"c{j}": pa.array(texts[codes[:, j]]) for j in range(CATEGORIES)}
    types = {name: NUMBER if name.startswith("n") else CATEGORY for name in fields} | {"score": NUMBER}
    options: Options = {"target": FieldName("score"), "features": tuple(map(FieldName, fields))}
    return FitCall(fields | {"score": pa.array(target)}, types, len(target), (), options)


def _predicted(numbers: Floats, codes: NDArray[np.int64], target: Floats, rows: int) -> Floats:
    """What the same tree, learned from the first rows, predicts for the others; cut-points are not rounded."""
    binned = [bin_values(np.ascontiguousarray(column)) for column in numbers.T]
    features = [Feature(bins.codes, len(bins.edges) + 1, True) for bins in binned]
    features += [Feature(column.astype(np.uint16), 12, False) for column in codes.T]
    tree = grow(features, target, Growth(3, rows // 20), np.arange(rows))
    means = np.array([leaf.mean for leaf in leaves(tree)])
    return np.asarray(means[leaf_places(tree, features, np.arange(rows, len(target)))])


if __name__ == "__main__":
    main()
