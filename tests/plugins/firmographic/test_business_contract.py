"""The outputs of the second half keep the promises that every plugin makes."""

from datetime import date
from decimal import Decimal

import pytest

from segdsl.plugin import Enricher, money
from segdsl.plugin.testing import EnrichExample, TableExample, check_declaration
from segdsl_firmographic import ENRICHER
from segdsl_firmographic.business_outputs import OUTPUTS

BUSINESS = Enricher(ENRICHER.name, ENRICHER.title, OUTPUTS, ENRICHER.make, ENRICHER.options)

INDUSTRIES = EnrichExample(
    asks={
        "industry_code": "code",
        "industry_title": "code",
        "industry_group": "code",
        "industry_division": "code",
        "industry_sector": "code",
        "industry_section": "code",
    },
    columns={"code": ["541511", "31-33", "none", None]},
    expected={"industry_code": ["541511", "31-33", None, None]},
    options={"industry_system": "naics"},
)
AMOUNTS = EnrichExample(
    asks={"revenue_band": "revenue", "sme_class": "employees, revenue"},
    columns={"revenue": [Decimal(1), Decimal(3_000_000), None], "employees": [5, 5, 5]},
    types={"revenue": money("EUR")},
    expected={"revenue_band": ["micro", "small", None], "sme_class": ["micro", "small", None]},
)
GROWTH = EnrichExample(
    asks={"growth": "history.revenue, history.as_of"},
    columns={"account": ["a", "b"]},
    tables={
        "history": TableExample(
            {"revenue": [100, 125, 7], "as_of": [date(2024, 12, 31), date(2025, 12, 31), date(2025, 12, 31)]},
            rows=[0, 0, 1],
        )
    },
    expected={"growth": [0.25, None]},
)
GROUPS = EnrichExample(
    asks={
        "hierarchy": "parent",
        "ultimate_parent": "parent",
        "hierarchy_level": "parent",
        "group_size": "parent",
        "group_total": "parent, employees",
    },
    columns={"parent": ["holding", "holding", None], "employees": [1, 2, 3]},
    expected={"hierarchy": ["subsidiary", "subsidiary", "independent"], "group_total": [3, 3, 3]},
)


@pytest.mark.slow
def test_the_contract_is_kept() -> None:
    check_declaration(BUSINESS, INDUSTRIES, AMOUNTS, GROWTH, GROUPS)
