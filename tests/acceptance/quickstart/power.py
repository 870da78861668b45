"""How often the planted truths of the quickstart are found, over generator seeds.

`python -m tests.acceptance.quickstart.power [--first 1001] [--count 20]` makes the data of each seed anew, runs the
spec on it, and prints which verdicts came out, with the share of true effects and of nulls that came out supported.
"""

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import segdsl

SPECS = Path(__file__).resolve().parents[3] / "specs" / "quickstart"
# README.md of the quickstart says what is planted. `older` has its best in the middle, and no direction.
TRUE = ("larger", "hiring", "broad_stack", "remote_b2b")
NULL = ("many_offices", "well_known", "big_budget", "older", "awarded", "promoters")
MIDDLE = "older"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out supported on the data of a seed, and whether the middle was found."""

    seed: int
    supported: frozenset[str]
    middle: bool


@dataclass(frozen=True, slots=True)
class Power:
    """Shares over seeds: of true effects and of nulls that came out supported, of seeds where the middle was found."""

    true: float
    null: float
    middle: float


def try_seed(seed: int, folder: Path) -> Outcome:
    """Makes the data of a seed in an empty folder, with the spec beside it, and runs it."""
    sys.path.insert(0, str(SPECS))
    try:
        from generate import generate
    finally:
        sys.path.remove(str(SPECS))
    for name in ("lib", "lists"):
        copytree(SPECS / name, folder / name)
    for name in ("quickstart.seg", "segdsl.toml"):
        (folder / name).write_bytes((SPECS / name).read_bytes())
    generate(seed, folder / "data")
    segdsl.run(folder / "quickstart.seg", out=folder / "out")
    with (folder / "out" / "hypotheses.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {row["hypothesis"] for row in rows if row["verdict"] == "supported"}
    return Outcome(seed, frozenset(found), any(row["hypothesis"] == MIDDLE and row["middle"] == "best" for row in rows))


def power(outcomes: Iterable[Outcome]) -> Power:
    """The shares over all outcomes."""
    found = tuple(outcomes)
    true = sum(len(one.supported.intersection(TRUE)) for one in found) / (len(found) * len(TRUE))
    null = sum(len(one.supported.intersection(NULL)) for one in found) / (len(found) * len(NULL))
    return Power(true, null, sum(one.middle for one in found) / len(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=1001)
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    outcomes = []
    for seed in range(options.first, options.first + options.count):
        with tempfile.TemporaryDirectory(prefix="segdsl-power-") as folder:
            outcomes.append(try_seed(seed, Path(folder)))
        one = outcomes[-1]
        lost, wrong = sorted(set(TRUE) - one.supported), sorted(one.supported.intersection(NULL))
        print(
            f"{seed}: lost {', '.join(lost) or 'none'}; wrong {', '.join(wrong) or 'none'};"
            f" middle {'found' if one.middle else 'lost'}",
            flush=True,
        )
    found = power(outcomes)
    print(
        f"{len(outcomes)} seeds: {found.true:.1%} of true effects and {found.null:.1%} of nulls supported,"
        f" the middle found in {found.middle:.0%}"
    )


if __name__ == "__main__":
    main()
