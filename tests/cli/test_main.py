"""The command line as a whole: help, versions, misspelt verbs, closed pipes, colours."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.processes import environment, python, segdsl

ESCAPE = b"\x1b["


def verbs() -> list[str]:
    folder = Path(__file__).resolve().parents[2] / "segdsl" / "cli"
    return sorted(path.name.removesuffix("_command.py") for path in folder.glob("*_command.py"))


def test_help_lists_every_verb_and_every_exit_status() -> None:
    shown = segdsl("--help")
    assert shown.returncode == 0
    text = shown.stdout.decode()
    for verb in verbs():
        assert re.search(rf"^  {verb} ", text, re.MULTILINE), verb
    for status in ("0", "1", "2", "3", "4", "130"):
        assert re.search(rf"^  {status} ", text, re.MULTILINE), status


@pytest.mark.parametrize("verb", verbs())
def test_help_of_each_verb_shows_an_example(verb: str) -> None:
    shown = segdsl(verb, "--help")
    assert shown.returncode == 0
    assert f"Example:\n    segdsl {verb}" in shown.stdout.decode()


@pytest.mark.parametrize(("word", "meant"), [("chek", "check"), ("rnu", "run"), ("format", "fmt"), ("zzzzzz", "check")])
def test_unknown_verb_is_wrong_usage_and_names_a_verb(word: str, meant: str) -> None:
    refused = segdsl(word)
    assert refused.returncode == 2
    assert f"there is no verb `{word}`" in refused.stderr.decode()
    assert meant in refused.stderr.decode()
    assert refused.stdout == b""


def test_a_spec_in_place_of_a_verb_says_how_to_run_it(project: Path) -> None:
    refused = segdsl("customers.seg", cwd=project)
    assert refused.returncode == 2
    assert "segdsl run customers.seg" in refused.stderr.decode()


def test_unknown_option_is_wrong_usage(project: Path) -> None:
    refused = segdsl("check", "--formt", "json", project)
    assert refused.returncode == 2
    assert "--format" in refused.stderr.decode()


@pytest.mark.parametrize("pair", ["as_of", "=3"])
def test_parameter_without_name_or_value_is_wrong_usage(project: Path, pair: str) -> None:
    refused = segdsl("check", project, "--param", pair)
    assert refused.returncode == 2
    assert "NAME=VALUE" in refused.stderr.decode()


def test_version_names_the_program() -> None:
    assert segdsl("--version").stdout.startswith(b"segdsl ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str) -> None:
    script = segdsl("completion", shell)
    assert script.returncode == 0
    assert b"_SEGDSL_COMPLETE" in script.stdout


def test_completion_completes_verbs() -> None:
    found = segdsl(COMP_WORDS="segdsl ch", COMP_CWORD="1", _SEGDSL_COMPLETE="bash_complete")
    assert found.stdout.decode().split() == ["plain,check"]


def test_output_into_a_closed_pipe_ends_quietly(project: Path) -> None:
    command = f"{sys.executable} -m segdsl plan {project} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, env=environment())
    assert (done.returncode, done.stderr) == (0, b"")


def at_a_terminal(*arguments: str, **extra: str) -> bytes:
    """What a command writes when all its output is a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "segdsl", *arguments]
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment(TERM="xterm", **extra))
    os.close(theirs)
    written = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        written += piece
    process.wait(60)
    os.close(ours)
    return written


def test_colours_at_a_terminal_only(project: Path) -> None:
    assert ESCAPE in at_a_terminal("check", str(project))
    assert ESCAPE not in segdsl("check", project).stdout


def test_no_color_is_honoured(project: Path) -> None:
    assert ESCAPE not in at_a_terminal("check", str(project), NO_COLOR="1")
    assert ESCAPE not in at_a_terminal("check", str(project), "--no-color")


def test_diagnostics_are_coloured_at_a_terminal(project: Path) -> None:
    (project / "customers.seg").write_text("set a = (b")
    shown = at_a_terminal("check", str(project))
    assert ESCAPE in shown
    assert b"SEG" in shown


def test_terminal_that_does_not_know_a_sign_gets_its_number(project: Path) -> None:
    (project / "客.seg").write_text("set a = (1)\n", encoding="utf-8")
    done = segdsl("check", "客.seg", cwd=project, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert done.stdout.startswith(rb"\u5ba2.seg is good")


@pytest.mark.parametrize("verb", ["check", "fmt"])
def test_quick_verbs_load_no_heavy_library(project: Path, verb: str) -> None:
    program = (
        "import sys; from segdsl.cli.main import run_command_line\n"
        f"status = run_command_line(['{verb}', {str(project)!r}])\n"
        "heavy = {'pyarrow', 'numpy', 'rich', 'scipy', 'sklearn', 'pandas', 'jsonschema', 'asyncio', 'numba'}\n"
        "print(status, sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    assert python(program).stderr.decode().splitlines()[-1] == "0 []"


def test_run_loads_no_library_that_it_does_not_need(project: Path) -> None:
    program = (
        "import sys; from segdsl.cli.main import run_command_line\n"
        f"status = run_command_line(['run', '--quiet', {str(project)!r}])\n"
        "heavy = {'pyarrow.dataset', 'pyarrow.acero', 'rich', 'scipy', 'sklearn', 'pandas', 'jsonschema'}\n"
        "print(status, sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    assert python(program).stderr.decode().splitlines()[-1] == "0 []"


def test_help_of_the_program_loads_neither_model_nor_grammar() -> None:
    program = (
        "import sys; from segdsl.cli.main import run_command_line\n"
        "run_command_line(['--help'])\n"
        "print(sorted(n for n in sys.modules if n.startswith(('segdsl.model', 'segdsl.language', 'lark', 'pyarrow'))),"
        " file=sys.stderr)"
    )
    assert python(program).stderr.decode().splitlines()[-1] == "[]"
