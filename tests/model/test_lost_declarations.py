"""A declaration that could not be read is told once; what names it is left unjudged."""

import pytest

from tests.model.checking import check

SPEC = """
param least : count = 5
source accounts from "a.csv" { id : text key  seats : count  growth : ratio }
source invoices from "i.csv" {
  invoice_id : text key  account_id : text  amount : money(USD)
  links account_id to accounts
}
derive accounts {
  revenue = sum(invoices.amount)
}
population customers from accounts { keep "busy" when seats > least }
score quality for customers { base revenue }
segmentation fit for customers {
  segment core when revenue > $5
  segment other otherwise
}
segmentation groups for customers nearest {
  measure seats scale 2
  measure growth scale 1
  segment near at seats 5, growth 5%
}
audience first from customers { where fit == "core" and groups == "near"  order by expected(quality by fit) }
"""


def test_the_spec_to_be_spoilt_is_good() -> None:
    assert check(SPEC).codes == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("param least", "parm least"),
        ("source accounts", "source source accounts"),
        ("source accounts", "accounts"),
        ("derive accounts", "accounts"),
        ("population customers", "population"),
        ("segmentation fit", "segmentation"),
        ("segment core when revenue > $5", "segment core revenue > $5"),
        ("measure seats scale 2", "measure seats scal 2"),
        ("revenue = sum(invoices.amount)", "revenue = sum(invoices.amount"),
        ("links account_id to accounts", "links acount_id to accounts"),
        ("score quality for", "score quality from"),
    ],
)
def test_a_lost_declaration_is_one_mistake(before: str, after: str) -> None:
    assert SPEC.count(before) == 1
    checked = check(SPEC.replace(before, after))
    assert len([found for found in checked.found if found.is_error]) == 1, checked.told


def test_a_proxy_that_rests_on_a_source_that_could_not_be_read_is_left_unjudged() -> None:
    checked = check("""
        source orders from "orders.csv" { read { dates are better }
          id : int key  customer : text  industry : category  seats : count
        }
        source customers from orders { customer : text key  industry : category  seats : count }
        score quality for customers { base seats }
        hypothesis by_industry { expect industry separates quality }
        """)
    assert checked.codes == ["SEG102"]
