"""A page that is done step by step: its files are written and its commands run, in the order of the page.

A block ```csv data/accounts.csv is a file. ```seg customers.seg add is put at the end of a file, and one with `instead`
takes the place of the block that was put there last. In a block ```console lines that begin with `$ ` are commands, the
others what they show; a line `...` there stands for lines that the page leaves out.
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
    "segdsl": [sys.executable, "-m", "segdsl"],
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
        """The block as it is when its commands are run; an answer that is rightly abridged stays as it is."""
        done = ((command, shown, self.run(command)) for command, shown in commands(example))
        return "".join(f"$ {command}\n{shown if is_abridged(shown, made) else made}" for command, shown, made in done)

    def _expanded(self, word: str) -> list[str]:
        if "*" not in word:
            return [word]
        return sorted(found.relative_to(self.folder).as_posix() for found in self.folder.glob(word))


def commands(example: Example) -> Iterator[tuple[str, str]]:
    """The commands of a block, each with what the page shows of its answer."""
    for part in re.split(r"^\$ ", example.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def is_abridged(shown: str, made: str) -> bool:
    """Whether the page leaves lines of an answer out, and shows the others as they are."""
    kept = re.split(r"^\.\.\.\n", neutral(shown), flags=re.MULTILINE)
    between = r"(?:.*\n)+?"
    return len(kept) > 1 and re.fullmatch(between.join(map(re.escape, kept)), neutral(made)) is not None


def neutral(text: str) -> str:
    """Without what differs from one run to the next: names of run folders, and times."""
    return TIME.sub("TIME", RUN_FOLDER.sub("RUN", text))
