"""The stranger's package, installed for real: into a folder of its own, so that the environment stays as it is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# The stranger's own tests run where the package is installed; see test_stranger.py.
collect_ignore = ["stranger"]

HERE = Path(__file__).resolve().parent
STRANGER = HERE / "stranger"
OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet")


def install(site: Path, *packages: Path) -> None:
    """pip installs packages into a folder, without a network."""
    command = [sys.executable, "-m", "pip", "install", *OFFLINE, "--target", site, *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def stranger_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for Python's path in which the stranger's package is installed."""
    folder = tmp_path_factory.mktemp("stranger")
    shutil.copytree(STRANGER, folder / "package")
    install(folder / "site", folder / "package")
    return folder / "site"
