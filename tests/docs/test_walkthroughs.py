"""The pages that are done step by step do what they say: every command shows what the page shows.

`SEGDSL_REWRITE=1` writes what the commands show into the pages, to be reviewed.
"""

import os
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, REPOSITORY, examples
from tests.docs.walkthrough import Walkthrough, is_abridged, neutral


@pytest.mark.slow
@pytest.mark.parametrize("path", (REPOSITORY / "README.md", DOCS / "tutorial.md"), ids=lambda path: path.name)
def test_every_command_shows_what_the_page_shows(path: Path, tmp_path: Path) -> None:
    done = Walkthrough(tmp_path / "customers")
    page = path.read_text(encoding="utf-8")
    shown, made = [], []
    for example in examples(path):
        if example.info == ("console",):
            shown.append(example.text)
            made.append(done.replay(example))
            page = page.replace(f"```console\n{example.text}```", f"```console\n{made[-1]}```", 1)
        elif example.is_file:
            done.write(example)
    if os.environ.get("SEGDSL_REWRITE"):
        path.write_text(page, encoding="utf-8")
    assert made, "the page has no commands"
    assert [neutral(text) for text in shown] == [neutral(text) for text in made]


@pytest.mark.parametrize(
    ("shown", "is_right"),
    [
        ("...\nb\n...\n", True),
        ("a\n...\n", True),
        ("a\n...\nd\n", True),
        ("a\nb\nc\nd\n", False),  # nothing is left out
        ("...\nx\n...\n", False),
        ("a\n...\nc\n", False),  # the end is missing without a word
        ("a\n...\nb\nc\nd\n", False),  # nothing is there to be left out
    ],
)
def test_a_page_may_leave_lines_out_but_shows_the_others_as_they_are(shown: str, is_right: bool) -> None:
    assert is_abridged(shown, "a\nb\nc\nd\n") == is_right
