"""A package that a stranger wrote: it keeps its contract, and specs use each of its plugins."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from segdsl import check as segdsl_checked
from tests.cli.processes import REPOSITORY, environment
from tests.plugins.conftest import STRANGER

pytestmark = pytest.mark.slow

ACCOUNTS = """account_id,name,signed_on,seats
A-1,Acme Corp,2026-04-01,5
A-2,Bolt Inc,2026-03-31,50
A-3,Cyan,,80
A-4,Delta Data Ltd,2150-12-24,
"""
DEALS = "id=1;account=A-2;stage=won\nid=2;account=A-2;stage=lost\nid=3;account=A-3\n"
SOURCES = """
param as_of : date = 2200-01-01
source accounts from "accounts.csv" {
  account_id : text key
  name       : text
  signed_on  : date?
  seats      : count?
}
"""
SPEC = f"""{SOURCES}
source deals from "deals.txt" {{
  read {{ format: pairs  separator: ";" }}
  id      : text key
  account : text
  stage   : text?
  links account to accounts
}}
enrich accounts using fiscal {{
  quarter from signed_on
  calendar = quarter from signed_on
  rows_of_deals from deals.stage
  starts: 4
}}
derive accounts {{ letters = initials(name) }}
population customers from accounts {{ keep "all" when true }}
score quality for customers {{ base seats ?? 0 }}
segmentation fit for customers {{
  segment two_words when letters == "AC" or letters == "BI"
  segment other otherwise
}}
segmentation found for customers using median_split {{ by: seats }}
evaluate fit against quality {{ require placed of fit >= 0.9 }}
audience call_first from customers {{
  order by rows_of_deals desc
  columns account_id, letters, quarter, rows_of_deals, rows_of_deals_share, found
  to "call_first.jsonl" using json_lines {{ ascii: true }}
}}
report using list_sizes {{}}
"""


def python(site: Path, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(REPOSITORY), str(site)))
    command = [sys.executable, *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, env=environment(PYTHONPATH=path), capture_output=True, text=True, check=False
    )


def segdsl(site: Path, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return python(site, "-m", "segdsl", *words, cwd=cwd)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS)
    (tmp_path / "deals.txt").write_text(DEALS)
    (tmp_path / "customers.seg").write_text(SPEC)
    return tmp_path


def column(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8") as lines:
        return [row[name] for row in csv.DictReader(lines)]


def test_the_package_passes_its_own_tests(stranger_site: Path, tmp_path: Path) -> None:
    config = STRANGER / "pyproject.toml"
    done = python(
        stranger_site, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", config, STRANGER / "tests", cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout
    assert "7 passed" in done.stdout


def test_a_spec_uses_a_plugin_of_each_kind(stranger_site: Path, folder: Path) -> None:
    done = segdsl(stranger_site, "run", "customers.seg", "--out", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    out = folder / "out"
    # Business years from April: 1 April is in Q1, 31 March in Q4, 24 December in Q3.
    assert column(out / "enriched" / "accounts.csv", "quarter") == ["Q1", "Q4", "", "Q3"]
    assert column(out / "enriched" / "accounts.csv", "calendar") == ["Q1", "Q4", "", "Q3"]
    rows = [json.loads(line) for line in (out / "audiences" / "call_first.jsonl").read_text().splitlines()]
    assert [(row["account_id"], row["letters"], row["rows_of_deals"]) for row in rows] == [
        ("A-2", "BI", 2),
        ("A-3", "C", 1),
        ("A-1", "AC", 0),
        ("A-4", "DDL", 0),
    ]
    assert [row["rows_of_deals_share"] for row in rows] == pytest.approx([2 / 3, 1 / 3, 0, 0])
    # The median of 5, 50 and 80 is 50; A-4 has no seats.
    assert column(out / "members" / "found.csv", "segment") == ["small", "large", "large", "other"]
    values = [column(out / "evaluation.csv", name) for name in ("measure", "value")]
    assert [value for measure, value in zip(*values, strict=True) if measure == "placed"] == ["1"]
    assert "has 4 rows." in (out / "sections" / "list_sizes.md").read_text()
    assert "1 row of `accounts`: days after the year 2100" in done.stderr


def test_the_manifest_names_every_plugin_with_its_version(stranger_site: Path, folder: Path) -> None:
    done = segdsl(stranger_site, "run", "customers.seg", "--out", "out", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads((folder / "out" / "manifest.json").read_text())["plugins"]
    names = {"fiscal", "initials", "median_split", "placed", "pairs", "json_lines", "list_sizes"}
    # Measures of every evaluation are named, too.
    theirs = [one for one in found if one["package"] != "segdsl"]
    assert {one["name"] for one in theirs} == names
    assert {(one["package"], one["version"]) for one in theirs} == {("segdsl-stranger", "2.1.0")}


def test_a_run_folder_with_everything_in_it_is_replaced_by_the_next_run(stranger_site: Path, folder: Path) -> None:
    for _ in range(2):
        done = segdsl(stranger_site, "run", "customers.seg", "--out", "out", "--quiet", cwd=folder)
        assert done.returncode == 0, done.stderr


def test_a_plugin_that_no_spec_names_is_not_imported(stranger_site: Path, folder: Path) -> None:
    (folder / "plain.seg").write_text(SOURCES)
    program = (
        "import sys; from segdsl.cli.main import run_command_line; "
        "status = run_command_line(['check', 'plain.seg']); print(status, 'segdsl_stranger' in sys.modules)"
    )
    done = python(stranger_site, "-c", program, cwd=folder)
    assert done.stdout.splitlines()[-1] == "0 False", done.stderr


def test_a_plugin_that_isnt_allowed_is_not_imported(stranger_site: Path, folder: Path) -> None:
    (folder / "segdsl.toml").write_text('[plugins]\nallow = ["vendor"]\n')
    program = (
        "import sys; from segdsl.cli.main import run_command_line; "
        "status = run_command_line(['check', 'customers.seg']); print(status, 'segdsl_stranger' in sys.modules)"
    )
    done = python(stranger_site, "-c", program, cwd=folder)
    assert done.stdout.splitlines()[-1] == "1 False", done.stderr
    assert done.stderr.count("SEG405") == 7


def test_a_pinned_version_is_held_to(stranger_site: Path, folder: Path) -> None:
    (folder / "segdsl.toml").write_text('[plugins.pins]\nfiscal = "2.1.0"\ninitials = "2.0.0"\n')
    done = segdsl(stranger_site, "check", "customers.seg", cwd=folder)
    assert done.returncode == 1
    assert "segdsl.toml pins `initials` to 2.0.0, and segdsl-stranger 2.1.0 is installed" in done.stderr
    assert "`fiscal`" not in done.stderr


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("enrich accounts using fiscal { quarter from signed_on  starts: 13 }", "SEG403"),
        ("enrich accounts using fiscal { quarter from signed_on  start: 4 }", "SEG403"),
        ("enrich accounts using fiscal { quater from signed_on }", "SEG404"),
        ("enrich accounts using fiscal { quarter from name }", "SEG306"),
        ('enrich accounts using fiscal { quarter from signed_on } derive accounts { x = quarter == "Q5" }', "SEG304"),
        ("enrich accounts using median_split { quarter from signed_on }", "SEG402"),
        ("segmentation s for accounts using fiscal { by: seats }", "SEG402"),
        ("segmentation s for accounts using median_split {}", "SEG403"),
        ("segmentation s for accounts using median_split { by: seeats }", "SEG201"),
        ("derive accounts { x = initials(seats) }", "SEG306"),
        ("derive accounts { x = initials(name, name) }", "SEG306"),
        ("derive accounts { x = initials(name) + 1 }", "SEG302"),
        ("report using fiscal {}", "SEG402"),
        ("report using list_sizes { rows: 3 }", "SEG403"),
        ('audience a from accounts { to "a.x" using pairs }', "SEG402"),
        ('audience a from accounts { to "a.x" using json_lines { ascii: "no" } }', "SEG403"),
    ],
)
def test_a_mistake_in_the_use_of_a_plugin_is_found_without_data(
    stranger_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: str, code: str
) -> None:
    monkeypatch.syspath_prepend(stranger_site)
    (tmp_path / "wrong.seg").write_text(f"{SOURCES}\n{block}\n")
    assert [one.code for one in segdsl_checked(tmp_path / "wrong.seg") if one.is_error] == [code]


def test_a_segmenter_that_refuses_leaves_the_rest(stranger_site: Path, folder: Path) -> None:
    spec = (folder / "customers.seg").read_text().replace("by: seats", "by: name")
    (folder / "customers.seg").write_text(spec.replace(", found\n", "\n"))
    done = segdsl(stranger_site, "run", "customers.seg", "--out", "out", "--quiet", cwd=folder)
    assert done.returncode == 4
    assert "SEG409: `median_split`: `name` is text" in done.stderr
    assert column(folder / "out" / "members" / "fit.csv", "segment") == ["two_words", "two_words", "other", "other"]


def test_the_command_line_shows_what_it_declares(stranger_site: Path, tmp_path: Path) -> None:
    done = segdsl(stranger_site, "plugins", "show", "fiscal", "--format", "json", cwd=tmp_path)
    shown = json.loads(done.stdout)["plugin"]
    assert (shown["kind"], shown["package"], shown["version"]) == ("enricher", "segdsl-stranger", "2.1.0")
    assert [one["name"] for one in shown["columns"]] == ["quarter", "rows_of_*"]
    assert shown["columns"][1]["also"] == [{"name": "*_share", "type": "ratio"}]
    assert shown["options"][0]["default"] == 1
