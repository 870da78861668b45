"""Hypotheses on small tables: which rows and which proxy count, and what is said where nothing can be told."""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from segdsl.cli.main import run_command_line

SPEC = """source accounts from "a.csv" {
  id : int key   size : count?   staff : count?   growth : number?   plan : category?   since : date?   active : bool?
  value : number?
}
score worth for accounts { base value }
"""


def outcomes(folder: Path, rows: list[dict[str, Any]], hypotheses: str) -> dict[str, dict[str, Any]]:
    names = ("id", "size", "staff", "growth", "plan", "since", "active", "value")
    lines = [",".join(str(row.get(name, "")) for name in names) for row in rows]
    (folder / "a.csv").write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")
    (folder / "spec.seg").write_text(SPEC + hypotheses, encoding="utf-8")
    with redirect_stdout(io.StringIO()) as shown:
        run_command_line(["run", str(folder / "spec.seg"), "--format", "json", "--out", str(folder / "out")])
    found = json.loads(shown.getvalue())
    return {one["name"]: one for one in found["hypotheses"]}


def accounts(count: int = 40) -> list[dict[str, Any]]:
    return [{"id": n, "size": n + 1, "value": n * n, "plan": "ab"[n % 2]} for n in range(count)]


def test_rows_without_a_score_or_a_proxy_or_outside_among_do_not_count(tmp_path: Path) -> None:
    rows = accounts()
    rows[0]["value"] = rows[1]["size"] = rows[2]["plan"] = ""
    spec = 'hypothesis h { expect higher size means higher worth  among plan == "b" }'
    (found,) = outcomes(tmp_path, rows, spec).values()
    assert (found["rows"], found["n"]) == (20, 19)
    assert found["coverage"] == pytest.approx(19 / 20)
    assert found["effect"]["value"] == 1
    assert found["among"] == 'plan == "b"'


def test_the_proxy_that_is_known_most_is_tested(tmp_path: Path) -> None:
    rows = [row | {"staff": row["size"], "size": row["size"] if row["id"] < 30 else ""} for row in accounts()]
    spec = "hypothesis h { expect higher proxy any of size, staff means higher worth }"
    assert outcomes(tmp_path, rows, spec)["h"]["proxy"] == "staff"


def test_of_proxies_known_alike_the_first_is_tested(tmp_path: Path) -> None:
    rows = [row | {"staff": row["size"]} for row in accounts()]
    spec = "hypothesis h { expect higher proxy any of size, staff means higher worth }"
    assert outcomes(tmp_path, rows, spec)["h"]["proxy"] == "size"


def test_verdicts_follow_what_was_expected(tmp_path: Path) -> None:
    rows = [row | {"active": str(row["id"] > 25).lower(), "growth": -row["id"] / 100} for row in accounts()]
    found = outcomes(
        tmp_path,
        rows,
        """hypothesis up      { expect higher size means higher worth }
        hypothesis down    { expect higher size means lower worth }
        hypothesis lower   { expect lower growth means higher worth }
        hypothesis active  { expect active means higher worth }
        hypothesis idle    { expect active means lower worth }
        hypothesis by_plan { expect plan separates worth }""",
    )
    assert [one["verdict"] for one in found.values()] == [
        "supported", "refuted", "supported", "supported", "refuted", "inconclusive",
    ]  # fmt: skip
    sides = found["active"]["sides"]
    assert (sides["high"]["rows"], sides["low"]["rows"]) == (14, 26)
    assert sides["high"]["top_quartile_share"] == pytest.approx(10 / 14)
    assert found["active"]["difference"]["mean"] == pytest.approx(
        sum(n * n for n in range(26, 40)) / 14 - sum(n * n for n in range(26)) / 26
    )


