"""`segdsl check`: what it says, in each form, and its exit status."""

import json
from pathlib import Path

import jsonschema
from click.testing import CliRunner

from segdsl.cli.check_command import command
from tests.cli.processes import REPOSITORY, segdsl

SCHEMA = json.loads((REPOSITORY / "segdsl" / "diagnostics" / "diagnostics.schema.json").read_text(encoding="utf-8"))


def test_good_spec_is_said_to_be_good_with_what_it_declares(project: Path) -> None:
    done = segdsl("check", project / "customers.seg")
    assert done.returncode == 0
    assert done.stderr == b""
    parts = "1 source, 2 fields, 1 population, 1 score, 1 segmentation, 1 audience, 1 test"
    assert done.stdout.decode() == f"{project}/customers.seg is good: {parts}\n"


def test_a_folder_means_its_main_spec_and_nothing_the_present_folder(project: Path) -> None:
    assert segdsl("check", ".", cwd=project).stdout == segdsl("check", cwd=project).stdout
    assert segdsl("check", cwd=project).stdout.startswith(b"customers.seg is good")


def test_all_errors_are_shown_on_standard_error_with_status_1(project: Path) -> None:
    spec = project / "customers.seg"
    spec.write_text(spec.read_text().replace("mrr > $0", "mrrr > $0").replace("annual\n", "anual\n"))
    done = segdsl("check", spec)
    assert done.returncode == 1
    assert done.stdout == b""
    told = done.stderr.decode()
    assert "`mrrr`" in told
    assert "`anual`" in told
    assert told.rstrip().endswith("2 errors")


def test_error_in_an_import_is_shown_with_the_name_of_its_file(project: Path) -> None:
    (project / "lib" / "common.seg").write_text("param as_of : date = 2026-99-30\n")
    done = segdsl("check", cwd=project)
    assert done.returncode == 1
    assert "lib/common.seg:1:" in done.stderr.decode()


def test_json_follows_the_published_shape(project: Path) -> None:
    spec = project / "customers.seg"
    spec.write_text(spec.read_text().replace("mrr > $0", "mrrr > $0"))
    done = segdsl("check", spec, "--format", "json")
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, SCHEMA)
    assert done.returncode == 1
    assert done.stderr == b""
    assert [one["code"] for one in answer["diagnostics"]] == ["SEG201"]


def test_json_of_a_good_spec_has_no_findings(project: Path) -> None:
    answer = json.loads(segdsl("check", project, "--format", "json").stdout)
    jsonschema.validate(answer, SCHEMA)
    assert (answer["errors"], answer["warnings"]) == (0, 0)


def test_sarif_names_code_and_line(project: Path) -> None:
    (project / "customers.seg").write_text("set a = (1)\n\nset a = (2)\n")
    log = json.loads(segdsl("check", "--format", "sarif", cwd=project).stdout)
    assert log["version"] == "2.1.0"
    duplicate = next(one for one in log["runs"][0]["results"] if one["ruleId"] == "SEG202")
    assert duplicate["locations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_warnings_fail_only_when_strict(project: Path) -> None:
    (project / "customers.seg").write_text("set never_used = (1)\n")
    lenient, strict = segdsl("check", project), segdsl("check", project, "--strict")
    assert (lenient.returncode, strict.returncode) == (0, 1)
    assert b"is good, with 1 warning" in lenient.stdout
    assert b"SEG804" in strict.stderr


def test_an_accepted_warning_is_counted_apart_and_does_not_fail(project: Path) -> None:
    (project / "customers.seg").write_text("set never_used = (1)  # accept SEG804: it comes later\n")
    done = segdsl("check", "--strict", cwd=project)
    assert done.returncode == 0
    assert done.stdout == b"customers.seg is good\n"
    assert done.stderr == b"1 warning accepted\n"


def test_programs_are_told_of_an_accepted_warning_with_its_reason(project: Path) -> None:
    (project / "customers.seg").write_text("set never_used = (1)  # accept SEG804: it comes later\n")
    answer = json.loads(segdsl("check", project, "--format", "json").stdout)
    jsonschema.validate(answer, SCHEMA)
    assert (answer["warnings"], answer["accepted"]) == (0, 1)
    assert [one["accepted"] for one in answer["diagnostics"]] == ["it comes later"]


def test_a_comment_in_an_import_accepts_what_arises_there(project: Path) -> None:
    field = "derive accounts {\n  late = count(rows where day >= as_of)\n}\n"
    columns = "row : int key from row_number  account_id : text  day : date"
    rows = f'source rows from "rows.csv" {{ {columns}  links account_id to accounts }}\n'
    with (project / "lib" / "common.seg").open("a") as file:
        file.write(rows + field)
    assert b"lib/common.seg" in segdsl("check", "--strict", cwd=project).stderr
    common = project / "lib" / "common.seg"
    common.write_text(common.read_text().replace("  late", "  # accept SEG801: the export ends at the clock\n  late"))
    done = segdsl("check", "--strict", cwd=project)
    assert (done.returncode, done.stderr) == (0, b"1 warning accepted\n")


def test_stale_is_told_of_the_spec_and_not_of_its_imports(project: Path) -> None:
    for file in (project / "customers.seg", project / "lib" / "common.seg"):
        file.write_text(f"# accept SEG803: all are needed\n{file.read_text()}")
    done = segdsl("check", "--strict", cwd=project)
    assert done.returncode == 1
    assert done.stderr.startswith(b"customers.seg:1:1: warning SEG805: There is no SEG803 here to accept\n")
    assert done.stderr.endswith(b"\n1 warning\n")


def test_nothing_is_called_stale_behind_an_error(project: Path) -> None:
    spec = project / "customers.seg"
    spec.write_text("# accept SEG803: all are needed\n" + spec.read_text().replace("mrr > $0", "mrrr > $0"))
    done = segdsl("check", cwd=project)
    assert done.returncode == 1
    assert b"SEG805" not in done.stderr


def test_spec_that_does_not_exist_is_wrong_usage_and_names_the_nearest(project: Path) -> None:
    done = segdsl("check", project / "custmers.seg")
    assert done.returncode == 2
    assert "customers.seg`?" in done.stderr.decode()


def test_root_that_does_not_hold_the_spec_is_wrong_usage(project: Path) -> None:
    assert segdsl("check", project, "--root", project / "lib").returncode == 2


def test_parameter_is_checked_against_its_type(project: Path) -> None:
    assert segdsl("check", project, "--param", "as_of=2023-07-01").returncode == 0
    wrong = segdsl("check", project, "--param", "as_of=soon")
    assert wrong.returncode == 2
    assert b"SEG506" in wrong.stderr


def test_unknown_parameter_names_the_nearest(project: Path) -> None:
    wrong = segdsl("check", project, "--param", "as_off=2023-07-01")
    assert wrong.returncode == 2
    assert "did you mean `as_of`?" in wrong.stderr.decode()


def test_missing_plugin_is_one_error(project: Path) -> None:
    spec = project / "customers.seg"
    with spec.open("a") as file:
        file.write("segmentation tree for customers using oak { target: quality }\n")
    done = segdsl("check", spec)
    assert done.returncode == 1
    assert done.stderr.decode().rstrip().endswith("1 error")
    assert b"SEG401" in done.stderr


def test_status_reaches_a_caller_of_the_command_itself(project: Path) -> None:
    done = CliRunner().invoke(command, [str(project)])
    assert (done.exit_code, done.stderr) == (0, "")
    assert CliRunner().invoke(command, [str(project / "nothing.seg")]).exit_code == 2
