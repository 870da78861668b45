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
from segdsl.cli.output import diagnostics_facts, leave, look_of, show_troubles, write_json, write_result
from segdsl.cli.progress import show_progress
from segdsl.collecting.field_name import FieldName
from segdsl.record import dataclass
from segdsl.report.collected import read_facts, read_lines
from segdsl.report.collection import collection_lines
from segdsl.report.collection_facts import collection_facts
from segdsl.report.terminal import Canvas, render_lines
from segdsl.runs.sheet_files import items_text
from segdsl.workflows.collect.gathering import Subject
from segdsl.workflows.collect.pricing import Priced, PriceRequest, price
from segdsl.workflows.collect.reading import ReadBack, ReadRequest, read_back
from segdsl.workflows.collect.rechecking import RecheckRequest, write_recheck
from segdsl.workflows.collect.recording import recorded
from segdsl.workflows.collect.sheets import SheetRequest, Written, write_work
from segdsl.workflows.loading import Loaded

_PATH = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class _Sheets:
    """The options that are about files."""

    record: Path | None
    sheet: Path | None
    provider: str | None
    shown: tuple[str, ...]
    collectors: tuple[str, ...]
    read: tuple[Path, ...]
    out: Path | None
    recheck: str | None


@click.command()
@spec_argument()
@click.option("--accounts", type=click.IntRange(0), metavar="N", help="Price for so many accounts, without any data.")
@click.option("--budget", metavar="AMOUNT", help="The most that may be spent, as in --budget '$500'.")
@click.option("--min-accuracy", "least", metavar="SHARE", help="The least stated accuracy, as in 85%.")
@click.option("--all", "everything", is_flag=True, help="Collect again what is known already.")
@click.option("--record", type=_PATH, metavar="FILE", help="Write the choice, as JSON, into a new file.")
@click.option("--sheet", type=_PATH, metavar="FILE", help="Write the work for people into a new .csv or .xlsx.")
@click.option("--provider", metavar="NAME", help="With --sheet: the work of this provider only.")
@click.option("--show", "shown", multiple=True, metavar="COLUMN", help="With --sheet: show a column of the account.")
@click.option("--collector", "collectors", multiple=True, metavar="NAME", help="With --sheet: deal the accounts out.")
@click.option("--read", type=_PATH, multiple=True, metavar="FILE", help="Read a filled sheet; as often as needed.")
@click.option("--out", type=_PATH, metavar="DIR", help="With --read: where the values go, if not into `collected`.")
@click.option("--recheck", metavar="SHARE", help="With --read and --sheet: a sample to be looked up again, as 10%.")
@param_option()
@source_option()
@format_option()
@root_option()
@no_color_option()
def command(
    spec: Path,
    accounts: int | None,
    budget: str | None,
    least: str | None,
    everything: bool,
    record: Path | None,
    sheet: Path | None,
    provider: str | None,
    shown: tuple[str, ...],
    collectors: tuple[str, ...],
    read: tuple[Path, ...],
    out: Path | None,
    recheck: str | None,
    settings: Mapping[str, str],
    elsewhere: Mapping[str, str],
    form: str,
    root: Path | None,
) -> None:
    """Price the fields that hypotheses need, choose providers, and organise the work of people.

    The providers are chosen for the whole set of hypotheses: the most priority within the budget and the least
    accuracy, then the lowest cost. With --sheet the work for people is written, a row an account and field; with
    --read what they filled in is checked and written as tables. Sheets of rechecked values, read together with the
    first, give the measured accuracy.

    \b
    Example:
      segdsl collect customers.seg --budget '$500' --min-accuracy 85%
      segdsl collect customers.seg --sheet work.xlsx --collector ann --collector bob
      segdsl collect customers.seg --read work.xlsx
      segdsl collect customers.seg --read work.xlsx --recheck 10% --sheet again.xlsx
    """
    sheets = _Sheets(record, sheet, provider, shown, collectors, read, out, recheck)
    _refuse(sheets, accounts)
    with show_progress(form == JSON) as progress:
        subject = Subject(spec, root, settings, elsewhere, everything, progress)
        pricing = PriceRequest(subject, accounts, budget, least)
        done = _carry_out(pricing, sheets)
    if form == JSON:
        write_json({**_facts(done, sheets), **diagnostics_facts(done.diagnostics, done.loaded.texts)})
    else:
        show_troubles(done.diagnostics, done.loaded.diagnostics, done.loaded.texts)
        _tell(done, sheets)
    judge = exit_of_data if done.spec_was_good else exit_of_check
    leave(judge(done.diagnostics))


