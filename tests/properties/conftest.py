"""How many random specs a run tries, and the specs of people that they start from."""

import os
from pathlib import Path

import pytest

FULL = os.environ.get("SEGDSL_FUZZ") == "full" or "CI" in os.environ


@pytest.fixture(scope="session")
def tries() -> int:
    """How many random specs each of a test's parts tries; with SEGDSL_FUZZ=full the four parts make 10,000."""
    return 2_500 if FULL else 150


@pytest.fixture(scope="session")
def people_specs(repository: Path) -> tuple[Path, ...]:
    """The specs that people wrote: those of specs/, and the examples of ../shared where it is there."""
    shared = Path(os.environ.get("SEGDSL_SHARED") or repository.parent / "shared")
    return (*sorted((repository / "specs").rglob("*.seg")), *sorted((shared / "examples").glob("*.seg")))
