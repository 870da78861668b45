"""`segdsl test` as a command: what it prints and its exit status."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from segdsl.cli.test_command import command

SPEC = """\
source a from "a.csv" { id : int key  x : count? }
segmentation s for a { segment many when x > 3  segment few otherwise }
test "four is many" { given a { x: 4 } expect s == "many" }
"""
WRONG = 'test "three is many" { given a { x: 3 } expect s == "many" }\n'


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return tmp_path / "s.seg"


def test_tests_that_pass_end_well(spec):
    spec.write_text(SPEC)
    result = CliRunner().invoke(command, [str(spec)])
    assert result.exit_code == 0
    assert "1 test: 1 passed, 0 failed" in result.stdout
    assert "segmentation s: few" in result.stdout


def test_a_failure_is_shown_and_ends_with_status_1(spec):
    spec.write_text(SPEC + WRONG)
    result = CliRunner().invoke(command, [str(spec)])
    assert result.exit_code == 1
    assert "2 tests: 1 passed, 1 failed" in result.stdout
    assert "`x > 3` (3 > 3) is false" in result.stderr


def test_json_tells_each_test(spec):
    spec.write_text(SPEC + WRONG)
    result = CliRunner().invoke(command, [str(spec), "--format", "json"])
    told = json.loads(result.stdout)
    assert (told["passed"], told["failed"]) == (1, 1)
    assert [(one["test"], one["passed"]) for one in told["tests"]] == [("four is many", True), ("three is many", False)]
    assert told["tests"][1]["failures"][0]["reasons"][1]["facts"][0]["compared"] == "3 > 3"
    assert told["diagnostics"][0]["code"] == "SEG704"


def test_a_spec_with_mistakes_or_without_tests(spec):
    spec.write_text("source a from")
    assert CliRunner().invoke(command, [str(spec)]).exit_code == 1
    spec.write_text(SPEC.partition("test ")[0])
    result = CliRunner().invoke(command, [str(spec)])
    assert (result.exit_code, "The spec has no tests." in result.stdout) == (0, True)
    assert CliRunner().invoke(command, [str(spec.with_name("none.seg"))]).exit_code == 2
