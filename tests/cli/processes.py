"""The program as a user starts it: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
QUIETED = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING")


def environment(**extra: str) -> dict[str, str]:
    """The environment of the tests with the checkout importable and nothing that changes how output looks."""
    kept = {name: value for name, value in os.environ.items() if name not in QUIETED}
    return {**kept, "PYTHONPATH": str(REPOSITORY), **extra}


def segdsl(
    *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"", **extra: str
) -> subprocess.CompletedProcess[bytes]:
    """Runs a command to its end."""
    command = [sys.executable, "-m", "segdsl", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, check=False, env=environment(**extra), timeout=120
    )


def python(program: str, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs a few lines of Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=cwd, capture_output=True, check=False, env=environment(), timeout=120
    )
