"""The plugin keeps the promises that every plugin makes."""

from datetime import date

from segdsl.plugin import ColumnName
from segdsl.plugin.testing import EnrichExample, TableExample, check_declaration
from segdsl_vendor import ENRICHER

BY_NAME = EnrichExample(
    asks={"size": "hoovers.headcount, clearbit.employees"},
    columns={"name": ["ООО Ромашка", "Acme GmbH", "Globex", None], "country": ["RU", "DE", "US", "US"]},
    tables={
        "hoovers": TableExample(
            {
                "company": ["Romashka LLC", "Acme AG", "Globex Corp"],
                "land": ["RU", "DE", "US"],
                "headcount": [10, 20, None],
                "seen": [date(2026, 1, 1), None, None],
            }
        ),
        "clearbit": TableExample({"company": ["Globex Inc"], "land": ["USA"], "employees": [40]}),
    },
    options={
        "match_name": (
            ColumnName("accounts", "name"),
            ColumnName("hoovers", "company"),
            ColumnName("clearbit", "company"),
        ),
        "match_country": (
            ColumnName("accounts", "country"),
            ColumnName("hoovers", "land"),
            ColumnName("clearbit", "land"),
        ),
        "dated": (ColumnName("hoovers", "seen"),),
    },
    expected={
        "size": [10, None, 40, None],
        "size_provider": ["hoovers", None, "clearbit", None],
        "size_date": [date(2026, 1, 1), None, None, None],
    },
)


def test_the_contract_is_kept() -> None:
    check_declaration(ENRICHER, BY_NAME)
