"""What stands in a run folder, read by independent readers."""

import csv
import hashlib
import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest

import segdsl
from tests.workflows.project_files import COMMON, SPEC, write_project

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    return folder


@pytest.fixture(scope="module")
def run(project: Path) -> Path:
    segdsl.run(project, out=project / "out")
    return project / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_files_have_plain_names(run: Path) -> None:
    assert sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()) == [
        "attrition.csv",
        "audiences/best_list.control.csv",
        "audiences/best_list.csv",
        "manifest.json",
        "members/fit.csv",
        "members/fit.parquet",
        "plan.json",
        "report.txt",
        "scores/quality.csv",
        "scores/quality.parquet",
        "segments.csv",
        "spec/customers.seg",
        "spec/lib/common.seg",
    ]


def test_members_are_the_same_in_both_formats(run: Path) -> None:
    members = {
        "A1": ("tech", "tech/large"),
        "A2": ("tech", "tech/small"),
        "A3": ("other", "other"),
        "A4": ("tech", "tech/small"),
        "A5": ("other", "other"),
        "A8": ("other", "other"),
    }
    for found in (pq.read_table(run / "members" / "fit.parquet").to_pylist(), rows(run / "members" / "fit.csv")):
        assert {row["account_id"]: (row["segment"], row["micro"]) for row in found} == members


def test_every_term_of_a_score_is_a_column(run: Path) -> None:
    first = pq.read_table(run / "scores" / "quality.parquet").to_pylist()[0]
    assert (first["base"], first["service"], first["quality"]) == (1200, Decimal("-100.5"), Decimal("1099.5"))
    assert (first["rank"], first["grade"]) == (1, "A")
    assert rows(run / "scores" / "quality.csv")[0]["quality"] == "1099.50"


def test_attrition_adds_up(run: Path) -> None:
    found = rows(run / "attrition.csv")
    assert [(row["rule"], row["dropped"], row["left"]) for row in found] == [
        ("", "0", "8"),
        ("paying", "1", "7"),
        ("too new", "1", "6"),
    ]


def test_segments_have_size_share_and_mean_score(run: Path) -> None:
    found = {row["segment"]: row for row in rows(run / "segments.csv")}
    assert [row["count"] for row in found.values()] == ["3", "1", "2", "3"]
    # Twelve months of 100, 50.5 and 20 dollars, less 100.50 each.
    assert Decimal(found["tech"]["mean quality"]) == (Decimal("170.5") * 12 - 3 * Decimal("100.5")) / 3
    assert float(found["tech/large"]["share"]) == pytest.approx(1 / 6)


def test_list_is_written_as_asked_and_a_control_group_beside(run: Path) -> None:
    listed, held_out = rows(run / "audiences" / "best_list.csv"), rows(run / "audiences" / "best_list.control.csv")
    assert (len(listed), len(held_out)) == (3, 1)
    everyone = {row["account_id"]: row for row in (*listed, *held_out)}
    assert everyone.keys() == {"A1", "A2", "A3", "A8"}
    assert everyone["A1"] == {
        "account_id": "A1",
        "name": "'=cmd|calc",
        "annual": "1200.00",
        "signed_on": "2024-01-31",
        "tools": "Jira; Planwise",
        "rival": "true",
    }
    assert everyone["A8"]["name"] == "'-5 degrees"
    assert everyone["A2"]["name"] == 'Oak, "Elm" & Co'


def test_personal_data_stands_nowhere_unless_a_list_names_it(run: Path) -> None:
    for path in run.rglob("*"):
        assert not path.is_file() or b"a@a.example" not in path.read_bytes(), path.name


def test_spec_as_run_is_the_formatted_text(run: Path) -> None:
    assert (run / "spec" / "customers.seg").read_text() == segdsl.format_text(SPEC)
    assert (run / "spec" / "lib" / "common.seg").read_text() == segdsl.format_text(COMMON)


def test_manifest_follows_its_schema(run: Path) -> None:
    schema = json.loads((REPOSITORY / "segdsl" / "runs" / "manifest.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((run / "manifest.json").read_text()), schema)


def test_plan_follows_its_schema(run: Path) -> None:
    schema = json.loads((REPOSITORY / "segdsl" / "plan" / "plan.schema.json").read_text())
    jsonschema.validate(json.loads((run / "plan.json").read_text()), schema)


def test_manifest_holds_the_digest_of_every_file(project: Path, run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    named = [manifest["spec"], *manifest["imports"], *manifest["lists"], *manifest["inputs"]]
    assert [one["file"] for one in named] == [
        "customers.seg",
        "lib/common.seg",
        "lists/rivals.csv",
        "data/accounts.csv",
    ]
    for one in named:
        assert one["sha256"] == hashlib.sha256((project / one["file"]).read_bytes()).hexdigest()
    assert manifest["inputs"][0]["bytes"] == (project / "data" / "accounts.csv").stat().st_size


def test_manifest_counts_what_was_read_and_listed(run: Path) -> None:
    counts = json.loads((run / "manifest.json").read_text())["counts"]
    assert counts["sources"]["accounts"] == {"read": 8, "hidden": 0, "dropped": 0}
    assert counts["audiences"]["best"] == {"chosen": 6, "listed": 3, "held_out": 1}
    assert counts["segmentations"]["fit"]["segments"] == {"tech": 3, "tech/large": 1, "tech/small": 2, "other": 3}
