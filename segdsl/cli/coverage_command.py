"""`segdsl coverage`."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from segdsl.cli.exits import exit_of_check, exit_of_data
from segdsl.cli.options import (
    JSON,
    dated_option,
    format_option,
    no_color_option,
    param_option,
    root_option,
    source_option,
    spec_argument,
)
from segdsl.cli.output import diagnostics_facts, leave, look_of, show_troubles, write_json, write_result
from segdsl.cli.progress import show_progress
from segdsl.report.coverage import coverage_facts, coverage_lines
from segdsl.report.terminal import Canvas, render_lines
from segdsl.workflows.coverage import CoverageRequest, measure_coverage


@click.command()
@spec_argument()
@dated_option()
@param_option()
@source_option()
@format_option()
@root_option()
@no_color_option()
def command(
    spec: Path,
    dated: Mapping[str, str],
    settings: Mapping[str, str],
    elsewhere: Mapping[str, str],
    form: str,
    root: Path | None,
) -> None:
    """Say what is known of each field, and what depends on it.

    For every column, derived field and column of a plugin: how many rows know it, how many different values there
    are, how many are older than the `age` that providers state, who can bring it, and which populations, scores,
    segmentations, hypotheses, evaluations and lists need it. With --format json also the single rules, terms and
    segments.

    \b
    Example:
      segdsl coverage customers.seg
      segdsl coverage customers.seg --dated accounts=checked_on --format json
    """
    with show_progress(form == JSON) as progress:
        found = measure_coverage(CoverageRequest(spec, root, settings, elsewhere, dated, progress))
    if form == JSON:
        write_json({**coverage_facts(found.sources), **diagnostics_facts(found.diagnostics, found.loaded.texts)})
    else:
        show_troubles(found.diagnostics, found.loaded.diagnostics, found.loaded.texts)
        look = look_of(sys.stdout)
        canvas = Canvas(look.columns, look.unicode, look.colour)
        write_result(render_lines(tuple(coverage_lines(found.sources, canvas)), canvas))
    judge = exit_of_data if found.spec_was_good else exit_of_check
    leave(judge(found.diagnostics))
