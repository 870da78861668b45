"""Registration numbers: published ones are right, and with one digit changed they are not."""

import pytest
from stdnum.us import ein

from segdsl_firmographic.registrations import read_registration
from segdsl_firmographic.tables import read_table

# Numbers that the companies and authorities print themselves, and those of the registers' own documentation.
PUBLISHED = [
    ("DE 136 695 976", "DE", "DE136695976", "VAT"),
    ("136695976", "DE", "DE136695976", "VAT"),
    ("DE136695976", None, "DE136695976", "VAT"),
    ("GB 980 7806 84", "GB", "GB980780684", "VAT"),
    ("XI980780684", None, "XI980780684", "VAT"),
    ("FR 40 303 265 045", "FR", "FR40303265045", "VAT"),
    ("552 008 443", "FR", "552008443", "SIREN"),
    ("ATU13585627", None, "ATU13585627", "VAT"),
    ("FN 122119m", "AT", "122119m", "company register number"),
    ("FN 122119 M", "AT", "122119m", "company register number"),
    ("BE0403.019.261", "BE", "BE0403019261", "VAT"),
    ("EL094259216", "GR", "EL094259216", "VAT"),
    ("91-1144442", "US", "911144442", "EIN"),
    ("7707083893", "RU", "7707083893", "INN"),
    ("1027700132195", "RU", "1027700132195", "OGRN"),
    ("33.000.167/0001-01", "BR", "33000167000101", "CNPJ"),
    ("51 824 753 556", "AU", "51824753556", "ABN"),
    ("32855961", "UA", "32855961", "EDRPOU"),
    ("5493001KJTIIGC8Y1R12", None, "5493001KJTIIGC8Y1R12", "LEI"),
    ("5493 001k jtii gc8y 1r12", "US", "5493001KJTIIGC8Y1R12", "LEI"),
    ("DE136695976", "AT", "DE136695976", "VAT"),
]


@pytest.mark.parametrize(("text", "country", "number", "kind"), PUBLISHED)
def test_a_published_number_is_right(text: str, country: str | None, number: str, kind: str) -> None:
    assert read_registration(text, country) == (number, kind, True)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("DE136695977", "DE"),
        ("FR41303265045", "FR"),
        ("BE0403019262", "BE"),
        ("7707083894", "RU"),
        ("33.000.167/0001-02", "BR"),
        ("5493001KJTIIGC8Y1R13", None),
        ("00-1144442", "US"),
        ("hello", "DE"),
    ],
)
def test_a_number_with_a_wrong_digit_or_form_is_not_valid(text: str, country: str | None) -> None:
    read = read_registration(text, country)
    assert (read.kind, read.valid) == (None, False)


@pytest.mark.parametrize(("text", "country"), [("123456789", None), ("123456789", "UZ"), ("hello", None)])
def test_a_number_without_a_known_rule_is_kept_unjudged(text: str, country: str | None) -> None:
    assert read_registration(text, country) == (text.upper(), None, None)


@pytest.mark.parametrize("text", ["", " - ", "x" * 10_000_000])
def test_what_is_no_number_is_missing(text: str) -> None:
    assert read_registration(text, "DE") == (None, None, None)


def test_every_listed_check_is_there() -> None:
    for country in {row[0] for row in read_table("registrations.tsv")}:
        assert read_registration("?" + 40 * "9", country).valid is False, country


def test_employer_numbers_are_judged_as_the_library_does() -> None:
    for prefix in range(100):
        number = f"{prefix:02}1234567"
        assert read_registration(number, "US").valid is ein.is_valid(number), number
