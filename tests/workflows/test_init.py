"""A first spec from data: it is well formed, reads the very same data, and proposes what a person would."""

import csv
import gzip
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segdsl.cli.init_command import command
from segdsl.diagnostics import SourceText
from segdsl.language.formatter import format_tree
from segdsl.language.parser import parse
from segdsl.workflows.check import check
from segdsl.workflows.init import Started, start
from segdsl.workflows.run import Request, run


def started(folder: Path, *names: str) -> Started:
    found = start([folder / name for name in names], folder)
    assert found.path is not None, found.diagnostics
    return found


def spec_of(folder: Path, content: str, name: str = "accounts.csv") -> str:
    (folder / name).write_text(content, encoding="utf-8")
    return started(folder, name).text


def column(text: str, name: str) -> str:
    """The line of a column, with single spaces."""
    return next(" ".join(line.split()) for line in text.splitlines() if line.split()[:2] == [name, ":"])


def assert_good(found: Started) -> None:
    """In canonical form, without a finding at check, and the commented skeleton runs on the same data."""
    assert found.path is not None
    tree, mistakes = parse(SourceText(str(found.path), found.text))
    assert mistakes == ()
    assert format_tree(tree, found.text) == found.text
    assert [d for d in check(found.path).diagnostics if d.is_error] == []
    before, _, skeleton = found.text.partition("# What comes next")
    lines = [line.removeprefix("#").removeprefix(" ") for line in skeleton.splitlines()[3:]]
    full = found.path.with_name("full.seg")
    audiences = [
        f"audience all_{number} from {name} {{ columns {', '.join(columns)} }}"
        for number, (name, columns) in enumerate(_columns(found.path).items())
    ]
    full.write_text("\n".join((before, *lines, *audiences)), encoding="utf-8")
    finished = run(Request(full, write=False))
    mended = [d.message for d in finished.diagnostics if d.code.startswith("SEG6") and not _announced(d.message)]
    assert finished.tables is not None, finished.diagnostics
    assert mended == []
    for name, rows in found.sources:
        assert finished.tables.scans[name].rows_read == rows


def _columns(spec: Path) -> dict[str, list[str]]:
    model = check(spec).model
    assert model is not None
    return {name: [f"`{c.name}`" for c in source.columns] for name, source in model.sources.items()}


def _announced(message: str) -> bool:
    """What a policy that the spec itself states mends, and counts."""
    return any(word in message for word in ("key", "were dropped", "was dropped"))


# ---- types


def rows(header: str, values: list[str]) -> str:
    return f"id,{header}\n" + "".join(f'{n},"{value}"\n' for n, value in enumerate(values))


