"""Types as values: their words, and what optional and unknown mean."""

import pytest

from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    UNKNOWN,
    Kind,
    Type,
    category,
    list_of,
    money,
)
from segdsl.types.column_type import repr_text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (COUNT, "count"),
        (COUNT.or_missing(), "count?"),
        (money("USD"), "money(USD)"),
        (money("EUR").or_missing(), "money(EUR)?"),
        (CATEGORY, "category"),
        (category("a", 'b"c'), 'category("a", "b\\"c")'),
        (list_of(TEXT).or_missing(), "list(text)?"),
        (list_of(category("a")), 'list(category("a"))'),
    ],
)
def test_a_type_is_written_as_a_spec_writes_it(kind: Type, words: str) -> None:
    assert str(kind) == words


def test_optional_is_switched_on_and_off() -> None:
    assert COUNT.or_missing().optional
    assert not COUNT.or_missing().or_missing(False).optional
    assert COUNT.or_missing(False) is COUNT


@pytest.mark.parametrize("kind", [COUNT, INT, NUMBER, RATIO])
def test_numbers_without_a_unit_are_numeric(kind: Type) -> None:
    assert kind.is_numeric


@pytest.mark.parametrize("kind", [money("USD"), DURATION, BOOL, TEXT, CATEGORY, UNKNOWN])
def test_what_has_a_unit_or_is_no_number_is_not_numeric(kind: Type) -> None:
    assert not kind.is_numeric


def test_texts_and_categories_are_textual() -> None:
    assert TEXT.is_textual
    assert category("a").is_textual
    assert not list_of(TEXT).is_textual


def test_only_the_unknown_type_is_unknown() -> None:
    assert UNKNOWN.is_unknown
    assert not any(Type(kind).is_unknown for kind in Kind if kind is not Kind.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ('say "yes"', '"say \\"yes\\""'),
        ("back\\slash", '"back\\\\slash"'),
        ("two\nlines", '"two\\nlines"'),
        ("bell\a", '"bell\\u{7}"'),
        ("café", '"café"'),
        ("\u202ereversed", '"\\u{202e}reversed"'),
    ],
)
def test_a_text_is_shown_with_escapes_for_what_cannot_be_seen(text: str, written: str) -> None:
    assert repr_text(text) == written
