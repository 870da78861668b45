"""`segdsl run`: what it tells, its exit statuses, and that it leaves either a whole run folder or nothing new."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.processes import environment, python, segdsl

HELPED_BY_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def earlier(project: Path) -> Path:
    """A run folder that an earlier run has written."""
    assert segdsl("run", project, "--out", project / "out", "--quiet").returncode == 0
    return project / "out"


def test_report_tells_attrition_score_segments_and_lists(project: Path) -> None:
    done = segdsl("run", "--out", "out", cwd=project)
    assert done.returncode == 0
    lines = [line.rstrip() for line in done.stdout.decode().splitlines()]
    assert lines[0] == "Find good customers"
    assert lines[1] == "as of 2026-06-30 (`as_of`)"
    assert lines[-1] == "results in out"
    words = [line.split() for line in lines]
    # Eight accounts, of which A7 pays nothing and A6 signed 29 days before the clock.
    assert ["keep", "paying", "1", "7"] in words
    assert ["drop", "too", "new", "1", "6"] in words
    # Of A1 .. A5 and A8 three are technology, and A1 alone has 100 employees.
    assert next(one for one in words if one[:1] == ["tech"])[2:4] == ["3", "50.0%"]
    assert next(one for one in words if one[:1] == ["large"])[3:5] == ["1", "16.7%"]
    # Four are taken; a quarter of them is held out.
    assert next(one for one in words if one[:1] == ["best"])[-4:] == ["6", "3", "1", "audiences/best_list.csv"]


def test_new_run_folder_appears_under_runs_named_by_time_and_content(project: Path) -> None:
    for _ in range(2):
        assert segdsl("run", cwd=project).returncode == 0
    names = sorted(os.listdir(project / "runs"))
    assert len(names) == 2
    digests = {re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z-([0-9a-f]{8})(-\d+)?", name)[1] for name in names}  # type: ignore[index]
    assert len(digests) == 1


def test_two_runs_write_the_same_bytes_but_for_the_times(project: Path, earlier: Path) -> None:
    # From another folder, so that nothing depends on where the program is called.
    assert segdsl("run", "customers.seg", "--out", "again", cwd=project).returncode == 0
    first, second = tree(earlier), tree(project / "again")
    manifests = [json.loads(one.pop("manifest.json")) for one in (first, second)]
    assert first == second
    for manifest in manifests:
        del manifest["run"]
    assert manifests[0] == manifests[1]


def test_another_parameter_gives_another_digest(project: Path, earlier: Path) -> None:
    segdsl("run", project, "--out", project / "again", "--param", "as_of=2026-12-31", "--quiet")
    before, after = (json.loads((folder / "manifest.json").read_text()) for folder in (earlier, project / "again"))
    assert before["digest"] != after["digest"]
    assert after["counts"]["populations"]["customers"]["left"] == 7
    assert [one["set"] for one in after["parameters"]] == [True]


def test_earlier_run_folder_is_replaced_whole(project: Path, earlier: Path) -> None:
    stray = earlier / "members" / "stray.csv"
    stray.write_text("from before")
    assert segdsl("run", project, "--out", earlier, "--quiet").returncode == 0
    assert not stray.exists()
    assert (earlier / "manifest.json").is_file()
    assert [name for name in os.listdir(project) if name.startswith(".")] == []


def test_folder_with_other_things_is_refused_and_kept(project: Path) -> None:
    done = segdsl("run", project, "--out", project / "data")
    assert done.returncode == 3
    assert b"SEG701" in done.stderr
    assert os.listdir(project / "data") == ["accounts.csv"]


def test_link_that_leads_the_runs_out_of_the_project_is_refused(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project / "runs").symlink_to(outside)
    done = segdsl("run", project, "--quiet")
    assert done.returncode == 3
    assert b"SEG701" in done.stderr
    assert os.listdir(outside) == []
    # What the user names on the command line may lie anywhere.
    assert segdsl("run", project, "--quiet", "--out", outside / "named").returncode == 0


def test_link_inside_the_project_may_hold_the_runs(project: Path) -> None:
    (project / "results").mkdir()
    (project / "runs").symlink_to("results")
    assert segdsl("run", project, "--quiet").returncode == 0
    assert len(os.listdir(project / "results")) == 1


def test_json_gives_the_same_facts(project: Path) -> None:
    done = segdsl("run", project, "--out", project / "out", "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr, answer["errors"]) == (0, b"", 0)
    assert answer["folder"] == str(project / "out")
    assert [rule["left"] for rule in answer["populations"][0]["rules"]] == [7, 6]
    # Twelve months of 100, 50.5, 75.125, 20, 10 and 30 dollars, less 100.50 each.
    assert answer["scores"][0]["mean"] == pytest.approx((12 * 285.625 - 6 * 100.5) / 6)
    assert [one["count"] for one in answer["segmentations"][0]["segments"]] == [3, 1, 2, 3]
    assert answer["audiences"][0]["control_file"] == "audiences/best_list.control.csv"


def test_the_report_is_kept_as_a_pipe_gets_it(project: Path) -> None:
    done = segdsl("run", "--out", "out", cwd=project)
    kept = (project / "out" / "report.txt").read_bytes()
    assert done.stdout == kept + b"\nresults in out\n"
    # Neither the width nor the looks of what is shown change what is kept.
    segdsl("run", "--out", "again", "--quiet", cwd=project, COLUMNS="60", PYTHONIOENCODING="ascii")
    assert (project / "again" / "report.txt").read_bytes() == kept


LONG = (
    "internet_service_not_no_tenure_under_12_contract_month",
    "internet_service_not_no_tenure_under_12_contract_year",
)


def with_long_names(project: Path) -> None:
    spec = project / "customers.seg"
    text = spec.read_text()
    for short, long in zip(("large", "small"), LONG, strict=True):
        text = text.replace(f"segment {short} ", f"segment {long} ")
    spec.write_text(text)


def test_nothing_is_cut_in_a_pipe(project: Path) -> None:
    with_long_names(project)
    shown = segdsl("run", "--out", "out", cwd=project).stdout.decode()
    assert all(f"  {name}  " in shown for name in LONG)
    assert "Large technology" in shown
    assert "…" not in shown


@pytest.mark.parametrize("columns", ["60", "80", "120", "200"])
def test_columns_states_the_width_and_names_stay_apart(project: Path, columns: str) -> None:
    with_long_names(project)
    lines = segdsl("run", "--out", "out", cwd=project, COLUMNS=columns).stdout.decode().splitlines()
    assert max(map(len, lines[2:])) <= int(columns)
    names = [line.split()[0] for line in lines if line.startswith("    internet")]
    assert len(names) == len(set(names)) == 2
    assert int(columns) < 100 or names == [*LONG]


def test_columns_that_are_no_number_are_passed_over(project: Path) -> None:
    plain = segdsl("run", "--out", "out", cwd=project).stdout
    for columns in ("", "0", "wide", "-5", "9" * 50):
        assert segdsl("run", "--out", "out", cwd=project, COLUMNS=columns).stdout == plain


def test_rows_that_the_clock_hides_are_told(project: Path) -> None:
    spec = project / "customers.seg"
    spec.write_text(spec.read_text().replace('split ";"\n', 'split ";"\n  known from signed_on\n', 1))
    shown = segdsl("run", "--out", "out", "--param", "as_of=2025-01-01", cwd=project).stdout.decode()
    # A3, A4 and A6 signed later.
    assert shown.splitlines()[2] == "accounts: 8 rows, 3 later than 2025-01-01 hidden"
    answer = json.loads(
        segdsl("run", "--out", "out", "--param", "as_of=2025-01-01", "--format", "json", cwd=project).stdout
    )
    assert answer["hidden"] == [{"source": "accounts", "rows": 8, "hidden": 3}]


def test_quiet_says_only_where_the_results_are(project: Path) -> None:
    done = segdsl("run", "--quiet", "--out", "out", cwd=project)
    assert (done.stdout, done.stderr) == (b"results in out\n", b"")


def test_source_is_read_from_elsewhere(project: Path, tmp_path: Path) -> None:
    lines = (project / "data" / "accounts.csv").read_text().splitlines()
    (tmp_path / "other.csv").write_text("\n".join(lines[:2]) + "\n")
    done = segdsl("run", "project", "--source", "accounts=other.csv", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["populations"][0]["start"] == 1


def test_unknown_source_is_wrong_usage(project: Path) -> None:
    done = segdsl("run", project, "--source", "acounts=x.csv")
    assert done.returncode == 2
    assert "did you mean `accounts`?" in done.stderr.decode()


def test_error_in_the_spec_stops_before_any_data(project: Path) -> None:
    spec = project / "customers.seg"
    spec.write_text(spec.read_text().replace("mrr > $0", "mrrr > $0"))
    (project / "data" / "accounts.csv").unlink()
    done = segdsl("run", project)
    assert done.returncode == 1
    assert b"SEG201" in done.stderr
    assert b"SEG501" not in done.stderr
    assert not (project / "runs").exists()


def test_broken_data_ends_with_status_3_and_leaves_the_earlier_folder(project: Path, earlier: Path) -> None:
    before = tree(earlier)
    with (project / "data" / "accounts.csv").open("a") as file:
        file.write("A9,Broken,,Banking,many,none,soon,\n")
    done = segdsl("run", project, "--out", earlier)
    assert done.returncode == 3
    assert b"SEG602" in done.stderr
    assert tree(earlier) == before


def test_absent_data_ends_with_status_3_and_leaves_the_earlier_folder(project: Path, earlier: Path) -> None:
    before = tree(earlier)
    (project / "data" / "accounts.csv").unlink()
    done = segdsl("run", project, "--out", earlier)
    assert done.returncode == 3
    assert b"SEG501" in done.stderr
    assert tree(earlier) == before


@HELPED_BY_ROOT
def test_unreadable_data_end_with_status_3(project: Path) -> None:
    (project / "data" / "accounts.csv").chmod(0)
    done = segdsl("run", project)
    assert done.returncode == 3
    assert b"SEG503" in done.stderr


@HELPED_BY_ROOT
def test_place_that_may_not_be_written_ends_with_status_3(project: Path) -> None:
    (project / "locked").mkdir(mode=0o500)
    done = segdsl("run", project, "--out", project / "locked" / "out")
    assert done.returncode == 3
    assert b"SEG701" in done.stderr


KILLED_HALFWAY = """
import os, signal, sys
import segdsl.workflows.run as workflow
from segdsl.cli.main import run_command_line

