"""Literals: value, type, and what isn't one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.language import syntax as s
from segdsl.language.parser import parse
from segdsl.language.terms import Constant
from segdsl.types import (
    BOOL,
    CURRENCIES,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    Duration,
    Type,
    Value,
    currency_mend,
    money,
)

DAY = 86_400


def read(literal: str) -> tuple[Constant, tuple[Diagnostic, ...]]:
    tree, found = parse(SourceText("spec.seg", f"set x = ({literal})"))
    declaration = tree.declarations[0]
    assert isinstance(declaration, s.SetDecl)
    return declaration.values[0], found


@pytest.mark.parametrize(
    ("literal", "value", "kind"),
    [
        ("0", 0, INT),
        ("1_000", 1000, INT),
        ("10k", 10_000, INT),
        ("2.5M", 2_500_000, INT),
        ("1B", 1_000_000_000, INT),
        ("0.5", Decimal("0.5"), NUMBER),
        ("0.50", Decimal("0.5"), NUMBER),
        ("2.0", 2, INT),
        ("1.2345k", Decimal("1234.5"), NUMBER),
        ("-5", -5, INT),
        ("-0.5k", -500, INT),
        ("99999999999999999999", 99999999999999999999, INT),
        ("20%", Decimal("0.2"), RATIO),
        ("20 %", Decimal("0.2"), RATIO),
        ("0.5%", Decimal("0.005"), RATIO),
        ("-5%", Decimal("-0.05"), RATIO),
        ("150%", Decimal("1.5"), RATIO),
        ("$250", Decimal(250), money("USD")),
        ("$ 250", Decimal(250), money("USD")),
        ("$1.5k", Decimal(1500), money("USD")),
        ("-$5", Decimal(-5), money("USD")),
        ("€1_000.25", Decimal("1000.25"), money("EUR")),
        ("£1", Decimal(1), money("GBP")),
        ("¥500", Decimal(500), money("JPY")),
        ("₹2M", Decimal(2_000_000), money("INR")),
        ("₽1", Decimal(1), money("RUB")),
        ("₺1", Decimal(1), money("TRY")),
        ("₩1", Decimal(1), money("KRW")),
        ("₴1", Decimal(1), money("UAH")),
        ("250 GBP", Decimal(250), money("GBP")),
        ("2.5k CHF", Decimal(2500), money("CHF")),
        ("-250 SEK", Decimal(-250), money("SEK")),
        ("90 days", Duration(seconds=90 * DAY), DURATION),
        ("1 day", Duration(seconds=DAY), DURATION),
        ("2 weeks", Duration(seconds=14 * DAY), DURATION),
        ("36 hours", Duration(seconds=36 * 3600), DURATION),
        ("5 minutes", Duration(seconds=300), DURATION),
        ("0.5 hours", Duration(seconds=1800), DURATION),
        ("12 months", Duration(months=12), DURATION),
        ("1 year", Duration(months=12), DURATION),
        ("1.5 years", Duration(months=18), DURATION),
        ("-3 months", Duration(months=-3), DURATION),
        ("2026-01-31", date(2026, 1, 31), DATE),
        ("2024-02-29", date(2024, 2, 29), DATE),
        ("2026-01-31T09:00:00Z", datetime(2026, 1, 31, 9, tzinfo=UTC), TIMESTAMP),
        ("2026-01-31T09:00", datetime(2026, 1, 31, 9, tzinfo=UTC), TIMESTAMP),
        ("2026-01-31T09:00:00+02:00", datetime(2026, 1, 31, 7, tzinfo=UTC), TIMESTAMP),
        ("2026-01-31T09:00:00.5Z", datetime(2026, 1, 31, 9, 0, 0, 500_000, tzinfo=UTC), TIMESTAMP),
        ("true", True, BOOL),
        ("false", False, BOOL),
        ('""', "", TEXT),
        ('"a b"', "a b", TEXT),
        (r'"say \"yes\""', 'say "yes"', TEXT),
        (r'"C:\\temp"', r"C:\temp", TEXT),
        (r'"two\nlines"', "two\nlines", TEXT),
        (r'"caf\u{e9}"', "café", TEXT),
        (r'"\u{1F600}"', "😀", TEXT),
        ('"# no comment"', "# no comment", TEXT),
        (r'r"\d+\.\w"', r"\d+\.\w", TEXT),
        (r'r"ends with \"', "ends with \\", TEXT),
    ],
)
def test_a_literal_has_its_value_and_type(literal: str, value: Value, kind: Type) -> None:
    constant, found = read(literal)
    assert found == ()
    assert (constant.value, constant.type) == (value, kind)
    assert type(constant.value) is type(value)


@pytest.mark.parametrize(
    ("literal", "code", "word"),
    [
        ("2026-02-30", "SEG105", "2026-02-30"),
        ("2025-02-29", "SEG105", "2025-02-29"),
        ("2026-13-01", "SEG105", "2026-13-01"),
        ("0000-01-01", "SEG105", "0000-01-01"),
        ("2026-01-31T25:00", "SEG105", "25:00"),
        ("0001-01-01T00:00+14:00", "SEG105", "0001-01-01"),
        ("250 XYZ", "SEG106", "XYZ"),
        ("250 XAU", "SEG106", "XAU"),
        ("0.1 months", "SEG105", "whole number of months"),
        ("0.0001 minutes", "SEG105", "whole number of seconds"),
        ("9999999999999 years", "SEG105", "calendar"),
        ("100000000000000000000", "SEG105", "20 digits"),
        ("007", "SEG105", "begins with 0"),
        ("1,000", "SEG105", "begins with 0"),
        (r'"\d"', "SEG105", r"\d"),
        (r'"\u{110000}"', "SEG105", "no character"),
        (r'"\u{d800}"', "SEG105", "no character"),
        ("-true", "SEG105", "no negative"),
        ('-"a"', "SEG105", "no negative"),
        ("-2026-01-31", "SEG105", "no negative"),
    ],
)
def test_what_only_looks_like_a_literal_is_one_mistake(literal: str, code: str, word: str) -> None:
    _, found = read(literal)
    assert [d.code for d in found] == [code]
    assert word in found[0].message
    assert found[0].help


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_every_currency_can_be_written_by_its_code(code: str) -> None:
    assert read(f"1 {code}")[0].type == money(code)


@pytest.mark.parametrize("written", ["12 US", "12 EURO"])
def test_letters_behind_a_number_that_are_no_code_are_refused(written: str) -> None:
    _, found = parse(SourceText("spec.seg", f"set x = ({written})"))
    assert [d.code for d in found] == ["SEG102"]


@pytest.mark.parametrize(
    ("code", "mend"),
    [
        ("US", "did you mean `USD`?"),
        ("EURO", "did you mean `EUR`?"),
        ("usd", "did you mean `USD`?"),
        ("ABC", "write the ISO 4217 code of the currency, such as USD, EUR or GBP"),
        ("U", "write the ISO 4217 code of the currency, such as USD, EUR or GBP"),
    ],
)
def test_a_code_that_was_cut_or_lengthened_is_suggested(code: str, mend: str) -> None:
    assert currency_mend(code) == mend


def test_the_text_of_a_literal_is_kept_with_single_spaces() -> None:
    assert read("12   months")[0].text == "12 months"
    assert read("1_000")[0].text == "1_000"
    assert read("-$5")[0].text == "-$5"


def test_a_literal_without_a_value_does_not_hide_the_next() -> None:
    _, found = parse(SourceText("spec.seg", "set x = (2026-02-30, 250 XYZ)"))
    assert [d.code for d in found] == ["SEG105", "SEG106"]
