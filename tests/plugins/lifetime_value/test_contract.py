"""The plugin keeps the promises that every plugin makes."""

from datetime import date, timedelta
from decimal import Decimal

from segdsl.plugin.testing import EnrichExample, TableExample, check_declaration
from segdsl.types import money
from segdsl_lifetime_value import ENRICHER

CLOCK = date(2026, 1, 31)
# Forty customers: the n-th bought n % 5 times again, so many days apart, and then fell silent or not.
ORDERS = [
    (customer, CLOCK - timedelta(days=300 - customer) + timedelta(days=turn * (11 + customer)), 20.0 + customer * turn)
    for customer in range(40)
    for turn in range(1 + customer % 5)
]
BOUGHT = EnrichExample(
    asks=dict.fromkeys(("expected_purchases", "probability_alive", "expected_spend", "frequency", "recency", "monetary", "clv"), "orders.ordered_on, orders.amount"),
    columns={"name": [f"Customer {n}" for n in range(41)]},
    tables={
        "orders": TableExample(
            {"ordered_on": [day for _, day, _ in ORDERS], "amount": [amount for _, _, amount in ORDERS]},
            [customer for customer, _, _ in ORDERS],
        )
    },
    expected={"frequency": [*(n % 5 for n in range(40)), None]},
    clock=CLOCK,
)
STARTS = [date(2015 + n % 9, 1 + n % 12, 1) for n in range(60)]
ENDS = [None if n % 3 else STARTS[n] + timedelta(days=300 + 40 * (n % 7)) for n in range(60)]
STAYED = EnrichExample(
    asks={
        "residual_tenure": "started_on, ended_on",
        "renewal": "started_on, ended_on",
        "clv": "started_on, ended_on, fee",
    },
    columns={"started_on": STARTS, "ended_on": ENDS, "fee": [Decimal(100)] * 60},
    options={"model": "contractual"},
    types={"fee": money("USD")},
    clock=CLOCK,
)


def test_the_contract_is_kept() -> None:
    check_declaration(ENRICHER, BOUGHT, STAYED)
