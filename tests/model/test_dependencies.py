"""What a declaration rests on, found by names."""

import pytest

from segdsl.diagnostics import SourceText
from segdsl.language import syntax as s
from segdsl.language.parser import parse
from segdsl.model.dependencies import dependencies_of, fingerprint

SPEC = """
param floor : money(USD) = $5
param unused : count = 3
set tech = ("Software", "Telecom")
set rivals from "rivals.csv"
source accounts from "a.csv" {
  id : text key  industry : category  parent : text?  mrr : money(USD)
  links parent to groups
}
source groups from "g.csv" { id : text key }
source invoices from "i.csv" { id : text key  account : text  amount : money(USD)  links account to accounts }
source events from "e.csv" { id : text key  account : text  links account to accounts }
enrich accounts using dates { revenue from mrr }
enrich accounts using others { colour from industry }
derive accounts {
  unknown as false
  is_tech = industry in tech
  paid = sum(invoices.amount)
  seen = count(events)
  fresh = revenue_date
}
population customers from accounts { keep "pays" when mrr > floor }
score quality for customers { base paid  plus "technology" $3 when is_tech }
hypothesis older for customers_score { expect is_tech means higher quality }
segmentation sizes for customers using split { of: quality }
segmentation kinds for customers { segment t when is_tech segment o otherwise }
segmentation made for customers using split { of: kinds, fresh }
audience best from customers { where sizes == "a" }
"""


def trees(text: str = SPEC) -> list[s.Tree]:
    return [parse(SourceText("spec.seg", text.replace(" for customers_score", "")))[0]]


def test_everything_that_is_named_on_the_way_and_nothing_else() -> None:
    found = dependencies_of(trees(), "sizes")
    assert set(found.declarations) == {
        "segmentation sizes",
        "score quality",
        "population customers",
        "param floor",
        "source accounts",
        "source groups",
        "source invoices",
        "field accounts.paid",
        "field accounts.is_tech",
        "set tech",
    }
    assert {"split", "industry"} <= found.names


def test_a_column_that_comes_with_one_of_a_plugin_counts_as_its_block() -> None:
    found = dependencies_of(trees(), "made")
    assert "enrich accounts using dates: revenue" in found.declarations
    assert "enrich accounts using others: colour" not in found.declarations
    assert {"segmentation kinds", "field accounts.fresh", "field accounts.is_tech"} <= found.declarations.keys()
    assert {"dates", "split"} <= found.names


def test_a_name_that_nothing_declares_rests_on_nothing() -> None:
    assert dependencies_of(trees(), "nobody").declarations == {}


def test_things_that_need_each_other_end() -> None:
    text = "derive a { x = y + 1  y = x + 1 }"
    assert set(dependencies_of(trees(text), "x").declarations) == {"field a.x", "field a.y"}


def test_a_field_is_known_without_its_neighbours_but_with_what_holds_for_the_block() -> None:
    one = dependencies_of(trees("derive a { x = y > 1 }"), "x").declarations["field a.x"]
    other = dependencies_of(trees("derive a { z = 3  x = y > 1 }"), "x").declarations["field a.x"]
    strict = dependencies_of(trees("derive a { unknown as false  x = y > 1 }"), "x").declarations["field a.x"]
    assert fingerprint(one) == fingerprint(other) != fingerprint(strict)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('population p "Title" from a { keep "x" when y > 1 }', True),
        ('population p from a {\n\n  # why\n  keep "x"\n   when y > 1\n}', True),
        ('population p from a { keep "x" when (y > 1) }', False),
        ('population p from a { keep "x " when y > 1 }', False),
        ('population p from a { keep "x" when y > 1.0 }', False),
        ('population p from b { keep "x" when y > 1 }', False),
        ('population p from a { drop "x" when y > 1 }', False),
    ],
)
def test_only_what_is_said_counts(text: str, same: bool) -> None:
    def of(written: str) -> str:
        return fingerprint(parse(SourceText("spec.seg", written))[0].declarations[0])

    assert (of('population p from a { keep "x" when y > 1 }') == of(text)) is same
