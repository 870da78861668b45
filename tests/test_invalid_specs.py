"""Specs that are wrong in one way each: every code is provoked, and what the user reads is what was reviewed.

A spec may say in its second line how it is run (`# $ segdsl run ...`); else it is checked. Beside it stands the text
that the user reads; `SEGDSL_REWRITE=1` writes the texts anew, to be reviewed.
"""

import os
import re
import shlex
from pathlib import Path

import pytest

from segdsl.cli.exits import Exit
from segdsl.cli.main import run_command_line
from segdsl.diagnostics import CODES
from segdsl.diagnostics.render_plain import render_plain
from segdsl.workflows.loading import load

HERE = Path(__file__).resolve().parent
INVALID = HERE / "invalid"
VERBS = HERE.parent / "segdsl" / "cli"
SPECS = sorted(
    spec
    for spec in (*INVALID.glob("SEG*.seg"), *INVALID.glob("SEG*/SEG*.seg"))
    if not spec.name.endswith(".fitted.seg")
)
# Packages with plugins that are broken in one way each, as pip would have left them.
SITE = INVALID / "site"
COMMAND = re.compile(r"^# \$ segdsl (.+)$", re.MULTILINE)


def command_of(spec: Path) -> list[str]:
    written = COMMAND.search(spec.read_text(encoding="utf-8", errors="replace"))
    name = spec.relative_to(INVALID).as_posix()
    return shlex.split(written.group(1)) if written else ["check", name]


def read_as_user(spec: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on the user's screen, without what differs from one machine to the next."""
    verb, *arguments = command_of(spec)
    if verb == "check":
        settings = dict(a.split("=", 1) for a in arguments if "=" in a)
        loaded = load(spec.relative_to(INVALID), None, settings)
        return neutral(render_plain(loaded.diagnostics, loaded.texts))
    if not (VERBS / f"{verb}_command.py").is_file():
        pytest.skip(f"there is no verb `{verb}` in this version")
    if verb == "run" and "--out" not in arguments:
        arguments += ["--out", str(out)]
    status = run_command_line([verb, *arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    assert status in set(Exit)
    return neutral(shown.err)


def neutral(text: str) -> str:
    return text.replace(str(INVALID), "<project>")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_user_reads_what_was_reviewed(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(INVALID)
    monkeypatch.syspath_prepend(SITE)
    shown = read_as_user(spec, tmp_path / "results", capsys)
    golden = spec.with_suffix(".txt")
    if os.environ.get("SEGDSL_REWRITE"):
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")
    assert CODES[spec.stem[:6]].code in shown


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_spec_begins_by_saying_what_is_wrong_with_it(spec: Path) -> None:
    first = spec.read_text(encoding="utf-8", errors="replace").splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith(".")


@pytest.mark.parametrize("text", sorted(INVALID.rglob("SEG*.txt")), ids=lambda text: text.stem)
def test_every_reviewed_text_belongs_to_a_spec(text: Path) -> None:
    assert text.with_suffix(".seg") in SPECS
