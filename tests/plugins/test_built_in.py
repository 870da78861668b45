"""The plugins that come with segdsl keep the contract that strangers' plugins are held to."""

from datetime import date
from pathlib import Path

import pytest

from segdsl.plugin.testing import EnrichExample, TableExample, check_plugin
from segdsl.types import money
from segdsl_technographic import ENRICHER as TECHNOGRAPHIC

pytestmark = pytest.mark.slow

RULES = Path(__file__).resolve().parent / "technographic" / "rules" / "small.json"
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
    check_plugin("firmographic", codes, euros, groups, growth)


def test_technographic(tmp_path: Path) -> None:
    outputs = {one.name: one.inputs for one in TECHNOGRAPHIC.outputs}
    from_tools = [name for name, inputs in outputs.items() if inputs[0].name == "tools"]
    tools = [["Salesforce", "Jira"], [], None, ["no such tool", ""], ["salesforce.com", "HubSpot"]]
    seen = [date(2025, 1, 1), None, date(2025, 1, 2), date(2027, 1, 1), date(2020, 1, 1)]
    dated = [name for name in from_tools if all(one.required for one in outputs[name])]
    lists = EnrichExample(
        asks={name.replace("*", "crm"): "tools, seen" if name in dated else "tools" for name in from_tools},
        columns={"tools": tools, "seen": seen},
        options={"competitors": ("Salesforce",), "complements": ("Jira",)},
    )
    own = tmp_path / "tools.csv"
    own.write_text("tool,category\nTurbineWatch,wind_power\n")
    category = EnrichExample(
        asks={"uses_wind_power": "tools"},
        columns={"tools": [["turbinewatch"], ["Jira"]]},
        options={"catalogue": "tools.csv"},
        paths={"catalogue": (own,)},
        expected={"uses_wind_power": [True, False]},
    )
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "acme.html").write_text('<meta name="generator" content="WordPress 6.1">')
    detected = EnrichExample(
        asks={"detected": "page"},
        columns={"page": ["acme", "nowhere", None]},
        options={"pages": "pages", "rules": "small.json"},
        paths={"pages": (pages,), "rules": (RULES,)},
    )
    check_plugin("technographic", lists, category, detected)


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
