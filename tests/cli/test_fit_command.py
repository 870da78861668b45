"""`segdsl fit`: what it tells, its exit statuses, and that it leaves either both files new or both as they were."""

import json
import signal
from pathlib import Path

import pytest

from tests.cli.processes import python, segdsl

TIERS = """
segmentation tiers for customers using value { of: annual }
"""


@pytest.fixture
def spec(project: Path) -> Path:
    place = project / "customers.seg"
    place.write_text(place.read_text() + TIERS)
    return place


def written(spec: Path) -> list[bytes]:
    return [(spec.parent / name).read_bytes() for name in ("customers.fitted.seg", "customers.fitted.lock")]


def test_people_are_told_what_was_found_and_where_it_stands(spec: Path) -> None:
    done = segdsl("fit", cwd=spec.parent)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "tiers: 2 segments found by value in 6 rows of customers"
    assert lines[1:3] == ["  vital_few", "  useful_many"]
    assert lines[-1] == "written customers.fitted.seg and customers.fitted.lock"
    again = segdsl("fit", cwd=spec.parent).stdout.decode().splitlines()
    assert again[1] == "  vital_few (as before)"


def test_labels_that_go_their_own_ways_are_told(spec: Path) -> None:
    place = spec.parent / "customers.fitted.seg"
    place.write_text(
        "segmentation tiers for customers {\n  segment best when annual >= $800\n"
        "  segment useful_many when annual < $1\n  segment rest otherwise\n}\n"
    )
    lines = segdsl("fit", cwd=spec.parent).stdout.decode().splitlines()
    assert lines[1:4] == [
        "  best (as before, found as vital_few)",
        "  rest (as before, found as useful_many)",
        "  gone: useful_many",
    ]


def test_programs_are_told_the_same(spec: Path) -> None:
    facts = json.loads(segdsl("fit", "--format", "json", cwd=spec.parent).stdout)
    assert facts["file"] == str(spec.parent / "customers.fitted.seg")
    assert facts["before"] == [{"segmentation": "tiers", "state": "not fitted", "changes": [], "edited": False}]
    (one,) = facts["segmentations"]
    assert (one["name"], one["plugin"], one["rows"], one["gone"]) == ("tiers", "value", 6, [])
    assert one["segments"][0] == {"name": "vital_few", "found_as": "vital_few", "label": "new"}
    assert facts["diagnostics"] == []


def test_checking_fails_while_anything_is_not_up_to_date(spec: Path) -> None:
    missing = segdsl("fit", "--check", cwd=spec.parent)
    assert (missing.returncode, missing.stdout.decode()) == (1, "tiers: not fitted\n")
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    fresh = segdsl("fit", "--check", cwd=spec.parent)
    assert (fresh.returncode, fresh.stdout.decode()) == (0, "tiers: up to date\n")
    before = written(spec)
    data = spec.parent / "data" / "accounts.csv"
    data.write_text(data.read_text().replace("100,2024-01-31", "110,2024-01-31"))
    stale = segdsl("fit", "--check", "--param", "as_of=2026-07-01", cwd=spec.parent)
    assert stale.returncode == 1
    assert stale.stdout.decode().splitlines() == [
        "tiers: stale",
        "  the parameter `as_of` was 2026-06-30 and is 2026-07-01",
        "  `data/accounts.csv` changed",
    ]
    assert written(spec) == before


def test_a_run_warns_of_stale_segments_and_fails_only_if_strict(spec: Path) -> None:
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    data = spec.parent / "data" / "accounts.csv"
    data.write_text(data.read_text().replace("100,2024-01-31", "110,2024-01-31"))
    done = segdsl("run", "--out", "out", cwd=spec.parent)
    assert done.returncode == 0
    assert b"SEG710" in done.stderr
    assert segdsl("run", "--out", "out", "--strict", cwd=spec.parent).returncode == 1


