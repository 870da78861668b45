"""`segdsl init`."""

from collections.abc import Mapping
from pathlib import Path

import click

from segdsl.cli.exits import Exit, exit_of_data
from segdsl.cli.options import JSON, format_option, no_color_option
from segdsl.cli.output import diagnostics_facts, leave, show_diagnostics, write_json, write_result
from segdsl.diagnostics import Diagnostics
from segdsl.workflows.init import Started, start
from segdsl.workflows.sample import write_sample

_USAGE = frozenset({"SEG501", "SEG502"})


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="The folder that the spec is written into.")
@click.option(
    "--sample", type=click.Path(path_type=Path), metavar="DIR", help="Write the sample project into DIR instead."
)
@format_option()
@no_color_option()
def command(files: tuple[Path, ...], out: Path | None, sample: Path | None, form: str) -> None:
    """Write a first spec from data files: types, keys and links, as all their rows show them.

    FILE is CSV, TSV, Parquet, Arrow IPC, JSON lines or XLSX, or a folder of such files. What the data don't settle is
    said in comments. Nothing is written over.

    \b
    Example:
      segdsl init data/accounts.csv data/invoices.csv
      segdsl init --sample quickstart
    """
    if (sample is None) == (not files):
        raise click.UsageError("name data files, or a folder for the sample with --sample")
    if sample is not None:
        _sample(sample, form)
    started = start(files, out)
    status = _status(started.diagnostics)
    if form == JSON:
        write_json(_facts(started))
        leave(status)
    show_diagnostics(started.diagnostics, {})
    if started.path is not None:
        write_result(_told(started))
    leave(status)


def _sample(place: Path, form: str) -> None:
    failure = write_sample(place)
    found = () if failure is None else (failure,)
    status = _status(found)
    if form == JSON:
        write_json({"folder": None if failure else str(place), **diagnostics_facts(found, {})})
    elif failure is None:
        write_result(f"The sample project is in {place}.\nNext: segdsl run {place}\n")
    else:
        show_diagnostics(found, {})
    leave(status)


def _status(found: Diagnostics) -> Exit:
    return Exit.USAGE if any(one.code in _USAGE for one in found) else exit_of_data(found)


def _told(started: Started) -> str:
    rows = "\n".join(f"  {name}: {count:,} {'row' if count == 1 else 'rows'}" for name, count in started.sources)
    why = ", beside the data: from this folder a spec may not read them" if started.beside_data else ""
    place = _short(started.path)
    return f"Written: {place}{why}\n{rows}\nNext: read it through, then segdsl check {place}\n"


def _short(path: Path | None) -> str:
    assert path is not None
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _facts(started: Started) -> Mapping[str, object]:
    return {
        "spec": None if started.path is None else str(started.path),
        "sources": [{"source": name, "rows": count} for name, count in started.sources],
        **diagnostics_facts(started.diagnostics, {}),
    }
