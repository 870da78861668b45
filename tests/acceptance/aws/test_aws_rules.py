"""aws_rules.seg on the real export agrees with plain Python on every member, score, grade and list."""

import csv
import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import segdsl
from tests.acceptance.aws.oracle import Truth, compute

EXPORT = Path("aws_saas_sales") / "SaaS-Sales.csv"


def project(shared: Path, folder: Path) -> Path:
    """A project of its own with the spec and the export, so that the export can be changed."""
    (folder / "examples").mkdir()
    (folder / "data" / EXPORT.parent).mkdir(parents=True)
    (folder / "segdsl.toml").write_text("[project]\n")
    shutil.copy(shared / "examples" / "aws_rules.seg", folder / "examples")
    shutil.copy(shared / "data" / EXPORT, folder / "data" / EXPORT)
    return folder / "examples" / "aws_rules.seg"


def check(spec: Path, export: Path, as_of: date, out: Path) -> Truth:
    truth = compute(export, as_of)
    segdsl.run(spec, params={"as_of": as_of.isoformat()}, out=out)
    members = pq.read_table(out / "members" / "plan.parquet").to_pylist()
    assert [row["customer_id"] for row in members] == list(truth.population)
    assert {row["customer_id"]: row["segment"] for row in members} == truth.segment
    assert {row["customer_id"]: row["micro"] for row in members} == truth.micro
    scores = pq.read_table(out / "scores" / "quality.parquet").to_pylist()
    assert {row["customer_id"]: Fraction(row["quality"]) for row in scores} == truth.score
    assert {row["customer_id"]: row["grade"] for row in scores} == truth.grade
    with (out / "audiences" / "call_first.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [int(row["customer_id"]) for row in csv.DictReader(file)] == list(truth.listed)
    return truth


def test_on_the_export(shared: Path, tmp_path: Path) -> None:
    truth = check(shared / "examples" / "aws_rules.seg", shared / "data" / EXPORT, date(2025, 1, 1), tmp_path / "out")
    assert truth.customers == 99


def test_an_earlier_clock_hides_the_future(shared: Path, tmp_path: Path) -> None:
    """All 99 customers had ordered within the year before 2023-07-01 too, but their figures differ."""
    now = compute(shared / "data" / EXPORT, date(2025, 1, 1))
    then = check(shared / "examples" / "aws_rules.seg", shared / "data" / EXPORT, date(2023, 7, 1), tmp_path / "out")
    assert then.score != now.score


def test_a_clock_near_the_first_order_shrinks_the_population(shared: Path, tmp_path: Path) -> None:
    truth = check(shared / "examples" / "aws_rules.seg", shared / "data" / EXPORT, date(2021, 3, 1), tmp_path / "out")
    assert len(truth.population) == 48


def test_customers_made_to_tie(shared: Path, tmp_path: Path) -> None:
    """Pairs of customers get the same orders: revenue, products, dates and score are equal to the cent."""
    spec = project(shared, tmp_path)
    export = tmp_path / "data" / EXPORT
    with export.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header, lines = list(reader.fieldnames or ()), list(reader)
    keys = sorted({int(line["Customer ID"]) for line in lines})
    names = {int(line["Customer ID"]): (line["Customer"], line["Industry"]) for line in lines}
    copied = []
    for first, second in zip(keys[::2], keys[1::2], strict=False):
        for key in (first, second):
            for line in (x for x in lines if int(x["Customer ID"]) == first):
                customer, industry = names[key]
                copied.append(line | {"Customer ID": str(key), "Customer": customer, "Industry": industry})
    with export.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(line | {"Row ID": number} for number, line in enumerate(copied, 1))
    truth = check(spec, export, date(2025, 1, 1), tmp_path / "out")
    assert len(set(truth.score.values())) <= len(truth.score) / 2 + 1


def test_row_order_changes_nothing(shared: Path, tmp_path: Path) -> None:
    spec = project(shared, tmp_path)
    export = tmp_path / "data" / EXPORT
    segdsl.run(spec, out=tmp_path / "before")
    head, *lines = export.read_text(encoding="utf-8-sig").splitlines()
    export.write_text("\n".join([head, *reversed(lines)]), encoding="utf-8")
    segdsl.run(spec, out=tmp_path / "after")
    names = [
        "members/plan.csv",
        "members/plan.parquet",
        "scores/quality.csv",
        "attrition.csv",
        "audiences/call_first.csv",
    ]
    for name in names:
        assert (tmp_path / "before" / name).read_bytes() == (tmp_path / "after" / name).read_bytes(), name


@pytest.mark.parametrize("day", [date(2022, 2, 28), date(2024, 2, 29), date(2021, 12, 31)])
def test_other_clocks(shared: Path, tmp_path: Path, day: date) -> None:
    check(shared / "examples" / "aws_rules.seg", shared / "data" / EXPORT, day, tmp_path / "out")
