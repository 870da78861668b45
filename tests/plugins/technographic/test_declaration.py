"""What is known of the plugin without running it: names, types, options, and that it is light."""

import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from segdsl.plugin import BOOL, CATEGORY, COUNT, DATE, TEXT, Type, category, list_of
from segdsl_technographic import ENRICHER, segdsl_enrichers
from segdsl_technographic.categories import CATEGORIES
from segdsl_technographic.outputs import OUTPUTS

BY_NAME = {output.name: output for output in OUTPUTS}
TAGS = list_of(CATEGORY)


def type_of(name: str, *types: Type, **options: object) -> Type | str:
    rule = BY_NAME[name].type
    return rule if isinstance(rule, Type) else rule(types, options)  # type: ignore[arg-type]


def test_it_is_the_one_enricher() -> None:
    assert tuple(segdsl_enrichers()) == (ENRICHER,)
    assert ENRICHER.name == "technographic"


def test_a_column_is_missing_only_where_tools_are() -> None:
    assert type_of("stack", TAGS) == TAGS
    assert type_of("stack", TAGS.or_missing()) == TAGS.or_missing()
    assert type_of("breadth", TEXT.or_missing()) == COUNT.or_missing()
    assert type_of("uses_crm", TAGS) == BOOL
    assert type_of("first_seen", TEXT, DATE) == DATE.or_missing()


def test_categories_are_closed_unless_the_user_brings_some() -> None:
    assert type_of("categories", TAGS) == list_of(category(*CATEGORIES))
    assert type_of("categories", TAGS, catalogue="tools.csv") == TAGS


def test_a_category_that_does_not_exist_is_told() -> None:
    answer = type_of("uses_*", TAGS)
    assert isinstance(answer, str) and "data_warehouse" in answer
    assert type_of("uses_*", TAGS, catalogue="tools.csv") == BOOL
    assert {"uses_crm", "uses_data_warehouse", "uses_ci_cd"} <= BY_NAME.keys()


@pytest.mark.parametrize(
    ("name", "option"),
    [("competitor_in_use", "competitors"), ("complements_in_use", "complements"), ("detected", "pages")],
)
def test_an_option_that_is_needed_is_told(name: str, option: str) -> None:
    answer = type_of(name, TAGS)
    assert isinstance(answer, str) and f"`{option}`" in answer


def test_a_list_of_numbers_holds_no_tools() -> None:
    answer = type_of("stack", list_of(COUNT))
    assert isinstance(answer, str) and "list(count)" in answer


def test_the_options_are_a_schema() -> None:
    Draft202012Validator.check_schema(dict(ENRICHER.options))
    schema = Draft202012Validator(dict(ENRICHER.options))
    assert schema.is_valid({"competitors": ["Salesforce", "HubSpot"], "complements": "Slack", "confidence": 0.5})
    assert not schema.is_valid({"competitor": "Salesforce"})
    assert not schema.is_valid({"confidence": 50})


def test_importing_it_takes_no_large_library() -> None:
    code = (
        "import sys, segdsl_technographic; print([m for m in ('pyarrow', 'numpy', 'csv', 'json') if m in sys.modules])"
    )
    before = "import sys, segdsl.plugin; print([m for m in ('pyarrow', 'numpy', 'csv', 'json') if m in sys.modules])"
    run = [subprocess.run([sys.executable, "-c", text], capture_output=True, text=True) for text in (code, before)]
    assert run[0].stdout == run[1].stdout != ""
