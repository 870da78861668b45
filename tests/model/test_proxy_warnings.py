"""Proxies that are part of their score or known only of customers, followed through all a spec may put between."""

from types import MappingProxyType

import pytest

from segdsl.model.catalog import Catalog, Input, Output, PluginKind, PluginSignature
from segdsl.types import CATEGORY, NUMBER, Kind
from tests.model.checking import Checked, check

TABLES = """
param as_of : date = 2026-01-01
source accounts from "a.csv" {
  id : text key  seats : count  sector : category  area : text?  parent : text?
  plan : category  known after signed_on
  mrr : money(USD)?  known after signed_on
  signed_on : date
  links parent to accounts
}
source prospects like accounts from "p.csv" { without plan, mrr, signed_on, parent }
source visits from "v.csv" { visit : text key  prospect : text  pages : count  links prospect to prospects }
source products from "r.csv" { product : text key  list_price : money(USD)  made_in : category }
source deals from "d.csv" {
  deal : text key  id : text  product : text  stage : category("Won", "Lost")  value : money(USD)
  opened_on : date  closed_on : date  note : text?
  links id to accounts
  links product to products
}
enrich accounts using oracle { mood from area  echo from usage  depth from echo }
derive accounts {
  won       = count(deals where stage == "Won")
  lost      = count(deals where stage == "Lost")
  win_rate  = won / (won + lost)
  won_value = sum(deals.value where stage == "Won")
  is_strong = win_rate > 50%
  strength  = case when is_strong then "strong" else "weak" end
  listed    = sum(deals.product.list_price where stage == "Won")
  cycle     = median(deals.closed_on - deals.opened_on where stage == "Won")
  usage     = won_value / $1
  place     = rank(won_value over customers)
  origin    = last(deals.product.made_in by deals.closed_on)
  spends    = mrr > $50
  pays      = case when spends then "much" else "little" end
  deep      = lower(pays)
  area_code = lower(area ?? "none")
  home      = parent.sector ?? sector
  led       = parent is known
  recency   = as_of - max(deals.closed_on where deals.closed_on <= as_of)
}
population customers from accounts { keep "any" when seats > 0 }
score quality for customers { base won_value  grade quartiles }
score winning for customers { base win_rate }
score listing for customers { base listed }
score lately for customers { base sum(deals.value where closed_on within 12 months before as_of) }
score picked for customers { base sum(deals.value where id.seats > 50) }
score both for customers { base quality / $1  plus "seats" seats when plan == "gold" }
segmentation fit for customers {
  segment a when strength == "strong" { segment x when seats > 5  segment y otherwise }
  segment b otherwise
}
segmentation by_place for customers nearest { measure usage scale 2  segment n at usage 500% }
"""
ORACLE = PluginSignature(
    "oracle",
    PluginKind.ENRICHER,
    outputs=tuple(
        Output(name, "", (Input("in", frozenset({Kind.TEXT, Kind.NUMBER, Kind.RATIO, Kind.CATEGORY})),), type_)
        for name, type_ in (("mood", CATEGORY), ("echo", NUMBER.or_missing()), ("depth", NUMBER.or_missing()))
    ),
)
CATALOG = Catalog(MappingProxyType({"oracle": ORACLE}))


def hypothesis(expects: str) -> Checked:
    checked = check(f"{TABLES}\nhypothesis h {{ expect {expects} }}", CATALOG)
    assert not [one for one in checked.found if one.is_error], checked.found
    return checked


@pytest.mark.parametrize(
    ("expects", "path", "marked"),
    [
        ("higher won_value means higher quality", "`won_value` is part of the score `quality`", "won_value"),
        ("higher usage means higher quality", "`usage` -> `won_value`", "usage"),
        ("higher depth means higher quality", "`depth` -> `echo` -> `usage` -> `won_value`", "depth"),
        ("lower place means higher quality", "`place` -> `won_value`", "place"),
        ("higher sum(deals.value) means higher quality", "`deals.value` is part of", "sum(deals.value)"),
        ("higher count(deals) means higher quality", "rows of `deals` are part of", "count(deals)"),
        ("higher win_rate means higher winning", "`win_rate` is part of the score", "win_rate"),
        ("higher won means higher winning", "`won` is part of the score", "won"),
        ("higher distinct(deals.deal) means higher quality", "rows of `deals` are part of", "distinct(deals.deal)"),
        ("higher distinct(deals.product) means higher quality", "rows of `deals` are part of", "distinct("),
        ("higher seats means higher picked", "`seats` is part of the score `picked`", "seats"),
        ("strength separates winning", "`strength` -> `is_strong` -> `win_rate`", "strength"),
        ("higher max(deals.product.list_price) means higher listing", "`products.list_price` is", "max("),
        ("fit separates winning", "`fit` -> `strength` -> `is_strong` -> `win_rate`", "fit"),
        ("fit.micro separates winning", "`fit` -> `strength` -> `is_strong` -> `win_rate`", "fit.micro"),
        ("by_place separates quality", "`by_place` -> `usage` -> `won_value`", "by_place"),
        ("higher usage means higher both", "`usage` -> `won_value`", "usage"),
        ("higher seats means higher both", "`seats` is part of the score `both`", "seats"),
        ("higher quality means higher quality", "`quality` is the score `quality`", "quality"),
        ("quality.grade separates quality", "`quality` is the score `quality`", "quality.grade"),
        ("higher quality means higher both", "`quality` is part of the score `both`", "quality"),
        ("higher both means higher quality", "`both` is made from the score `quality`: `both` -> `quality`", "both"),
        ("higher expected(quality by fit) means higher quality", "`quality` is the score", "expected(quality by fit)"),
    ],
)
def test_a_proxy_that_is_part_of_its_score(expects: str, path: str, marked: str) -> None:
    checked = hypothesis(expects)
    (found,) = [one for one in checked.found if one.code == "SEG821"]
    assert path in found.message
    assert checked.marked(found).startswith(marked)


