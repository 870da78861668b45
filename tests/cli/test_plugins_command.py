"""`segdsl plugins`: read from the metadata of packages, without importing any."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from segdsl.cli.plugins_command import command
from segdsl.workflows.plugins import installed_plugins


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
    assert "aaa_oak  (stranger 1.2)" in done.stdout
    assert "stranger_module_that_is_absent" not in sys.modules


def test_json_lists_plugins(stranger: None) -> None:
    answer = json.loads(CliRunner().invoke(command, ["--format", "json"]).stdout)
    assert {"name": "aaa_oak", "package": "stranger", "version": "1.2"} in answer["plugins"]


def test_without_plugins_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segdsl.cli.plugins_command.installed_plugins", lambda: ())
    assert "pip install" in CliRunner().invoke(command, []).stdout


def test_plugins_are_in_the_order_of_their_names(stranger: None) -> None:
    names = [plugin.name for plugin in installed_plugins()]
    assert names == sorted(names)
