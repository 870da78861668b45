"""The plugin keeps the promises that every plugin makes."""

from datetime import date, timedelta
from decimal import Decimal

from segdsl.plugin.testing import EnrichExample, TableExample, check_declaration
from segdsl_lifetime_value import ENRICHER
from tests.plugins.lifetime_value.calls import BUYERS, CLOCK, PURCHASE_OUTPUTS, USD, bought, days_of_buyers

ROWS, DAYS, AMOUNTS = bought()
BOUGHT = EnrichExample(
    asks=dict.fromkeys(PURCHASE_OUTPUTS, "orders.ordered_on, orders.amount"),
    columns={"name": [f"Customer {n}" for n in range(BUYERS + 1)]},
    tables={"orders": TableExample({"ordered_on": DAYS.to_pylist(), "amount": AMOUNTS.to_pylist()}, ROWS)},
    types={"orders.amount": USD},
    expected={"frequency": [*(len(days) - 1 for days in days_of_buyers()), None]},
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
    types={"fee": USD},
    clock=CLOCK,
)


def test_the_contract_is_kept() -> None:
    check_declaration(ENRICHER, BOUGHT, STAYED)
