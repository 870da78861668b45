"""The examples of docs/python.md run, in the folder that the tutorial leaves, and print what the page shows."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, examples
from tests.docs.walkthrough import ENVIRONMENT, Walkthrough


@pytest.mark.slow
def test_the_examples_print_what_the_page_shows(tmp_path: Path) -> None:
    done = Walkthrough(tmp_path / "customers")
    for example in examples(DOCS / "tutorial.md"):
        if example.is_file:
            done.write(example)
    blocks = list(examples(DOCS / "python.md"))
    script = done.folder / "examples.py"
    script.write_text("\n".join(one.text for one in blocks if one.info == ("python",)), encoding="utf-8")
    ran = subprocess.run([sys.executable, script], cwd=done.folder, env=ENVIRONMENT, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    assert ran.stdout.decode() == "".join(one.text for one in blocks if one.info == ("output",))