@pytest.mark.parametrize(
    ("header", "values", "wanted"),
    [
        ("employees", ["1", "250", "3000"], "employees : count"),
        ("change", ["1", "-250", "3000"], "change : int"),
        ("founded", ["1999", "2015", "1850"], "founded : int"),
        ("hours", ["1.5", "2", "-3.25"], "hours : number"),
        ("seats", ["1,200", "350", "12"], "seats : count lenient"),
        ("seats", ["120", "n/a", "12"], 'seats : count? empty "n/a"'),
        ("seats", ["120", "Select", "", "12"], 'seats : count? empty "Select"'),
        ("growth", ["12%", "-3.5 %", "0%"], "growth : ratio lenient"),
        ("paid", ["$1,200", "$3.50", "($20)"], "paid : money(USD) lenient"),
        ("paid", ["€1.200", "€3", ""], "paid : money(EUR)? lenient"),
        ("paid", ["120 SEK", "3.5 SEK", "7 SEK"], "paid : money(SEK) lenient"),
        ("signed_on", ["2024-01-31", "2023-12-01", ""], "signed_on : date?"),
        ("seen_at", ["2024-01-31T09:00:00Z", "2023-12-01 10:30:00", "2024-02-01"], "seen_at : timestamp"),
        ("is_test", ["true", "false", "true"], "is_test : bool"),
        ("partner", ["Yes", "No", "Yes"], "partner : bool"),
        ("tags", ["a|b", "b", "c|a"] * 20, 'tags : list(category) split "|"'),
        ("tools", ["a|b", "b|c|a", "a"] * 4, 'tools : list(category) split "|"'),
        ("zip", ["02139", "10115", "75001"], "zip : text"),
        ("sic", ["0111", "0112", "1311"], "sic : text"),
        ("plan", ["free", "team"] * 10, 'plan : category("free", "team")'),
        ("plan", ["free", "N/A"] * 10, 'plan : category? empty "N/A"'),
        ("city", ["Ulm", "Bonn", "Jena", "Köln"] * 3, "city : category"),
        ("remark", ["one", "two", "three"], "remark : text"),
        ("email", ["a@b.example", "c@d.example", ""], "email : text? pii"),
        ("Annual Revenue", ["$1", "$2", "$3"], "annual_revenue : money(USD) from `Annual Revenue` lenient"),
        ("by", ["x", "y", "z"], "`by` : text"),
        ("nothing", ["", "", ""], "nothing : text?"),
    ],
)
def test_a_column_gets_the_type_of_all_its_values(tmp_path, header, values, wanted):
    text = spec_of(tmp_path, rows(header, values))
    name = wanted.split(" :")[0].strip("`")
    found = [
        line
        for line in map(" ".join, map(str.split, text.splitlines()))
        if line.strip("`").startswith((name, f"`{name}`"))
    ]
    assert found[0].replace("`by`", "by").startswith(wanted.replace("`by`", "by")), text
    assert found[0].replace("`by`", "by") == wanted.replace("`by`", "by")


def test_a_late_value_counts_as_much_as_an_early_one(tmp_path):
    text = spec_of(tmp_path, rows("seats", ["1"] * 70_000 + ["2.5"]))
    assert column(text, "seats") == "seats : number"


def test_a_few_broken_values_are_told_not_hidden(tmp_path):
    text = spec_of(tmp_path, rows("seats", [str(n) for n in range(500)] + ["about 20"]))
    assert column(text, "seats") == "seats : text"
    assert "whole numbers, but 1 value isn't: `about 20`" in text


def test_amounts_without_a_sign_are_asked_about_not_guessed(tmp_path):
    text = spec_of(tmp_path, rows("revenue", ["12.5", "13", "1"]))
    assert column(text, "revenue") == "revenue : number"
    assert "is this money?" in text


@pytest.mark.parametrize(
    ("codes", "note"),
    [
        (["USD", "EUR", "EUR"], "amounts in several currencies, as unit says? then write money(USD) by unit rates"),
        (["EUR", "EUR", "EUR"], "is this money? then write money(EUR), as unit says"),
        (["EUR", "EUR", "box"], "is this money? then write money(USD), or whichever currency it is"),
    ],
)
def test_a_column_of_currencies_is_told_at_amounts(tmp_path, codes, note):
    lines = "".join(f"{n},{n}.5,{code}\n" for n, code in enumerate(codes))
    found = notes_on(spec_of(tmp_path, f"id,revenue,unit\n{lines}"), "revenue")
    assert [one.startswith(note) for one in found] == [True]


