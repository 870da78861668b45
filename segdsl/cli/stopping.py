"""Ending early: a request to end clears away what was begun, as Ctrl-C does."""

import signal
import sys
from types import FrameType
from typing import NoReturn

from segdsl.cli.exits import Exit


def stop_cleanly() -> None:
    """From now on a request of the system to end is an exit, so that files that were begun are cleared away."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(_: int, __: FrameType | None) -> NoReturn:
    sys.exit(int(Exit.TERMINATED))
