"""What rows of a source that is like another can't have."""

from types import MappingProxyType

import pytest

from segdsl.model.catalog import Catalog, PluginKind, PluginSignature
from tests.model.checking import Checked, check, the_one

TABLES = """
source accounts from "a.csv" {
  id : text key  seats : count  signed_on : date  plan : category? known after signed_on
  mrr : money(USD)?  parent : text?
  links parent to accounts
}
source invoices from "i.csv" {
  invoice_id : text key  account_id : text  amount : money(USD)
  links account_id to accounts
}
source visits from "v.csv" {
  visit_id : text key  account_id : text  prospect_id : text
  links account_id to accounts  links prospect_id to prospects
}
source prospects like accounts from "p.csv" { without signed_on, parent }
derive accounts {
  revenue = sum(invoices.amount)
  rich    = revenue > $1k
  top     = mrr >= quantile(mrr, 0.9 over accounts)
}
population customers from accounts { keep "rich" when rich }
score quality for customers { base seats }
segmentation fit for customers {
  segment a when rich { segment x when seats > 5  segment y otherwise }
  segment b otherwise
}
segmentation size for customers { segment a when seats > 5  segment b otherwise }
"""


def audience(clauses: str) -> Checked:
    return check(f"{TABLES}\naudience first from prospects {{ {clauses} }}")


@pytest.mark.parametrize(
    ("clauses", "word", "marked"),
    [
        ("where signed_on > 2025-01-01", "`signed_on`", "signed_on"),
        ('where plan == "gold"', "`plan`", "plan"),
        ('where parent.plan == "gold"', "`parent`", "parent.plan"),
        ("where revenue > $5", "`invoices`", "revenue"),
        ("where rich", "`invoices`", "rich"),
        ('where fit == "a"', "`invoices`", "fit"),
        ('where fit.micro == "a/x"', "`invoices`", "fit.micro"),
        ("order by quality desc", "`quality`", "quality"),
        ("order by expected(quality by fit) desc", "`invoices`", "expected(quality by fit)"),
        ("take 5 per signed_on", "`signed_on`", "signed_on"),
        ("columns id, revenue", "`invoices`", "revenue"),
        ("where sum(invoices.amount) > $5", "`invoices`", "sum(invoices.amount)"),
        ("where count(accounts via parent) > 5", "`accounts`", "count(accounts via parent)"),
    ],
)
def test_what_is_always_missing_is_warned_of(clauses: str, word: str, marked: str) -> None:
    checked = audience(clauses)
    found = the_one(checked)
    assert found.code == "SEG802"
    assert word in found.message
    assert "every row of `prospects`" in found.message
    assert checked.marked(found) == marked


@pytest.mark.parametrize(
    "clauses",
    [
        "where seats > 5",
        'where size == "a"',
        "order by expected(quality by size) desc",
        "where mrr > $5",
        "where top",
        "where (revenue ?? $0) > $5",
        "where signed_on is missing",
        'where (plan ?? "none") == "gold"',
        "where count(visits) > 5",
    ],
)
def test_what_rows_can_have_or_the_spec_decides_is_fine(clauses: str) -> None:
    assert audience(clauses).codes == []


def test_a_use_is_warned_of_once() -> None:
    checked = audience('where fit == "a" and fit.micro == "a/x"  order by revenue')
    assert [checked.marked(found) for found in checked.found] == ["fit", "fit.micro", "revenue"]


@pytest.mark.parametrize(
    "declaration",
    [
        'population good from prospects { keep "rich" when revenue > $5 }',
        "score promise for prospects { base revenue }",
        "segmentation kind for prospects { segment a when revenue > $5  segment b otherwise }",
    ],
)
def test_declarations_for_the_source_are_looked_at(declaration: str) -> None:
    assert check(f"{TABLES}\n{declaration}").codes == ["SEG802"]


def test_a_column_declared_anew_is_there() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key  signed_on : date  plan : category? known after signed_on }
        source prospects like accounts from "p.csv" { without signed_on  plan : category? }
        audience first from prospects { where plan == "gold" }
        """)
    assert checked.codes == []


def test_a_column_known_after_a_date_goes_with_the_date() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key  signed_on : date  plan : category? known after signed_on }
        source prospects like accounts from "p.csv" { without signed_on }
        """)
    assert [c.name for c in checked.good.sources["prospects"].columns] == ["id"]


_FIELD = {"type": "string", "format": "field"}
FINDER = PluginSignature(
    "finder",
    PluginKind.SEGMENTER,
    {"type": "object", "properties": {"target": _FIELD, "features": {"type": "array", "items": _FIELD}}},
    run=lambda call: None,
)


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ("target: quality  features: seats, mrr", []),
        ("target: quality  features: seats, signed_on", ["`signed_on`"]),
        ("features: plan, rich", ["`plan`", "What is aggregated over `invoices`"]),
        ("features: quality", ["The score `quality`"]),
    ],
)
def test_what_segments_will_be_told_by_is_warned_of_before_they_are_found(options: str, missing: list[str]) -> None:
    """The target isn't: rows are placed without it."""
    text = f"{TABLES}\nsegmentation found for customers using finder {{ {options} }}\naudience first from prospects"
    checked = check(
        f"{text} {{ order by expected(quality by found) desc }}", Catalog(MappingProxyType({"finder": FINDER}))
    )
    told = [one.message for one in checked.found if one.code == "SEG802"]
    assert told == [f"{what} is missing for every row of `prospects`" for what in missing]
