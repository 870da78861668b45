"""`import segdsl`: the same as the command line, with Arrow tables."""

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest

import segdsl
from tests.cli.processes import python
from tests.workflows.project_files import SPEC


def test_importing_loads_nothing_else() -> None:
    program = "import sys; before = set(sys.modules); import segdsl; print(sorted(set(sys.modules) - before))"
    loaded = python(program).stdout.decode()
    assert "segdsl.workflows" not in loaded
    assert "pyarrow" not in loaded


def test_checking_loads_no_tables(project: Path) -> None:
    program = f"import sys, segdsl; print(segdsl.check({str(project)!r}), 'pyarrow' in sys.modules)"
    assert python(program).stdout.decode().strip() == "() False"


def test_every_public_name_is_there() -> None:
    for name in segdsl.__all__:
        assert getattr(segdsl, name) is not None
    assert sorted(segdsl.__all__) == dir(segdsl)


def test_unknown_name_says_which_there_are() -> None:
    with pytest.raises(AttributeError, match="check"):
        segdsl.chek  # type: ignore[attr-defined]  # noqa: B018


def test_check_gives_diagnostics(project: Path) -> None:
    (project / "customers.seg").write_text(SPEC.replace("mrr > $0", "mrrr > $0"))
    (found,) = segdsl.check(project)
    assert isinstance(found, segdsl.Diagnostic)
    assert found.code == "SEG201"


def test_run_gives_tables_and_writes_nothing_unless_asked(project: Path) -> None:
    before = sorted(project.rglob("*"))
    result = segdsl.run(project)
    assert sorted(project.rglob("*")) == before
    assert result.folder is None
    assert result.members["fit"].column("account_id").to_pylist() == ["A1", "A2", "A3", "A4", "A5", "A8"]
    assert result.attrition.column("left").to_pylist() == [8, 7, 6]
    assert result.segments.num_rows == 4
    assert (result.audiences["best"].num_rows, result.controls["best"].num_rows) == (3, 1)
    # A4 is technology of unknown size.
    assert [found.code for found in result.diagnostics] == ["SEG707"]


def test_run_writes_the_folder_that_is_named(project: Path) -> None:
    result = segdsl.run(str(project), out=str(project / "out"))
    assert result.folder == project / "out"
    for kind, tables in (("members", result.members), ("scores", result.scores)):
        for name, table in tables.items():
            assert pq.read_table(project / "out" / kind / f"{name}.parquet").to_pylist() == table.to_pylist()


@pytest.mark.parametrize("as_of", ["2026-12-31", date(2026, 12, 31)])
def test_parameters_are_python_values_or_texts(project: Path, as_of: str | date) -> None:
    assert segdsl.run(project, params={"as_of": as_of}).members["fit"].num_rows == 7


def test_source_is_read_from_another_file(project: Path, tmp_path: Path) -> None:
    lines = (project / "data" / "accounts.csv").read_text().splitlines()
    (tmp_path / "other.csv").write_text("\n".join(lines[:2]) + "\n")
    result = segdsl.run(project, sources={"accounts": tmp_path / "other.csv"})
    assert result.members["fit"].num_rows == 1


def test_arrow_table_stands_in_for_the_files_of_a_source(project: Path) -> None:
    options = arrow_csv.ParseOptions(newlines_in_values=True)
    table = arrow_csv.read_csv(project / "data" / "accounts.csv", parse_options=options)
    from_table, from_file = segdsl.run(project, sources={"accounts": table}), segdsl.run(project)
    assert from_table.members["fit"].to_pylist() == from_file.members["fit"].to_pylist()
    assert from_table.scores["quality"].to_pylist() == from_file.scores["quality"].to_pylist()
    (stored,) = from_table.manifest["inputs"]
    assert (stored["source"], stored["file"]) == ("accounts", None)


def test_columns_of_a_table_may_bear_the_names_of_the_spec(project: Path) -> None:
    spec = SPEC.replace("account_id : text key", "account_id : text key from `Account ID`")
    (project / "customers.seg").write_text(spec)
    row = {"account_id": "A1", "name": "x", "email": None, "industry": "Software", "employees": 1}
    table = pa.Table.from_pylist([{**row, "mrr": 10, "signed_on": date(2020, 1, 1), "tools": "a;b"}])
    assert segdsl.run(project, sources={"accounts": table}).members["fit"].num_rows == 1


def test_table_keeps_the_contract_of_its_source(project: Path) -> None:
    with pytest.raises(segdsl.SpecError) as refused:
        segdsl.run(project, sources={"accounts": pa.table({"account_id": ["A1"]})})
    assert {found.code for found in refused.value.diagnostics} == {"SEG601"}


def test_error_carries_diagnostics_and_reads_like_them(project: Path) -> None:
    (project / "customers.seg").write_text(SPEC.replace("mrr > $0", "mrrr > $0"))
    for verb in (segdsl.run, segdsl.plan_of, segdsl.test):
        with pytest.raises(segdsl.SpecError, match="SEG201") as refused:
            verb(project)
        assert [found.code for found in refused.value.diagnostics] == ["SEG201"]


def test_text_is_formatted() -> None:
    assert segdsl.format_text("set   a=(1,2)") == "set a = (1, 2)\n"
    with pytest.raises(segdsl.SpecError):
        segdsl.format_text("set a = (1,")


def test_plan_names_its_clock(project: Path) -> None:
    assert segdsl.plan_of(project, params={"as_of": "2025-01-01"}).clock == date(2025, 1, 1)
    # The package of the plan doesn't hide the verb: it has a name of its own.
    assert "segdsl.plan" in sys.modules


def test_examples_of_the_spec_are_tried(project: Path) -> None:
    assert [outcome.passed for outcome in segdsl.test(project).outcomes] == [True]


def test_fit_keeps_what_plugins_find(project: Path) -> None:
    more = "segmentation tiers for customers using value { of: annual }\n"
    (project / "customers.seg").write_text(f"{SPEC}\n{more}")
    assert segdsl.fit(project, check=True).stale == {"tiers": ("not fitted",)}
    found = segdsl.fit(project, only=["tiers"])
    assert found.segments == {"tiers": ("vital_few", "useful_many")}
    assert found.file == project / "customers.fitted.seg"
    assert found.lock == project / "customers.fitted.lock"
    assert any("bring" in note for note in found.notes["tiers"])
    assert segdsl.fit(project, check=True).stale == {}
    with pytest.raises(segdsl.SpecError, match="SEG506"):
        segdsl.fit(project, only=["tires"])
    accounts = arrow_csv.read_csv(project / "data" / "accounts.csv").slice(0, 0)
    with pytest.raises(segdsl.SpecError):
        segdsl.fit(project, sources={"accounts": accounts})
