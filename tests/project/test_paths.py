"""A path in a spec names a file inside the project, or a diagnostic that says why not."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segdsl.diagnostics import Diagnostic, Span
from segdsl.project import Project, resolve, resolve_files

HERE = Span("a.seg", 1, 2)


def write(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x\n")


def refused(found: object) -> Diagnostic:
    assert isinstance(found, Diagnostic)
    return found


def test_path_is_relative_to_the_folder_of_its_spec(project: Project, root: Path) -> None:
    write(root, "data/a.csv", "specs/b.seg")
    assert resolve(project, root / "specs", "../data/a.csv") == root / "data/a.csv"


def test_diagnostic_points_at_the_path_in_the_spec(project: Project, root: Path) -> None:
    assert refused(resolve(project, root, "a.csv", HERE)).span == HERE


@pytest.mark.parametrize("path", ["../out.csv", "data/../../out.csv", "/etc/passwd", "/", ".."])
def test_path_out_of_the_project_is_refused(project: Project, root: Path, path: str) -> None:
    write(root.parent, "out.csv")
    assert refused(resolve(project, root, path)).code == "SEG502"


def test_folder_whose_name_starts_like_the_root_is_outside(project: Project, root: Path) -> None:
    write(root.parent, "project-old/a.csv")
    assert refused(resolve(project, root, "../project-old/a.csv")).code == "SEG502"


def test_link_out_of_the_project_is_refused(project: Project, root: Path) -> None:
    write(root.parent, "out/a.csv")
    (root / "data").symlink_to(root.parent / "out")
    (root / "b.csv").symlink_to("../out/a.csv")
    assert refused(resolve(project, root, "data/a.csv")).code == "SEG502"
    assert refused(resolve(project, root, "b.csv")).code == "SEG502"
    assert refused(resolve_files(project, root, "*.csv")).code == "SEG502"
    assert refused(resolve_files(project, root, "data/*.csv")).code == "SEG502"


def test_link_within_the_project_is_followed(project: Project, root: Path) -> None:
    write(root, "data/2026.csv")
    (root / "now.csv").symlink_to("data/2026.csv")
    assert resolve(project, root, "now.csv") == root / "data/2026.csv"


def test_links_that_go_in_a_circle_are_refused(project: Project, root: Path) -> None:
    (root / "a.csv").symlink_to("b.csv")
    (root / "b.csv").symlink_to("a.csv")
    assert refused(resolve(project, root, "a.csv")).code == "SEG503"


def test_absolute_path_inside_the_project_is_good(project: Project, root: Path) -> None:
    write(root, "a.csv")
    assert resolve(project, root, str(root / "a.csv")) == root / "a.csv"


@pytest.mark.parametrize(
    ("path", "code", "mend"),
    [
        ("C:\\Users\\me\\a.csv", "SEG502", "data/a.csv"),
        ("c:/a.csv", "SEG502", "data/a.csv"),
        ("\\\\server\\share\\a.csv", "SEG502", "data/a.csv"),
        ("data\\a.csv", "SEG501", "`data/a.csv`"),
        ("https://example.com/a.csv", "SEG502", "connection"),
        ("", "SEG501", ""),
        (" ", "SEG501", ""),
        ("a\0b.csv", "SEG501", ""),
        ("\ud800.csv", "SEG501", ""),
        ("*\0", "SEG501", ""),
        ("x" * 5_000, "SEG503", ""),
        ("x/" * 5_000, "SEG503", ""),
    ],
)
def test_what_is_no_path_of_a_project_is_refused(project: Project, root: Path, path: str, code: str, mend: str) -> None:
    for found in (resolve(project, root, path), resolve_files(project, root, path)):
        assert refused(found).code == code
        assert mend in refused(found).help


def test_folder_and_pipe_are_no_files(project: Project, root: Path) -> None:
    write(root, "data/a.csv")
    os.mkfifo(root / "pipe")
    assert refused(resolve(project, root, "data")).code == "SEG503"
    assert refused(resolve(project, root, "pipe")).code == "SEG503"


@pytest.mark.parametrize(
    ("path", "mend"),
    [
        ("data/acounts.csv", "did you mean `data/accounts.csv`?"),
        ("data/Accounts.csv", "did you mean `data/accounts.csv`?"),
        ("dat/accounts.csv", "did you mean `data/accounts.csv`?"),
        ("data/zzz.csv", "`data` holds `accounts.csv`, `deals.csv`"),
        ("data/*.parquet", "`data` holds `accounts.csv`, `deals.csv`"),
        ("dta/*.csv", "did you mean `data/*.csv`?"),
    ],
)
def test_missing_file_brings_up_what_is_there(project: Project, root: Path, path: str, mend: str) -> None:
    write(root, "data/accounts.csv", "data/deals.csv", "data/.hidden")
    found = refused(resolve_files(project, root, path))
    assert (found.code, found.help) == ("SEG501", mend)


def test_pattern_names_its_files_in_order_and_once(project: Project, root: Path) -> None:
    write(root, "d/b.csv", "d/a.csv", "d/c.txt", "d/.h.csv", "d/deep/e.csv")
    (root / "d/link.csv").symlink_to("a.csv")
    assert resolve_files(project, root, "d/*.csv") == (root / "d/a.csv", root / "d/b.csv")


def test_two_stars_go_through_folders_but_not_through_links(project: Project, root: Path) -> None:
    write(root, "d/2025/a.csv", "d/2026/01/b.csv", "d/c.csv")
    (root / "d/2025/again").symlink_to("..")
    found = resolve_files(project, root, "d/**/*.csv")
    assert found == (root / "d/2025/a.csv", root / "d/2026/01/b.csv", root / "d/c.csv")


def test_file_whose_name_is_a_pattern_can_be_named(project: Project, root: Path) -> None:
    write(root, "sales [EU].csv", "sales E.csv")
    assert resolve_files(project, root, "sales [EU].csv") == (root / "sales [EU].csv",)


@pytest.mark.parametrize("pattern", ["*/../../*.csv", "**/**/*.csv"])
def test_pattern_that_is_too_wide_is_refused(project: Project, root: Path, pattern: str) -> None:
    assert refused(resolve_files(project, root, pattern)).code == "SEG501"


@pytest.mark.parametrize("pattern", ["../*", "/etc/*", "/*", "../../*/*"])
def test_pattern_out_of_the_project_is_refused(project: Project, root: Path, pattern: str) -> None:
    assert refused(resolve_files(project, root, pattern)).code == "SEG502"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("./*?[]\\~: \0aüß"), max_size=30))
def test_no_path_leads_out_of_the_project(project: Project, root: Path, path: str) -> None:
    write(root, "a/a", "a/üß")
    found = resolve_files(project, root, path)
    assert isinstance(found, Diagnostic) or all(file.is_relative_to(root) for file in found)
