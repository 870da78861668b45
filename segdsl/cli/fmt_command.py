"""`segdsl fmt`."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from segdsl.cli.exits import Exit, exit_of_check
from segdsl.cli.options import JSON, format_option, no_color_option
from segdsl.cli.output import (
    Look,
    diagnostics_facts,
    leave,
    look_of,
    show_diagnostics,
    styled,
    write_json,
    write_note,
    write_result,
)
from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.project.texts import read_stream
from segdsl.workflows.fmt import Form, Formatted, difference, format_file, format_text, refuse, specs_under

_STDIN = Path("-")
_STDIN_NAME = "<stdin>"


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; list what isn't formatted, with status 1.")
@click.option("--diff", "as_diff", is_flag=True, help="Write nothing; show what would change.")
@format_option()
@no_color_option()
def command(paths: tuple[Path, ...], only_check: bool, as_diff: bool, form: str) -> None:
    """Put specs into their canonical form, in place.

    PATHS are files, folders (every spec in and below them), or `-` for standard input to standard output; the
    present folder if left out. Comments are kept. A file with an error of syntax is left as it is.

    \b
    Example:
      segdsl fmt customers.seg
      segdsl fmt --check .
    """
    if _STDIN in paths and len(paths) > 1:
        raise click.UsageError("`-` stands alone")
    passes_on = paths == (_STDIN,)
    write = not (only_check or as_diff)
    done = [_format_stdin()] if passes_on else list(_format_paths(paths or (Path("."),), write))
    found = tuple(finding for one in done for finding in one.diagnostics)
    texts = {one.before.file: one.before for one in done}
    if form == JSON:
        write_json(_facts(done, texts))
    else:
        show_diagnostics(found, texts)
        _tell_results(done, passes_on, only_check, as_diff)
    status = exit_of_check(found)
    unformatted = only_check and any(one.form is Form.CHANGED for one in done)
    leave(Exit.FAILED if status is Exit.GOOD and unformatted else status)


def _format_stdin() -> Formatted:
    text = read_stream(sys.stdin.buffer, _STDIN_NAME)
    return refuse(_STDIN_NAME, text) if isinstance(text, Diagnostic) else format_text(text)


def _format_paths(paths: Iterable[Path], write: bool) -> Iterator[Formatted]:
    for path in paths:
        specs = specs_under(path)
        if isinstance(specs, Diagnostic):
            yield refuse(str(path), specs)
        else:
            yield from (format_file(spec, write) for spec in specs)


def _tell_results(done: Sequence[Formatted], passes_on: bool, only_check: bool, as_diff: bool) -> None:
    look = look_of(sys.stdout)
    good = [one for one in done if one.form is not Form.REFUSED]
    changed = [one for one in good if one.form is Form.CHANGED]
    if as_diff:
        write_result("".join(_coloured(difference(one), look) for one in changed))
    elif only_check:
        write_result("".join(f"{one.before.file}\n" for one in changed))
    elif passes_on:
        write_result("".join(one.after for one in good))
    else:
        write_note("".join(f"formatted {one.before.file}\n" for one in changed))
        kept = len(good) - len(changed)
        write_note(f"{kept:,} as {'it' if kept == 1 else 'they'} should be\n" if kept else "")


def _coloured(diff: str, look: Look) -> str:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    if not look.colour:
        return diff
    return "".join(styled(line, colours.get(line[:1], ""), look) for line in diff.splitlines(keepends=True))


def _facts(done: Sequence[Formatted], texts: dict[str, SourceText]) -> dict[str, object]:
    found = [finding for one in done for finding in one.diagnostics]
    files = [{"file": one.before.file, "result": one.form.value, "text": one.after} for one in done]
    return {"files": files, **diagnostics_facts(found, texts)}