def write_half(folder, *_):
    (folder / "members").mkdir()
    (folder / "members" / "fit.csv").write_text("half")
    os.kill(os.getpid(), signal.{signal})
    signal.pause()

workflow.write_folder = write_half
sys.exit(run_command_line(["run", {project!r}, "--out", {out!r}, "--quiet"]))
"""


@pytest.mark.parametrize(
    ("name", "status", "left_over"), [("SIGTERM", 143, 0), ("SIGINT", 130, 0), ("SIGKILL", -signal.SIGKILL, 1)]
)
def test_stopped_run_leaves_the_earlier_folder(
    project: Path, earlier: Path, name: str, status: int, left_over: int
) -> None:
    before = tree(earlier)
    done = python(KILLED_HALFWAY.format(signal=name, project=str(project), out=str(earlier)))
    assert done.returncode == status
    assert tree(earlier) == before
    assert len([one for one in os.listdir(project) if one.startswith(".segdsl-part-")]) == left_over


def test_interruption_is_told_in_a_word(project: Path, earlier: Path) -> None:
    done = python(KILLED_HALFWAY.format(signal="SIGINT", project=str(project), out=str(earlier)))
    assert "Interrupted" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_what_a_killed_run_left_is_removed_by_a_later_one_when_old(project: Path, earlier: Path) -> None:
    old, new = project / ".segdsl-part-1-0", project / ".segdsl-part-2-0"
    for folder in (old, new):
        folder.mkdir()
        (folder / "half.csv").write_text("half")
    os.utime(old, (0, 0))
    assert segdsl("run", project, "--out", earlier, "--quiet").returncode == 0
    assert not old.exists()
    assert new.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_full_disk_leaves_the_earlier_folder(project: Path, small_disk: Path) -> None:
    out = small_disk / "out"
    assert segdsl("run", project, "--out", out, "--quiet").returncode == 0
    before = tree(out)
    free = os.statvfs(small_disk)
    (small_disk / "other").write_bytes(b"x" * (free.f_bavail * free.f_bsize - 8192))
    done = segdsl("run", project, "--out", out)
    assert done.returncode == 3
    assert "no room left" in done.stderr.decode()
    assert tree(out) == before
    assert sorted(os.listdir(small_disk)) == ["other", "out"]


def test_wrong_data_never_shows_personal_data(project: Path) -> None:
    spec = project / "customers.seg"
    spec.write_text(spec.read_text().replace("email      : text? pii", 'email      : category("none")? pii'))
    spec.write_text(spec.read_text().replace("columns account_id,", "columns account_id, email,"))
    done = segdsl("run", project)
    assert done.returncode == 3
    assert b"SEG604" in done.stderr
    assert b"a@a.example" not in done.stderr + done.stdout


def test_a_program_that_stops_reading_does_not_stop_the_run(project: Path) -> None:
    command = f"{sys.executable} -m segdsl run {project} --out {project}/out | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, env=environment())
    assert done.returncode == 0
    assert (project / "out" / "manifest.json").is_file()
