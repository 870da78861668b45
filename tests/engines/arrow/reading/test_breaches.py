"""Every kind of breach is told with its rows, and every policy does what it says instead."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.reading import ROW_COLUMN, ScanFacts
from segdsl.model.source import BreachPolicies, Keep, KeepDuplicate
from segdsl.types import CATEGORY, COUNT, DATE, INT, NUMBER, TEXT, TIMESTAMP, category, list_of, money
from tests.engines.arrow.reading.contracts import codes, column, read_files, read_text, source_of

USD = money("USD")


def only(facts: ScanFacts, code: str) -> Diagnostic:
    assert codes(facts) == [code]
    return facts.diagnostics[0]


def test_a_missing_column_names_the_closest_header(tmp_path: Path) -> None:
    _, facts = read_text(source_of(column("employees", COUNT), column("name", TEXT)), tmp_path, "name,Employes\na,1\n")
    found = only(facts, "SEG601")
    assert found.message == "`data.csv` has no column `employees`"
    assert "`Employes`" in found.help
    assert found.labels[0].span == column("employees", COUNT).span


def test_headers_that_differ_in_case_and_signs_are_suggested(tmp_path: Path) -> None:
    _, facts = read_text(source_of(column("annual_revenue", USD)), tmp_path, "id,Annual Revenue\n1,2\n")
    assert "from `Annual Revenue`" in only(facts, "SEG601").help


def test_headers_match_however_their_accents_are_encoded(tmp_path: Path) -> None:
    table, facts = read_text(source_of(column("society", TEXT, header="Société")), tmp_path, "Socie\u0301te\u0301\nA\n")
    assert (table.to_pylist(), facts.diagnostics) == ([{"society": "A"}], ())


def test_a_header_that_stands_twice_is_refused(tmp_path: Path) -> None:
    _, facts = read_text(source_of(column("a", TEXT)), tmp_path, "a,a\n1,2\n")
    assert "2 columns named `a`" in only(facts, "SEG611").message


def test_wrong_types_are_counted_and_five_are_shown(tmp_path: Path) -> None:
    rows = [f"x{n}" if n % 2 else str(n) for n in range(1, 21)]
    _, facts = read_text(source_of(column("n", INT)), tmp_path, "n\n" + "\n".join(rows) + "\n")
    found = only(facts, "SEG602")
    assert found.rows[0].count == 10
    assert found.rows[0].rows == (1, 3, 5, 7, 9)
    assert found.rows[0].values == ("x1", "x3", "x5", "x7", "x9")
    assert found.help == "correct the rows, or say `on broken as missing`"
    assert found.message == "`n` has 10 values that can't be read as int"


def test_bounds_are_inclusive_and_either_may_be_open(tmp_path: Path) -> None:
    declared = source_of(
        column("a", INT, low=1, high=3),
        column("b", USD, low=Decimal("0.01")),
        column("c", DATE, high=date(2024, 12, 31)),
    )
    text = "a,b,c\n1,0.01,2024-12-31\n3,0.009999,2024-12-31\n0,1,2025-01-01\n4,1,2024-01-01\n"
    _, facts = read_text(declared, tmp_path, text)
    assert codes(facts) == ["SEG603"] * 3
    assert [d.rows[0].rows for d in facts.diagnostics] == [(3, 4), (2,), (3,)]
    assert [d.expected for d in facts.diagnostics] == ["between 1 and 3", "at least 0.01 USD", "at most 2024-12-31"]


def test_a_value_outside_a_closed_category_suggests_the_near_one(tmp_path: Path) -> None:
    declared = source_of(column("plan", category("free", "team", "enterprise")))
    _, facts = read_text(declared, tmp_path, "plan\nfree\nentreprise\nentreprise\nvip\n")
    found = only(facts, "SEG604")
    assert found.rows[0].count == 3
    assert found.rows[0].rows == (2, 3, 4)
    assert 'replace "entreprise" with "enterprise"' in found.help
    assert '"entreprise" 2 times' in found.notes[0]


def test_items_of_a_list_are_held_against_its_category(tmp_path: Path) -> None:
    declared = source_of(column("tools", list_of(category("java", "php")), split="|"))
    table, facts = read_text(declared, tmp_path, "tools\njava|php\njava|cobol\n\n".replace("\n\n", '\n""\n'))
    found = only(facts, "SEG604")
    assert (found.rows[0].rows, found.rows[0].values) == ((2,), ("java|cobol",))
    assert table["tools"].to_pylist() == [["java", "php"], ["java"], []]


def test_items_of_native_lists_are_held_against_it_too(tmp_path: Path) -> None:
    pq.write_table(pa.table({"tools": [["java"], ["jave", "php"], ["jave"]]}), tmp_path / "a.parquet")
    table, facts = read_files(source_of(column("tools", list_of(category("java", "php")))), tmp_path / "a.parquet")
    found = only(facts, "SEG604")
    assert (found.rows[0].count, found.rows[0].rows) == (2, (2, 3))
    assert 'replace "jave" with "java"' in found.help
    assert table["tools"].to_pylist() == [["java"], ["php"], []]


def test_other_as_missing_is_carried_out_and_counted(tmp_path: Path) -> None:
    declared = source_of(column("size", category("s", "m").or_missing(), other_as_missing=True))
    table, facts = read_text(declared, tmp_path, "size\ns\nxl\nm\nxl\n")
    found = only(facts, "SEG613")
    assert found.rows[0].count == 2
    assert found.rows[0].rows == (2, 4)
    assert table["size"].to_pylist() == ["s", None, "m", None]


def test_a_missing_value_in_a_required_column_is_a_breach(tmp_path: Path) -> None:
    _, facts = read_text(source_of(column("a", TEXT), column("b", INT)), tmp_path, "a,b\nx,1\n,2\nz,\n")
    assert codes(facts) == ["SEG605", "SEG605"]
    assert [d.rows[0].rows for d in facts.diagnostics] == [(2,), (3,)]
    assert "`a : text?`" in facts.diagnostics[0].help


def test_duplicate_keys_name_both_rows(tmp_path: Path) -> None:
    declared = source_of(column("id", TEXT, is_key=True))
    _, facts = read_text(declared, tmp_path, "id\na\nb\na\nc\nb\na\n")
    found = only(facts, "SEG606")
    assert found.rows[0].count == 3
    assert found.notes == ("`a` in rows 1 and 3", "`b` in rows 2 and 5")


def test_duplicates_are_found_across_files_and_batches(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": list(range(10))}), tmp_path / "a.parquet", row_group_size=3)
    pq.write_table(pa.table({"id": [100, 4]}), tmp_path / "b.parquet")
    _, facts = read_files(source_of(column("id", INT, is_key=True)), tmp_path / "a.parquet", tmp_path / "b.parquet")
    assert only(facts, "SEG606").notes == ("`4` in row 5 of `a.parquet` and row 2 of `b.parquet`",)


def test_several_key_columns_make_one_key(tmp_path: Path) -> None:
    declared = source_of(column("a", TEXT, is_key=True), column("b", INT, is_key=True))
    _, good = read_text(declared, tmp_path, "a,b\nx,1\nx,2\ny,1\n")
    assert good.diagnostics == ()
    _, bad = read_text(declared, tmp_path, "a,b\nx,1\nx,2\ny,1\nx,2\n")
    assert only(bad, "SEG606").notes == ("`x, 2` in rows 2 and 4",)


@pytest.mark.parametrize(("which", "kept"), [(Keep.LAST, [("a", 30), ("b", 5)]), (Keep.FIRST, [("a", 10), ("b", 5)])])
def test_on_duplicate_keep_settles_by_the_column(tmp_path: Path, which: Keep, kept: list[tuple[str, int]]) -> None:
    declared = source_of(
        column("id", TEXT, is_key=True),
        column("seen", INT.or_missing()),
        policies=BreachPolicies(duplicate=KeepDuplicate(which, "seen")),
    )
    table, facts = read_text(declared, tmp_path, "id,seen\na,10\na,30\na,20\nb,\nb,5\n")
    found = only(facts, "SEG613")
    assert [tuple(row.values()) for row in table.to_pylist()] == kept
    assert found.rows[0].count == 3
    assert (facts.rows_read, facts.rows_dropped) == (5, 3)


@pytest.mark.parametrize("lines", [["a,1,x", "a,1,y", "a,1,"], ["a,1,", "a,1,y", "a,1,x"], ["a,1,y", "a,1,x", "a,1,"]])
def test_ties_among_duplicates_are_settled_by_values_never_by_place(tmp_path: Path, lines: list[str]) -> None:
    declared = source_of(
        column("id", TEXT, is_key=True),
        column("seen", INT),
        column("note", TEXT.or_missing()),
        policies=BreachPolicies(duplicate=KeepDuplicate(Keep.LAST, "seen")),
    )
    text = "id,seen,note\n" + "\n".join(lines) + "\n"
    table, _ = read_text(declared, tmp_path, text)
    assert table.to_pylist() == [{"id": "a", "seen": 1, "note": "x"}]
    # The same row stays when a plan asks for fewer columns.
    fewer, _ = read_text(declared, tmp_path, text, wanted=("note",))
    assert fewer.to_pylist() == [{"note": "x"}]


def test_a_missing_key_is_an_error_or_dropped(tmp_path: Path) -> None:
    declared = source_of(column("id", TEXT, is_key=True), column("n", INT))
    text = "id,n\na,1\n,2\nb,3\n"
    _, facts = read_text(declared, tmp_path, text)
    assert only(facts, "SEG607").rows[0].rows == (2,)
    table, facts = read_text(replace(declared, policies=BreachPolicies(drop_missing_key=True)), tmp_path, text)
    assert only(facts, "SEG613").rows[0].rows == (2,)
    assert table["id"].to_pylist() == ["a", "b"]
    assert facts.rows_dropped == 1


def test_infinite_numbers_and_amounts_too_large_have_their_own_codes(tmp_path: Path) -> None:
    declared = source_of(column("n", NUMBER), column("m", USD))
    _, facts = read_text(declared, tmp_path, "n,m\ninf,1\n1,99999999999999\n")
    assert codes(facts) == ["SEG609", "SEG612"]


def test_nan_is_missing_and_counted(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1.0, float("nan"), None]}), tmp_path / "a.parquet")
    table, facts = read_files(source_of(column("n", NUMBER.or_missing())), tmp_path / "a.parquet")
    assert table["n"].to_pylist() == [1.0, None, None]
    assert (facts.missing, facts.not_a_number) == ({"n": 2}, {"n": 1})
    assert facts.diagnostics == ()


def test_broken_as_missing_takes_every_kind_and_warns_once_for_each(tmp_path: Path) -> None:
    declared = source_of(
        column("n", INT.or_missing(), high=9),
        column("p", category("a").or_missing()),
        policies=BreachPolicies(broken_as_missing=True),
    )
    table, facts = read_text(declared, tmp_path, "n,p\n1,a\nx,b\n10,a\n")
    assert table.to_pylist() == [{"n": 1, "p": "a"}, {"n": None, "p": None}, {"n": None, "p": "a"}]
    assert codes(facts) == ["SEG613", "SEG613", "SEG613"]


def test_a_broken_value_taken_as_missing_still_breaks_a_required_column(tmp_path: Path) -> None:
    declared = source_of(column("n", INT), policies=BreachPolicies(broken_as_missing=True))
    _, facts = read_text(declared, tmp_path, "n\n1\nx\n")
    assert sorted(codes(facts)) == ["SEG605", "SEG613"]


def test_personal_data_is_masked_in_every_message(tmp_path: Path) -> None:
    declared = source_of(
        column("mail", TEXT, is_key=True, pii=True),
        column("age", INT, pii=True),
        column("kind", category("private", "work"), pii=True),
    )
    _, facts = read_text(declared, tmp_path, "mail,age,kind\nann@x.org,secret,wark\nann@x.org,3,work\n")
    told = str(facts.diagnostics)
    assert len(facts.diagnostics) == 3
    assert "ann@" not in told
    assert "secret" not in told
    assert "wark" not in told
    assert "a***" in told


def test_rows_later_than_the_clock_are_hidden_before_duplicates_are_judged(tmp_path: Path) -> None:
    declared = source_of(column("id", INT, is_key=True), column("paid_on", DATE), known_from="paid_on")
    text = "id,paid_on\n1,2024-06-30\n1,2024-07-01\n2,2024-07-02\n"
    table, facts = read_text(declared, tmp_path, text, clock=date(2024, 6, 30))
    assert table["id"].to_pylist() == [1]
    assert (facts.rows_read, facts.rows_hidden, facts.diagnostics) == (3, 2, ())
    _, later = read_text(declared, tmp_path, text, clock=date(2024, 7, 1))
    assert codes(later) == ["SEG606"]


def test_a_hidden_row_is_still_held_against_the_contract(tmp_path: Path) -> None:
    declared = source_of(column("d", DATE), column("n", INT), known_from="d")
    _, facts = read_text(declared, tmp_path, "d,n\n2025-01-01,x\n", clock=date(2024, 1, 1))
    assert only(facts, "SEG602").rows[0].rows == (1,)


def test_a_timestamp_of_the_clocks_own_day_is_seen(tmp_path: Path) -> None:
    declared = source_of(column("at", TIMESTAMP), known_from="at")
    text = "at\n2024-06-30T23:59:59Z\n2024-07-01T00:00:00Z\n"
    table, facts = read_text(declared, tmp_path, text, clock=date(2024, 6, 30))
    assert (table.num_rows, facts.rows_hidden) == (1, 1)


def test_all_breaches_of_all_columns_are_told_at_once_in_declared_order(tmp_path: Path) -> None:
    declared = source_of(
        column("id", INT, is_key=True), column("a", INT), column("b", CATEGORY), column("c", USD), column("d", DATE)
    )
    _, facts = read_text(declared, tmp_path, "id,a,b,c\n1,x,,inf\n1,2,k,3\n,3,k,3\n")
    assert codes(facts) == ["SEG601", "SEG602", "SEG605", "SEG609", "SEG607", "SEG606"]


def test_row_numbers_run_over_all_files_in_order(tmp_path: Path) -> None:
    declared = source_of(column("row", INT, is_key=True, from_row_number=True), column("n", INT))
    (tmp_path / "a.csv").write_text("n\n5\n6\n")
    (tmp_path / "b.csv").write_text("n\n7\n")
    table, facts = read_files(declared, tmp_path / "a.csv", tmp_path / "b.csv", number_rows=True)
    assert table["row"].to_pylist() == table[ROW_COLUMN].to_pylist() == [1, 2, 3]
    assert facts.places.locate(3) == ("b.csv", 1)


def test_only_wanted_columns_are_handed_on_and_judged(tmp_path: Path) -> None:
    declared = source_of(column("id", INT, is_key=True), column("a", INT), column("b", INT))
    table, facts = read_text(declared, tmp_path, "id,a,b\n1,x,2\n", wanted=("b",))
    assert (table.column_names, facts.diagnostics) == (["b"], ())


def test_text_may_be_asked_for_coded(tmp_path: Path) -> None:
    declared = source_of(column("id", TEXT, is_key=True), column("n", TEXT, default="none"))
    table, facts = read_text(declared, tmp_path, "id,n\na,x\nb,\na,x\n", coded=("id", "n"))
    assert table.schema.field("id").type == pa.dictionary(pa.int32(), pa.string())
    assert table["n"].to_pylist() == ["x", "none", "x"]
    assert codes(facts) == ["SEG606"]
