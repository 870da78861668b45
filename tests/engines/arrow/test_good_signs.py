"""Which supported hypotheses speak for each account, told again in plain Python."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import segdsl

SPEC = """source accounts from "a.csv" {
  id : int key   size : count?   since : date   risk : number   plan : category   noise : number   value : number?
}
population judged from accounts { drop "the first" when id < 5 }
score worth for judged { base value }
score other for accounts { base noise }
hypothesis larger  { expect higher size means higher worth }
hypothesis smaller { expect higher size means lower worth }
hypothesis safe    { expect lower risk means higher worth }
hypothesis recent  { expect higher since means higher worth  among plan != "c" }
hypothesis gold    { expect plan == "gold" means higher worth }
hypothesis poor    { expect plan == "poor" means lower worth }
hypothesis by_plan { expect plan separates worth }
hypothesis noisy   { expect higher noise means higher worth }
segmentation half for accounts { segment low when id < 60  segment high otherwise }
segmentation part for judged overlapping { segment low when id < 60  segment any when id > 0 }
"""


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    made = []
    for n in range(120):
        plan = "gold" if n % 3 == 0 and n > 30 else "poor" if n < 40 else "c"
        size = "" if n % 10 == 7 else str(n // 2 + 1)
        day, value = (
            f"20{10 + n // 12:02}-{n % 12 + 1:02}-01",
            "" if n % 25 == 9 else str(n + (50 if plan == "gold" else 0)),
        )
        made.append({"id": str(n), "size": size, "since": day, "risk": str(200 - n), "plan": plan})
        made[-1] |= {"noise": str((n * 37) % 101), "value": value}
    return made


@pytest.fixture(scope="module")
def folder(rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signs")
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (folder / "spec.seg").write_text(SPEC, encoding="utf-8")
    segdsl.run(folder / "spec.seg", out=folder / "out")
    return folder / "out"


def test_signs_are_the_better_sides_of_what_is_supported(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "hypotheses.csv").open(encoding="utf-8", newline="") as file:
        told = {row["hypothesis"]: row for row in csv.DictReader(file)}
    supported = {name for name, row in told.items() if row["verdict"] == "supported"}
    assert supported == {"larger", "safe", "recent", "gold", "poor", "by_plan"}
    cuts = {name: told[name]["cut"] for name in ("larger", "safe", "recent")}
    tests = {
        "larger": lambda row: row["size"] != "" and int(row["size"]) >= float(cuts["larger"]),
        "safe": lambda row: float(row["risk"]) < float(cuts["safe"]),
        "recent": lambda row: row["plan"] != "c" and row["since"] >= cuts["recent"],
        "gold": lambda row: row["plan"] == "gold",
        "poor": lambda row: row["plan"] != "poor",
    }
    expected: dict[int, list[str] | None] = {}
    for row in rows:
        signs = [name for name, test in tests.items() if test(row)]
        # The first five are not in the population of the score, and the other score was not tested.
        expected[int(row["id"])] = None if int(row["id"]) < 5 else signs
    for scheme in ("half", "part"):
        table = pq.read_table(folder / "members" / f"{scheme}.parquet")
        found = dict(zip(table["id"].to_pylist(), table["good_signs"].to_pylist(), strict=True))
        assert found == {id_: expected[id_] for id_ in found}
    assert len({tuple(signs or ()) for signs in expected.values()}) > 5


def test_csv_joins_the_names(folder: Path) -> None:
    lines = (folder / "members" / "half.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,segment,good_signs"
    assert any("larger; safe; " in line for line in lines)


def test_without_hypotheses_there_is_no_such_column(tmp_path: Path, folder: Path) -> None:
    spec = "\n".join(line for line in SPEC.splitlines() if not line.startswith("hypothesis"))
    (tmp_path / "a.csv").write_bytes((folder.parent / "a.csv").read_bytes())
    (tmp_path / "spec.seg").write_text(spec, encoding="utf-8")
    result = segdsl.run(tmp_path / "spec.seg")
    assert result.members["half"].column_names == ["id", "segment"]
