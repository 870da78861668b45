"""Postal codes, against examples of the Universal Postal Union's addressing sheets."""

import pytest

from segdsl_firmographic.postal_codes import read_postal_code


@pytest.mark.parametrize(
    ("text", "country", "written"),
    [
        ("94105", "US", "94105"),
        ("94105 1234", "US", "94105-1234"),
        ("941051234", "US", "94105-1234"),
        ("k1a0b1", "CA", "K1A 0B1"),
        ("sw1a1aa", "GB", "SW1A 1AA"),
        ("M1 1AE", "GB", "M1 1AE"),
        ("cr2 6xh", "GB", "CR2 6XH"),
        ("D-10115", "DE", "10115"),
        ("1012ab", "NL", "1012 AB"),
        ("11455", "SE", "114 55"),
        ("SE-114 55", "SE", "114 55"),
        ("00950", "PL", "00-950"),
        ("01310100", "BR", "01310-100"),
        ("1000205", "JP", "100-0205"),
        ("1000001", "PT", "1000-001"),
        ("110 00", "CZ", "110 00"),
        ("L-1750", "LU", "1750"),
        ("LV1010", "LV", "1010"),
        ("AZ1000", "AZ", "AZ1000"),
        ("100011", "UZ", "100011"),
        ("D02 AF30", "IE", "D02 AF30"),
        ("d6wxk28", "IE", "D6W XK28"),
        ("110001", "IN", "110001"),
        ("2000", "AU", "2000"),
    ],
)
def test_a_valid_code_is_written_as_its_country_writes_it(text: str, country: str, written: str) -> None:
    assert read_postal_code(text, country) == (written, True, False)


@pytest.mark.parametrize(
    ("text", "country", "written"), [("2139", "US", "02139"), ("1067", "DE", "01067"), ("800", "AU", "0800")]
)
def test_a_lost_zero_is_restored_and_told(text: str, country: str, written: str) -> None:
    assert read_postal_code(text, country) == (written, True, True)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("941", "US"),
        ("SW1A 1AA", "US"),
        ("W1A 0B1", "CA"),
        ("K1D 0B1", "CA"),
        ("1234", "NL"),
        ("ABCDE", "DE"),
        ("0", "UZ"),
        ("x" * 10**7, "US"),
    ],
)
def test_a_code_of_another_form_is_not_valid(text: str, country: str) -> None:
    assert read_postal_code(text, country) == (None, False, False)


def test_without_a_known_format_nothing_is_said() -> None:
    assert read_postal_code(" ab  12 ", None) == ("AB 12", None, False)
    assert read_postal_code("12345", "AE") == ("12345", None, False)
    assert read_postal_code("", "US") == (None, None, False)
    assert read_postal_code(" ", None) == (None, None, False)
