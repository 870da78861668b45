"""`segdsl plan` in its three forms."""

import json
from pathlib import Path

import jsonschema

from tests.cli.processes import REPOSITORY, segdsl

SCHEMA = json.loads((REPOSITORY / "segdsl" / "plan" / "plan.schema.json").read_text(encoding="utf-8"))


def test_tree_names_steps_and_the_columns_read(project: Path) -> None:
    done = segdsl("plan", project)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert "filter customers from accounts" in text
    read = next(line for line in text.splitlines() if line.startswith("  accounts: "))
    # Nothing names the e-mail address.
    assert set(read.removeprefix("  accounts: ").split(", ")) == {
        "account_id",
        "name",
        "industry",
        "employees",
        "mrr",
        "signed_on",
        "tools",
    }


def test_json_follows_the_published_schema(project: Path) -> None:
    for option in (("--json",), ("--format", "json")):
        done = segdsl("plan", project, *option)
        answer = json.loads(done.stdout)
        jsonschema.validate(answer, SCHEMA)
        assert answer["clock"] == "2026-06-30"


def test_parameter_sets_the_clock(project: Path) -> None:
    answer = json.loads(segdsl("plan", project, "--json", "--param", "as_of=2025-01-01").stdout)
    assert (answer["clock"], answer["clock_from"]) == ("2025-01-01", "as_of")


def test_dot_is_a_graph(project: Path) -> None:
    text = segdsl("plan", project, "--dot").stdout.decode()
    assert text.startswith("digraph plan {")
    assert text.rstrip().endswith("}")


def test_warnings_of_check_are_counted(project: Path) -> None:
    spec = project / "customers.seg"
    late = "hypothesis paying { expect higher mrr means higher quality }\n"
    spec.write_text(f"{spec.read_text()}\n{late}")
    warnings = segdsl("check", spec).stderr.decode().count("warning SEG")
    done = segdsl("plan", spec)
    assert (done.returncode, warnings) == (0, 1)
    assert done.stderr.decode().replace("\r\n", "\n") == "1 warning: `segdsl check` tells it\n"


def test_two_forms_at_once_are_wrong_usage(project: Path) -> None:
    assert segdsl("plan", project, "--dot", "--json").returncode == 2


def test_spec_with_an_error_has_no_plan(project: Path) -> None:
    spec = project / "customers.seg"
    spec.write_text(spec.read_text().replace("mrr > $0", "mrrr > $0"))
    done = segdsl("plan", spec)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"SEG201" in done.stderr


def test_spec_without_anything_to_run_says_so(project: Path) -> None:
    (project / "customers.seg").write_text("param a : int = 1\n")
    done = segdsl("plan", project)
    assert done.returncode == 1
    assert b"SEG703" in done.stderr


def test_no_data_is_read(project: Path) -> None:
    (project / "data" / "accounts.csv").unlink()
    assert segdsl("plan", project).returncode == 0
