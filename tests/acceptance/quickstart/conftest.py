"""The quickstart's folder, its generator, and data made once for the whole session."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

from tests.acceptance.quickstart.oracle import Expected, compute

QUICKSTART = Path(__file__).parents[3] / "specs" / "quickstart"


@pytest.fixture(scope="session")
def quickstart() -> Path:
    return QUICKSTART


@pytest.fixture(scope="session")
def expected() -> Expected:
    """What the committed data must come to."""
    return compute(QUICKSTART)


@pytest.fixture(scope="session")
def project_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A copy of the project with data of another seed."""
    if str(QUICKSTART) not in sys.path:
        sys.path.insert(0, str(QUICKSTART))
    from generate import generate

    @cache
    def make(seed: int) -> Path:
        project = tmp_path_factory.mktemp(f"seed{seed}")
        for folder in ("lib", "lists"):
            copytree(QUICKSTART / folder, project / folder)
        for path in (*QUICKSTART.glob("*.seg"), QUICKSTART / "segdsl.toml"):
            (project / path.name).write_bytes(path.read_bytes())
        generate(seed, project / "data")
        return project

    return make
