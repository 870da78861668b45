"""Definitions in plain words."""

from decimal import Decimal

import pytest

from segdsl.collecting.definitions import closed_values, define
from segdsl.diagnostics import Span
from segdsl.model.source import ColumnContract
from segdsl.types import BOOL, CATEGORY, COUNT, DATE, RATIO, Type, Value, category, list_of, money

NOWHERE = Span("", 0, 0)


@pytest.mark.parametrize(
    ("type_", "low", "high", "meant"),
    [
        (COUNT, 1, 3_000_000, "whole number from 0 on, from 1 to 3,000,000"),
        (money("USD"), Decimal(0), None, "amount in USD, at least $0.00"),
        (category("free", "pro"), None, None, "one of: free, pro"),
        (CATEGORY.or_missing(), None, None, "a category"),
        (BOOL, None, None, "yes or no"),
        (RATIO, None, Decimal("0.5"), "share, such as 12% or 0.12, at most 50%"),
        (DATE, None, None, "date, such as 2026-01-31"),
        (list_of(CATEGORY), None, None, "any number, parted by `;`, each a category"),
    ],
)
def test_a_column_is_defined_in_plain_words(type_: Type, low: Value, high: Value, meant: str) -> None:
    assert define(ColumnContract("c", "c", type_, NOWHERE, low=low, high=high)) == meant


def test_amounts_are_asked_for_in_full() -> None:
    scaled = ColumnContract("c", "c", money("USD"), NOWHERE, scale=Decimal(1_000_000))
    assert define(scaled) == "amount in USD, in full, not in thousands or millions"


def test_truth_and_closed_categories_are_picked() -> None:
    assert closed_values(ColumnContract("c", "c", BOOL, NOWHERE)) == ("yes", "no")
    assert closed_values(ColumnContract("c", "c", category("a", "b"), NOWHERE)) == ("a", "b")
    assert closed_values(ColumnContract("c", "c", COUNT, NOWHERE)) == ()
