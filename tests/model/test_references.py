"""What a name in a term stands for."""

import pytest

from segdsl.model.expression import (
    Column,
    Expr,
    Follow,
    LinkAggregate,
    LinkPath,
    Literal,
    ScoreOf,
    ScorePart,
    SegmentOf,
)
from segdsl.types import COUNT, RATIO, TEXT, category, money
from tests.model.checking import KINDS, Checked, check, check_term, expr_of, the_one, type_of

LINKED = """
source regions from "regions.csv" { region_id : text key  title : text  manager : text? }
source accounts from "accounts.csv" {
  account_id : text key
  region     : text
  parent     : text?
  sector     : category
  links region to regions
  links parent to accounts
}
source products from "products.csv" { product_id : text key  price : money(USD) }
source deals from "deals.csv" {
  deal_id : text key
  buyer   : text
  payer   : text?
  product : text
  amount  : money(USD)
  links buyer to accounts
  links payer to accounts
  links product to products
}
"""


def check_linked(term: str, table: str = "accounts") -> Checked:
    return check(f"{LINKED}\nderive {table} {{ probe = {term} }}")


def linked(term: str, table: str = "accounts") -> Expr:
    return check_linked(term, table).good.fields[table, "probe"].expr


# ---- bare names


def test_a_bare_name_is_a_column() -> None:
    assert expr_of("n") == Column("n", COUNT)


def test_a_parameter_stands_as_its_value() -> None:
    expr = expr_of("as_of")
    assert isinstance(expr, Literal)
    assert str(expr.value) == "2026-01-01"


def test_a_score_is_missing_outside_its_population() -> None:
    assert expr_of("quality") == ScoreOf("quality", ScorePart.VALUE, money("USD").or_missing())


@pytest.mark.parametrize(
    ("part", "kind"), [("grade", category("A", "B", "C", "D")), ("rank", COUNT), ("percentile", RATIO)]
)
def test_a_score_has_parts(part: str, kind: object) -> None:
    assert type_of(f"quality.{part}") == kind.or_missing()  # type: ignore[attr-defined]


def test_a_segmentation_is_a_closed_category() -> None:
    assert expr_of("fit") == SegmentOf("fit", False, category("core", "other"))


def test_micro_segments_are_paths_of_the_innermost() -> None:
    assert expr_of("fit.micro") == SegmentOf("fit", True, category("core/north", "core/rest", "other"))


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("nn", "SEG201"),
        ("quality.grad", "SEG201"),
        ("quality.value", "SEG201"),
        ("fit.macro", "SEG201"),
        ("fit.micro.x", "SEG201"),
        ("tech", "SEG206"),
        ("c == tech", "SEG206"),
        ("accounts", "SEG309"),
        ("invoices", "SEG309"),
        ("customers", "SEG309"),
        ("invoices.amount", "SEG309"),
        ("n.x", "SEG207"),
        ("nowhere.x", "SEG201"),
        ("accounts.nn", "SEG201"),
        ("unknown_function(n)", "SEG201"),
        ("c in teck", "SEG201"),
        ("c in accounts", "SEG201"),
    ],
)
def test_a_name_that_stands_for_no_value(term: str, code: str) -> None:
    assert type_of(term) == code


def test_the_rows_own_table_may_be_named() -> None:
    assert expr_of("accounts.n") == expr_of("n")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("seets", "seats"), ("Seats", "seats"), ("SEATS", "seats"), ("countrey", "country"), ("sets", "seats")],
)
def test_a_misspelt_name_is_suggested(written: str, meant: str) -> None:
    checked = check(f"""
        source accounts from "a.csv" {{ id : text key  seats : count  country : category }}
        derive accounts {{ probe = {written} is known }}
        """)
    found = the_one(checked)
    assert (found.code, found.help) == ("SEG201", f"did you mean `{meant}`?")
    assert checked.marked(found) == written


