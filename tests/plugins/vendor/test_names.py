"""Names as they are compared."""

import pytest

from segdsl_vendor.blocking import Placed
from segdsl_vendor.names import read_name
from segdsl_vendor.naming import likeness
from segdsl_vendor.places import read_country


def alike(one: str, other: str, country: str | None = "US", other_country: str | None = None) -> float:
    first, second = read_name(one, country), read_name(other, other_country or country)
    assert first is not None and second is not None
    return likeness(Placed(first, country), Placed(second, other_country or country))


@pytest.mark.parametrize(
    ("text", "country", "words", "forms"),
    [
        ("ООО «Ромашка»", "RU", "romashka", {"limited"}),
        ("Romashka LLC", "RU", "romashka", {"limited"}),
        ("Халқ банки", "UZ", "halq bank", set()),
        ("Xalq banki ATB", "UZ", "halq bank", {"public"}),
        ("Müller & Söhne GmbH & Co. KG", "DE", "muller sohne", {"limited partnership"}),
        ("J.P. Morgan", "US", "jp morgan", set()),
        ("Ørsted A/S", "DK", "orsted", {"public"}),
        ("Żabka Polska Sp. z o. o.", "PL", "zabka", {"limited"}),
        ("Salesforce.com, Inc.", "US", "salesforce", {"corporation"}),
        ("Studio 054", "US", "studio 54", set()),
        ("Smith Bros. Mfg", "US", "smith brothers manufacturing", set()),
        ("Ltd", "GB", "ltd", set()),
    ],
)
def test_words_and_forms_of_a_name(text: str, country: str, words: str, forms: set[str]) -> None:
    name = read_name(text, country)
    assert name is not None
    assert " ".join(word.plain for word in name.words) == words
    assert name.forms == forms


@pytest.mark.parametrize("text", [None, "", "  ", "\0", "&", "...", "--", "x" * 10_000])
def test_what_is_no_name(text: str | None) -> None:
    assert read_name(text, None) is None


@pytest.mark.parametrize("text", ["株式会社トヨタ", "شركة الأمل", "\u202eabc\u202c", "🦊", "a\0b", "e\u0301" * 100])
def test_any_text_is_read(text: str) -> None:
    name = read_name(text, "JP")
    assert name is None or name.words


def test_other_countries_are_never_the_same_firm() -> None:
    assert alike("Acme GmbH", "Acme GmbH", "DE", "AT") == 0


def test_an_unknown_country_lowers_the_confidence_but_allows_a_match() -> None:
    first, second = read_name("Acme Ltd", "GB"), read_name("Acme Ltd", None)
    assert first is not None and second is not None
    unknown = likeness(Placed(first, "GB"), Placed(second, None))
    assert 0.85 < unknown < alike("Acme Ltd", "Acme Ltd", "GB")


def test_numbers_are_never_slips() -> None:
    assert alike("Studio 1954", "Studio 1955") == 0


def test_initials_alone_are_a_near_miss() -> None:
    assert 0.5 < alike("Advanced Micro Devices", "AMD") < 0.85


def test_a_conflict_of_legal_forms_is_no_match() -> None:
    assert alike("Acme GmbH", "Acme AG", "DE") < 0.5 < 0.9 < alike("Acme GmbH", "Acme", "DE")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),
        ("deutschland", "DE"),
        ("DEU", "DE"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("Россия", "RU"),
        ("", None),
    ],
)
def test_countries_in_customary_spellings(text: str, code: str | None) -> None:
    assert read_country(text) == code


def test_a_country_that_is_not_known_stands_for_itself() -> None:
    assert read_country("Elbonia") == read_country(" ELBONIA ") == "elbonia"
