"""docs/plugins/guide.md is done as it stands: packages are written, installed and tested, and specs run with them.

`SEGDSL_REWRITE=1` writes what the commands show into the page, to be reviewed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, REPOSITORY, examples
from tests.docs.walkthrough import ENVIRONMENT, Walkthrough, neutral

PAGE = DOCS / "plugins" / "guide.md"
OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet")


def install(folder: Path, line: str) -> None:
    """What `pip install -e` of the page does, into a folder on Python's path, without a network."""
    package = folder / line.removeprefix("pip install -e ").strip()
    command = [sys.executable, "-m", "pip", "install", *OFFLINE, "--target", folder / "site", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_guide_is_done_as_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    path = os.pathsep.join((str(REPOSITORY), str(folder / "site")))
    done = Walkthrough(folder, {**ENVIRONMENT, "PYTHONPATH": path})
    page = PAGE.read_text(encoding="utf-8")
    shown, made = [], []
    for example in examples(PAGE):
        if example.info == ("sh",):
            install(done.folder, example.text)
        elif example.info == ("console",):
            shown.append(example.text)
            made.append(done.replay(example))
            page = page.replace(f"```console\n{example.text}```", f"```console\n{made[-1]}```", 1)
        elif example.is_file:
            done.write(example)
    if os.environ.get("SEGDSL_REWRITE"):
        PAGE.write_text(page, encoding="utf-8")
    assert [neutral(text) for text in shown] == [neutral(text) for text in made]
