"""Hypotheses on degenerate data, through the whole run: a clear word, never a traceback, never a wrong number."""

import csv
import io
import json
import math
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segdsl.cli.exits import Exit
from segdsl.cli.main import run_command_line

SPEC = """source accounts from "a.csv" {
  id : int key   size : number? lenient   since : date?   plan : category?   tags : list(category)? split "|"
  active : bool?   value : number?
  on broken as missing
}
derive accounts { ratio = size / (size - size) }
population customers from accounts { keep "all" when id >= 0 }
score worth for customers { base value  grade quartiles }
score plain for accounts  { base value }
segmentation fit for accounts { segment low when id < 3  segment high otherwise }
hypothesis larger  { expect higher size means higher worth }
hypothesis smaller { expect lower size means higher worth  among active }
hypothesis newer   { expect higher proxy any of since, size means higher plain }
hypothesis gold    { expect plan == "p1" means higher worth }
hypothesis busy    { expect active means higher plain }
hypothesis plans   { expect plan separates worth }
hypothesis tagged  { expect tags separates plain }
hypothesis ratios  { expect higher ratio means higher worth }
"""
NAMES = ("id", "size", "since", "plan", "tags", "active", "value")
Row = dict[str, Any]


def row(n: int) -> Row:
    made = {"id": n, "size": n % 50 + 1, "since": f"2020-{n % 12 + 1:02}-01", "plan": f"p{n % 4}", "tags": "a|b"}
    return {**made, "active": str(n % 3 == 0).lower(), "value": (n * 7919) % 101}


def outcome(folder: Path, rows: list[Row]) -> dict[str, Any]:
    """What programs are told, checked for what no data may bring about."""
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "spec.seg").write_text(SPEC, encoding="utf-8")
    with redirect_stdout(io.StringIO()) as shown, redirect_stderr(io.StringIO()) as said:
        code = run_command_line(["run", str(folder / "spec.seg"), "--format", "json", "--out", str(folder / "out")])
    assert code == Exit.GOOD, said.getvalue()
    assert "Traceback" not in said.getvalue()

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no figure")

    found: dict[str, Any] = json.loads(shown.getvalue(), parse_constant=refuse)
    for one in found["hypotheses"]:
        _check(one)
    with redirect_stdout(io.StringIO()) as text, redirect_stderr(io.StringIO()):
        run_command_line(["run", str(folder / "spec.seg"), "--out", str(folder / "out")])
    assert "nan" not in text.getvalue()
    return {one["name"]: one for one in found["hypotheses"]} | {"by grade": found["proxies_by_grade"]}


def _check(one: Row) -> None:
    assert one["verdict"] in ("supported", "refuted", "inconclusive", "not tested")
    assert (one["verdict"] == "not tested") == (one["reason"] is not None) == (one["effect"] is None)
    if one["effect"] is not None:
        effect = one["effect"]
        assert effect["low"] <= effect["value"] <= effect["high"]
        assert effect["low"] >= -1
        assert effect["high"] <= 1
        assert 0 <= one["p"] <= one["corrected_p"] <= 1


def test_constant_columns(tmp_path: Path) -> None:
    same = {"size": 5, "since": "2020-01-01", "plan": "p1", "active": "true"}
    found = outcome(tmp_path, [row(n) | same for n in range(60)])
    assert {found[name]["reason"] for name in ("larger", "smaller", "newer", "gold", "busy", "plans", "tagged")} == {
        "the proxy is the same on all rows"
    }
    assert found["ratios"]["reason"] == "fewer than 4 rows have the proxy and the score"
    notes = {one["proxy"]: one["note"] for one in found["by grade"]}
    assert notes["size"] == notes['plan == "p1"'] == "the same in both grades"
    (tmp_path / "other").mkdir()
    found = outcome(tmp_path / "other", [row(n) | {"value": 3} for n in range(60)])
    assert found["larger"]["reason"] == "the score is the same on all rows"
    assert {one["note"] for one in found["by grade"] if one["proxy"] == "size"} == {"all rows are in one grade"}


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_hardly_an_account(count: int, tmp_path: Path) -> None:
    found = outcome(tmp_path, [row(n) for n in range(count)])
    reasons = {one["reason"] for name, one in found.items() if name != "by grade"}
    assert reasons == {"fewer than 4 rows have the proxy and the score"}


