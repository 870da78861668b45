"""`segdsl run`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import click

from segdsl.cli.exits import exit_of_check, exit_of_data
from segdsl.cli.options import (
    JSON,
    format_option,
    no_color_option,
    param_option,
    root_option,
    source_option,
    spec_argument,
    strict_option,
)
from segdsl.cli.output import (
    diagnostics_facts,
    leave,
    look_of,
    show_diagnostics,
    write_json,
    write_note,
    write_result,
)
from segdsl.cli.progress import show_progress
from segdsl.cli.stopping import stop_cleanly
from segdsl.diagnostics import has_warnings
from segdsl.report.run_facts import run_facts
from segdsl.report.terminal import Canvas, render_report
from segdsl.report.terminal_warnings import render_warnings
from segdsl.workflows.run import Finished, Request, run


@click.command()
@spec_argument()
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="The run folder to write, or to replace.")
@param_option()
@source_option()
@click.option("--max-cost", metavar="AMOUNT", help="Stop before plugins pay more, as in --max-cost '$200'.")
@format_option()
@root_option()
@strict_option()
@click.option("-q", "--quiet", is_flag=True, help="Say only where the results are, and what went wrong.")
@no_color_option()
def command(
    spec: Path,
    out: Path | None,
    settings: Mapping[str, str],
    elsewhere: Mapping[str, str],
    max_cost: str | None,
    form: str,
    root: Path | None,
    strict: bool,
    quiet: bool,
) -> None:
    """Compute segments, scores and lists, and write them into a run folder.

    The folder is new, under `runs` of segdsl.toml, or the one that --out names, which an earlier run may have
    written. It appears when everything is in it: a run that fails leaves what was there before.

    \b
    Example:
      segdsl run customers.seg
      segdsl run customers.seg --param as_of=2026-06-30 --source accounts=new.csv --out results
    """
    stop_cleanly()
    with show_progress(quiet or form == JSON) as progress:
        finished = run(Request(spec, root, settings, elsewhere, out=out, max_cost=max_cost, on_progress=progress))
    if form == JSON:
        write_json(_facts(finished))
    else:
        _tell(finished, quiet, strict)
    judge = exit_of_data if finished.spec_was_good else exit_of_check
    leave(judge(finished.diagnostics, strict))


def _facts(finished: Finished) -> Mapping[str, object]:
    found = diagnostics_facts(finished.diagnostics, finished.loaded.texts)
    if finished.report is None:
        return {"folder": None, **found}
    return {"folder": str(finished.folder), **run_facts(finished.report), **found}


def _tell(finished: Finished, quiet: bool, strict: bool) -> None:
    """The report, then warnings in few lines, then what a reader must not miss: errors, or where the results are."""
    texts = finished.loaded.texts
    errors = tuple(one for one in finished.diagnostics if one.is_error)
    warnings = tuple(one for one in finished.diagnostics if not one.is_error)
    if finished.report is not None and not quiet:
        write_result(render_report(finished.report, _canvas(sys.stdout)) + "\n")
    # With --strict warnings are why the run fails, so they are said in any case.
    if warnings and (not quiet or (strict and has_warnings(warnings))):
        write_note(render_warnings(warnings, texts, _canvas(sys.stderr)) + "\n")
    show_diagnostics(errors, texts)
    if finished.folder is not None:
        write_result(f"results in {_near(finished.folder)}\n")


def _canvas(stream: TextIO) -> Canvas:
    look = look_of(stream)
    return Canvas(look.columns, look.unicode, look.colour)


def _near(folder: Path) -> Path:
    """The folder as seen from here, where it is below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
