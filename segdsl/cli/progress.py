"""A bar on standard error for long work at a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from segdsl.cli.on_demand import started_bar
from segdsl.cli.output import look_of

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE_SECONDS = 1.0

Progress = Callable[[str, int, int], None]


@contextmanager
def show_progress(silent: bool) -> Iterator[Progress]:
    """Gives a function that is told how far the work is; after a second it shows that on the last line.

    Nothing is shown where standard error isn't a terminal.
    """
    if silent or not sys.stderr.isatty():
        yield _nothing
        return
    started = time.monotonic()
    bars: list[Bar] = []

    def tell(step: str, done: int, total: int) -> None:
        if not bars and time.monotonic() - started > _PATIENCE_SECONDS:
            bars.append(started_bar(look_of(sys.stderr).colour))
        for bar in bars:
            _update(bar, step, done, total)

    try:
        yield tell
    finally:
        for bar in bars:
            bar.stop()


def _nothing(step: str, done: int, total: int) -> None:
    return


def _update(bar: "Bar", step: str, done: int, total: int) -> None:
    """Steps move the bar; rows that are read, of which nobody knows the number yet, are told in words."""
    task = bar.task_ids[0]
    if total:
        bar.update(task, completed=done, total=total, description=f"step {done + 1} of {total}")
    else:
        bar.update(task, description=f"{step}, {done:,} rows" if done else step)
