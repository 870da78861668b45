"""`python -m tests.benchmarks`: builds the table, runs each engine in its own processes, prints medians and ratios."""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

import numpy as np

from tests.benchmarks.engines import ENGINES
from tests.benchmarks.table import make_table, write_table
from tests.benchmarks.worker import Figures, Job

REPOSITORY = Path(__file__).resolve().parents[2]
OURS = ("numpy", "numba")
# With 500 rules: how many times as fast as the fastest other engine; by kernels, first match, from a file.
FLOORS = {
    ("numpy", True, False): 2.0,
    ("numpy", False, False): 1.1,
    ("numba", True, False): 5.0,
    ("numba", False, False): 4.0,
    ("numpy", True, True): 1.5,
    ("numpy", False, True): 0.9,
}
FEW_RULES_FLOOR = 1 / 1.7
MOST_MEMORY = 400.0

Case = tuple[bool, bool, int, bool]
Results = dict[tuple[Case, str], Figures | None]


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="segdsl-bench-", dir=options.folder) as name:
        folder = Path(name)
        print(f"Making {options.rows:,} rows x 25 columns", flush=True)
        write_table(make_table(options.rows), folder)
        cases = [
            (first, parquet, count, shared)
            for shared in (True, False)
            for parquet in (False, True)
            for count in (options.rules if shared and not parquet else options.rules[-1:])
            for first in (True, False)
            if shared or not parquet
        ]
        results: Results = {}
        same = True
        for case in cases:
            _print_heading(case)
            for engine in options.engines:
                results[case, engine] = _run(_job(engine, case, options.rows), folder, options.limit)
                _print_figures(engine, results[case, engine], options.limit)
            same &= _compare(case, results)
        _print_growth(results, folder, options)
    return 0 if same else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 100, 500])
    parser.add_argument("--limit", type=float, default=100.0, help="seconds after which an engine is stopped")
    parser.add_argument("--folder", help="where the table is put for the time of the run")
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES)
    parser.add_argument("--quick", action="store_true", help="a small table and few rules, to see that all works")
    options = parser.parse_args()
    if options.quick:
        options.rows, options.rules = 200_000, [5, 20]
    options.rules.sort()
    return options


def _job(engine: str, case: Case, rows: int) -> Job:
    first, parquet, count, shared = case
    return Job(engine, first, parquet, rows, count, shared)


def _run(job: Job, folder: Path, limit: float) -> Figures | None:
    """The figures of a job; None if it took longer, or more memory, than it may."""
    command = [sys.executable, "-m", "tests.benchmarks.worker", json.dumps(asdict(job)), str(folder)]
    try:
        # Loading and compiling are not measured, so they get time of their own.
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=limit + 30)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode and "memory" in done.stderr.lower():
        return None
    if done.returncode:
        raise SystemExit(f"{job} failed:\n{done.stderr}")
    figures = Figures(**json.loads(done.stdout))
    return None if median(figures.seconds) > limit else figures


def _print_heading(case: Case) -> None:
    first, parquet, count, shared = case
    what = "first match" if first else "overlapping, count and mean score"
    where = "from zstd Parquet" if parquet else "in memory"
    cuts = "shared cut-points" if shared else "all cut-points distinct"
    print(f"\n{count} rules, {what}, {where}, {cuts}", flush=True)


def _print_figures(engine: str, figures: Figures | None, limit: float) -> None:
    if figures is None:
        print(f"  {engine:16} over {limit:.0f} s, or over 12 GB of memory", flush=True)
        return
    wall, cpu = median(figures.seconds), median(figures.cpu_seconds)
    print(
        f"  {engine:16} {wall:8.3f} s   processor {cpu:7.2f} s   first call {figures.first_call:7.2f} s"
        f"   {figures.peak:6.0f} MB over the input",
        flush=True,
    )


def _compare(case: Case, results: Results) -> bool:
    """Print how many times as fast as the fastest other engine ours is; whether all answers agree."""
    others = {e: f for e in ENGINES if e not in OURS and (f := results.get((case, e))) is not None}
    ours = {e: f for e in OURS if (f := results.get((case, e))) is not None}
    best = min(others, key=lambda e: median(others[e].seconds))
    for engine, figures in ours.items():
        ratio = median(others[best].seconds) / median(figures.seconds)
        print(f"  {engine} is {ratio:.2f} times as fast as {best}{_verdict(case, engine, ratio, figures.peak)}")
    reference = next(iter(ours.values()))
    wrong = [e for e, f in {**ours, **others}.items() if not _agree(f.answer, reference.answer)]
    print(f"  DIFFERENT ANSWERS: {', '.join(wrong)}" if wrong else "  all answers agree", flush=True)
    return not wrong


def _verdict(case: Case, engine: str, ratio: float, peak: float) -> str:
    first, parquet, count, shared = case
    floor = FLOORS.get((engine, first, parquet)) if count == 500 and shared else None
    if count == 10:
        floor = FEW_RULES_FLOOR
    if floor is None:
        return ""
    memory = "" if peak < MOST_MEMORY else f"; memory above {MOST_MEMORY:.0f} MB"
    return f" (floor {floor:.2f}: {'met' if ratio >= floor else 'MISSED'}{memory})"


def _agree(one: dict[str, object], two: dict[str, object]) -> bool:
    if "digest" in one:
        return one == two
    means = zip(one["means"], two["means"], strict=True)  # type: ignore[call-overload]
    return one["counts"] == two["counts"] and all(
        math.isclose(a, b, rel_tol=1e-9) or (math.isnan(a) and math.isnan(b)) for a, b in means
    )


def _print_growth(results: Results, folder: Path, options: argparse.Namespace) -> None:
    """How cost grows: the exponent of a power law fitted to the medians."""
    print("\nGrowth: seconds ~ n^exponent", flush=True)
    most = options.rules[-1]
    sizes = [options.rows // 8, options.rows // 4, options.rows // 2]
    for first in (True, False):
        what = "first match" if first else "overlapping"
        for engine in (one for one in (*OURS, "polars coalesce") if one in options.engines):
            whole = results[(first, False, most, True), engine]
            runs = [_run(_job(engine, (first, False, most, True), rows), folder, options.limit) for rows in sizes]
            by_rows = _exponent([*sizes, options.rows], [*runs, whole])
            by_rules = _exponent(
                options.rules, [results[(first, False, count, True), engine] for count in options.rules]
            )
            print(f"  {what:12} {engine:16} rows {by_rows:5.2f}   rules {by_rules:5.2f}", flush=True)


def _exponent(sizes: Sequence[int], figures: Sequence[Figures | None]) -> float:
    points = [(n, median(f.seconds)) for n, f in zip(sizes, figures, strict=True) if f is not None]
    if len(points) < 2:
        return float("nan")
    logs = np.log(np.array(points))
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


if __name__ == "__main__":
    sys.exit(main())