@pytest.mark.parametrize("missing", ["value", "size", "plan", "active", "since"])
def test_all_missing(missing: str, tmp_path: Path) -> None:
    found = outcome(tmp_path, [row(n) | {missing: ""} for n in range(60)])
    if missing == "since":
        # The other of two proxies stands in.
        assert found["newer"]["proxy"] == "size"
        return
    rests = {"value": "larger", "size": "larger", "plan": "plans", "active": "busy"}[missing]
    assert found[rests]["reason"] == "fewer than 4 rows have the proxy and the score"
    assert found[rests]["n"] == 0


def test_five_thousand_categories(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = [row(n) | {"plan": f"p{rng.integers(5_000)}", "value": round(float(rng.normal()), 4)} for n in range(8_000)]
    found = outcome(tmp_path, rows)
    assert found["plans"]["verdict"] == "inconclusive"
    assert found["plans"]["rare_categories"] > 3_000
    assert found["plans"]["effect"]["low"] == 0
    (tmp_path / "other").mkdir()
    found = outcome(tmp_path / "other", [row(n) | {"plan": f"p{n}"} for n in range(5_000)])
    assert found["plans"]["reason"] == "each row has a category of its own"
    assert [one["note"] for one in found["by grade"] if one["proxy"] == "plan"] == [
        "no category has 5 rows in the first and the last grade"
    ]


def test_perfect_separation(tmp_path: Path) -> None:
    rows = [row(n) | {"size": n, "active": str(n >= 60).lower(), "plan": f"p{n // 60}", "value": n} for n in range(120)]
    found = outcome(tmp_path, rows)
    assert found["larger"]["effect"]["value"] == found["larger"]["effect"]["high"] == 1
    assert 0.9 < found["larger"]["effect"]["low"] < 1
    assert found["busy"]["effect"]["value"] == found["busy"]["effect"]["high"] == 1
    assert found["plans"]["verdict"] == found["gold"]["verdict"] == "supported"
    apart = [one for one in found["by grade"] if one["note"] == "wholly apart"]
    assert {one["proxy"] for one in apart} == {"active", 'plan == "p1"', "plan"}
    assert all(one["effect"] is None for one in apart)
    # What is wholly apart comes first.
    worth = [one["note"] for one in found["by grade"] if one["score"] == "worth"]
    assert worth[:2] == ["wholly apart"] * 2


def test_infinite_and_broken_values_are_missing(tmp_path: Path) -> None:
    odd = ["inf", "-inf", "1e400", "nan", "x"]
    rows = [row(n) | ({"size": odd[n % 5]} if n < 20 else {}) for n in range(100)]
    found = outcome(tmp_path, rows)
    (tmp_path / "clean").mkdir()
    clean = outcome(tmp_path / "clean", [one | ({"size": ""} if one["id"] < 20 else {}) for one in rows])
    assert found["larger"] == clean["larger"]
    assert found["larger"]["n"] == 80


def test_values_of_every_size(tmp_path: Path) -> None:
    rows = [row(n) | {"size": f"1e{n * 5 - 300}", "value": f"{(-1) ** n}e{n % 9 * 30}"} for n in range(120)]
    found = outcome(tmp_path, rows)
    # What is beyond 1e60 counts as missing.
    kept = [n for n in range(120) if n * 5 - 300 <= 60 and n % 9 * 30 <= 60]
    assert found["larger"]["n"] == len(kept)
    assert all(
        grade["value"] is None or math.isfinite(grade["value"]) for one in found["by grade"] for grade in one["grades"]
    )


def test_duplicate_rows_are_equal_rows(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    once = [row(n) | {"value": int(rng.integers(100)), "size": int(rng.integers(30))} for n in range(40)]
    rows = [one | {"id": one["id"] + 1_000 * copy} for copy in range(3) for one in once]
    found = outcome(tmp_path, rows)
    (tmp_path / "once").mkdir()
    single = outcome(tmp_path / "once", once)
    assert found["larger"]["effect"]["value"] == pytest.approx(single["larger"]["effect"]["value"])
    assert found["larger"]["n"] == 120
