"""`segdsl collect`."""

import sys
from collections.abc import Mapping
from pathlib import Path

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
)
from segdsl.cli.output import diagnostics_facts, leave, look_of, show_diagnostics, write_json, write_result
from segdsl.cli.progress import show_progress
from segdsl.report.collection import collection_lines
from segdsl.report.collection_facts import collection_facts
from segdsl.report.terminal import Canvas, render_lines
from segdsl.workflows.collect.gathering import Subject
from segdsl.workflows.collect.pricing import Priced, PriceRequest, price


@click.command()
@spec_argument()
@click.option("--accounts", type=click.IntRange(0), metavar="N", help="Price for so many accounts, without any data.")
@click.option("--budget", metavar="AMOUNT", help="The most that may be spent, as in --budget '$500'.")
@click.option("--min-accuracy", "least_accuracy", metavar="SHARE", help="The least stated accuracy, as in 85%.")
@click.option("--all", "everything", is_flag=True, help="Also what is known already is to be collected again.")
@param_option()
@source_option()
@format_option()
@root_option()
@no_color_option()
def command(
    spec: Path,
    accounts: int | None,
    budget: str | None,
    least_accuracy: str | None,
    everything: bool,
    settings: Mapping[str, str],
    elsewhere: Mapping[str, str],
    form: str,
    root: Path | None,
) -> None:
    """Price the fields that hypotheses need, and choose providers."""
    with show_progress(form == JSON) as progress:
        subject = Subject(spec, root, settings, elsewhere, everything, progress)
        priced = price(PriceRequest(subject, accounts, budget, least_accuracy))
    if form == JSON:
        facts = {} if priced.plan is None else collection_facts(priced.plan)
        write_json({**facts, **diagnostics_facts(priced.diagnostics, priced.loaded.texts)})
    else:
        _tell(priced)
    judge = exit_of_data if priced.spec_was_good else exit_of_check
    leave(judge(priced.diagnostics))


def _tell(priced: Priced) -> None:
    show_diagnostics(priced.diagnostics, priced.loaded.texts)
    if priced.plan is not None:
        look = look_of(sys.stdout)
        canvas = Canvas(look.columns, look.unicode, look.colour)
        write_result(render_lines(tuple(collection_lines(priced.plan, priced.supposed, canvas)), canvas))
