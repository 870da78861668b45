"""`segdsl plan`."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from segdsl.cli.exits import exit_of_check
from segdsl.cli.options import JSON, TEXT, format_option, no_color_option, param_option, root_option, spec_argument
from segdsl.cli.output import leave, show_troubles, write_diagnostics, write_json, write_result
from segdsl.plan.printer import dot_text, json_value, tree_text
from segdsl.workflows.plan import plan


@click.command()
@spec_argument()
@format_option()
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--dot", "as_dot", is_flag=True, help="A graph for Graphviz.")
@param_option()
@root_option()
@no_color_option()
def command(spec: Path, form: str, as_json: bool, as_dot: bool, settings: Mapping[str, str], root: Path | None) -> None:
    """Show what a run would do, step by step, and which columns of which source it would read. No data is read.

    \b
    Example:
      segdsl plan customers.seg
      segdsl plan customers.seg --dot | dot -Tsvg > plan.svg
    """
    if as_dot and (as_json or form == JSON):
        raise click.UsageError("`--dot` and JSON are two forms of the plan; ask for one")
    form = JSON if as_json else form
    planned = plan(spec, date.today(), root, settings)
    if planned.plan is None:
        if form == TEXT:
            show_troubles(planned.diagnostics, planned.loaded.diagnostics, planned.loaded.texts)
        else:
            write_diagnostics(form, planned.diagnostics, planned.loaded.texts)
    elif form == JSON:
        write_json(json_value(planned.plan))
    else:
        show_troubles(planned.diagnostics, planned.loaded.diagnostics, planned.loaded.texts)
        write_result(dot_text(planned.plan) if as_dot else tree_text(planned.plan))
    leave(exit_of_check(planned.diagnostics))
