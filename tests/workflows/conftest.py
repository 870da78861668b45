"""What tests of the workflows share."""

from pathlib import Path

import pytest

from tests.workflows.project_files import write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of a small project."""
    write_project(tmp_path / "project")
    return tmp_path / "project"
