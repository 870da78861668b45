"""The tutorial does what it says: done from its first to its last block, every command shows what the page shows."""

import os
from pathlib import Path

from tests.docs.pages import DOCS, examples
from tests.docs.walkthrough import Walkthrough, neutral

TUTORIAL = DOCS / "tutorial.md"


def test_every_command_of_the_tutorial_shows_what_the_page_shows(tmp_path: Path) -> None:
    done = Walkthrough(tmp_path)
    page = TUTORIAL.read_text(encoding="utf-8")
    shown, made = [], []
    for example in examples(TUTORIAL):
        if example.info == ("console",):
            shown.append(example.text)
            made.append(done.replay(example))
            page = page.replace(f"```console\n{example.text}```", f"```console\n{made[-1]}```", 1)
        elif len(example.info) > 1:
            done.write(example)
    if os.environ.get("SEGDSL_REWRITE"):
        TUTORIAL.write_text(page, encoding="utf-8")
    assert made, "the tutorial has no commands"
    assert [neutral(text) for text in shown] == [neutral(text) for text in made]
