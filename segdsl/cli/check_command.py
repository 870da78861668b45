"""`segdsl check`."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from segdsl.cli.exits import Exit, exit_of_check
from segdsl.cli.options import (
    SARIF,
    TEXT,
    format_option,
    no_color_option,
    param_option,
    root_option,
    spec_argument,
    strict_option,
)
from segdsl.cli.output import leave, look_of, show_diagnostics, styled, write_diagnostics, write_result
from segdsl.workflows.check import check, count_parts
from segdsl.workflows.loading import Loaded

_PLURALS = {"hypothesis": "hypotheses"}


@click.command()
@spec_argument()
@format_option(SARIF)
@param_option()
@root_option()
@strict_option()
@no_color_option()
def command(spec: Path, form: str, settings: Mapping[str, str], root: Path | None, strict: bool) -> None:
    """Find everything that is wrong with a spec, without its data.

    SPEC is a file, or a folder that holds one. What it imports is checked with it.

    \b
    Example:
      segdsl check customers.seg
      segdsl check . --strict --format sarif > findings.sarif
    """
    loaded = check(spec, root, settings)
    status = exit_of_check(loaded.diagnostics, strict)
    if form != TEXT:
        write_diagnostics(form, loaded.diagnostics, loaded.texts)
        leave(status)
    show_diagnostics(loaded.diagnostics, loaded.texts)
    if status is Exit.GOOD:
        write_result(_good_line(loaded))
    leave(status)


def _good_line(loaded: Loaded) -> str:
    """`quickstart.seg is good: 9 sources, 31 fields, ...`."""
    assert loaded.model is not None
    parts = ", ".join(_counted(kind, count) for kind, count in count_parts(loaded.model))
    warnings = sum(1 for one in loaded.diagnostics if not one.accepted)
    reserve = f", with {_counted('warning', warnings)}" if warnings else ""
    good = styled("is good", "green", look_of(sys.stdout))
    return f"{loaded.name} {good}{reserve}{': ' if parts else ''}{parts}\n"


def _counted(kind: str, count: int) -> str:
    return f"{count:,} {kind if count == 1 else _PLURALS.get(kind, f'{kind}s')}"
