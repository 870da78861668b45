"""What is written from values reads back as the same value, and as people write it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse
from segdsl.language.syntax import ParamDecl, ScoreDecl
from segdsl.plugin import (
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
    Duration,
    Type,
    list_of,
    literal,
    money,
    name,
    title_text,
)


def read_back(written: str, type_name: str) -> Any:
    tree, mistakes = parse(SourceText("x", f"param x : {type_name} = {written}"))
    assert mistakes == (), written
    (declared,) = tree.declarations
    assert isinstance(declared, ParamDecl)
    value: Any = declared.default
    return value.value


@pytest.mark.parametrize(
    ("value", "type_", "written"),
    [
        (500, COUNT, "500"),
        (1_500, COUNT, "1_500"),
        (12_000, COUNT, "12k"),
        (12_345, COUNT, "12_345"),
        (2_500_000, COUNT, "2.5M"),
        (2_512_000, COUNT, "2_512_000"),
        (5_000_000_000_000, COUNT, "5_000_000_000_000"),
        (12_345_678_901_234_567_890, COUNT, "12_345_678_901_234_567_890"),
        (10_000.167489888612, NUMBER, "10_000.167489888612"),
        (1998, INT, "1998"),
        (-7, INT, "-7"),
        (0.25, NUMBER, "0.25"),
        (1e-7, NUMBER, "0.0000001"),
        (Decimal("1500"), money("USD"), "$1_500"),
        (Decimal("1.5E+6"), money("USD"), "$1.5M"),
        (Decimal("-250.00"), money("GBP"), "-£250"),
        (250, money("CHF"), "250 CHF"),
        (0.2, RATIO, "20%"),
        (0.07, RATIO, "7%"),
        (-0.125, RATIO, "-12.5%"),
        (timedelta(days=90), DURATION, "90 days"),
        (timedelta(days=1), DURATION, "1 day"),
        (timedelta(hours=36), DURATION, "36 hours"),
        (timedelta(seconds=90), DURATION, "1.5 minutes"),
        (Duration(months=18), DURATION, "18 months"),
        (Duration(months=24), DURATION, "2 years"),
        (date(2026, 1, 31), DATE, "2026-01-31"),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), TIMESTAMP, "2026-01-31T09:00:00Z"),
        (True, BOOL, "true"),
        ('a "b"\\\n', TEXT, r'"a \"b\"\\\n"'),
        ("Tech", CATEGORY, '"Tech"'),
    ],
)
def test_a_value_is_written_as_people_write_it(value: Any, type_: Type, written: str) -> None:
    assert literal(value, type_) == written


NUMBERS = st.decimals(min_value=-(10**11), max_value=10**11, places=4)


@given(NUMBERS)
def test_an_amount_reads_back_exactly(value: Decimal) -> None:
    assert read_back(literal(value, money("EUR")), "money(EUR)") == value
    assert read_back(literal(value, money("CHF")), "money(CHF)") == value


@given(NUMBERS)
def test_a_number_and_a_ratio_read_back_exactly(value: Decimal) -> None:
    assert read_back(literal(value, NUMBER), "number") == value
    assert read_back(literal(value, RATIO), "ratio") == value


@given(st.floats(min_value=0.1, max_value=1e15))
def test_a_float_reads_back_as_the_same_float(value: float) -> None:
    assert float(read_back(literal(value, NUMBER), "number")) == value


@given(st.text())
def test_any_text_reads_back(value: str) -> None:
    assert read_back(literal(value, TEXT), "text") == value


@given(st.text())
def test_any_text_makes_a_title(value: str) -> None:
    text = f"segmentation fit for accounts {{ segment a {title_text(value)} otherwise }}\n"
    tree, mistakes = parse(SourceText("spec.seg", text))
    assert mistakes == ()
    assert len(tree.declarations) == 1


def test_what_can_not_be_shown_is_a_space_in_a_title() -> None:
    assert title_text('\x1b[1mIs "x"\n\u202e  now') == '"[1mIs \\"x\\" now"'


@given(st.integers(-(10**6), 10**6))
def test_a_duration_in_minutes_reads_back(minutes: int) -> None:
    found = read_back(literal(timedelta(minutes=minutes), DURATION), "duration")
    assert found.total_seconds == minutes * 60


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (float("nan"), NUMBER),
        (float("inf"), RATIO),
        (Decimal("1.23456789012345678901"), NUMBER),
        (timedelta(seconds=1), DURATION),
        (timedelta(microseconds=5), DURATION),
        (Duration(months=1, seconds=5), DURATION),
        ("five", COUNT),
        (5, TEXT),
        (("a",), list_of(CATEGORY)),
    ],
)
def test_what_the_language_can_not_write_is_refused(value: Any, type_: Type) -> None:
    with pytest.raises(ValueError, match=r"written|is no|digits"):
        literal(value, type_)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("employees", "employees"),
        ("Annual Revenue", "`Annual Revenue`"),
        ("when", "`when`"),
        ("quality.grade", "quality.grade"),
        ("parent.Annual Revenue", "parent.`Annual Revenue`"),
        ("Rev. 2026", "`Rev. 2026`"),
        ("größe", "größe"),
        ("2026", "`2026`"),
    ],
)
def test_a_name_is_quoted_where_an_expression_needs_it(text: str, written: str) -> None:
    assert name(text) == written
    tree, mistakes = parse(SourceText("x", f"score s for t {{ base {written} }}"))
    assert mistakes == ()
    assert isinstance(tree.declarations[0], ScoreDecl)


@pytest.mark.parametrize("text", ["", "a`b", "a\nb"])
def test_a_name_that_no_spec_can_write_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="name"):
        name(text)
