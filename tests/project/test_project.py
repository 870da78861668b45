"""The project of a spec is the nearest folder with a segdsl.toml, and a folder means its spec."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from segdsl.project import find_project, open_project
from segdsl.project.settings import MAX_SETTINGS


def test_nearest_folder_with_settings_is_the_root(root: Path) -> None:
    (root / "segdsl.toml").write_text("")
    (root / "a/b").mkdir(parents=True)
    (root / "a/segdsl.toml").write_text('[project]\nruns = "out"\n')
    project, found = find_project(root / "a/b/x.seg")
    assert (project.root, project.runs, found) == (root / "a", root / "a/out", ())


def test_without_settings_the_folder_of_the_spec_is_the_root(root: Path) -> None:
    (root / "a").mkdir()
    project, found = find_project(root / "a/x.seg")
    assert (project.root, project.text, found) == (root / "a", None, ())


def test_given_root_takes_the_place_of_the_search(root: Path) -> None:
    (root / "a").mkdir()
    (root / "a/segdsl.toml").write_text("")
    project, found = find_project(root / "a/x.seg", root)
    assert (project.root, found) == (root, ())


def test_spec_outside_the_given_root_is_refused(root: Path) -> None:
    (root / "a").mkdir()
    _, (found,) = find_project(root / "x.seg", root / "a")
    assert found.code == "SEG502"


def test_linked_spec_belongs_to_the_project_of_its_real_file(root: Path) -> None:
    (root / "a").mkdir()
    (root / "a/x.seg").write_text("")
    (root / "x.seg").symlink_to("a/x.seg")
    assert find_project(root / "x.seg")[0].root == root / "a"


def test_settings_are_named_as_the_user_names_the_spec(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a").mkdir()
    (root / "segdsl.toml").write_text("[projct]\n")
    monkeypatch.chdir(root.parent)
    opened = open_project(Path("project/a/x.seg"))
    assert list(opened.texts) == ["project/segdsl.toml"]


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_settings_that_are_no_file_are_an_error(root: Path, make: Callable[[Path], None]) -> None:
    (root / "x.seg").write_text("")
    make(root / "segdsl.toml")
    opened = open_project(root / "x.seg")
    assert (opened.spec, [one.code for one in opened.diagnostics]) == (None, ["SEG503"])


def test_settings_behind_a_broken_link_are_an_error(root: Path) -> None:
    (root / "segdsl.toml").symlink_to("nowhere")
    assert [one.code for one in find_project(root / "x.seg")[1]] == ["SEG501"]


def test_large_settings_are_refused(root: Path) -> None:
    (root / "segdsl.toml").write_text("#" * MAX_SETTINGS)
    assert find_project(root / "x.seg")[1] == ()
    (root / "segdsl.toml").write_text("#" * (MAX_SETTINGS + 1))
    (found,) = find_project(root / "x.seg")[1]
    assert (found.code, found.message.endswith("is larger than 64 KB")) == ("SEG107", True)


def test_file_is_the_spec(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "x.seg").write_text("")
    monkeypatch.chdir(root)
    opened = open_project(Path("./x.seg"))
    assert (opened.spec, opened.name, opened.diagnostics) == (root / "x.seg", "x.seg", ())


def test_folder_means_its_main_spec(root: Path) -> None:
    (root / "segdsl.toml").write_text('[project]\nmain = "specs/y.seg"\n')
    (root / "x.seg").write_text("")
    (root / "specs").mkdir()
    (root / "specs/y.seg").write_text("")
    opened = open_project(root)
    assert (opened.spec, opened.name) == (root / "specs/y.seg", str(root / "specs/y.seg"))


def test_main_that_is_missing_is_shown_in_the_settings(root: Path) -> None:
    (root / "segdsl.toml").write_text('[project]\nmain = "z.seg"\n')
    (root / "x.seg").write_text("")
    opened = open_project(root)
    (found,) = opened.diagnostics
    assert (opened.spec, found.code) == (None, "SEG501")
    assert found.span is not None
    assert opened.texts[found.span.file].slice(found.span) == "main"


def test_folder_means_its_only_spec_beside_a_fitted_one(root: Path) -> None:
    (root / "x.seg").write_text("")
    (root / "x.fitted.seg").write_text("")
    assert open_project(root).spec == root / "x.seg"


def test_folder_of_several_specs_is_ambiguous_and_lists_them(root: Path) -> None:
    (root / "x.seg").write_text("")
    (root / "y.seg").write_text("")
    (found,) = open_project(root).diagnostics
    assert found.code == "SEG501"
    assert "`x.seg`, `y.seg`" in found.message


def test_folder_without_a_spec_is_told(root: Path) -> None:
    (found,) = open_project(root).diagnostics
    assert found.code == "SEG501"
    assert "segdsl init" in found.help


def test_misspelt_spec_brings_up_the_right_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "customers.seg").write_text("")
    monkeypatch.chdir(root)
    (found,) = open_project(Path("custmers.seg")).diagnostics
    assert (found.code, found.help) == ("SEG501", "did you mean `customers.seg`?")


@pytest.mark.parametrize("argument", ["x" * 5_000, "no/such/place.seg", "a\0b"])
def test_arguments_that_no_file_has_are_told(root: Path, argument: str) -> None:
    assert [found.code for found in open_project(root / argument).diagnostics] == ["SEG501"]


def test_links_that_go_in_a_circle_are_told(root: Path) -> None:
    os.symlink("b.seg", root / "a.seg")
    os.symlink("a.seg", root / "b.seg")
    opened = open_project(root / "a.seg")
    assert opened.spec is None or not opened.spec.exists()
