"""A page that is done step by step: its files are written and its commands run, in the order of the page.

A block ```csv data/accounts.csv is a file. ```seg customers.seg add is put at the end of a file, and one with `instead`
takes the place of the block that was put there last. In a block ```console lines that begin with `$ ` are commands, the
others what they show.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.pages import REPOSITORY, Example

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("SEGDSL", "PYTHON"))},
    "PYTHONPATH": str(REPOSITORY),
    "PYTHONUTF8": "1",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "COLUMNS": "100",
}
PROGRAMS = {
    "segdsl": [sys.executable, "-m", "segdsl.cli.main"],
    "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
}
RUN_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z-[0-9a-f]{8}")
TIME = re.compile(r"\b\d+(\.\d+)? ?m?s\b")


@dataclass(slots=True)
class Walkthrough:
    """The folder in which a page is done, and the block that was put last at the end of each file.

    `environment` are the variables that commands see.
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: ENVIRONMENT)
    added: dict[str, str] = field(default_factory=dict)

    def write(self, example: Example) -> None:
        name, *how = example.info[1:]
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        match how:
            case []:
                file.write_text(example.text, encoding="utf-8")
            case ["add"]:
                self.added[name] = example.text
                file.write_text(f"{file.read_text(encoding='utf-8')}\n{example.text}", encoding="utf-8")
            case ["instead"]:
                text = file.read_text(encoding="utf-8")
                assert self.added[name] in text, f"{example}: there is no block to replace"
                file.write_text(text.replace(self.added[name], example.text), encoding="utf-8")
                self.added[name] = example.text
            case _:
                raise AssertionError(f"{example}: `{' '.join(how)}` has no meaning")

    def run(self, command: str) -> str:
        """What a command shows, results and messages in the order in which they come."""
        words = [word for written in shlex.split(command) for word in self._expanded(written)]
        words[:1] = PROGRAMS.get(words[0], words[:1])
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        shown = done.stdout.decode("utf-8").replace("\r\n", "\n")
        assert "Traceback" not in shown, shown
        return shown

    def replay(self, example: Example) -> str:
        """The block as it is when its commands are run."""
        return "".join(f"$ {command}\n{self.run(command)}" for command in commands(example))

    def _expanded(self, word: str) -> list[str]:
        if "*" not in word:
            return [word]
        return sorted(found.relative_to(self.folder).as_posix() for found in self.folder.glob(word))


def commands(example: Example) -> Iterator[str]:
    for line in example.text.splitlines():
        if line.startswith("$ "):
            yield line.removeprefix("$ ")


def neutral(text: str) -> str:
    """Without what differs from one run to the next: names of run folders, and times."""
    return TIME.sub("TIME", RUN_FOLDER.sub("RUN", text))
