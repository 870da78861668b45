"""Proxies by grade on real data, counted again in plain Python."""

import csv
import json
from pathlib import Path
from statistics import fmean, stdev

import pytest

import segdsl
from segdsl.cli.main import run_command_line


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("crm") / "out"
    segdsl.run(shared / "examples" / "crm_opportunities.seg", out=out)
    return out


def test_means_and_shares_are_those_of_plain_python(folder: Path, shared: Path) -> None:
    accounts = {row["account"]: row for row in rows_of(shared / "data" / "crm_sales_opportunities" / "accounts.csv")}
    grade_of = {row["account"]: row["grade"] for row in rows_of(folder / "scores" / "quality.csv")}
    found = [row for row in rows_of(folder / "proxies_by_grade.csv") if row["score"] == "quality"]
    ours = {(row["proxy"], row["level"], row["among"]): row for row in found}

    def check(row: dict[str, str], values: dict[str, float], is_share: bool) -> None:
        groups = {g: [v for name, v in values.items() if grade_of.get(name) == g] for g in "ABCD"}
        means = {grade: fmean(group) for grade, group in groups.items()}
        for grade in "ABCD":
            assert int(row[f"n {grade}"]) == len(groups[grade])
            assert float(row[f"value {grade}"]) == pytest.approx(means[grade], rel=1e-9)
        spread = [m * (1 - m) if is_share else stdev(groups[g]) ** 2 for g, m in means.items() if g in "AD"]
        assert float(row["effect"]) == pytest.approx((means["A"] - means["D"]) / fmean(spread) ** 0.5, rel=1e-9)
        assert float(row["effect low"]) < float(row["effect"]) < float(row["effect high"])

    employees = {name: float(row["employees"]) for name, row in accounts.items()}
    check(ours["employees", "", ""], employees, False)
    at_home = {n: v for n, v in employees.items() if accounts[n]["office_location"] == "United States"}
    check(ours["employees", "", 'country == "United States"'], at_home, False)
    check(ours["is_subsidiary", "", ""], {n: float(bool(r["subsidiary_of"])) for n, r in accounts.items()}, True)
    for level in ("medical", "finance"):
        check(ours["sector", f'"{level}"', ""], {n: float(r["sector"] == level) for n, r in accounts.items()}, True)


def test_python_gets_the_same_tables(folder: Path, shared: Path) -> None:
    result = segdsl.run(shared / "examples" / "crm_opportunities.seg")
    for table, name in ((result.proxies_by_grade, "proxies_by_grade.csv"), (result.hypotheses, "hypotheses.csv")):
        written = rows_of(folder / name)
        assert table.column_names == list(written[0])
        assert [str(one or "") for one in table.column("proxy").to_pylist()] == [row["proxy"] for row in written]
    without = segdsl.run(shared / "examples" / "remote_companies.seg")
    assert (without.proxies_by_grade.num_rows, without.hypotheses.num_rows) == (0, 0)


def test_rows_are_ranked_by_the_size_of_the_effect(folder: Path) -> None:
    found = rows_of(folder / "proxies_by_grade.csv")
    assert [row["score"] for row in found] == sorted(row["score"] for row in found)
    for score in ("quality", "winning"):
        sizes = [abs(float(row["effect"])) for row in found if row["score"] == score]
        assert sizes == sorted(sizes, reverse=True)
        assert [row["place"] for row in found if row["score"] == score] == [str(n + 1) for n in range(len(sizes))]
    assert found[0]["proxy"] == "revenue"


def test_terminal_and_json_tell_the_same(
    folder: Path, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = str(shared / "examples" / "crm_opportunities.seg")
    run_command_line(["run", spec, "--out", str(tmp_path / "a")])
    text = capsys.readouterr().out
    assert text.index("proxies by grade of quality") < text.index("\nhypotheses\n")
    run_command_line(["run", spec, "--format", "json", "--out", str(tmp_path / "b")])
    told = json.loads(capsys.readouterr().out)["proxies_by_grade"]
    written = rows_of(folder / "proxies_by_grade.csv")
    assert [one["effect"]["value"] for one in told] == [float(row["effect"]) for row in written]
    assert [[g["value"] for g in one["grades"]] for one in told] == [
        [float(row[f"value {g}"]) for g in "ABCD"] for row in written
    ]