def test_a_cut_of_dates_is_a_date(tmp_path: Path) -> None:
    rows = [{"id": n, "since": f"2020-{n % 12 + 1:02}-{n % 28 + 1:02}", "value": n % 12} for n in range(200)]
    spec = "hypothesis h { expect higher since means higher worth }"
    found = outcomes(tmp_path, rows, spec)["h"]
    assert found["verdict"] == "supported"
    assert found["sides"]["at"].startswith("2020-")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": 3}, "the score is the same on all rows"),
        ({"size": 3}, "the proxy is the same on all rows"),
        ({"size": ""}, "fewer than 4 rows have the proxy and the score"),
        ({"value": ""}, "fewer than 4 rows have the proxy and the score"),
    ],
)
def test_what_cannot_be_tested_says_why(change: dict[str, Any], reason: str, tmp_path: Path) -> None:
    rows = [row | change for row in accounts()]
    found = outcomes(tmp_path, rows, "hypothesis h { expect higher size means higher worth }")["h"]
    assert (found["verdict"], found["reason"]) == ("not tested", reason)
    assert found["effect"] is found["p"] is found["rows_needed"] is None


def test_a_category_for_each_row_proves_nothing(tmp_path: Path) -> None:
    rows = [row | {"plan": f"p{row['id']}"} for row in accounts()]
    found = outcomes(tmp_path, rows, "hypothesis h { expect plan separates worth }")["h"]
    assert found["reason"] == "each row has a category of its own"


def test_lists_of_the_spec_are_not_disturbed(tmp_path: Path) -> None:
    outcomes(tmp_path, accounts(), "hypothesis h { expect higher size means higher worth }")
    assert not (tmp_path / "out" / "audiences").exists()
    assert (tmp_path / "out" / "hypotheses.csv").is_file()


def test_rows_without_the_proxy_are_compared_with_those_that_have_it(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    rows = accounts(60)
    for row in rows:
        row["value"] = round(float(rng.normal()), 3)
        row["staff"], row["growth"] = row["id"] % 7, row["id"] % 5
        if row["value"] < -0.5 and rng.random() < 0.8:
            row["size"] = ""
        if rng.random() < 0.3:
            row["staff"] = ""
    found = outcomes(
        tmp_path,
        rows,
        """hypothesis gone  { expect higher size means higher worth }
        hypothesis again { expect lower size means higher worth }
        hypothesis some  { expect higher staff means higher worth }
        hypothesis all   { expect higher growth means higher worth }""",
    )
    assert found["all"]["missing"] is None
    ps = []
    for name, proxy in (("gone", "size"), ("some", "staff")):
        known = [row["value"] for row in rows if row[proxy] != ""]
        lacking = [row["value"] for row in rows if row[proxy] == ""]
        told = found[name]["missing"]
        assert (told["rows"], told["mean_where_known"]) == (len(lacking), pytest.approx(np.mean(known)))
        assert told["mean_where_missing"] == pytest.approx(np.mean(lacking))
        u = stats.mannwhitneyu(known, lacking).statistic
        assert told["rank_biserial"] == pytest.approx(2 * u / (len(known) * len(lacking)) - 1)
        ps.append(told["p"])
    # Two hypotheses with one proxy are one test of what is missing.
    assert found["again"]["missing"] == found["gone"]["missing"]
    corrected = stats.false_discovery_control(ps)
    assert [found[name]["missing"]["corrected_p"] for name in ("gone", "some")] == pytest.approx(corrected)


def warnings(folder: Path) -> list[tuple[str, str]]:
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    return [(one["code"], one["message"]) for one in manifest["warnings"]]


def test_what_is_missing_by_chance_is_not_warned_of(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    rows = accounts(200)
    for row in rows:
        if rng.random() < 0.3:
            row["size"] = ""
    outcomes(tmp_path, rows, "hypothesis h { expect higher size means higher worth }")
    assert warnings(tmp_path) == []
    for row in rows:
        row["size"] = "" if row["value"] > 30_000 else row["id"]
    outcomes(tmp_path, rows, "hypothesis h { expect higher size means higher worth }")
    ((code, message),) = warnings(tmp_path)
    assert code == "SEG824"
    assert "missing on 26 rows where `worth` is higher (rank-biserial +1.00, p < 0.001)" in message


def test_rare_categories_are_warned_of_at_the_proxy(tmp_path: Path) -> None:
    rows = [row | {"plan": "rare" if row["id"] < 3 else row["plan"]} for row in accounts()]
    outcomes(tmp_path, rows, "hypothesis h { expect plan separates worth }")
    assert warnings(tmp_path) == [("SEG823", "1 category has fewer than 5 rows in `plan`, the proxy of `h`")]
