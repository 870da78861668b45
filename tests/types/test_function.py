import pytest

from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    UNKNOWN,
    Kind,
    Type,
    category,
    list_of,
    money,
)
from segdsl.types.function import FUNCTIONS, common_type, kinds_text, result_type, signature

USD, EUR = money("USD"), money("EUR")


def type_of(name: str, *arguments: Type) -> Type | str:
    called = signature(name)
    assert called is not None
    return result_type(called, arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("lower", (CATEGORY,), TEXT),
        ("length", (TEXT,), COUNT),
        ("length", (list_of(TEXT).or_missing(),), COUNT.or_missing()),
        ("concat", (TEXT, CATEGORY.or_missing(), TEXT), TEXT.or_missing()),
        ("round", (USD,), USD),
        ("round", (RATIO.or_missing(), INT), RATIO.or_missing()),
        ("floor", (NUMBER,), NUMBER),
        ("abs", (DURATION,), DURATION),
        ("log", (COUNT,), NUMBER.or_missing()),
        ("exp", (RATIO,), NUMBER.or_missing()),
        ("min_of", (COUNT, INT), INT),
        ("max_of", (COUNT, NUMBER.or_missing()), NUMBER.or_missing()),
        ("max_of", (USD, USD, USD), USD),
        ("year", (TIMESTAMP,), INT),
        ("days", (DURATION,), NUMBER),
        ("date", (TIMESTAMP,), DATE),
        ("domain_of", (TEXT,), TEXT.or_missing()),
        ("abs", (UNKNOWN,), UNKNOWN),
        ("lower", (UNKNOWN,), TEXT),
        ("max_of", (UNKNOWN, COUNT), COUNT),
    ],
)
def test_the_type_of_a_call_follows_from_its_arguments(name, arguments, expected):
    assert type_of(name, *arguments) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("lower", (COUNT,), ("`lower(text)`", "text or category", "count")),
        ("lower", (), ("1 argument", "not 0")),
        ("round", (NUMBER, INT, INT), ("1 or 2 arguments", "not 3")),
        ("concat", (TEXT,), ("at least 2 arguments", "not 1")),
        ("max_of", (USD, EUR), ("one type", "money(USD)", "money(EUR)")),
        ("max_of", (BOOL, BOOL), ("bool",)),
        ("log", (USD,), ("money(USD)",)),
        ("date", (DATE,), ("must be timestamp", "not date")),
    ],
)
def test_arguments_that_do_not_fit_give_a_reason_in_plain_words(name, arguments, words):
    reason = type_of(name, *arguments)
    assert isinstance(reason, str)
    assert all(word in reason for word in words)


def test_a_name_that_is_no_function_has_no_signature():
    assert signature("lowercase") is None


def test_every_function_is_described_with_an_example_of_its_own():
    for name, called in FUNCTIONS.items():
        assert called.name == name
        assert called.doc.endswith(".") and called.missing.endswith(".")
        assert f"{name}(" in called.example
        assert called.required <= len(called.operands)


def test_the_digits_of_round_must_be_stated():
    called = signature("round")
    assert called is not None
    assert [called.operand(i) and called.operand(i).constant for i in range(3)] == [False, True, None]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (COUNT, COUNT.or_missing(), COUNT.or_missing()),
        (COUNT, INT, INT),
        (RATIO, COUNT, NUMBER),
        (category("a", "b"), category("b", "c"), category("a", "b", "c")),
        (category("a"), CATEGORY, CATEGORY),
        (category("a"), TEXT, TEXT),
        (UNKNOWN, USD, USD),
        (UNKNOWN.or_missing(), USD, USD.or_missing()),
        (list_of(COUNT), list_of(INT).or_missing(), list_of(INT).or_missing()),
        (USD, EUR, None),
        (USD, COUNT, None),
        (DATE, TIMESTAMP, None),
        (list_of(TEXT), list_of(COUNT), None),
        (TEXT, list_of(TEXT), None),
    ],
)
def test_two_types_have_one_in_common_or_none(left, right, expected):
    assert common_type(left, right) == expected
    mirrored = common_type(right, left)
    if expected is not None and expected.values is not None:
        assert mirrored is not None and set(mirrored.values or ()) == set(expected.values)
    else:
        assert mirrored == expected


def test_kinds_are_listed_in_words():
    assert kinds_text(frozenset({Kind.DATE})) == "date"
    assert kinds_text(frozenset({Kind.DURATION, Kind.COUNT, Kind.INT})) == "count, int or duration"
