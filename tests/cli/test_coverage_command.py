"""`segdsl coverage`: counts, where fields come from, and what needs them."""

import json
from pathlib import Path

import pytest

from segdsl.cli.main import run_command_line

SPEC = """\
param as_of : date = 2024-06-30
source accounts from "accounts.csv" {
  account_id : text key
  employees  : count?
  revenue    : money(USD)?
  country    : category?
  checked_on : date?
}
source visits from "visits.csv" {
  visit   : text key
  account : text
  at      : date
  pages   : count?
  links account to accounts
  known from at
}
derive accounts {
  pages_seen = sum(visits.pages where at within 12 months before as_of)
  per_head   = revenue / employees
  rich       = per_head > $10
}
population customers from accounts { keep "of size" when employees > 5 }
score quality for customers { base revenue  plus "seen" $1 when pages_seen > 10 }
segmentation fit for customers {
  segment rich when rich
  segment other otherwise
}
hypothesis local  { expect country == "UZ" means higher quality }
audience top from customers { order by quality desc }
provider research { cost: $1 per field  age: 6 months   covers: accounts.employees, visits.pages }
provider hoovers  { cost: $6 per record age: 12 months  covers: accounts.employees }
"""
ACCOUNTS = """\
account_id,employees,revenue,country,checked_on
a1,10,100,UZ,2024-06-01
a2,20,,UZ,2023-06-29
a3,,300,,2020-01-01
a4,10,400,KZ,2023-06-30
"""
VISITS = "visit,account,at,pages\nv1,a1,2024-06-01,3\nv2,a1,2023-12-29,\nv3,a2,2023-12-29,5\nv4,a2,2023-12-30,5\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS)
    (tmp_path / "visits.csv").write_text(VISITS)
    path = tmp_path / "customers.seg"
    path.write_text(SPEC)
    return path


def fields(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert run_command_line(["coverage", *map(str, arguments), "--format", "json"]) == 0
    sources = json.loads(capsys.readouterr().out)["sources"]
    return {f"{one['source']}.{field['field']}": field for one in sources for field in one["fields"]}


def test_known_missing_and_distinct_values_are_counted(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {
        name: (field["known"], field["missing"], field["distinct"]) for name, field in fields(capsys, spec).items()
    }
    assert found["accounts.employees"] == (3, 1, 2)
    assert found["accounts.country"] == (3, 1, 2)
    # 10, 40 and two that lack a part.
    assert found["accounts.per_head"] == (2, 2, 2)
    # Sums of no visits are 0: 3, 10, 0 and 0.
    assert found["accounts.pages_seen"] == (4, 0, 3)
    assert found["visits.pages"] == (3, 1, 2)


def test_stale_values_are_older_than_any_provider_lets_them_be(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = fields(capsys, spec)
    # Nothing says when accounts were found; a visit is known from its day. Six months before 2024-06-30 is 2023-12-30.
    assert plain["accounts.employees"]["stale"] is None
    assert plain["visits.pages"]["stale"] == 1
    dated = fields(capsys, spec, "--dated", "accounts=checked_on")
    # Twelve months is the longer age: a2 is a day too old; a3 is, too, but knows nothing.
    assert dated["accounts.employees"]["stale"] == 1
    # No provider covers countries.
    assert dated["accounts.country"]["stale"] is None


def test_what_depends_on_a_field_is_told_through_all_that_is_computed(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {
        name: {(user["kind"], user["name"], user["part"]) for user in field["needed_by"]}  # type: ignore[attr-defined, union-attr]
        for name, field in fields(capsys, spec).items()
    }
    assert found["accounts.employees"] == {("population", "customers", "of size"), ("segmentation", "fit", "rich")}
    assert found["visits.pages"] == {("score", "quality", "seen"), ("audience", "top", None)}
    assert found["accounts.country"] == {("hypothesis", "local", None)}
    assert found["accounts.checked_on"] == set()
    # The link is followed for the sum.
    assert ("score", "quality", "seen") in found["visits.account"]


def test_evaluations_need_the_fields_that_their_settings_name(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SPEC + "evaluate fit against quality { lift: true  by: checked_on  after: 2024-01-01 }\n")
    found = fields(capsys, spec)
    user = {"kind": "evaluation", "name": "quality", "part": None}
    used = {name for name, field in found.items() if user in field["needed_by"]}  # type: ignore[operator]
    assert used == {"accounts.checked_on"}
    assert run_command_line(["coverage", str(spec)]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.strip().startswith("checked_on")]
    assert line.endswith("evaluation against quality")


def test_what_needs_a_field_is_not_cut_in_a_pipe(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"a_population_with_a_name_of_its_own_{number}" for number in range(9)]
    more = "".join(f'population {name} from accounts {{ keep "x" when country == "UZ" }}\n' for name in names)
    spec.write_text(SPEC + more)
    assert run_command_line(["coverage", str(spec)]) == 0
    assert ", ".join(names) in capsys.readouterr().out


def test_where_a_field_comes_from_is_told(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {name: (field["made_by"], field["providers"]) for name, field in fields(capsys, spec).items()}
    assert found["accounts.employees"] == ("file", ["hoovers", "research"])
    assert found["accounts.rich"] == ("derived", [])


def test_table_fits_a_hundred_columns(
    spec: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert run_command_line(["coverage", str(spec), "--dated", "accounts=checked_on"]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0] == "accounts  4 rows  accounts.csv"
    assert ["employees", "3", "75.0%", "1", "1", "2", "hoovers,", "research", "customers,", "fit"] in map(
        str.split, lines
    )


@pytest.mark.parametrize(
    ("option", "said"),
    [("acounts=checked_on", "did you mean `accounts`?"), ("accounts=employees", "it has `checked_on`")],
)
def test_a_date_that_is_none_is_wrong_usage(
    spec: Path, option: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["coverage", str(spec), "--dated", option]) == 2
    assert said in capsys.readouterr().err


def test_broken_data_are_told(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (spec.parent / "accounts.csv").write_text(ACCOUNTS.replace("a1,10", "a1,ten"))
    assert run_command_line(["coverage", str(spec)]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "SEG602" in shown.err


def test_an_empty_table_has_no_shares(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (spec.parent / "accounts.csv").write_text(ACCOUNTS.splitlines()[0] + "\n")
    (spec.parent / "visits.csv").write_text("visit,account,at,pages\n")
    assert run_command_line(["coverage", str(spec)]) == 0
    assert "accounts  0 rows" in capsys.readouterr().out
