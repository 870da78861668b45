"""A misspelt name brings up the one that was meant, and a strange one brings up nothing."""

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics.suggestion import LONGEST, MOST_COMPARED, Suggestions, closest


def slips_between(left: str, right: str) -> int:
    """Optimal string alignment by the textbook table, as an independent measure."""
    rows = [[i + j if 0 in (i, j) else 0 for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i, a in enumerate(left, start=1):
        for j, b in enumerate(right, start=1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("abc", min_size=9, max_size=14), st.lists(st.text("abc", min_size=9, max_size=14), min_size=1))
def test_nearest_name_within_three_slips_is_found(word: str, names: list[str]) -> None:
    distances = [slips_between(word, name) for name in names]
    nearest = min(distances)
    expected = names[distances.index(nearest)] if nearest <= 3 else None
    assert closest(word, names) == expected


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("emploees", "employees"),
        ("emlpoyees", "employees"),
        ("Employees", "employees"),
        ("indutry", "industry"),
        ("Umsätze", "umsätze"),
        ("signed_date", "date_signed"),
        ("revenue", "revenue_12m"),
    ],
)
def test_usual_slips_are_forgiven(word: str, meant: str) -> None:
    assert closest(word, ["employees", "industry", "umsätze", "date_signed", "revenue_12m"]) == meant


@pytest.mark.parametrize("word", ["x", "", "region", "employment_history"])
def test_strange_names_bring_up_nothing(word: str) -> None:
    assert closest(word, ["employees", "industry", "a"]) is None


def test_accents_are_compared_in_one_encoding() -> None:
    assert closest(unicodedata.normalize("NFD", "café"), ["cafe\u0301s", "café"]) == "café"


def test_a_word_that_several_names_hold_is_ambiguous() -> None:
    assert closest("revenue", ["revenue_12m", "revenue_24m"]) is None


def test_of_equals_the_first_is_taken() -> None:
    assert closest("acct", ["acc", "act", "acct2"]) == "acc"


def test_long_names_are_not_compared() -> None:
    longest = "a" * LONGEST
    assert closest(f"{longest[1:]}b", [longest]) == longest
    assert closest(f"{longest}b", [longest]) is None
    assert closest(longest, [f"{longest}b"]) is None


def test_run_with_very_many_mistakes_stops_looking_for_names() -> None:
    names = [f"field_{number:05}" for number in range(10_000)]
    listed = 0

    def candidates() -> Iterator[str]:
        nonlocal listed
        for name in names:
            listed += 1
            yield name

    suggestions = Suggestions()
    found = [suggestions.closest("fild_00007", candidates()) for _ in range(1_000)]
    answered = MOST_COMPARED // sum(map(len, names)) + 1
    assert found == ["field_00007"] * answered + [None] * (1_000 - answered)
    assert listed == answered * len(names)
