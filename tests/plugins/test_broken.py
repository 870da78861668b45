"""A plugin that breaks its promises costs nothing but what rests on it."""

import csv
from pathlib import Path

import pytest

from segdsl.cli.exits import Exit
from segdsl.cli.main import run_command_line

SITE = Path(__file__).resolve().parents[1] / "invalid" / "site"
SPEC = """
source accounts from "accounts.csv" {{ account_id : text key  name : text }}
enrich accounts using trouble {{ sound from name }}
enrich accounts using trouble {{ {column} from name }}
segmentation short for accounts {{ segment yes when sound < 5  segment no otherwise }}
segmentation broken for accounts {{ segment yes when {column} is known  segment no otherwise }}
audience listed from accounts {{ order by sound  columns account_id, sound }}
"""
BREACHES = {
    "nothing": "the column `nothing` is missing",
    "wrong_type": "the column `wrong_type` is no count",
    "wrong_rows": "the column `wrong_rows` has 3 values for 2 rows",
    "wrong_value": 'has the value "huge", which is not in its list',
    "wrong_object": "it gave dict instead of Made",
    "raises": "RuntimeError: the moon is full",
    "wants_a_library": "needs the library `no_such_library`",
    "refuses": 'there is no "full" moon',
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(SITE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "accounts.csv").write_text("account_id,name\nA-1,Acme\nA-2,Bolt Industries\n")
    return tmp_path


@pytest.mark.parametrize("column", BREACHES)
def test_what_rests_on_it_is_left_out_and_the_rest_is_there(
    column: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "customers.seg").write_text(SPEC.format(column=column))
    assert run_command_line(["run", "customers.seg", "--out", "out"]) == Exit.PLUGIN_FAILED
    told = " ".join(capsys.readouterr().err.split())
    assert BREACHES[column] in told
    assert "segmentation `broken`" in told
    assert rows(folder / "out" / "members" / "short.csv") == [["A-1", "yes"], ["A-2", "no"]]
    assert rows(folder / "out" / "audiences" / "listed.csv") == [["A-1", "4"], ["A-2", "15"]]
    assert not (folder / "out" / "members" / "broken.csv").exists()


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.reader(lines))[1:]


@pytest.mark.parametrize("plugin", ["bad_signature", "bad_hook", "bad_import", "bad_name"])
def test_a_plugin_that_cant_be_used_leaves_the_rest(
    plugin: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = SPEC.format(column="lost").replace("trouble { lost", f"{plugin} {{ lost")
    (folder / "customers.seg").write_text(spec)
    assert run_command_line(["run", "customers.seg", "--out", "out"]) == Exit.PLUGIN_FAILED
    assert f"SEG407: The plugin `{plugin}` of segdsl-trouble 0.3.0 is broken" in capsys.readouterr().err
    assert rows(folder / "out" / "members" / "short.csv") == [["A-1", "yes"], ["A-2", "no"]]


def test_two_packages_with_one_name_trouble_only_who_uses_it(folder: Path) -> None:
    (folder / "customers.seg").write_text(SPEC.format(column="noted"))
    assert run_command_line(["run", "customers.seg", "--out", "out", "--quiet"]) == Exit.GOOD
    (folder / "twin.seg").write_text(SPEC.format(column="noted") + "derive accounts { x = twin(name) }\n")
    assert run_command_line(["check", "twin.seg"]) == Exit.FAILED