def test_names_far_apart_are_not_suggested() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key  seats : count }
        derive accounts { probe = headquarters is known }
        """)
    assert the_one(checked).help == "declare it in the source, or in `derive`"


# ---- quoting


@pytest.mark.parametrize("word", ["segment", "score", "source", "test", "end", "when", "by", "set"])
def test_a_column_with_the_name_of_a_keyword_is_quoted_in_terms(word: str) -> None:
    spec = 'source a from "a.csv" {{ id : text key  {word} : count }}\nderive a {{ probe = {name} + 1 }}'
    assert check(spec.format(word=word, name=f"`{word}`")).codes == []
    assert check(spec.format(word=word, name=word)).codes == ["SEG108"]


def test_a_name_with_spaces_is_quoted_everywhere() -> None:
    checked = check("""
        source a from "a.csv" { id : text key  `Annual Revenue` : count }
        derive a { `Big One` = `Annual Revenue` > 5 }
        population p from a { keep "big" when `Big One` }
        """)
    assert checked.codes == []


# ---- links


def test_a_link_is_its_value_and_can_be_followed() -> None:
    assert linked("region") == Column("region", TEXT)
    assert linked("region.title") == Follow(LinkPath("accounts", ("region",), "regions"), Column("title", TEXT), TEXT)


def test_a_followed_value_may_be_missing_if_the_link_or_the_value_may() -> None:
    assert not linked("region.title").type.optional
    assert linked("region.manager").type.optional
    assert linked("parent.sector").type.optional


def test_a_chain_of_links() -> None:
    expr = linked("parent.region.title")
    assert isinstance(expr, Follow)
    assert isinstance(expr.value, Follow)
    assert expr.type == TEXT.or_missing()
    assert linked("buyer.parent.parent.region.manager", "deals").type == TEXT.or_missing()


def test_a_field_of_the_linked_table_can_be_followed() -> None:
    checked = check(f"""{LINKED}
        derive deals {{ rich = buyer.big }}
        derive accounts {{ big = sector == "Bank" }}
        """)
    assert checked.codes == []
    assert checked.good.order.index(("field", "accounts.big")) < checked.good.order.index(("field", "deals.rich"))


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("region.titel", "SEG201"),
        ("region.title.x", "SEG207"),
        ("sector.title", "SEG207"),
        ("regions.title", "SEG201"),
        ("deals.buyer", "SEG309"),
        ("parent.region.nothing", "SEG201"),
    ],
)
def test_a_link_that_leads_nowhere(term: str, code: str) -> None:
    assert check_linked(term).codes == [code]


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("links nothing to regions", "SEG201"),
        ("links region to nowhere", "SEG201"),
        ("links region, sector to regions", "SEG207"),
        ("links size to regions", "SEG302"),
        ("links region to p", "SEG206"),
    ],
)
def test_a_link_that_cannot_be(clause: str, code: str) -> None:
    checked = check(f"""
        source regions from "r.csv" {{ region_id : text key }}
        source accounts from "a.csv" {{ id : text key  region : text  sector : text  size : count  {clause} }}
        population p from accounts {{ keep "all" when size > 0 }}
        """)
    assert checked.codes == [code]


def test_a_link_over_several_key_columns() -> None:
    checked = check("""
        source sites from "s.csv" { country : text key  city : text key  size : count }
        source visits from "v.csv" { id : int key  c : text  t : text  links c, t to sites }
        derive visits { size = c.size }
        derive sites { visits_n = count(visits) }
        """)
    assert checked.codes == []


# ---- inside aggregates


def test_inside_an_aggregate_bare_names_are_columns_of_the_linked_table() -> None:
    expr = expr_of("sum(invoices.amount where paid_on < as_of and amount > $5)")
    assert isinstance(expr, LinkAggregate)
    assert expr.path == LinkPath("invoices", ("account_id",), "accounts")


def test_inside_an_aggregate_the_rows_own_fields_are_named_with_their_table() -> None:
    assert type_of("count(invoices where paid_on > accounts.d and paid_on < as_of)") == COUNT
    assert type_of('count(invoices where accounts.k == "a")') == COUNT
    assert type_of('count(invoices where k == "a")') == "SEG201"
    assert type_of('count(invoices where accounts.k == "x")') == "SEG304"


def test_two_links_to_one_table_are_told_apart_by_via() -> None:
    assert check_linked("count(deals)").codes == ["SEG207"]
    expr = linked("count(deals via buyer)")
    assert isinstance(expr, LinkAggregate)
    assert expr.path.columns == ("buyer",)
    assert linked("sum(deals.amount via payer)").type == money("USD")
    assert check_linked("count(deals via product)").codes == ["SEG201"]


def test_children_of_a_link_to_oneself() -> None:
    expr = linked("count(accounts via parent)")
    assert isinstance(expr, LinkAggregate)
    assert expr.path == LinkPath("accounts", ("parent",), "accounts")
    assert check_linked("count(accounts)").codes == ["SEG207"]


def test_links_are_followed_inside_an_aggregate() -> None:
    expr = linked("sum(deals.product.price via buyer)")
    assert isinstance(expr, LinkAggregate)
    assert isinstance(expr.value, Follow)


def test_the_account_is_reached_inside_an_aggregate_over_its_children() -> None:
    expr = linked('sum(deals.amount via buyer where accounts.sector == "Bank")')
    assert isinstance(expr, LinkAggregate)


# ---- kinds of sources


def test_a_like_source_has_the_columns_and_fields_of_the_other() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key  seats : count  signed_on : date }
        source prospects like accounts from "p.csv" { without signed_on  opted_out : bool }
        derive accounts { busy = seats > 5 }
        segmentation fit for accounts { segment a when busy  segment b otherwise }
        audience first from prospects { where busy and fit == "a" and not opted_out  order by seats }
        """)
    assert checked.codes == []
    assert [c.name for c in checked.good.sources["prospects"].columns] == ["id", "seats", "opted_out"]
    assert checked.good.sources["prospects"].row_type == "accounts"


