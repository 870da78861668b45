"""`segdsl collect`: prices as printed, sheets written and read back, and accuracy measured."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from segdsl.cli.main import run_command_line

WORKED = Path(__file__).resolve().parents[1] / "collecting" / "worked_example.seg"

SPEC = """\
param as_of : date = 2024-06-30
source accounts from "accounts.csv" {
  account_id : text key
  company    : text pii
  value      : money(USD)
  employees  : count?          range 1 .. 1M
  revenue    : money(USD)?     scale 1M
  plan       : category("free", "pro", "=team")?
  tools      : list(category)? split "|"  empty "none known"
}
population customers from accounts { keep "paying" when value > $0 }
score quality for customers { base value }
hypothesis larger  { expect higher employees means higher quality }
hypothesis richer  { expect higher revenue means higher quality  priority 2 }
hypothesis by_plan { expect plan separates quality }
hypothesis by_tool { expect tools has any ("Jira") means higher quality }
provider research {
  cost:     3 minutes per field at $20 per hour
  accuracy: 85%
  covers:   accounts.employees, accounts.plan
}
provider filings  { cost: $2 per field  accuracy: 95%  age: 6 months  covers: accounts.revenue }
provider survey   { effort: 2  covers: accounts.tools }
"""
ROWS = """\
account_id,company,value,employees,revenue,plan,tools
=a1,Acme,10,,1,free,Jira
a2,Birch,20,5,,,none known
a3,Cedar,30,,,pro,Zoom
a4,Dogwood,0,,,,
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "accounts.csv").write_text(ROWS)
    path = tmp_path / "customers.seg"
    path.write_text(SPEC)
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    status = run_command_line(["collect", *map(str, arguments)])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return status, shown.out, shown.err


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    status, out, _ = told(capsys, *arguments, "--format", "json")
    assert status == 0, out
    found: dict[str, object] = json.loads(out)
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(path: Path, sheet: Path, values: Sequence[tuple[str, ...]]) -> None:
    """Fills a sheet: account and field, then value, collector and date."""
    found = {tuple(one[:2]): one[2:] for one in values}
    rows = rows_of(sheet)
    for row in rows:
        cells = found.get((row["account"].removeprefix("'"), row["field"].removeprefix("accounts.")))
        if cells is not None:
            row.update(zip(("value", "collector", "found_on"), cells, strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


FILLED = (
    ("=a1", "employees", "1,200", "ann", "2024-01-05"),
    ("a2", "plan", "pro", "bob", "2024-01-06"),
    ("a3", "employees", "7", "bob", "2024-01-06"),
    ("a2", "tools", "Jira| Zoom", "ann", "2024-01-07"),
)


def test_worked_example_comes_out_to_the_cent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    status, out, _ = told(capsys, WORKED, "--accounts", 100, "--min-accuracy", "85%")
    assert status == 0
    words = [line.split() for line in out.splitlines()]
    assert ["employees", "100", "employees_at_15", "$75.00", "$0.75", "a", "field", "5", "h", "80%"] in words
    assert ["employees_at_20", "$100.00", "$1.00", "a", "field", "5", "h", "85%"] in words
    assert ["database", "$600.00", "$6.00", "a", "record", "95%"] in words
    assert ["revenue", "100", "revenue_at_15", "$100.00", "$1.00", "a", "field", "6", "h", "40", "min", "80%"] in words
    assert ["revenue_at_20", "$133.33", "$1.33", "a", "field", "6", "h", "40", "min", "85%"] in words
    assert ["total", "$233.33", "11", "h", "40", "min"] in words
    assert "database at $6.00 a record costs the same as 6 fields by employees_at_20 at $1.00 a field" in out
    assert max(map(len, out.splitlines())) <= 100


def test_hypotheses_out_of_reach_say_why(capsys: pytest.CaptureFixture[str]) -> None:
    found = facts(capsys, WORKED, "--accounts", 100, "--budget", "$150", "--min-accuracy", "85%")
    # $133.33 or $100.00: both have the priority 1, so the cheaper one is taken.
    assert [one["hypothesis"] for one in found["hypotheses"]] == ["larger"]  # type: ignore[attr-defined, union-attr]
    (left,) = found["out_of_reach"]  # type: ignore[misc]
    assert (left["hypothesis"], left["cost_alone"], left["cost_together"]) == ("richer", "133.33", "233.33")
    _, out, _ = told(capsys, WORKED, "--accounts", 100, "--min-accuracy", "99%")
    assert "no provider of employees is accurate to 99%: the best is 95%" in out


def test_only_accounts_of_the_population_that_lack_a_field_are_paid_for(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts(capsys, spec)
    missing = {one["field"]: one["missing"] for one in found["prices"]}  # type: ignore[attr-defined, union-attr]
    # a4 pays nothing, so it is no customer.
    names = ("employees", "plan", "revenue", "tools")
    assert missing == dict(zip((f"accounts.{name}" for name in names), (2, 1, 2, 1), strict=True))
    assert found["rows"] == {"accounts": 3}
    # Three fields at $1.00 and two at $2.00; the survey has no price.
    assert found["cost"] == "7.00"
    again = facts(capsys, spec, "--all")
    assert again["cost"] == "12.00"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--budget", "00"), "--budget '$500'"),
        (("--budget", "€5"), "state the budget in USD"),
        (("--min-accuracy", "85"), "--min-accuracy 85%"),
        (("--min-accuracy", "120%"), "is no share"),
        (("--provider", "x"), "--provider"),
        (("--sheet", "new.csv", "--provider", "reserch"), "did you mean `research`?"),
        (("--sheet", "new.csv", "--show", "compny"), "did you mean `company`?"),
        (("--recheck", "10%"), "needs `--read`"),
        (("--out", "x"), "`--read`"),
        (("--accounts", "5", "--sheet", "new.csv"), "without data"),
    ],
)
def test_wrong_usage_is_told(
    spec: Path, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = told(capsys, spec, *options)
    assert (status, out) == (2, "")
    assert said in err


def test_a_choice_is_recorded_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "choice.json"
    assert told(capsys, WORKED, "--accounts", 100, "--record", place)[0] == 0
    found = json.loads(place.read_text())
    # Both by hand at $15 an hour: $75.00 and $100.00.
    assert (found["cost"], [one["proxy"] for one in found["hypotheses"]]) == ("175.00", ["employees", "revenue"])
    assert list(found["spec"].values()) == [hashlib.sha256(WORKED.read_bytes()).hexdigest()]
    status, _, err = told(capsys, WORKED, "--accounts", 50, "--record", place)
    assert status == 3
    assert "is there already" in err
    assert json.loads(place.read_text()) == found


def test_sheet_asks_for_what_is_missing_and_shows_no_personal_data_unasked(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "work.csv"
    status, out, _ = told(capsys, spec, "--sheet", sheet, "--collector", "ann", "--collector", "bob")
    assert status == 0
    assert "4 rows for 3 accounts" in out
    assert "`--show company`" in out
    asked = [(r["account"], r["field"], r["provider"], r["collector"], r["value"]) for r in rows_of(sheet)]
    # What `filings` is paid for is not work by people.
    assert asked == [
        ("'=a1", "accounts.employees", "research", "ann", ""),
        ("a2", "accounts.plan", "research", "bob", ""),
        ("a2", "accounts.tools", "survey", "bob", ""),
        ("a3", "accounts.employees", "research", "ann", ""),
    ]
    definitions = {row["field"]: row["definition"] for row in rows_of(sheet)}
    assert definitions["accounts.employees"] == "whole number from 0 on, from 1 to 1,000,000"
    assert definitions["accounts.plan"] == "one of: free, pro, =team"
    assert "Acme" not in sheet.read_text()
    named = tmp_path / "named.csv"
    told(capsys, spec, "--sheet", named, "--provider", "filings", "--show", "company")
    assert [(row["company"], row["field"]) for row in rows_of(named)] == [
        ("Birch", "accounts.revenue"),
        ("Cedar", "accounts.revenue"),
    ]


def test_a_sheet_is_never_written_over(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "work.csv"
    sheet.write_text("days of work")
    status, _, err = told(capsys, spec, "--sheet", sheet)
    assert status == 3
    assert "is there already" in err
    assert sheet.read_text() == "days of work"
    assert told(capsys, spec, "--sheet", tmp_path / "work.txt")[0] == 3


def test_workbook_is_the_same_each_time_and_computes_nothing(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for place in (first, second):
        assert told(capsys, spec, "--sheet", place)[0] == 0
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        lists = book.read("xl/worksheets/sheet2.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in page + lists
    assert 'type="list"' in page and "lists!$A$1:$A$3" in page and 'type="date"' in page
    assert "=team" in texts and "=a1" in texts


def test_values_come_back_with_where_they_come_from(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, filled = tmp_path / "work.csv", tmp_path / "filled.csv"
    told(capsys, spec, "--sheet", sheet)
    fill(filled, sheet, FILLED)
    found = facts(capsys, spec, "--read", filled)
    assert (found["values"], found["empty"]) == (4, 0)
    long = [tuple(row.values()) for row in rows_of(tmp_path / "collected" / "values.csv")]
    assert long == [
        ("'=a1", "accounts.employees", "1200", "research", "ann", "2024-01-05", ""),
        ("a2", "accounts.plan", "pro", "research", "bob", "2024-01-06", ""),
        ("a2", "accounts.tools", "Jira| Zoom", "survey", "ann", "2024-01-07", ""),
        ("a3", "accounts.employees", "7", "research", "bob", "2024-01-06", ""),
    ]
    wide = {row["account_id"]: row for row in rows_of(tmp_path / "collected" / "accounts.csv")}
    assert list(wide) == ["'=a1", "a2", "a3"]
    assert (wide["a3"]["employees"], wide["a3"]["employees_collector"]) == ("7", "bob")
    assert (wide["a2"]["employees"], wide["a2"]["plan_found_on"]) == ("", "2024-01-06")


def test_what_was_collected_can_be_read_by_a_spec(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, filled = tmp_path / "work.csv", tmp_path / "filled.csv"
    told(capsys, spec, "--sheet", sheet)
    fill(filled, sheet, FILLED[1:])
    facts(capsys, spec, "--read", filled)
    other = tmp_path / "other.seg"
    other.write_text(
        'param as_of : date = 2024-06-30\nsource found from "collected/accounts.csv" {\n'
        "  account_id : text key\n  employees : count?\n  employees_found_on : date?\n"
        '  plan : category("free", "pro")?\n'
        '  tools : list(category)? split "|"\n}\n'
        "provider research { cost: $1 per field  age: 5 months  covers: found.employees, found.plan }\n"
    )
    capsys.readouterr()
    assert run_command_line(["coverage", str(other), "--format", "json"]) == 0
    (source,) = json.loads(capsys.readouterr().out)["sources"]
    fields = {one["field"]: (one["known"], one["stale"], one["distinct"]) for one in source["fields"]}
    # Five months before 2024-06-30 is 2024-01-30; nothing says when the plan was found.
    assert fields["employees"] == (1, 1, 1)
    assert fields["plan"] == (1, None, 1)
    # An empty cell of lists is an empty list, as in any source.
    assert fields["tools"] == (2, None, 2)


def test_negative_numbers_and_amounts_can_be_read_by_a_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = (
        'source accounts from "FILE" {\n  id : int key\n  growth : int?\n  share : ratio?\n  profit : money(USD)?\n'
        "  kept : bool?\n  length : duration?\n}\n"
    )
    rest = (
        "score q for accounts { base id }\nhypothesis h { expect higher growth means higher q }\n"
        "provider p { effort: 1  covers: accounts.growth }\n"
    )
    (tmp_path / "a.csv").write_text("id,growth,share,profit,kept,length\n-1,,,,,\n2,,,,,\n")
    (tmp_path / "s.seg").write_text(source.replace("FILE", "a.csv") + rest)
    values = {"growth": "-7", "share": "-12%", "profit": "($1.5k)", "kept": "Yes", "length": "90 days"}
    lines = [f"-1,accounts.{name},p,ann,{value},2024-01-01" for name, value in values.items()]
    (tmp_path / "w.csv").write_text("\n".join(["account,field,provider,collector,value,found_on", *lines]) + "\n")
    assert facts(capsys, tmp_path / "s.seg", "--read", tmp_path / "w.csv")["values"] == 5
    (row,) = rows_of(tmp_path / "collected" / "accounts.csv")
    assert [row[name] for name in ("id", *values)] == ["-1", "-7", "-0.12", "-1500.00", "true", "90 days"]
    (tmp_path / "again.seg").write_text(source.replace("FILE", "collected/accounts.csv"))
    assert run_command_line(["coverage", str(tmp_path / "again.seg")]) == 0


def test_a_workbook_is_read_back(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["account", "field", "provider", "collector", "value", "found_on"])
        page.write_row(1, 0, ["a3", "accounts.employees", "research", "ann", 250])
        page.write(1, 5, 45296, day)
    (tmp_path / "work.xlsx").write_bytes(made.getvalue())
    assert facts(capsys, spec, "--read", tmp_path / "work.xlsx")["values"] == 1
    (row,) = rows_of(tmp_path / "collected" / "values.csv")
    # The 45,296th day from 1899-12-30.
    assert (row["value"], row["found_on"]) == ("250", "2024-01-05")


def test_collected_values_never_leave_the_project_through_a_link(
    spec: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, filled = tmp_path / "work.csv", tmp_path / "filled.csv"
    told(capsys, spec, "--sheet", sheet)
    fill(filled, sheet, FILLED)
    outside = tmp_path_factory.mktemp("outside")
    (tmp_path / "collected").symlink_to(outside)
    status, _, err = told(capsys, spec, "--read", filled)
    assert (status, list(outside.iterdir())) == (3, [])
    assert "SEG701" in err


def test_nothing_is_written_where_a_row_is_wrong(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, filled = tmp_path / "work.csv", tmp_path / "filled.csv"
    told(capsys, spec, "--sheet", sheet)
    fill(filled, sheet, (*FILLED[:3], ("a2", "tools", "Jira", "", "2024-01-07")))
    status, out, err = told(capsys, spec, "--read", filled)
    assert (status, out) == (3, "")
    # The third row below the header.
    assert "SEG422" in err and "row 3" in err
    assert not (tmp_path / "collected").exists()


def test_other_files_are_not_replaced(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, filled = tmp_path / "work.csv", tmp_path / "filled.csv"
    told(capsys, spec, "--sheet", sheet)
    fill(filled, sheet, FILLED)
    # The folder of the data itself.
    status, _, err = told(capsys, spec, "--read", filled, "--out", tmp_path)
    assert status == 3
    assert "holds something else" in err
    assert (tmp_path / "accounts.csv").read_text() == ROWS
    for _ in range(2):
        assert told(capsys, spec, "--read", filled, "--out", tmp_path / "out")[0] == 0


def test_a_second_look_measures_accuracy(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, filled, again = (tmp_path / f"{name}.csv" for name in ("work", "filled", "again"))
    told(capsys, spec, "--sheet", sheet)
    fill(filled, sheet, FILLED)
    status, out, _ = told(capsys, spec, "--read", filled, "--recheck", "100%", "--sheet", again, "--collector", "eve")
    assert (status, out.splitlines()[0]) == (0, f"4 rows for 3 accounts in {again}")
    hidden = rows_of(again)
    assert {(row["task"], row["value"], row["collector"]) for row in hidden} == {("recheck", "", "eve")}
    looked = tmp_path / "looked.csv"
    fill(
        looked,
        again,
        (
            ("=a1", "employees", "1200", "eve", "2024-02-01"),
            ("a3", "employees", "8", "eve", "2024-02-01"),
            ("a2", "plan", "pro", "eve", "2024-02-01"),
        ),
    )
    found = facts(capsys, spec, "--read", filled, "--read", looked)
    measured = [(o["field"], o["collector"], o["same"], o["checked"], o["stated"]) for o in found["accuracy"]]  # type: ignore[attr-defined, union-attr]
    assert measured == [
        ("accounts.employees", "ann", 1, 1, 0.85),
        ("accounts.employees", "bob", 0, 1, 0.85),
        ("accounts.plan", "bob", 1, 1, 0.85),
    ]
    (differing,) = [one for o in found["accuracy"] for one in o["differing"]]  # type: ignore[attr-defined, union-attr]
    assert differing == {"account": "a3", "first": "7", "second": "8"}
    # What was looked up again is not what was collected.
    assert found["values"] == 4


def test_a_changed_definition_is_flagged(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, filled = tmp_path / "work.csv", tmp_path / "filled.csv"
    told(capsys, spec, "--sheet", sheet)
    fill(filled, sheet, FILLED)
    spec.write_text(SPEC.replace("1 .. 1M", "1 .. 2M"))
    status, _, err = told(capsys, spec, "--read", filled)
    assert status == 0
    assert "SEG423" in err and "from 1 to 2,000,000" in err


def test_a_sheet_without_its_columns_or_of_another_encoding_is_refused(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "work.csv"
    sheet.write_text("account,field\na1,accounts.plan\n")
    status, _, err = told(capsys, spec, "--read", sheet)
    assert status == 3
    assert "no columns `value`, `collector`, `found_on`" in err
    sheet.write_bytes("account,field,value,collector,found_on\nКедр,x,1,a,2024-01-01\n".encode("cp1251"))
    status, _, err = told(capsys, spec, "--read", sheet)
    assert status == 3
    assert "UTF-8" in err
    assert told(capsys, spec, "--read", tmp_path / "absent.csv")[0] == 3
