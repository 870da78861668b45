"""What only some answers need, loaded when they do: the one place of the command line with late imports.

A plain `segdsl check` starts in the time of its own libraries; colours, JSON and bars come with others.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from segdsl.diagnostics import Diagnostic, SourceText

if TYPE_CHECKING:
    from rich.progress import Progress

Found = Iterable[Diagnostic]
Texts = Mapping[str, SourceText]


def coloured_diagnostics(found: Found, texts: Texts, columns: int) -> str:
    """Diagnostics for a terminal that shows colours."""
    from segdsl.diagnostics.render_terminal import render_terminal  # noqa: PLC0415

    return render_terminal(found, texts, columns=columns, colour=True)


def sarif_diagnostics(found: Found, texts: Texts) -> str:
    """Diagnostics for code hosts."""
    from segdsl.diagnostics.render_sarif import render_sarif  # noqa: PLC0415

    return render_sarif(found, texts)


def json_diagnostics(found: Found, texts: Texts) -> str:
    """Diagnostics for programs."""
    from segdsl.diagnostics.render_json import render_json  # noqa: PLC0415

    return render_json(found, texts)


def diagnostics_values(found: Found, texts: Texts) -> Mapping[str, object]:
    """Diagnostics in the published shape, to stand inside the answer of a verb."""
    from segdsl.diagnostics.render_json import diagnostics_object  # noqa: PLC0415

    return diagnostics_object(found, texts)


def json_text(facts: Mapping[str, object]) -> str:
    """An answer as JSON, ASCII only, with a line end."""
    from json import dumps  # noqa: PLC0415

    return dumps(facts, indent=2) + "\n"


def program_version() -> str:
    """The version of segdsl; reading the metadata of packages is slow."""
    from segdsl.runs.program import own_version  # noqa: PLC0415

    return own_version()


def started_bar(colour: bool) -> "Progress":
    """A bar on standard error that is gone when it is stopped."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TimeElapsedColumn(), BarColumn(bar_width=24), TextColumn("{task.description}", markup=False))
    bar = Progress(*columns, console=Console(stderr=True, no_color=not colour), transient=True)
    bar.add_task("", total=None)
    bar.start()
    return bar
