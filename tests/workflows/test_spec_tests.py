"""The examples of a spec: what is computed from a given row, and what is said where one fails."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segdsl.workflows.run import Request, run
from segdsl.workflows.test import SpecTests, run_tests

SPEC = """\
param as_of : date = 2025-01-01
param limit : money(USD) = $1k
source accounts from "accounts.csv" {
  account_id : text key
  industry : category?
  employees : count?
  mrr : money(USD)?
  tags : list(category)? split ";"
  signed_on : date?
  parent : text?
  is_test : bool = false
  links parent to accounts
}
source invoices from "invoices.csv" {
  invoice_id : int key
  account_id : text
  paid_on : date
  amount : money(USD)
  links account_id to accounts
}
derive accounts {
  revenue_12m = sum(invoices.amount where paid_on within 12 months before as_of)
  orders      = count(invoices)
  last_amount = last(invoices.amount by paid_on)
  per_head    = mrr / employees
  group       = parent.industry ?? "none"
  big         = mrr >= quantile(mrr, 0.75 over accounts)
}
population active from accounts {
  drop "test account" when is_test
  keep "paying"       when mrr > $0
  drop "giant"        when mrr >= 4 * nth_largest(mrr, 1 over remaining)
}
score quality for active {
  base        mrr
  plus "size" $5 when employees > 10
  grade quartiles
}
segmentation fit for active {
  segment large when mrr >= limit and employees >= 50 {
    segment tech when industry in ("Tech", "IT")
    segment new  when signed_on within 12 months before as_of
  }
  segment core   when mrr >= limit or per_head > $100
  segment tagged when tags has any ("x", "y")
  segment tail   otherwise
}
segmentation marks for active overlapping {
  segment mid    when employees between 10 and 20
  segment quick  when signed_on within 90 days before as_of
  segment others otherwise
}
"""


def tried(folder: Path, *tests: str, spec: str = SPEC) -> SpecTests:
    file = folder / "spec.seg"
    file.write_text(spec + "\n".join(tests), encoding="utf-8")
    return run_tests(file)


def passes(folder: Path, given_rows: str, expected: str) -> bool:
    found = tried(folder, f'test "t" {{ {given_rows} expect {expected} }}')
    assert len(found.outcomes) == 1, found.diagnostics
    return found.outcomes[0].passed


@pytest.mark.parametrize(
    ("given_rows", "expected"),
    [
        # columns not given are missing, defaults apply
        ("given accounts { mrr: $2k }", "employees is missing and not is_test"),
        # fields are computed when all they read is given, else missing
        ("given accounts { mrr: $200, employees: 10 }", "per_head == $20"),
        ("given accounts { mrr: $200 }", "per_head is missing"),
        # a field that would still have a value is missing, too, when what it reads isn't given
        ("given accounts { mrr: $200 }", "group is missing"),
        ("given accounts { parent: missing }", 'group == "none"'),
        # a given field goes before what would be computed
        ("given accounts { mrr: $200, employees: 10, per_head: $7 }", "per_head == $7"),
        # figures of a whole table and ranks can't be known from one row
        ("given accounts { mrr: $2k }", "big is missing"),
        ("given accounts { mrr: $2k, employees: 1 }", "quality.rank is missing and quality.grade is missing"),
        ("given accounts { mrr: $2k, employees: 11 }", "quality == $2_005"),
        ("given accounts { mrr: $2k }", "quality is missing"),
        # linked rows
        (
            "given accounts { mrr: $1 } given invoices none",
            "revenue_12m == $0 and orders == 0 and last_amount is missing",
        ),
        ("given accounts { mrr: $1 }", "revenue_12m is missing and orders is missing"),
        (
            "given accounts { mrr: $1 } given invoices "
            "{ paid_on: 2024-03-01, amount: $5 }, { paid_on: 2023-03-01, amount: $9 }",
            "revenue_12m == $5 and orders == 2 and last_amount == $5",
        ),
        (
            'given accounts { account_id: "A" } given invoices { account_id: "B", paid_on: 2024-03-01, amount: $5 }, '
            '{ account_id: "A", paid_on: 2024-04-01, amount: $6 }',
            "revenue_12m == $6",
        ),
        # not all that the sum reads is given
        ("given accounts { mrr: $1 } given invoices { amount: $5 }", "revenue_12m is missing and orders == 1"),
        # the row that a link points to
        (
            'given accounts { account_id: "A", parent: "B" } given accounts { account_id: "B", industry: "Tech" }, '
            '{ account_id: "C", industry: "IT" }',
            'group == "Tech"',
        ),
        # segments, with what is not given as missing
        ("given accounts { mrr: $2k }", 'fit == "core" and fit.micro == "core"'),
        ('given accounts { mrr: $2k, employees: 60, industry: "IT" }', 'fit.micro == "large/tech"'),
        ("given accounts { mrr: $2k, employees: 60 }", 'fit == "large" and fit.micro is missing'),
        ('given accounts { tags: ["y"] }', 'fit == "tagged"'),
        ("given accounts { employees: 20, signed_on: 2024-12-01 }", 'marks has all ("mid", "quick")'),
        # past the population
        ("given accounts { is_test: true, mrr: $0 }", 'fit == "tail"'),
        # the population itself
        ("given accounts { is_test: true, mrr: $0 }", 'dropped "test account"'),
        ("given accounts { mrr: $0 }", 'dropped "paying"'),
        ("given accounts { mrr: missing }", 'dropped "paying"'),
    ],
)
def test_what_follows_from_given_rows(tmp_path, given_rows, expected):
    assert passes(tmp_path, given_rows, expected)


@pytest.mark.parametrize(
    ("given_rows", "expected"),
    [
        ("given accounts { mrr: $2k }", 'fit == "tail"'),
        ("given accounts { mrr: $2k }", "per_head == $20"),
        ("given accounts { is_test: true, mrr: $0 }", 'dropped "paying"'),
        ("given accounts { mrr: $5 }", 'dropped "test account"'),
        # a figure of the rows left is not given, so the rule doesn't drop
        ("given accounts { mrr: $5m }".replace("5m", "5M"), 'dropped "giant"'),
    ],
)
def test_what_does_not_follow(tmp_path, given_rows, expected):
    assert not passes(tmp_path, given_rows, expected)


def test_a_failure_tells_actual_against_expected_of_each_operand_and_rule(tmp_path):
    found = tried(
        tmp_path,
        'test "tail" { given accounts { mrr: $1.2k } expect fit == "tail" }',
        'test "two" { given accounts { mrr: $200, employees: 5 } expect per_head == $41 and employees < 3 }',
    )
    first, second = (outcome.failures[0] for outcome in found.outcomes)
    assert first.actual == '`fit` is "core"'
    assert [(f.text, f.compared, f.outcome) for f in first.reasons[0].facts] == [
        ("mrr >= limit", "$1,200.00 >= $1,000.00", True)
    ]
    assert [(f.text, f.compared, f.outcome) for f in second.facts] == [
        ("per_head == $41", "$40.00 == $41.00", False),
        ("employees < 3", "5 < 3", False),
    ]
    assert [d.code for d in found.diagnostics] == ["SEG704", "SEG704"]


def test_what_is_not_given_is_told_from_what_is_missing(tmp_path):
    found = tried(tmp_path, 'test "t" { given accounts { mrr: missing } expect mrr > $1 and employees > 1 }')
    values = [operand.value for fact in found.outcomes[0].failures[0].facts for operand in fact.operands]
    assert values == ["missing", "not given"]


def test_rules_that_no_test_reaches_are_listed(tmp_path):
    found = tried(
        tmp_path,
        'test "a" { given accounts { is_test: true } expect dropped "test account" }',
        'test "b" { given accounts { mrr: $2k, employees: 60, industry: "IT" } expect fit.micro == "large/tech" }',
        'test "c" { given accounts { employees: 12 } expect marks has any ("mid") }',
    )
    assert all(outcome.passed for outcome in found.outcomes)
    assert [(one.owner, one.name) for one in found.unreached] == [
        ("active", "paying"),
        ("active", "giant"),
        ("fit", "large/new"),
        ("fit", "core"),
        ("fit", "tagged"),
        ("fit", "tail"),
        ("marks", "quick"),
        ("marks", "others"),
    ]


def test_a_spec_with_mistakes_is_not_tried(tmp_path):
    found = tried(tmp_path, 'test "t" { given accounts { mrr: $1 } expect fitt == "tail" }')
    assert found.outcomes == ()
    assert [d.code for d in found.diagnostics] == ["SEG201"]


def test_a_chain_of_two_thousand_fields_is_computed(tmp_path):
    chain = "\n".join(f"  f{n} = f{n - 1} + 1" for n in range(1, 2_001))
    spec = 'source a from "a.csv" { id : int key  x : int }\nderive a {\n  f0 = x\n' + chain + "\n}\n"
    found = tried(tmp_path, 'test "t" { given a { x: 1 } expect f2000 == 2_001 }', spec=spec)
    assert [outcome.passed for outcome in found.outcomes] == [True]


# ---- agreement with a run

ROWS = st.fixed_dictionaries(
    {
        "industry": st.sampled_from(["", "Tech", "IT", "Bank"]),
        "employees": st.sampled_from(["", "0", "10", "15", "20", "49", "50", "60"]),
        "mrr": st.sampled_from(["", "0", "999.99", "1000", "1200", "5000"]),
        "tags": st.sampled_from(["", "x", "z;y", "z"]),
        "signed_on": st.one_of(
            st.just(""), st.integers(0, 800).map(lambda n: str(date(2025, 2, 1) - timedelta(days=n)))
        ),
    }
)
INVOICES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 800), st.sampled_from(["0.01", "10", "250.5"])), max_size=8
)


def literal(name: str, written: str) -> str:
    if name == "tags":
        # An empty list cell is an empty list.
        return "[" + ", ".join(f'"{item}"' for item in written.split(";") if item) + "]"
    if not written:
        return "missing"
    return {"industry": f'"{written}"', "mrr": f"${written}"}.get(name, written)


def as_given(number: int, row: dict[str, str], invoices: list[tuple[int, int, str]]) -> str:
    fields = ", ".join(f"{name}: {literal(name, written)}" for name, written in row.items())
    own = [
        f"{{ paid_on: {date(2025, 2, 1) - timedelta(days=days)}, amount: ${amount} }}"
        for account, days, amount in invoices
        if account == number
    ]
    return f'given accounts {{ account_id: "A{number}", {fields} }} given invoices {", ".join(own) or "none"}'


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=6), INVOICES)
def test_a_test_agrees_with_a_run_of_the_same_row(tmp_path, rows, invoices):
    invoices = [one for one in invoices if one[0] < len(rows)]
    with (tmp_path / "accounts.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["account_id", *rows[0], "parent", "is_test"])
        writer.writeheader()
        writer.writerows({"account_id": f"A{n}", "parent": "", "is_test": "false", **row} for n, row in enumerate(rows))
    with (tmp_path / "invoices.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["invoice_id", "account_id", "paid_on", "amount"])
        for number, (account, days, amount) in enumerate(invoices):
            table.writerow([number, f"A{account}", date(2025, 2, 1) - timedelta(days=days), amount])
    spec = SPEC.replace("for active", "for accounts").replace("grade quartiles", "")
    fields = "audience all_fields from accounts { columns account_id, revenue_12m, orders, last_amount, quality }"
    (tmp_path / "spec.seg").write_text(spec + fields, encoding="utf-8")
    finished = run(Request(tmp_path / "spec.seg", write=False))
    assert finished.tables is not None, finished.diagnostics
    members = {r["account_id"]: r for r in finished.tables.members["fit"].to_pylist()}
    marks = {r["account_id"]: r["segments"] for r in finished.tables.members["marks"].to_pylist()}
    values = {r["account_id"]: r for r in finished.tables.audiences["all_fields"].table.to_pylist()}

    def amount(value: object) -> str:
        return "missing" if value is None else f"${value}"

    def equal(name: str, value: object) -> str:
        return f"{name} is missing" if value is None else f"{name} == {amount(value)}"

    tests = []
    for number, row in enumerate(rows):
        key = f"A{number}"
        micro, listed = members[key]["micro"], ", ".join(f'"{name}"' for name in marks[key])
        expected = [
            f'fit == "{members[key]["segment"]}"',
            "fit.micro is missing" if micro is None else f'fit.micro == "{micro}"',
            f"marks has all ({listed}) and length(marks) == {len(marks[key])}",
            f"orders == {values[key]['orders']}",
            *(equal(name, values[key][name]) for name in ("revenue_12m", "last_amount", "quality")),
        ]
        tests.append(
            f'test "{key}" {{ {as_given(number, row, invoices)} {" ".join(f"expect {e}" for e in expected)} }}'
        )
    found = tried(tmp_path, *tests, spec=spec)
    assert [outcome.title for outcome in found.outcomes] == [f"A{n}" for n in range(len(rows))], found.diagnostics
    assert [failure for outcome in found.outcomes for failure in outcome.failures] == []
