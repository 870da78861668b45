"""`segdsl fit`."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from segdsl.cli.exits import Exit, exit_of_check, exit_of_data
from segdsl.cli.options import (
    JSON,
    format_option,
    no_color_option,
    param_option,
    root_option,
    source_option,
    spec_argument,
)
from segdsl.cli.output import diagnostics_facts, leave, look_of, show_troubles, styled, write_json, write_result
from segdsl.cli.progress import show_progress
from segdsl.cli.stopping import stop_cleanly
from segdsl.diagnostics.display import show_line
from segdsl.workflows.fit import FitRequest, FittedScheme, Fitting, fit
from segdsl.workflows.fitted.labels import Fate, LabelledSegment
from segdsl.workflows.fitted.staleness import Judged


@click.command()
@spec_argument()
@click.option("--only", multiple=True, metavar="NAME", help="Fit this segmentation; as often as needed.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say what is stale, with status 1.")
@param_option()
@source_option()
@click.option("--max-cost", metavar="AMOUNT", help="Stop before plugins pay more, as in --max-cost '$200'.")
@format_option()
@root_option()
@no_color_option()
def command(
    spec: Path,
    only: tuple[str, ...],
    only_check: bool,
    settings: Mapping[str, str],
    elsewhere: Mapping[str, str],
    max_cost: str | None,
    form: str,
    root: Path | None,
) -> None:
    """Find the segments that plugins find, and keep them as text.

    Beside customers.seg, customers.fitted.seg has the rules or prototypes, and customers.fitted.lock what they were
    learned from. From then on every verb takes the segments from there. A new fit carries over the names, titles and
    texts of segments by the members that they have in common with those before.

    \b
    Example:
      segdsl fit customers.seg
      segdsl fit customers.seg --only tiers --source accounts=new.csv
      segdsl fit customers.seg --check
    """
    stop_cleanly()
    with show_progress(form == JSON) as progress:
        done = fit(
            FitRequest(
                spec, root, settings, elsewhere, only=only, check=only_check, max_cost=max_cost, on_progress=progress
            )
        )
    if form == JSON:
        write_json({**_facts(done), **diagnostics_facts(done.diagnostics, done.loaded.texts)})
    else:
        show_troubles(done.diagnostics, done.loaded.diagnostics, done.loaded.texts)
        _tell(done, only_check)
    status = (exit_of_data if done.spec_was_good else exit_of_check)(done.diagnostics)
    unsettled = only_check and not all(one.is_fresh for one in done.judged)
    leave(Exit.FAILED if status is Exit.GOOD and unsettled else status)


# ---- for people


def _tell(done: Fitting, only_check: bool) -> None:
    if only_check:
        write_result("".join(f"{line}\n" for one in done.judged for line in _judged_lines(one)))
    for one in done.schemes:
        write_result("".join(f"{line}\n" for line in _scheme_lines(one)))
    if done.file is not None and done.lock is not None:
        write_result(f"written {_near(done.file)} and {_near(done.lock)}\n")


def _judged_lines(one: Judged) -> Iterator[str]:
    colour = "green" if one.is_fresh else "yellow"
    yield f"{one.scheme}: {styled(one.state.value, colour, look_of(sys.stdout))}"
    yield from (f"  {show_line(reason).text}" for reason in one.reasons)
    if one.edited:
        yield "  its rules were edited"


def _scheme_lines(one: FittedScheme) -> Iterator[str]:
    names = one.labelled.segments
    segments = f"{len(names):,} segment{'' if len(names) == 1 else 's'}"
    yield f"{one.name}: {segments} found by {one.plugin} in {one.rows:,} rows of {one.population}"
    yield from (f"  {_segment_line(segment)}" for segment in names)
    if one.labelled.gone:
        yield f"  gone: {', '.join(one.labelled.gone)}"
    if one.edited:
        yield "  the rules that were edited before are replaced"
    yield from (f"  - {show_line(note).text}" for note in one.labelled.found.notes)


def _segment_line(segment: LabelledSegment) -> str:
    match segment.fate:
        case Fate.KEPT:
            found = f", found as {segment.found_as}" if segment.found_as != segment.name else ""
            return f"{segment.name} (as before{found})"
        case Fate.NAMESAKE:
            return f"{segment.name} (other members than before under this name)"
        case Fate.NEW:
            return segment.name


def _near(file: Path) -> Path:
    """The file as seen from here, where it is below."""
    here = Path.cwd()
    return file.relative_to(here) if file.is_relative_to(here) else file


# ---- for programs


def _facts(done: Fitting) -> Mapping[str, object]:
    return {
        "file": None if done.file is None else str(done.file),
        "lock": None if done.lock is None else str(done.lock),
        "before": [
            {"segmentation": one.scheme, "state": one.state.value, "changes": list(one.reasons), "edited": one.edited}
            for one in done.judged
        ],
        "segmentations": [_scheme_facts(one) for one in done.schemes],
    }


def _scheme_facts(one: FittedScheme) -> Mapping[str, object]:
    return {
        "name": one.name,
        "plugin": one.plugin,
        "rows": one.rows,
        "segments": [
            {"name": segment.name, "found_as": segment.found_as, "label": segment.fate.value}
            for segment in one.labelled.segments
        ],
        "gone": list(one.labelled.gone),
        "notes": list(one.labelled.found.notes),
    }