def test_fields_are_derived_for_the_source_that_is_alike() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key }
        source prospects like accounts from "p.csv" { seats : count }
        derive prospects { busy = seats > 5 }
        """)
    assert checked.codes == ["SEG208"]


def test_a_derived_source_is_linked_with_what_it_came_from() -> None:
    checked = check("""
        source orders from "o.csv" { id : int key  customer_id : int  industry : category  sales : money(USD) }
        source customers from orders { customer_id : int key  industry : category }
        derive customers { revenue = sum(orders.sales)  n = count(orders) }
        derive orders { share = sales / customer_id.revenue }
        """)
    assert checked.codes == []


def test_a_derived_source_takes_columns_of_its_parent_only() -> None:
    checked = check("""
        source orders from "o.csv" { id : int key  customer_id : int  industry : category }
        source customers from orders { customer_id : int key  indutry : category }
        """)
    found = the_one(checked)
    assert (found.code, found.help) == ("SEG201", "did you mean `industry`?")


def test_a_derived_source_may_rename_columns() -> None:
    checked = check("""
        source orders from "o.csv" { id : int key  customer_id : int  industry : category }
        source customers from orders { id : int key from customer_id  sector : category from industry }
        derive customers { n = count(orders) }
        """)
    assert checked.codes == []


def test_stacked_sources_name_their_parts() -> None:
    spec = """
        source web from "w.csv" { id : text key  email : text }
        source fair from "f.csv" { id : text key  email : text }
        source leads from web, %s { email : text key }
        population all_of_them from leads { keep "all" when email is known }
        """
    assert check(spec % "fair").codes == []
    assert check(spec % "fare").codes == ["SEG201"]


def test_a_broken_source_is_told_once() -> None:
    checked = check("""
        source accounts from accounts.csv { id : text key  seats : count }
        derive accounts { busy = seats > 5 }
        population customers from accounts { keep "busy" when busy }
        score quality for customers { base seats }
        segmentation fit for customers { segment a when busy  segment b otherwise }
        audience first from customers { where fit == "a"  columns id }
        test "t" { given accounts { seats: 5 } expect fit == "a" }
        """)
    assert checked.codes == ["SEG102"]


def test_a_broken_field_is_told_once() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key  seats : count }
        derive accounts { busy = sets > 5  twice = busy and seats > 3 }
        population customers from accounts { keep "busy" when busy and twice }
        segmentation fit for customers { segment a when busy  segment b otherwise }
        """)
    assert checked.codes == ["SEG201"]