def _refuse(sheets: _Sheets, accounts: int | None) -> None:
    """Options that don't go together."""
    if sheets.recheck is not None and not (sheets.read and sheets.sheet):
        raise click.UsageError("`--recheck` needs `--read`, the filled sheets, and `--sheet`, the one to write")
    if sheets.read and sheets.sheet is not None and sheets.recheck is None:
        raise click.UsageError("`--read` and `--sheet` go together only with `--recheck`")
    if sheets.out is not None and (not sheets.read or sheets.recheck is not None):
        raise click.UsageError("`--out` is where the values of `--read` go")
    if sheets.sheet is None and (sheets.provider or sheets.shown or sheets.collectors):
        raise click.UsageError("`--provider`, `--show` and `--collector` are about the sheet of `--sheet`")
    if sheets.record is not None and (sheets.sheet is not None or sheets.read):
        raise click.UsageError("`--record` is about the choice of providers, not about sheets")
    if accounts is not None and (sheets.sheet is not None or sheets.read):
        raise click.UsageError("`--accounts` prices without data; a sheet is about the accounts in the data")


def _carry_out(pricing: PriceRequest, sheets: _Sheets) -> Priced | Written | ReadBack:
    if sheets.sheet is None:
        if not sheets.read:
            priced = price(pricing)
            return priced if sheets.record is None or priced.plan is None else recorded(priced, sheets.record)
        return read_back(ReadRequest(pricing.subject, sheets.read, sheets.out, writes=True))
    request = SheetRequest(pricing, sheets.sheet, sheets.provider, sheets.shown, sheets.collectors)
    if sheets.recheck is None:
        return write_work(request)
    reading = ReadRequest(pricing.subject, sheets.read, None, writes=False)
    return write_recheck(RecheckRequest(reading, request, sheets.recheck))


def _facts(done: Priced | Written | ReadBack, sheets: _Sheets) -> Mapping[str, object]:
    match done:
        case Priced(plan=None) | Written(sheet=None) | ReadBack(computed=None):
            return {}
        case Priced(plan=plan) if plan is not None:
            return collection_facts(plan)
        case Written(sheet=written) if written is not None:
            return {"sheet": str(sheets.sheet), "rows": len(written.items), "hidden": list(done.hidden)}
        case ReadBack():
            facts = read_facts(done.values, done.empty, done.rechecked, _personal(done.loaded))
            return {**facts, "files": [str(file) for file in done.files]}
        case _:
            return {}


def _tell(done: Priced | Written | ReadBack, sheets: _Sheets) -> None:
    look = look_of(sys.stdout)
    canvas = Canvas(look.columns, look.unicode, look.colour)
    match done:
        case Priced(plan=plan) if plan is not None:
            write_result(render_lines(tuple(collection_lines(plan, done.supposed, canvas)), canvas))
        case Written(sheet=written) if written is not None:
            write_result(f"{items_text(written.items)} in {sheets.sheet}\n")
            for name in done.hidden:
                write_result(f"`{name}` is personal data and left out; `--show {name}` puts it in\n")
        case ReadBack() if done.computed is not None:
            lines = tuple(read_lines(done.values, done.empty, done.rechecked, _personal(done.loaded), canvas))
            write_result(render_lines(lines, canvas))
            write_result("".join(f"written {_near(file)}\n" for file in done.files))
        case _:
            return


def _personal(loaded: Loaded) -> frozenset[FieldName]:
    """The columns that hold personal data; a name that is empty stands for the key of a source."""
    sources = () if loaded.model is None else loaded.model.sources.values()
    columns = [(source.name, column) for source in sources for column in source.columns if column.pii]
    keys = {FieldName(source, "") for source, column in columns if column.is_key}
    return frozenset(keys | {FieldName(source, column.name) for source, column in columns})


def _near(file: Path) -> Path:
    """The file as seen from here, where it is below."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file
