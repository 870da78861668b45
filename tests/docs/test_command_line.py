"""docs/command-line.md and the program agree on the verbs, their options and the exit statuses."""

import re

import click
import pytest

from segdsl.cli.exits import Exit
from segdsl.cli.main import commands
from tests.docs.pages import DOCS

PAGE = (DOCS / "command-line.md").read_text(encoding="utf-8")
VERBS = commands.list_commands(click.Context(commands))


def test_every_verb_has_a_section() -> None:
    assert re.findall(r"^\| \[`(\w+)`\]", PAGE, re.MULTILINE) and set(VERBS) == set(
        re.findall(r"^\| \[`(\w+)`\]", PAGE, re.MULTILINE)
    )
    assert set(VERBS) <= set(re.findall(r"^## (\w+)$", PAGE, re.MULTILINE))


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_told(verb: str) -> None:
    command = commands.get_command(click.Context(commands), verb)
    assert command is not None
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    params = [one for each in (command, *inner) for one in each.params]
    options = {max(one.opts, key=len) for one in params if isinstance(one, click.Option)}
    assert {option for option in options if f"`{option}" not in PAGE and f"{option}`" not in PAGE} == set()


def test_every_exit_status_is_told() -> None:
    assert {int(status) for status in Exit} == set(map(int, re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)))
