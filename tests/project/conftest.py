"""A project on disk for the tests of paths, texts and imports."""

from pathlib import Path

import pytest

from segdsl.project import Project, Settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def project(root: Path) -> Project:
    return Project(root, Settings())
