"""`segdsl plugins`: listing reads the metadata of packages and imports none; `show` imports one; `new` writes one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from segdsl.cli.exits import Exit
from segdsl.cli.main import run_command_line
from segdsl.cli.plugins_command import command
from segdsl.plugin.registry import installed_plugins
from segdsl.workflows.plugin_template import KINDS
from tests.cli.processes import REPOSITORY, environment
from tests.plugins.conftest import install

SITE = REPOSITORY / "tests" / "invalid" / "site"


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with one plugin whose module can't be imported."""
    info = tmp_path / "stranger-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[segdsl.plugins]\naaa_oak = stranger_module_that_is_absent\n")
    monkeypatch.syspath_prepend(str(tmp_path))


def test_installed_plugin_is_listed_with_its_package(stranger: None) -> None:
    done = CliRunner().invoke(command, [])
    assert done.exit_code == 0
    assert ["aaa_oak", "stranger", "1.2"] in [line.split() for line in done.stdout.splitlines()]
    assert done.stdout.splitlines()[-1] == "`segdsl plugins show NAME` says what one is and does."
    assert "stranger_module_that_is_absent" not in sys.modules


def test_json_lists_plugins(stranger: None) -> None:
    answer = json.loads(CliRunner().invoke(command, ["--format", "json"]).stdout)
    (found,) = [one for one in answer["plugins"] if one["name"] == "aaa_oak"]
    assert found == {
        "name": "aaa_oak",
        "package": "stranger",
        "version": "1.2",
        "allowed": True,
        "pinned": None,
        "usable": True,
    }


def test_without_plugins_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segdsl.workflows.plugins.installed_plugins", lambda: ())
    assert "pip install" in CliRunner().invoke(command, []).stdout


def test_plugins_are_in_the_order_of_their_names(stranger: None) -> None:
    names = [plugin.name for plugin in installed_plugins()]
    assert names == sorted(names)


def run(*words: str) -> int:
    return run_command_line(["plugins", *words])


def test_the_list_says_what_the_project_may_use(
    stranger: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(SITE)
    (tmp_path / "segdsl.toml").write_text('[plugins]\nallow = ["trouble"]\npins = { trouble = "0.2.0" }\n')
    assert run("list") == Exit.GOOD
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if line}
    assert lines["aaa_oak"].endswith("(not allowed by segdsl.toml)")
    assert lines["trouble"].endswith("segdsl-trouble 0.3.0  (segdsl.toml pins it to 0.2.0)")
    assert run("list", "--format", "json") == Exit.GOOD
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)["plugins"]}
    assert (listed["aaa_oak"]["allowed"], listed["aaa_oak"]["usable"]) == (False, False)
    assert (listed["trouble"]["pinned"], listed["trouble"]["usable"]) == ("0.2.0", False)


# ---- show


def test_show_tells_columns_options_and_an_example(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(SITE)
    assert run("show", "trouble") == Exit.GOOD
    shown = capsys.readouterr().out
    assert shown.startswith("trouble: Trouble of every kind\nenricher, segdsl-trouble 0.3.0\n")
    for words in (
        "  sound : count\n      Trouble.\n      from name\n",
        "  nights : whole number\n      how many nights to wait, 1 to 28\n",
        "  side : near or far\n",
        "  phase : text, full if left out\n",
        "  patience : duration\n",
        "enrich accounts using trouble {\n",
    ):
        assert words in shown


def test_show_writes_defaults_as_a_spec_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("show", "needs") == Exit.GOOD
    assert "  center : true or false, false if left out\n" in capsys.readouterr().out


def test_show_suggests_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "firmografic") == Exit.PLUGIN_FAILED
    assert "did you mean `firmographic`?" in capsys.readouterr().err


def test_show_of_a_broken_plugin_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(SITE)
    assert run("show", "bad_import", "--format", "json") == Exit.PLUGIN_FAILED
    answer = json.loads(capsys.readouterr().out)
    assert answer["plugin"] is None
    assert [one["code"] for one in answer["diagnostics"]] == ["SEG407"]


def test_show_imports_nothing_that_the_project_doesnt_allow(
    stranger: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "segdsl.toml").write_text("[plugins]\nallow = []\n")
    assert run("show", "aaa_oak") == Exit.PLUGIN_FAILED
    assert "SEG405" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["firmographic", "technographic", "vendor"])
def test_built_in_plugins_are_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", name) == Exit.GOOD
    assert f"enrich accounts using {name} {{" in capsys.readouterr().out


# ---- new


@pytest.mark.parametrize("name", ["Two", "two words", "2nd", "", "ünder", "segment", "import", "upper", "firmographic"])
def test_a_name_that_no_plugin_can_have_is_wrong_usage(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", name) == Exit.USAGE
    assert list(tmp_path.iterdir()) == []
    assert f"`{name}`" in capsys.readouterr().err


def test_a_folder_that_exists_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    assert run("new", "churn_risk", "--out", "mine") == Exit.BAD_DATA
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    (tmp_path / "file").write_text("keep")
    assert run("new", "churn_risk", "--out", "file") == Exit.BAD_DATA
    assert (tmp_path / "file").read_text() == "keep"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "mine"]


def test_a_place_that_cant_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run("new", "churn_risk", "--out", str(tmp_path / "file" / "inside")) == Exit.BAD_DATA
    assert "can't be written" in capsys.readouterr().err


@pytest.fixture(scope="module")
def new_plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new plugin of every kind, and all of them installed in its folder `site`."""
    folder = tmp_path_factory.mktemp("new")
    for kind in KINDS:
        assert run("new", f"my_{kind}", "--kind", kind, "--out", str(folder / kind)) == Exit.GOOD
    install(folder / "site", *(folder / kind for kind in KINDS))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_is_green_at_once(kind: str, new_plugins: Path) -> None:
    path = os.pathsep.join((str(REPOSITORY), str(new_plugins / "site")))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=new_plugins / kind, env=environment(PYTHONPATH=path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.slow
def test_the_files_of_new_plugins_are_in_the_usual_form(new_plugins: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    folders = [str(new_plugins / kind) for kind in KINDS]
    config = ["--config", str(REPOSITORY / "pyproject.toml")]
    for verb in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *verb, *config, *folders], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