def notes_on(text: str, name: str) -> list[str]:
    """The comments above a column."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    at = lines.index(column(text, name))
    start = next(place for place in range(at - 1, -1, -1) if not lines[place].startswith("# "))
    return [line.removeprefix("# ") for line in lines[start + 1 : at]]


@pytest.mark.parametrize(
    ("values", "wanted", "seen"),
    [
        (["$5", "€6", "£7", "€8"], "text", "EUR (2 rows), GBP (1 row), USD (1 row)"),
        (["$5.5", "−€6", "n/a"], 'text? empty "n/a"', "EUR (1 row), USD (1 row)"),
        (["5", "$6", "7 €-", "8"], "text", "EUR (1 row), USD (1 row)"),
        (["5 USD", "6 EUR", "on request"], "text", "EUR (1 row), USD (1 row)"),
    ],
)
def test_amounts_in_several_currencies_are_never_numbers(tmp_path, values, wanted, seen):
    found = spec_of(tmp_path, rows("paid", values))
    assert column(found, "paid") == f"paid : {wanted}"
    assert notes_on(found, "paid")[0] == f"amounts in several currencies, read as text: {seen}"


@pytest.mark.parametrize(
    ("values", "wanted", "notes"),
    [
        (["5%", "6%", "12"], "text", ["2 values with a percent sign and 1 without"]),
        (["5%", "6", "12"], "text", ["1 value with a percent sign and 2 without"]),
        (["5%", "(6 %)", "0"], "ratio lenient", []),
    ],
)
def test_a_ratio_has_a_percent_sign_in_every_value(tmp_path, values, wanted, notes):
    found = spec_of(tmp_path, rows("growth", values))
    assert column(found, "growth") == f"growth : {wanted}"
    assert [note.partition(",")[0] for note in notes_on(found, "growth")] == notes


@pytest.mark.parametrize(
    ("values", "wanted", "asked"),
    [
        (["1.234", "2.500", "13.100"], "number", True),
        (["1.000", "2.000", "7"], "count", True),
        (["€1.200", "€3"], "money(EUR) lenient", True),
        (["1.234", "2.5"], "number", False),
        (["0.125", "2.500"], "number", False),
    ],
)
def test_points_that_may_part_thousands_are_asked_about(tmp_path, values, wanted, asked):
    found = spec_of(tmp_path, rows("size", values))
    assert column(found, "size") == f"size : {wanted}"
    start = f"is the point of `{values[0]}` a decimal one, as it is read?"
    assert [note.startswith(start) for note in notes_on(found, "size")] == [True] * asked


def test_points_are_thousands_where_commas_are_decimal(tmp_path):
    found = spec_of(tmp_path, "id;size;weight\n1;1.234;0,5\n2;13.100;1,25\n3;7;2\n")
    assert column(found, "size") == "size : count lenient"
    assert notes_on(found, "size") == [
        "the point of `1.234` is taken to part thousands, as commas are decimal in this file"
    ]


def test_slips_of_a_category_are_proposed_as_replacements(tmp_path):
    values = ["technology"] * 40 + ["retail"] * 40 + ["technolgy"] * 2
    text = spec_of(tmp_path, rows("sector", values))
    assert '# one and the same? then add: replace "technolgy" with "technology"' in text


@pytest.mark.parametrize(
    ("values", "pairs"),
    [
        (["DSL"] * 40 + ["dsl"] * 30 + ["Fiber"] * 40, '"dsl" with "DSL"'),
        (["dsl"] * 40 + ["DSL"] * 40 + ["fiber"] * 40, '"dsl" with "DSL"'),
        (["B2B"] * 40 + ["b2b"] * 5 + ["B2b"] * 5, '"B2b" with "B2B", "b2b" with "B2B"'),
        (["DSL"] * 40 + ["HSL"] * 40, None),
    ],
)
def test_values_that_differ_in_case_alone_are_asked_about(tmp_path, values, pairs):
    text = spec_of(tmp_path, rows("line", values))
    asked = [line.strip() for line in text.splitlines() if "one and the same?" in line]
    assert asked == ([] if pairs is None else [f"# one and the same? then add: replace {pairs}"])


def test_two_countries_are_never_one_and_the_same(tmp_path):
    values = ["Australia"] * 400 + ["Austria"] * 4 + ["Germany"] * 40 + ["Germny"] * 2
    text = spec_of(tmp_path, rows("country", values))
    assert '# one and the same? then add: replace "Germny" with "Germany"\n' in text


# ---- dates


def test_the_order_of_day_and_month_is_found(tmp_path):
    text = spec_of(tmp_path, rows("signed_on", ["31/01/2024", "01/02/2024"]))
    assert 'dates: "DD/MM/YYYY"' in text and "signed_on : date" in " ".join(text.split())
    assert "assumed" not in text


def test_an_american_order_is_found(tmp_path):
    assert 'dates: "M/D/YYYY"' in spec_of(tmp_path, rows("signed_on", ["1/31/2024", "11/2/2024"]))


def test_an_order_that_the_data_do_not_settle_is_said(tmp_path):
    text = spec_of(tmp_path, rows("signed_on", ["01/02/2024", "03/04/2024"]))
    assert "are the dates DD/MM/YYYY or MM/DD/YYYY?" in text


# ---- files


def test_delimiter_encoding_and_header_row_are_found(tmp_path):
    content = "Export of 2024\n\nid;Stadt;Umsatz\n1;Köln;€5\n2;Bonn;€7\n3;Köln;€7\n"
    (tmp_path / "kunden.csv").write_bytes(content.encode("cp1252"))
    found = started(tmp_path, "kunden.csv")
    assert 'delimiter: ";"' in found.text and 'encoding: "cp1252"' in found.text and "header: 3" in found.text
    assert found.sources == (("kunden", 3),)
    assert_good(found)


def test_a_line_that_tells_the_delimiter_is_not_the_header(tmp_path):
    (tmp_path / "orte.csv").write_text("sep=;\nid;name\n1;a\n2;b\n")
    found = started(tmp_path, "orte.csv")
    assert "read { header: 2 }" in found.text
    assert found.sources == (("orte", 2),)
    assert_good(found)


def test_a_comma_as_decimal_sign_is_found(tmp_path):
    (tmp_path / "orte.csv").write_text("id;Größe;Umsatz;Anteil\n1;1,5;€1.200,50;12,5 %\n2;2,25;€3;3 %\n3;7;€7,1;0 %\n")
    found = started(tmp_path, "orte.csv")
    assert 'decimal: ","' in found.text
    assert column(found.text, "grösse") == "grösse : number from Größe"
    assert column(found.text, "umsatz") == "umsatz : money(EUR) from Umsatz lenient"
    assert column(found.text, "anteil") == "anteil : ratio from Anteil lenient"
    assert_good(found)


def test_tabs_marks_and_packed_files_are_read(tmp_path):
    (tmp_path / "t.tsv").write_text("\ufeffid\tname\n1\tA\n2\tB\n", encoding="utf-8")
    with gzip.open(tmp_path / "z.csv.gz", "wt", encoding="utf-8") as file:
        file.write("code,x\na,1\nb,2\n")
    found = started(tmp_path, "t.tsv", "z.csv.gz")
    assert found.sources == (("t", 2), ("z", 2))
    assert_good(found)


def test_typed_files_keep_their_types(tmp_path):
    table = pa.table(
        {
            "account_id": ["a", "b", "c"],
            "seats": pa.array([1, None, 3], pa.int32()),
            "score": [1.5, float("nan"), 2.0],
            "on": pa.array([date(2024, 1, 1), date(2024, 2, 1), None]),
            "flag": [True, False, True],
            "tools": [["x"], [], ["x", "y"]],
        }
    )
    parquet.write_table(table, tmp_path / "p.parquet")
    feather.write_feather(table, str(tmp_path / "f.feather"))
    lines = [{**row, "on": str(row["on"]) if row["on"] else None} for row in table.to_pylist()]
    lines = [{**row, "score": None if row["score"] != row["score"] else row["score"]} for row in lines]
    (tmp_path / "j.jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    for name in ("p.parquet", "f.feather", "j.jsonl"):
        found = started(tmp_path, name)
        wanted = ["account_id : text key", "seats : count?", "score : number?", "`on` : date?", "flag : bool"]
        shown = [" ".join(line.split()) for line in found.text.splitlines()]
        for line in (*wanted, "tools : list(category)"):
            assert line in shown or line.replace("`", "") in shown, found.text
        assert_good(found)


def test_json_that_no_column_can_hold_is_no_traceback(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "a", "n": 1' + "0" * 400 + '}\n{"id": "b", "n": 2}\n')
    assert "n : text" in " ".join(started(tmp_path, "a.jsonl").text.split())
    for flaw in (r'"\ud800"', "[" * 100_000 + "]" * 100_000):
        (tmp_path / "b.jsonl").write_text('{"id": "a", "n": "x"}\n{"id": "b", "n": ' + flaw + "}\n")
        found = start([tmp_path / "b.jsonl"], tmp_path)
        assert [d.code for d in found.diagnostics] == ["SEG611"]


def test_files_of_one_shape_in_a_folder_are_one_source(tmp_path):
    (tmp_path / "invoices").mkdir()
    for month in (1, 2, 3):
        (tmp_path / "invoices" / f"2024-{month:02}.csv").write_text(f"invoice_id,amount\nI{month},$5\n")
    (tmp_path / "accounts.csv").write_text("account_id,name\nA,x\nB,y\n")
    found = start([tmp_path], tmp_path)
    assert found.sources == (("accounts", 2), ("invoices", 3))
    assert 'source invoices from "invoices/*.csv"' in found.text
    assert_good(found)


MONTHS = "invoice_id,amount\nI{},$5\n"


@pytest.mark.parametrize(
    ("named", "beside", "written"),
    [
        (["jan.csv", "feb.csv"], ["old_backup.csv"], {"data": "data/???.csv"}),
        (["jan_paid.csv", "august_paid.csv"], ["old_backup.csv"], {"paid": "data/*_paid.csv"}),
        (["paid-1.csv", "paid-2.csv"], ["paid.csv"], {"paid": "data/paid-*.csv"}),
        (
            ["paid-01.csv", "paid-02.csv"],
            ["paid-03.csv"],
            {"paid_01": "data/paid-01.csv", "paid_02": "data/paid-02.csv"},
        ),
        (["jan.csv", "august.csv"], ["old_backup.csv"], {"jan": "data/jan.csv", "august": "data/august.csv"}),
        (["paid[1].csv"], ["paid1.csv"], {"paid_1": "data/paid[[]1].csv"}),
    ],
)
def test_a_source_reads_the_named_files_and_no_other(tmp_path, named, beside, written):
    (tmp_path / "data").mkdir()
    for number, name in enumerate((*named, *beside)):
        (tmp_path / "data" / name).write_text(MONTHS.format(number))
    found = started(tmp_path, *(f"data/{name}" for name in named))
    for source, path in written.items():
        assert f'source {source} from "{path}" {{' in found.text
    assert sum(rows for _, rows in found.sources) == len(named)
    assert_good(found)


def test_the_sources_of_one_folder_do_not_read_the_files_of_each_other(tmp_path):
    (tmp_path / "data").mkdir()
    for number, name in enumerate(("jan.csv", "august.csv")):
        (tmp_path / "data" / name).write_text(MONTHS.format(number))
    (tmp_path / "data" / "people.csv").write_text("invoice_id,amount,person\n1,$2,x\n")
    found = started(tmp_path, "data")
    assert found.sources == (("august", 1), ("jan", 1), ("people", 1))
    assert (
        "# the columns are those of august: `source both from august, jan { ... }` has the rows of both" in found.text
    )
    assert_good(found)


@pytest.mark.parametrize(
    ("header", "told"),
    [("id,,x", "left out: a column without a name"), ("id,,", "left out: 2 columns without a name")],
)
def test_columns_without_a_name_are_told(tmp_path, header, told):
    text = spec_of(tmp_path, f"{header}\n1,2,3\n4,5,6\n")
    assert f"# {told}\n" in text


# ---- keys and links


def test_a_key_is_unique_complete_and_named_like_one(tmp_path):
    text = spec_of(tmp_path, "name,score,Account ID\nx,1,A1\ny,2,A2\nz,3,A3\n")
    assert "account_id : text key from `Account ID`" in [" ".join(line.split()) for line in text.splitlines()]


def test_rows_without_a_key_are_numbered(tmp_path):
    text = spec_of(tmp_path, "length,width\n1.5,2\n1.5,2\n")
    assert "row : int key from row_number" in [" ".join(line.split()) for line in text.splitlines()]


def test_a_key_with_few_duplicates_keeps_the_latest_row(tmp_path):
    lines = [f"A{n},2024-01-{n % 27 + 1:02}" for n in range(100)] + ["A7,2024-02-01"]
    text = spec_of(tmp_path, "account_id,updated_on\n" + "\n".join(lines) + "\n")
    assert "on duplicate keep last by updated_on" in text
    assert notes_on(text, "account_id") == ["1 row repeats a key that stands before: the latest by updated_on is kept"]


@pytest.mark.parametrize(
    ("header", "height", "again", "told"),
    [
        ("Account ID", 400, 1, "1 row repeats"),
        ("id", 3_000, 17, "17 rows repeat"),
        ("account", 6_000, 120, "120 rows repeat"),
        ("account code", 100, 2, "2 rows repeat"),
    ],
)
def test_a_key_with_few_duplicates_stays_one_without_a_date(tmp_path, header, height, again, told):
    accounts = "".join(f"x,{n % height}\n" for n in range(height + again))
    (tmp_path / "accounts.csv").write_text(f"plan,{header}\n{accounts}")
    calls = "".join(f"C{n},{n % 40}\n" for n in range(100))
    (tmp_path / "calls.csv").write_text(f"call_id,account\n{calls}")
    found = started(tmp_path, "accounts.csv", "calls.csv")
    key = "_".join(header.casefold().split())
    assert column(found.text, key).startswith(f"{key} : int key")
    note = "a key that stands before: no date says which is the latest, so put a column that does behind `by`"
    assert notes_on(found.text, key) == [f"{told} {note}"]
    assert f"on duplicate keep last by {key}\n" in found.text
    assert "links account to accounts" in found.text
    assert_good(found)


@pytest.mark.parametrize(("header", "again"), [("account_id", 3), ("length", 1), ("owner_id", 1)])
def test_no_row_is_dropped_where_it_may_be_one_of_its_own(tmp_path, header, again):
    lines = "".join(f"x,{n % 100}\n" for n in range(100 + again))
    text = spec_of(tmp_path, f"plan,{header}\n{lines}")
    assert "on duplicate" not in text
    assert notes_on(text, "row") == ["no column tells the rows apart, so each row is numbered"]


@pytest.mark.parametrize(("date", "by"), [("updated_on", "updated_on"), ("cancelled_on", "account_id")])
def test_a_date_that_may_be_missing_says_which_row_is_the_latest_if_it_is_named_so(tmp_path, date, by):
    lines = [f"A{n},2024-01-{n % 27 + 1:02}" for n in range(100)] + ["A7,"]
    text = spec_of(tmp_path, f"account_id,{date}\n" + "\n".join(lines) + "\n")
    assert f"on duplicate keep last by {by}\n" in text


def test_a_number_named_as_its_file_is_its_key(tmp_path):
    lines = "".join(f"{n // 2},{n}\n" for n in range(1, 9_001))
    assert column(spec_of(tmp_path, f"priority,ticket\n{lines}", "tickets.csv"), "ticket") == "ticket : int key"


def test_a_column_that_differs_from_row_to_row_is_told_if_it_is_no_key(tmp_path):
    told = "length differs from row to row, but doesn't look like a key, so each row is numbered"
    assert notes_on(spec_of(tmp_path, "kind,length\nx,1\nx,2\n"), "row") == [told]
    told = "no column tells the rows apart, so each row is numbered"
    assert notes_on(spec_of(tmp_path, "kind,length\nx,1\nx,\n", "lines.csv"), "row") == [told]


def test_links_are_found_by_values_and_names(tmp_path):
    (tmp_path / "accounts.csv").write_text("account_id,name\n" + "".join(f"A{n},n{n}\n" for n in range(20)))
    orders = "".join(f"O{n},A{n % 20},2024-01-01\n" for n in range(40))
    (tmp_path / "orders.csv").write_text("order_id,account_id,ordered_on\n" + orders)
    found = started(tmp_path, "accounts.csv", "orders.csv")
    assert "links account_id to accounts" in found.text
    assert_good(found)


def test_a_link_to_a_large_table_with_doubled_keys_is_found(tmp_path):
    people = "".join(f"P{n % 6_000},2024-01-{n % 27 + 1:02}\n" for n in range(6_010))
    (tmp_path / "people.csv").write_text("person_id,updated_on\n" + people)
    calls = "".join(f"C{n},P{n % 40}\n" for n in range(100))
    (tmp_path / "calls.csv").write_text("call_id,person_id\n" + calls)
    found = started(tmp_path, "people.csv", "calls.csv")
    assert "links person_id to people" in found.text
    assert_good(found)


def test_a_column_named_like_a_key_without_id_is_a_link(tmp_path):
    (tmp_path / "export.csv").write_text("account_id,name\n" + "".join(f"A{n},n{n}\n" for n in range(20)))
    people = "".join(f"P{n},A{n % 20}\n" for n in range(100)) + "P100,gone\n"
    (tmp_path / "people.csv").write_text("person_id,account\n" + people)
    found = started(tmp_path, "export.csv", "people.csv")
    assert "links account to export" in found.text
    assert "# 1 row points to no row of export; it is dropped, and counted" in found.text
    assert_good(found)


def test_values_that_only_happen_to_be_keys_are_no_link(tmp_path):
    (tmp_path / "accounts.csv").write_text("id,name\n" + "".join(f"{n},n{n}\n" for n in range(20)))
    (tmp_path / "orders.csv").write_text("order_id,quantity\n" + "".join(f"O{n},{n % 9}\n" for n in range(40)))
    assert "links" not in started(tmp_path, "accounts.csv", "orders.csv").text


def test_keys_written_a_little_differently_are_replaced(tmp_path):
    (tmp_path / "products.csv").write_text("product,price\nGTX Pro,5\nMG Plus,7\nGTK 500,9\n")
    deals = "".join(f"D{n},{'GTXPro' if n % 3 else 'MG Plus'}\n" for n in range(12))
    (tmp_path / "deals.csv").write_text("deal_id,product\n" + deals)
    found = started(tmp_path, "products.csv", "deals.csv")
    assert 'replace "GTXPro" with "GTX Pro"' in found.text
    assert_good(found)


def test_columns_that_depend_on_an_id_suggest_a_source_of_their_own(tmp_path):
    lines = "".join(f"O{n},{n % 4},C{n % 4},{n}\n" for n in range(40))
    text = spec_of(tmp_path, "order_id,customer_id,customer,amount\n" + lines, "orders.csv")
    assert "# source customers from orders {" in text
    assert "#   customer : category" in " ".join(text.split("\n")).replace("  ", " ").replace(
        "customer    :", "customer :"
    ) or ("customer" in text.split("# source customers")[1])


# ---- refusals


def test_nothing_is_written_over(tmp_path):
    spec_of(tmp_path, "id,x\n1,2\n")
    (tmp_path / "accounts.seg").write_text("mine")
    again = start([tmp_path / "accounts.csv"], tmp_path)
    assert [d.code for d in again.diagnostics] == ["SEG701"]
    assert (tmp_path / "accounts.seg").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["accounts.csv", "accounts.seg"]


def test_files_outside_the_project_are_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("id\n1\n")
    found = start([tmp_path / "data" / "a.csv"], tmp_path / "specs")
    assert [d.code for d in found.diagnostics] == ["SEG502"]


def test_a_spec_that_could_not_read_its_data_from_here_stands_beside_them(tmp_path, monkeypatch):
    for folder in ("data", "here"):
        (tmp_path / folder).mkdir()
    (tmp_path / "data" / "a.csv").write_text("id\n1\n")
    monkeypatch.chdir(tmp_path / "here")
    result = CliRunner().invoke(command, ["../data/a.csv"])
    told = f"Written: {tmp_path / 'data' / 'a.seg'}, beside the data: from this folder a spec may not read them\n"
    assert result.output.startswith(told)
    assert (tmp_path / "data" / "a.seg").exists()


def test_a_spec_stands_in_the_present_folder(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text("id\n1\n")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(command, ["a.csv"]).output.startswith("Written: a.seg\n")


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b""), ("a.parquet", b"PAR1"), ("a.docx", b"x"), ("b.csv", None)]
)
def test_files_that_cannot_be_read_are_told(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = CliRunner().invoke(command, [str(tmp_path / name), "--out", str(tmp_path)])
    assert result.exit_code in (2, 3)
    assert "Traceback" not in result.output and result.exception.__class__ is SystemExit


# ---- the sample


def test_the_sample_project_is_written_and_runs(tmp_path, repository):
    if not (repository / "specs" / "quickstart").is_dir():
        pytest.skip("the checkout holds no specs/quickstart")
    place = tmp_path / "quickstart"
    result = CliRunner().invoke(command, ["--sample", str(place)])
    assert result.exit_code == 0, result.output
    assert (place / "segdsl.toml").read_bytes() == (repository / "specs/quickstart/segdsl.toml").read_bytes()
    assert [d for d in check(place).diagnostics if d.is_error] == []
    assert [p.name for p in tmp_path.iterdir()] == ["quickstart"]


def test_the_sample_is_never_written_over_anything(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = CliRunner().invoke(command, ["--sample", str(tmp_path)])
    assert result.exit_code == 3
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


# ---- whole exports


@pytest.mark.slow
def test_the_quickstart_data_load_under_their_first_spec(tmp_path, repository):
    shutil.copytree(repository / "specs" / "quickstart" / "data", tmp_path / "data")
    assert_good(start([tmp_path / "data"], tmp_path))


@pytest.mark.slow
def test_every_real_export_loads_under_its_first_spec(tmp_path, shared_data):
    shutil.copytree(shared_data, tmp_path / "data")
    folders = sorted(p for p in (tmp_path / "data").iterdir() if p.is_dir())
    assert len(folders) >= 10
    for folder in folders:
        assert_good(start([folder], tmp_path))


# ---- any table


WORDS = ["", "n/a", "Select", "12", "-3", "007", "1.5", "$1,200", "12 %", "2024-01-31", "31/12/2024", "true", "no"]
CELLS = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8),
    st.integers(-(10**20), 10**20).map(str),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str),
)
COLUMN_KINDS = st.one_of(
    st.lists(CELLS, min_size=3, max_size=12),
    st.lists(st.sampled_from(["a", "b", "A"]), min_size=3, max_size=12),
    st.integers(0, 400).map(lambda n: [str(date(2024, 1, 1) + timedelta(days=n + k)) for k in range(12)]),
    st.lists(st.integers(0, 9).map(str), min_size=3, max_size=12),
)
HEADERS = st.one_of(
    st.sampled_from(
        ["id", "Account ID", "name", "by", "source", "e-mail", "Umsatz (€)", "x y", "class", "测试", "1st"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n`"), min_size=1, max_size=10),
)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(HEADERS, COLUMN_KINDS), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_any_table_loads_under_its_first_spec(tmp_path_factory, table, delimiter):
    folder = tmp_path_factory.mktemp("table")
    height = min(len(values) for _, values in table)
    with (folder / "t.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerow([header for header, _ in table])
        writer.writerows([values[at] for _, values in table] for at in range(height))
    found = start([folder / "t.csv"], folder)
    if found.path is None:
        # A table of which no column can be named has nothing to write.
        assert {d.code for d in found.diagnostics} <= {"SEG611"}, found.diagnostics
        return
    assert_good(found)
