"""A spec is loaded with all it imports; circles, gaps and floods are told."""

import re
from collections.abc import Iterator

from segdsl.diagnostics import Diagnostics, SourceText, Span
from segdsl.project import Import, LoadedTexts, Project, load_texts


def imports_of(text: SourceText) -> Iterator[Import]:
    for match in re.finditer(r'import "(.*?)"', text.text):
        yield Import(match[1], Span(text.file, *match.span()))


def load(project: Project, **files: str) -> tuple[LoadedTexts, Diagnostics]:
    """Writes files named by their stem (`lib_a` is lib/a.seg) and loads main.seg."""
    for stem, text in files.items():
        file = project.root / f"{stem.replace('_', '/')}.seg"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return load_texts(project, project.root / "main.seg", "main.seg", imports_of)


def test_imports_are_relative_to_the_file_that_says_them(project: Project) -> None:
    loaded, found = load(project, main='import "lib/a.seg"', lib_a='import "b.seg"', lib_b="")
    assert found == ()
    assert list(loaded.texts) == ["main.seg", "lib/a.seg", "lib/b.seg"]
    assert loaded.files["lib/b.seg"] == project.root / "lib/b.seg"


def test_file_reached_twice_is_read_once(project: Project) -> None:
    loaded, found = load(project, main='import "a.seg" import "b.seg" import "./b.seg"', a='import "b.seg"', b="")
    assert found == ()
    assert list(loaded.texts) == ["main.seg", "a.seg", "b.seg"]


def test_circle_is_told_once_with_its_files(project: Project) -> None:
    files = {"main": 'import "a.seg"', "a": 'import "b.seg"', "b": 'import "a.seg" import "c.seg"', "c": ""}
    loaded, (found,) = load(project, **files)
    assert found.code == "SEG505"
    assert found.notes == ("the circle: a.seg -> b.seg -> a.seg",)
    assert found.span is not None
    assert found.span.file == "b.seg"
    assert "c.seg" in loaded.texts


def test_file_that_imports_itself_is_told(project: Project) -> None:
    _, (found,) = load(project, main='import "main.seg"')
    assert (found.code, found.message) == ("SEG505", "`main.seg` imports itself")


def test_all_failures_are_told_and_the_rest_is_loaded(project: Project) -> None:
    (project.root.parent / "out.seg").write_text("")
    loaded, found = load(project, main='import "gone.seg" import "../out.seg" import "a.seg"', a="")
    assert [one.code for one in found] == ["SEG501", "SEG502"]
    assert list(loaded.texts) == ["main.seg", "a.seg"]


def test_spec_that_is_missing_is_told(project: Project) -> None:
    loaded, (found,) = load(project)
    assert (found.code, dict(loaded.texts)) == ("SEG501", {})


def test_chain_of_a_thousand_files_is_loaded_and_no_more(project: Project) -> None:
    for number in range(1_001):
        (project.root / f"f{number}.seg").write_text(f'import "f{number + 1}.seg"')
    loaded, (found,) = load(project, main='import "f0.seg"')
    assert len(loaded.texts) == 1_000
    assert found.code == "SEG107"
