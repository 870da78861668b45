"""The plugins that come with segdsl keep the contract that strangers' plugins are held to."""

from datetime import date

import pytest

from segdsl.plugin import ColumnName
from segdsl.plugin.testing import EnrichExample, TableExample, check_plugin
from segdsl.types import money
from segdsl_firmographic import ENRICHER as FIRMOGRAPHIC
from segdsl_technographic import ENRICHER as TECHNOGRAPHIC

pytestmark = pytest.mark.slow

INDUSTRY = ("code", "title", "group", "division", "sector", "section")


def test_firmographic() -> None:
    codes = EnrichExample(
        asks={f"industry_{level}": "code" for level in INDUSTRY},
        columns={"code": ["511210", "541511", "", None, "no code"]},
        options={"industry_system": "naics"},
    )
    euros = EnrichExample(
        asks={"revenue_band": "revenue", "sme_class": "employees, revenue"},
        columns={"revenue": [0, 1_999_999, 2_000_000, None, 10**12], "employees": [0, 9, 10, 5, None]},
        types={"revenue": money("EUR")},
        expected={"revenue_band": ["micro", "micro", "micro", None, "large"]},
    )
    groups = EnrichExample(
        asks={
            "hierarchy": "parent",
            "ultimate_parent": "parent",
            "hierarchy_level": "parent",
            "group_size": "parent",
            "group_total": "parent, seats",
        },
        columns={"parent": [None, 0, 1, None, 5, 4], "seats": [1, 2, None, 7, 8, 9]},
        expected={
            "hierarchy": ["parent", "subsidiary", "subsidiary", "independent", None, None],
            "group_size": [3, 3, 3, 1, None, None],
        },
    )
    growth = EnrichExample(
        asks={"growth": "history.staff, history.day"},
        columns={"name": ["Acme", "Bolt"]},
        tables={
            "history": TableExample(
                {"staff": [100, 110, 5, None], "day": [date(2025, 1, 31), date(2026, 1, 31), date(2026, 1, 1), None]},
                rows=[0, 0, 1, None],
            )
        },
        expected={"growth": [0.1, None]},
    )
    assert FIRMOGRAPHIC.name == "firmographic"
    check_plugin("firmographic", codes, euros, groups, growth)


def test_technographic() -> None:
    outputs = {one.name: one.inputs for one in TECHNOGRAPHIC.outputs}
    from_tools = [name for name, inputs in outputs.items() if inputs[0].name == "tools"]
    tools = [["Salesforce", "Jira"], [], None, ["no such tool", ""], ["salesforce.com", "HubSpot"]]
    lists = EnrichExample(
        asks={
            name.replace("*", "salesforce"): "tools, seen" if len(outputs[name]) > 1 and outputs[name][1].required else "tools"
            for name in from_tools
        },
        columns={"tools": tools, "seen": [date(2025, 1, 1), None, date(2025, 1, 2), date(2027, 1, 1), date(2020, 1, 1)]},
        options={"competitors": ("Salesforce",), "complements": ("Jira",)},
    )
    check_plugin("technographic", lists)


def test_vendor() -> None:
    names = EnrichExample(
        asks={"staff": "hoovers.headcount"},
        columns={"name": ["Acme Ltd", "Bolt Inc", None], "country": ["GB", "US", None]},
        tables={
            "hoovers": TableExample(
                {"headcount": [10, None, 7], "company": ["ACME Limited", "Bolt", ""], "land": ["UK", "US", None]}
            )
        },
        options={"match_name": ("name", "hoovers.company"), "match_country": ("country", "hoovers.land")},
        expected={"staff": [10, None, None]},
    )
    check_plugin("vendor", names)
    assert ColumnName("hoovers", "land").table == "hoovers"
