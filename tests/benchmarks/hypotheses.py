"""How long 30 hypotheses with intervals take on a million accounts, beside the bare p-values of scipy.

`python -m tests.benchmarks.hypotheses [--rows N] [--quick]` prints seconds and the peak memory of the tests and of the
whole run from a Parquet file, which writes nothing. The data is the same at every run: 20 measures, five conditions and
five categories, with missing values and ties; every other proxy tells something.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import stats

from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.engines.arrow.hypothesis_result import HypothesisResult
from segdsl.engines.arrow.reading import DataFile
from segdsl.plan import build_plan, clock_of
from segdsl.workflows.hypotheses import take_hypotheses
from segdsl.workflows.loading import load
from tests.benchmarks.enriching import memory

SEED = 20260131
MEASURES, CONDITIONS, CATEGORIES = 20, 5, 5
FLOOR_SECONDS = 10.0
MOST_MEMORY = 2_000.0
LEVELS = 20

Result = TypeVar("Result")
Columns = dict[str, npt.NDArray[np.float64]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="few rows, to see that all works")
    options = parser.parse_args()
    rows = 20_000 if options.quick else options.rows
    columns = make_accounts(rows)
    print(f"{rows:,} accounts, {MEASURES} measures, {CONDITIONS} conditions, {CATEGORIES} categories", flush=True)
    with tempfile.TemporaryDirectory(prefix="segdsl-bench-") as name:
        folder = Path(name)
        write_project(folder, columns)
        found, seconds = run_ours(folder)
    peers, _ = timed("scipy: rho, U and H with their p-values alone", lambda: by_scipy(columns))
    good = agree(found, peers)
    print(f"  {'all p-values agree' if good else 'DIFFERENT P-VALUES'}")
    met = seconds < FLOOR_SECONDS
    print(f"  at most {FLOOR_SECONDS:.0f} s for the tests: {'met' if met else 'MISSED'}", flush=True)
    return 0 if good else 1


def make_accounts(rows: int) -> Columns:
    """A score with a long tail, and proxies with missing values, of which every other one tells something of it."""
    rng = np.random.default_rng(SEED)
    quality = rng.standard_normal(rows)
    columns: Columns = {"worth": np.round(np.exp(9 + quality), 2)}
    for place in range(MEASURES + CONDITIONS + CATEGORIES):
        told = (0.1 if place % 2 else 0.0) * quality + rng.standard_normal(rows)
        values = _proxy(place, told)
        values[rng.random(rows) < 0.04 * (place % 6)] = np.nan
        columns[f"p{place}"] = values
    return columns


def _proxy(place: int, told: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if place >= MEASURES + CONDITIONS:
        return np.clip(np.floor(4 * told) + LEVELS // 2, 0, LEVELS - 1)
    if place >= MEASURES:
        return (told > 0.5).astype(np.float64)
    # Half of the measures are amounts, all different; the others are counts, with many ties.
    return np.exp(told) if place % 4 < 2 else np.floor(np.exp(told + 2))


def write_project(folder: Path, columns: Columns) -> None:
    """The accounts as Parquet, and a spec with a hypothesis for each proxy."""
    arrays: dict[str, pa.Array] = {"id": pa.array([f"AC-{n:07}" for n in range(len(columns["worth"]))])}
    kinds, expects = ["id : text key", "worth : number"], []
    for name, values in columns.items():
        place = int(name[1:]) if name != "worth" else -1
        missing = np.isnan(values)
        if place >= MEASURES + CONDITIONS:
            texts = np.array([f"level {level}" for level in range(LEVELS)])
            arrays[name] = pa.array(texts[np.nan_to_num(values).astype(int)], mask=missing)
            kinds.append(f"{name} : category?")
            expects.append(f"{name} separates quality")
        elif place >= MEASURES:
            arrays[name] = pa.array(np.nan_to_num(values) > 0, mask=missing)
            kinds.append(f"{name} : bool?")
            expects.append(f"{name} means higher quality")
        else:
            arrays[name] = pa.array(values, mask=missing)
            kinds += [f"{name} : number?"] if place >= 0 else []
            expects += [f"higher {name} means higher quality"] if place >= 0 else []
    pq.write_table(pa.table(arrays), folder / "accounts.parquet")
    hypotheses = "\n".join(f"hypothesis h{place} {{ expect {one} }}" for place, one in enumerate(expects))
    source = "\n  ".join(kinds)
    text = f'source accounts from "accounts.parquet" {{\n  {source}\n}}\nscore quality for accounts {{ base worth }}\n'
    (folder / "spec.seg").write_text(text + hypotheses + "\n", encoding="utf-8")


def run_ours(folder: Path) -> tuple[tuple[HypothesisResult, ...], float]:
    """The results, and the seconds that the tests take once the rows are there."""
    model = load(folder / "spec.seg").model
    assert model is not None
    plan = build_plan(model, clock_of(model, date(2026, 1, 31)))
    inputs = RunInputs({"accounts": (DataFile(folder / "accounts.parquet", "accounts.parquet"),)})
    before = memory("VmRSS", reset=True)
    (tables, _), _ = timed("segdsl: reading and scoring", lambda: execute(plan, model.sources, inputs))
    assert tables is not None
    (_, tested), seconds = timed(
        "segdsl: effects, intervals, cuts, turns, grades, verdicts", lambda: take_hypotheses(model, tables)
    )
    peak = memory("VmHWM") - before
    verdict = "within" if peak < MOST_MEMORY else "OVER"
    print(f"  peak {peak:,.0f} MB over what was loaded: {verdict} {MOST_MEMORY:,.0f} MB", flush=True)
    return tested.hypotheses, seconds


def timed(name: str, work: Callable[[], Result]) -> tuple[Result, float]:
    """The result of some work, with its seconds of processor time, which are printed."""
    wall, processor = perf_counter(), process_time()
    result = work()
    spent = process_time() - processor
    print(f"  {perf_counter() - wall:8.2f} s, processor {spent:8.2f} s  {name}", flush=True)
    return result, spent


def by_scipy(columns: Columns) -> list[float]:
    """The p-values of the same hypotheses, one by one."""
    worth = columns["worth"]
    found = []
    for place in range(MEASURES + CONDITIONS + CATEGORIES):
        values = columns[f"p{place}"]
        known = ~np.isnan(values)
        proxy, score = values[known], worth[known]
        if place < MEASURES:
            found.append(stats.spearmanr(proxy, score).pvalue)
        elif place < MEASURES + CONDITIONS:
            groups = score[proxy > 0], score[proxy == 0]
            found.append(stats.mannwhitneyu(*groups, method="asymptotic", use_continuity=False).pvalue)
        else:
            found.append(stats.kruskal(*(score[proxy == level] for level in np.unique(proxy))).pvalue)
    return found


def agree(ours: tuple[HypothesisResult, ...], peers: list[float]) -> bool:
    """Whether p-values are alike; for conditions ours is Student's t, theirs the normal distribution."""
    found = [one.effect.p if one.effect is not None else 1.0 for one in ours]
    return bool(np.allclose(found, peers, rtol=1e-3, atol=1e-12))


if __name__ == "__main__":
    sys.exit(main())