def test_what_a_run_finds_is_accepted_in_the_spec_and_in_the_fitted_file(spec: Path) -> None:
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    data = spec.parent / "data" / "accounts.csv"
    data.write_text(data.read_text().replace("100,2024-01-31", "110,2024-01-31"))
    for file, scheme, code in (
        (spec, "segmentation fit", "SEG707"),
        (spec.with_name("customers.fitted.seg"), "segmentation tiers", "SEG710"),
    ):
        file.write_text(file.read_text().replace(scheme, f"# accept {code}: known\n{scheme}"))
    assert segdsl("check", "--strict", cwd=spec.parent).returncode == 0
    done = segdsl("run", "--out", "out", "--strict", cwd=spec.parent)
    assert (done.returncode, done.stderr) == (0, b"2 warnings accepted\n\n")
    done = segdsl("run", "--out", "out", "--strict", "--quiet", cwd=spec.parent)
    assert (done.returncode, done.stderr) == (0, b"")
    warnings = json.loads((spec.parent / "out" / "manifest.json").read_text())["warnings"]
    assert {(one["code"], one["accepted"]) for one in warnings} == {("SEG707", "known"), ("SEG710", "known")}
    done = segdsl("test", "--param", "as_of=2026-05-31", cwd=spec.parent)
    assert done.stderr == b"1 warning accepted\n"
    done = segdsl("explain", "A1", "--format", "json", cwd=spec.parent)
    assert [one["accepted"] for one in json.loads(done.stdout)["diagnostics"]] == ["known"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--only", "tires"), 2, b"SEG506"),
        (("--only", "fit"), 2, b"SEG506"),
        (("--source", "acounts=x.csv"), 2, b"SEG201"),
        (("--param", "as_of=soon"), 2, b"SEG506"),
        (("--max-cost", "much"), 2, b"SEG506"),
        (("--source", "accounts=none.csv"), 3, b"SEG501"),
        (("nothing.seg",), 2, b"SEG501"),
        (("customers.fitted.seg",), 2, b"SEG507"),
    ],
)
def test_what_is_wrong_has_its_status(spec: Path, arguments: tuple[str, ...], status: int, code: bytes) -> None:
    done = segdsl("fit", *arguments, cwd=spec.parent)
    assert done.returncode == status
    assert code in done.stderr
    assert b"Traceback" not in done.stderr
    assert not (spec.parent / "customers.fitted.seg").exists()


def test_a_plugin_that_refuses_is_status_4(spec: Path) -> None:
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    before = written(spec)
    spec.write_text(
        spec.read_text().replace("using value { of: annual }", "using value { of: annual method: quantiles n: 20 }")
    )
    done = segdsl("fit", cwd=spec.parent)
    assert (done.returncode, b"SEG409" in done.stderr) == (4, True)
    assert written(spec) == before


def test_a_spec_that_the_new_segments_break_is_told_where(spec: Path) -> None:
    spec.write_text(spec.read_text() + 'audience few from customers { where tiers == "vital_fw" }\n')
    done = segdsl("fit", cwd=spec.parent)
    assert done.returncode == 1
    assert b"SEG304: segmentation `tiers` has no segment `vital_fw`; it has" in done.stderr
    assert b"nothing was written" in done.stderr
    assert not (spec.parent / "customers.fitted.seg").exists()


STOPPED_HALFWAY = """
import os, signal, sys
from segdsl.cli.main import run_command_line
from segdsl.runs import placing

def stop(path, text, write=placing._write_through):
    write(path, text)
    os.kill(os.getpid(), signal.{signal})

placing._write_through = stop
sys.exit(run_command_line(["fit", {spec!r}]))
"""


@pytest.mark.parametrize(
    ("name", "status", "left_over"), [("SIGTERM", 143, 0), ("SIGINT", 130, 0), ("SIGKILL", -signal.SIGKILL, 1)]
)
def test_a_stopped_fit_leaves_what_was_there(spec: Path, name: str, status: int, left_over: int) -> None:
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    before = written(spec)
    data = spec.parent / "data" / "accounts.csv"
    data.write_text(data.read_text().replace("100,2024-01-31", "900,2024-01-31"))
    done = python(STOPPED_HALFWAY.format(signal=name, spec=str(spec)))
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert written(spec) == before
    assert len([one for one in spec.parent.iterdir() if one.name.endswith(".tmp")]) == left_over
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    assert written(spec) != before


def test_permissions_stay_as_they_were(spec: Path) -> None:
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    place = spec.parent / "customers.fitted.seg"
    place.chmod(0o600)
    assert segdsl("fit", cwd=spec.parent).returncode == 0
    assert place.stat().st_mode & 0o777 == 0o600


def test_the_help_has_an_example(spec: Path) -> None:
    done = segdsl("fit", "--help")
    assert b"segdsl fit customers.seg --only tiers" in done.stdout


def test_verbs_and_options_are_completed() -> None:
    verbs = segdsl(COMP_WORDS="segdsl fi", COMP_CWORD="1", _SEGDSL_COMPLETE="bash_complete")
    assert verbs.stdout.decode().split() == ["plain,fit"]
    options = segdsl(COMP_WORDS="segdsl fit --o", COMP_CWORD="2", _SEGDSL_COMPLETE="bash_complete")
    assert options.stdout.decode().split() == ["plain,--only"]