def test_a_broken_score_is_told_once() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key  seats : count }
        score quality for accounts { base nothing  grade quartiles }
        hypothesis h { expect higher seats means higher quality }
        segmentation fit for accounts { segment a when quality > 5 and quality.grade == "A"  segment b otherwise }
        evaluate fit against quality { top: 25% }
        audience first from accounts { order by expected(quality by fit) desc, quality }
        """)
    assert checked.codes == ["SEG201"]


def test_a_name_of_the_file_leads_to_the_column_that_is_read_from_it() -> None:
    checked = check("""
        source a from "a.csv" { id : text key  growth : ratio from `Growth % YoY` }
        population p from a { keep "k" when `Growth % YoY` > 5% }
        """)
    assert the_one(checked).help == "did you mean `growth`?"


@pytest.mark.parametrize(
    ("term", "mend"),
    [
        ("TRUE", "write `true`"),
        ("False", "write `false`"),
        ("NULL", "no constant is missing: a `case` without its `else` leaves a value missing"),
    ],
)
def test_constants_of_other_languages_are_told_how_they_are_written_here(term: str, mend: str) -> None:
    found = next(one for one in check_term(term).found if one.is_error)
    assert (found.code, found.help) == ("SEG201", mend)


@pytest.mark.parametrize(
    ("table", "meant"),
    [("accounts", "account_id.n"), ("account", "account_id.n"), ("acounts", "account_id.n")],
)
def test_a_table_in_front_of_a_dot_leads_to_the_link_to_it(table: str, meant: str) -> None:
    found = next(one for one in check(f"{KINDS}\nderive invoices {{ x = {table}.n > 5 }}").found if one.is_error)
    assert (found.code, found.help) == ("SEG201", f"did you mean `{meant}`?")
    checked = check(f"{KINDS}\nderive invoices {{ x = {meant} > 5 }}")
    assert [one.code for one in checked.found if one.is_error] == []


def test_a_name_in_front_of_a_dot_that_is_like_nothing_is_told_what_may_stand_there() -> None:
    found = next(one for one in check_term("zebra.stripes > 5").found if one.is_error)
    assert found.help == "name a link of `accounts`, or aggregate a table that is linked to it"


TICKETS = """
source accounts from "a.csv" { id : text key }
source tickets from "t.csv" {
  ticket : count key  account : text  closed : date?  kind : category("bug", "wish")?  cost : money(EUR)
  links account to accounts
}
"""


@pytest.mark.parametrize(
    ("term", "mend"),
    [
        ('tickets.kind == "bug"', 'ask for one of them: `any(tickets where kind == "bug")`'),
        ('"bug" == tickets.kind', 'ask for one of them: `any(tickets where "bug" == kind)`'),
        ('tickets.kind in ("bug", "wish")', 'ask for one of them: `any(tickets where kind in ("bug", "wish"))`'),
        ('tickets.kind contains "b"', 'ask for one of them: `any(tickets where kind contains "b")`'),
        ('tickets.kind != "bug"', "aggregate it: `any(tickets where kind ...)` or `count(tickets)`"),
        ("tickets.closed is known", "aggregate it: `max(tickets.closed)` or `count(tickets)`"),
        ("tickets.cost > 5 EUR", "aggregate it: `sum(tickets.cost)` or `count(tickets)`"),
    ],
)
def test_a_column_of_many_rows_is_aggregated_as_its_kind_allows(term: str, mend: str) -> None:
    found = the_one(check(f"{TICKETS} derive accounts {{ x = {term} }}"))
    assert (found.code, found.help) == ("SEG309", mend)


def test_any_is_a_mend_that_can_be_carried_out() -> None:
    assert check(f'{TICKETS} derive accounts {{ x = any(tickets where kind == "bug") }}').codes == []
