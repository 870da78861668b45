"""From a path to a checked model: imports, lists, parameters, and mistakes that don't cascade."""

from datetime import date
from pathlib import Path

from segdsl.workflows.loading import Loaded, load
from tests.properties.checking import check_text


def codes(loaded: Loaded) -> list[str]:
    return [found.code for found in loaded.diagnostics]


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_spec_is_first_and_imports_follow(project: Path) -> None:
    loaded = load(project)
    assert codes(loaded) == []
    names = [str(project / "customers.seg"), str(project / "lib" / "common.seg")]
    assert list(loaded.trees) == names
    assert [loaded.files[name] for name in names] == [Path(name).resolve() for name in names]


def test_set_is_read_from_its_file(project: Path) -> None:
    loaded = load(project)
    assert loaded.lists["rivals"].values == ("Planwise", "TaskHarbor")
    assert loaded.model is not None
    assert loaded.model.sets["rivals"].values == ("Planwise", "TaskHarbor")


def test_path_of_a_set_in_an_import_is_seen_from_the_import(project: Path) -> None:
    edit(project / "customers.seg", 'set rivals from "lists/rivals.csv"', "")
    with (project / "lib" / "common.seg").open("a") as file:
        file.write('set rivals from "../lists/rivals.csv"\n')
    assert codes(load(project)) == []


def test_parameter_set_for_this_run_stands_in_the_model(project: Path) -> None:
    loaded = load(project, settings={"as_of": "2023-07-01"})
    assert loaded.model is not None
    assert loaded.model.params["as_of"].value == date(2023, 7, 1)


def test_missing_import_is_one_error(project: Path) -> None:
    (project / "lib" / "common.seg").unlink()
    assert codes(load(project)) == ["SEG501"]


def test_missing_list_is_one_error(project: Path) -> None:
    (project / "lists" / "rivals.csv").unlink()
    assert codes(load(project)) == ["SEG501"]


def test_import_out_of_the_project_is_refused(project: Path) -> None:
    (project.parent / "outside.seg").write_text("set secret = (1)\n")
    edit(project / "customers.seg", "lib/common.seg", "../outside.seg")
    assert "SEG502" in codes(load(project))


def test_imports_in_a_circle_are_refused_and_the_rest_is_still_checked(project: Path) -> None:
    edit(project / "lib" / "common.seg", "param", 'import "../customers.seg"\nparam')
    edit(project / "customers.seg", "annual\n", "anual\n")
    found = codes(load(project))
    assert "SEG505" in found


def test_error_of_syntax_and_error_of_names_are_reported_together(project: Path) -> None:
    edit(project / "customers.seg", "mrr > $0", "mrrr > $0")
    with (project / "lib" / "common.seg").open("a") as file:
        file.write("set broken = (1,\n")
    found = codes(load(project))
    assert "SEG201" in found
    assert any(code.startswith("SEG1") for code in found)


def test_path_that_does_not_exist_has_no_spec(project: Path) -> None:
    loaded = load(project / "none.seg")
    assert (loaded.spec, loaded.model, codes(loaded)) == (None, None, ["SEG501"])


def test_text_is_checked_without_files() -> None:
    assert check_text("a.seg", b"set a = (1, 2)\n") == check_text("a.seg", b"\xef\xbb\xbfset a=(1,2)\n")
    assert [found.code for found in check_text("a.seg", b"set a = (\xff)\n")] == ["SEG101"]
    assert any(found.is_error for found in check_text("a.seg", b"set a = (1,\n"))
