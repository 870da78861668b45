"""`segdsl explain`."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from segdsl.cli.exits import Exit, exit_of_check, exit_of_data
from segdsl.cli.explanation_facts import explanation_facts
from segdsl.cli.explanation_text import explanation_lines
from segdsl.cli.options import (
    JSON,
    format_option,
    no_color_option,
    param_option,
    root_option,
    source_option,
    spec_argument,
)
from segdsl.cli.output import diagnostics_facts, leave, look_of, show_troubles, write_json, write_result
from segdsl.cli.progress import show_progress
from segdsl.report.terminal import Canvas, render_lines
from segdsl.workflows.explain import Answer, Question, explain


@click.command()
@click.argument("account")
@spec_argument()
@click.option("--scheme", metavar="NAME", help="Only this segmentation.")
@click.option("--table", metavar="SOURCE", help="The source that holds the account, if not the one that is segmented.")
@param_option()
@source_option()
@format_option()
@root_option()
@no_color_option()
def command(
    account: str,
    spec: Path,
    scheme: str | None,
    table: str | None,
    settings: Mapping[str, str],
    elsewhere: Mapping[str, str],
    form: str,
    root: Path | None,
) -> None:
    """Say why an account is where it is.

    ACCOUNT is its key (parts of a key of several columns stand between slashes), or its name if only one has it. Told
    are the rule that caught it with the actual values, the nearest other segment and the smallest change that leads
    there, every term of each score, and the population rule that dropped it if one did.

    \b
    Example:
      segdsl explain AC-1042 customers.seg
      segdsl explain "Acme Ltd" . --scheme fit --format json
    """
    with show_progress(form == JSON) as progress:
        answer = explain(Question(account, spec, scheme, table, root, settings, elsewhere, on_progress=progress))
    status = _status(answer)
    if form == JSON:
        found = None if answer.explanation is None else explanation_facts(answer.explanation)
        write_json({"explanation": found, **diagnostics_facts(answer.diagnostics, answer.loaded.texts)})
        leave(status)
    if answer.explanation is None:
        show_troubles(answer.diagnostics, answer.loaded.diagnostics, answer.loaded.texts)
    else:
        look = look_of(sys.stdout)
        canvas = Canvas(look.columns, look.unicode, look.colour)
        write_result(render_lines(tuple(explanation_lines(answer.explanation, canvas)), canvas))
    leave(status)


def _status(answer: Answer) -> Exit:
    if answer.explanation is not None:
        return Exit.GOOD
    if any(found.code == "SEG702" for found in answer.diagnostics):
        # The account was named on the command line.
        return Exit.USAGE
    return exit_of_data(answer.diagnostics) if answer.spec_was_good else exit_of_check(answer.diagnostics)
