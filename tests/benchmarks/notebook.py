"""A whole analysis by segdsl beside the same by pandas and scikit-learn, in whole processes with their start-up.

`python -m tests.benchmarks.notebook [--accounts N] [--quick]` makes accounts with 8 invoices and 2 tickets each, and
runs the spec of `notebook_data` and the script `notebook_pandas`: joins, aggregates, a population, a score with grades,
rules, a tree, clusters, gains out of sample and profiles, written as CSV and Parquet. Neither may use threads for
linear algebra. pandas is no dependency of
segdsl; it has to be there for this comparison alone:

    python -m venv notebook && notebook/bin/pip install pandas pyarrow scikit-learn
    python -m tests.benchmarks.notebook --pandas notebook/bin/python

Beside segdsl pyarrow would load it with its datasets, and every run would wait for that.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import pyarrow.parquet as arrow_parquet

from tests.benchmarks.notebook_data import write_project

# Threads that wait for one another in a loop count as work on a busy machine, and small k-means runs have many.
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
COMMAND = "from segdsl.cli.main import main; main()"
SCRIPT = Path(__file__).with_name("notebook_pandas.py")


@dataclass(frozen=True)
class Took:
    """Seconds of wall clock and of processor time, and the most memory in MB."""

    wall: float
    processor: float
    memory: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=300_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--pandas", default=sys.executable, help="the Python that has pandas and scikit-learn")
    parser.add_argument("--quick", action="store_true", help="few accounts, to see that all works")
    options = parser.parse_args()
    if subprocess.run([options.pandas, "-c", "import pandas, sklearn"], capture_output=True, check=False).returncode:
        print(f"{options.pandas} has no pandas: see the head of tests/benchmarks/notebook.py")
        return 0
    if options.quick:
        options.accounts, options.times = 10_000, 1
    with tempfile.TemporaryDirectory(prefix="segdsl-bench-") as name:
        folder = Path(name)
        write_project(folder, options.accounts)
        print(f"{options.accounts:,} accounts; medians of {options.times} whole processes", flush=True)
        ours = [sys.executable, "-c", COMMAND, "run", str(folder / "spec.seg"), "--out", str(folder / "ours")]
        theirs = [options.pandas, str(SCRIPT), str(folder), str(folder / "theirs")]
        own = _median("segdsl", [_run(ours, folder / "ours") for _ in range(options.times)])
        other = _median("pandas and scikit-learn", [_run(theirs, folder / "theirs") for _ in range(options.times)])
        print(
            f"  {other.processor / own.processor:.2f} times as fast by processor time,"
            f" {other.wall / own.wall:.2f} by the clock"
        )
        same = _agree(folder)
    if not same or (own.processor > other.processor and not options.quick):
        print("  MISSED")
        return 1
    return 0


def _run(command: Sequence[str], out: Path) -> Took:
    shutil.rmtree(out, ignore_errors=True)
    start = perf_counter()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, env=ENVIRONMENT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        if process.returncode:
            raise SystemExit(f"{command[0]} ended with {process.returncode}\n{told.read()[-2000:].decode()}")
    return Took(perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _median(name: str, runs: Sequence[Took]) -> Took:
    took = Took(median(r.wall for r in runs), median(r.processor for r in runs), max(r.memory for r in runs))
    print(f"  {took.wall:8.2f} s, processor {took.processor:8.2f} s, up to {took.memory:,.0f} MB  {name}", flush=True)
    return took


def _agree(folder: Path) -> bool:
    """Whether both have the same scores and members by rule, and catch about as many of the best by their trees."""
    own, other = (
        arrow_parquet.read_table(folder / path) for path in ("ours/scores/quality.parquet", "theirs/quality.parquet")
    )
    scores = zip(*(table.sort_by("account_id").column("quality").to_pylist() for table in (own, other)), strict=True)
    apart = max(abs(float(one) - float(two)) for one, two in scores)
    rules = [
        table.sort_by("account_id").column(name).to_pylist()
        for table, name in (
            (arrow_parquet.read_table(folder / "ours/members/rules.parquet"), "segment"),
            (arrow_parquet.read_table(folder / "theirs/rules.parquet"), "rules"),
        )
    ]
    caught = [
        float(arrow_parquet.read_table(folder / path).column("caught").to_pylist()[25])
        for path in ("ours/evaluation/found.lift.gains.parquet", "theirs/found_gains.parquet")
    ]
    print(
        f"  scores differ by {apart:.4f} at most;"
        f" the trees catch {caught[0]:.1%} and {caught[1]:.1%} of the best quarter"
    )
    # Cents of a tenth of the revenue are rounded in one and not in the other.
    return apart < 0.01 and rules[0] == rules[1] and caught[0] > caught[1] - 0.02


if __name__ == "__main__":
    sys.exit(main())