@pytest.mark.parametrize(
    ("expects", "told", "marked"),
    [
        ('plan == "gold" means higher quality', "`plan` is known only after `signed_on`", "plan"),
        ("spends means higher winning", "`spends` -> `mrr`, which is known only after `signed_on`", "spends"),
        ("deep separates winning", "`deep` -> `pays` -> `spends` -> `mrr`, which is known only after", "deep"),
        ("higher (mrr ?? $5) means higher winning", "`mrr` is known only after `signed_on`", "mrr"),
        ("higher parent.mrr means higher winning", "`mrr` is known only after", "parent.mrr"),
        ("higher as_of - signed_on means higher winning", "`signed_on` is not there for `prospects`", "as_of"),
        ("led means higher winning", "`led` -> `parent`, which is not there for `prospects`", "led"),
        ("parent.sector separates winning", "`parent` is not there for `prospects`", "parent.sector"),
        ("origin separates quality", "rows of `deals`, which belong to `accounts` alone, not to `prospects`", "origin"),
        ("higher both means higher winning", "`both` -> `plan`, which is known only after `signed_on`", "both"),
        (
            "fit separates quality",
            "`fit` -> `strength` -> `is_strong` -> `win_rate` -> `won` -> rows of `deals`",
            "fit",
        ),
    ],
)
def test_a_proxy_that_is_known_only_of_customers(expects: str, told: str, marked: str) -> None:
    checked = hypothesis(expects)
    (found,) = [one for one in checked.found if one.code == "SEG822"]
    assert told in found.message
    assert checked.marked(found).startswith(marked)


@pytest.mark.parametrize(
    "expects",
    [
        "higher seats means higher quality",
        'sector == "tech" means higher winning',
        "area_code separates quality",
        "mood separates quality",
        # The fallback is known of prospects.
        "home separates quality",
        "higher rank(seats over customers per sector) means higher quality",
    ],
)
def test_what_is_known_beforehand_is_let_through(expects: str) -> None:
    assert not {"SEG821", "SEG822"} & set(hypothesis(expects).codes)


@pytest.mark.parametrize(
    "expects",
    [
        "higher cycle means higher quality",
        "origin separates quality",
        "higher max(deals.opened_on) means higher winning",
        # The score picks rows by what the proxy is made from, and the other way round.
        "higher recency means higher lately",
        "higher cycle means higher winning",
    ],
)
def test_what_only_picks_rows_is_no_part(expects: str) -> None:
    assert "SEG821" not in hypothesis(expects).codes


def test_every_proxy_of_a_hypothesis_is_looked_at() -> None:
    checked = check(
        f"{TABLES}\nhypothesis h {{ expect higher proxy any of seats, won_value, usage means higher quality }}", CATALOG
    )
    assert [checked.marked(one) for one in checked.found if one.code == "SEG821"] == ["won_value", "usage"]


def test_without_prospects_only_dates_tell_what_is_late() -> None:
    spec = """source accounts from "a.csv" {
      id : text key  seats : count  worth : number  plan : text? known after seats
    }
    source deals from "d.csv" { deal : text key  id : text  links id to accounts }
    score quality for accounts { base worth }
    hypothesis a { expect higher count(deals) means higher quality }
    hypothesis b { expect plan is known means higher quality }"""
    checked = check(spec)
    assert [(one.code, checked.marked(one)) for one in checked.found] == [("SEG822", "plan is known")]


def test_columns_of_derived_and_stacked_sources_are_those_of_their_parents() -> None:
    spec = """source orders from "o.csv" { row : int key  buyer : text  sector : category  amount : money(USD)
      tier : category known after amount }
    source more from "m.csv" { row : int key  buyer : text  sector : category  amount : money(USD)
      tier : category known after amount }
    source buyers from orders { buyer : text key  sector : category  tier : category }
    score quality for buyers { base sum(orders.amount) }
    hypothesis a { expect tier separates quality }
    hypothesis b { expect higher mean(orders.amount) means higher quality }
    hypothesis c { expect sector separates quality }"""
    checked = check(spec)
    found = [(one.code, one.message) for one in checked.found if one.code.startswith("SEG82")]
    assert [code for code, _ in found] == ["SEG822", "SEG821"]
    assert "`tier` -> `orders.tier`, which is known only after `amount`" in found[0][1]


def test_a_long_chain_is_followed_to_its_end() -> None:
    steps = "\n".join(f"  f{n} = f{n - 1} + 1" for n in range(1, 150))
    spec = f"""source accounts from "a.csv" {{ id : text key  seats : count  worth : number }}
    derive accounts {{ f0 = seats + 1
    {steps} }}
    score quality for accounts {{ base worth  plus "seats" seats }}
    hypothesis a {{ expect higher f149 means higher quality }}"""
    (found,) = check(spec).found
    assert found.message.count(" -> ") == 150
