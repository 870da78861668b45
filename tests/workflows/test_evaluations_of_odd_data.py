"""Every measure that comes with segdsl, on data that are degenerate in one way each: a clear word, no wrong number."""

import math
import warnings
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from segdsl.plugin.registry import GROUP
from segdsl.workflows.run import Finished, Request, run

Row = tuple[object, ...]

SPEC = """
param as_of : date = 2026-06-30
source accounts from "accounts.csv" {
  id : int key  industry : category?  seats : count?  growth : ratio?  joined : date?  reachable : bool?
  worth : number?  their_rank : count?
}
source prospects like accounts from "prospects.csv" { without joined, their_rank, worth }
score quality for accounts { base worth }
hypothesis larger { expect higher seats means higher quality }
hypothesis growing { expect growth > 10% means higher quality }
hypothesis by_industry { expect industry separates quality }
segmentation fit for accounts { segment large when seats >= 50  segment small when seats < 50 }
segmentation found for accounts using tree { target: quality  features: industry, seats, growth }
segmentation above for accounts {
  segment high when seats >= quantile(seats, 0.5 over accounts)  segment low otherwise
}
evaluate fit, found, above against quality {
  top: 25%  folds: 3
  MEASURES
}
"""
# What single measures are told besides.
SETTINGS = {
    "agreement": "rank: their_rank",
    "sizing": "prospects: prospects  penetration: 5% .. 15%",
    "criteria": "contact: reachable  growth: growth",
}


def measures() -> list[str]:
    found = []
    for point in entry_points(group=GROUP):
        if point.dist is not None and point.dist.name == "segdsl":
            module = point.load()
            found += [one.name for one in getattr(module, "segdsl_evaluators", tuple)() if one.name == point.name]
    return sorted(set(found))


def row(number: int, **changed: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "id": number,
        "industry": f"i{number % 3}",
        "seats": 7 * number % 100,
        "growth": f"0.{number % 4}",
        "joined": f"202{number % 6}-03-01",
        "reachable": "true" if number % 3 else "false",
        "worth": number * number % 97,
        "their_rank": number + 1,
    }
    return usual | changed


def rows(count: int, **changed: Callable[[int], object]) -> list[dict[str, object]]:
    return [row(n, **{name: make(n) for name, make in changed.items()}) for n in range(count)]


ODD = {
    "no accounts": [],
    "one account": rows(1),
    "two accounts": rows(2),
    "ten accounts": rows(10),
    "as usual": rows(120),
    "a constant score": rows(60, worth=lambda n: 5),
    "two scores": rows(60, worth=lambda n: n % 2),
    "no score": rows(60, worth=lambda n: ""),
    "one score": rows(60, worth=lambda n: 5 if n == 7 else ""),
    "scores below 0": rows(60, worth=lambda n: -n),
    "constant fields": rows(60, industry=lambda n: "one", seats=lambda n: 9, growth=lambda n: 0),
    "no fields": rows(60, industry=lambda n: "", seats=lambda n: "", growth=lambda n: "", joined=lambda n: ""),
    "nobody reachable": rows(60, reachable=lambda n: "", their_rank=lambda n: ""),
    "a category for each account": rows(300, industry=lambda n: f"only {n}"),
    "perfect separation": rows(60, seats=lambda n: 90 if n % 2 else 10, worth=lambda n: n % 2),
    "all alike": rows(60, **{k: lambda n, v=v: v for k, v in row(1).items() if k != "id"}),  # type: ignore[misc]
    "huge scores": rows(60, worth=lambda n: f"{n}e300"),
    "huge fields": rows(60, growth=lambda n: f"{n}e300"),
    "tiny scores": rows(60, worth=lambda n: f"{n}e-300"),
    "one giant": rows(60, worth=lambda n: "1e18" if n == 3 else n % 5),
    "odd names": rows(60, industry=lambda n: ("=cmd()", "Größe \u202e", "<b>")[n % 3]),
}


def evaluated(folder: Path, accounts: list[dict[str, object]]) -> Finished:
    header = tuple(row(0))
    lines = [",".join(map(str, one.values())) for one in accounts]
    (folder / "accounts.csv").write_text("\n".join([",".join(header), *lines, ""]), encoding="utf-8")
    shared = ("id", "industry", "seats", "growth", "reachable")
    lines = [",".join(str(one[name]) for name in shared) for one in accounts[:20]]
    (folder / "prospects.csv").write_text("\n".join([",".join(shared), *lines, ""]), encoding="utf-8")
    asked = "\n  ".join(f"{name}: true  {SETTINGS.get(name, '')}" for name in measures())
    (folder / "spec.seg").write_text(SPEC.replace("MEASURES", asked), encoding="utf-8")
    # A number that overflows on the way is a warning of numpy's, and a mistake here.
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return run(Request(folder / "spec.seg"))


@pytest.mark.parametrize("case", ODD)
def test_odd_data_are_told_in_words(case: str, tmp_path: Path) -> None:
    finished = evaluated(tmp_path, ODD[case])
    assert finished.report is not None
    # A tree says itself that it can't work with so little; nothing else may fail.
    told = {(one.code, one.message.split(":")[0]) for one in finished.diagnostics if one.is_error}
    assert told <= {("SEG409", "`tree`")}
    figures = [one.value for one in finished.report.measured]
    assert all(one is None or math.isfinite(one) for one in figures)
    remarked = {(one.scheme, one.measure) for one in finished.report.remarks}
    silent = {
        (one.scheme, one.measure)
        for one in finished.report.measured
        if one.value is None and not one.figure and not one.segment and (one.scheme, one.measure) not in remarked
    }
    assert silent == set()


def test_every_measure_is_tried(tmp_path: Path) -> None:
    finished = evaluated(tmp_path, ODD["as usual"])
    assert finished.report is not None
    assert {one.measure for one in finished.report.measured} == set(measures())
