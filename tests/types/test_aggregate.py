import pytest

from segdsl.types import (
    BOOL,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    UNKNOWN,
    Type,
    list_of,
    money,
)
from segdsl.types.aggregate import AGGREGATES, aggregate, aggregate_type

USD = money("USD")


def type_of(name: str, value: Type | None) -> Type | str:
    called = aggregate(name)
    assert called is not None
    return aggregate_type(called, value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("count", None, COUNT),
        ("sum", USD.or_missing(), USD),
        ("sum", COUNT, COUNT),
        ("sum", INT, INT),
        ("sum", RATIO, NUMBER),
        ("sum", DURATION, DURATION),
        ("mean", COUNT, NUMBER.or_missing()),
        ("mean", RATIO, RATIO.or_missing()),
        ("mean", USD, USD.or_missing()),
        ("median", DURATION, DURATION.or_missing()),
        ("min", DATE, DATE.or_missing()),
        ("max", TEXT, TEXT.or_missing()),
        ("distinct", TEXT.or_missing(), COUNT),
        ("any", BOOL.or_missing(), BOOL),
        ("all", BOOL, BOOL),
        ("last", list_of(TEXT), list_of(TEXT).or_missing()),
        ("quantile", INT, NUMBER.or_missing()),
        ("nth_largest", USD, USD.or_missing()),
        ("rank", DATE, COUNT.or_missing()),
        ("mean", UNKNOWN, UNKNOWN.or_missing()),
        ("any", UNKNOWN, BOOL),
    ],
)
def test_the_type_of_an_aggregate_follows_from_its_value(name, value, expected):
    assert type_of(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("count", TEXT, ("takes no value",)),
        ("sum", None, ("needs a value", "sum(invoices.amount)")),
        ("sum", TEXT, ("money", "not text")),
        ("any", COUNT, ("takes bool", "not count")),
        ("rank", TEXT, ("not text",)),
        ("distinct", list_of(TEXT), ("not list(text)",)),
    ],
)
def test_a_value_that_does_not_fit_gives_a_reason_in_plain_words(name, value, words):
    reason = type_of(name, value)
    assert isinstance(reason, str)
    assert all(word in reason for word in words)


def test_only_those_with_a_result_for_no_rows_are_never_missing():
    results = {name: called.of_none for name, called in AGGREGATES.items() if called.never_missing}
    assert results == {"count": "0", "sum": "0", "distinct": "0", "any": "false", "all": "true"}


def test_an_aggregate_stands_over_a_link_or_a_table_or_both():
    only_table = {name for name, called in AGGREGATES.items() if not called.over_link}
    only_link = {name for name, called in AGGREGATES.items() if not called.over_table}
    assert (only_table, only_link) == ({"quantile", "nth_largest", "rank"}, {"first", "last"})
    assert aggregate("total") is None
