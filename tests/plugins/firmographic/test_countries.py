"""Countries by all their names and codes."""

import gettext

import pycountry
import pytest

from segdsl_firmographic.countries import LANGUAGES, countries, find_country, translated_names
from segdsl_firmographic.country_table import CODES, EEA, EU, PLACES

VARIANTS = {
    "US": "USA; U.S.; U.S.A.; us; United States; the United States of America; America; США; AQSH; Vereinigte Staaten",
    "GB": "UK; U.K.; Great Britain; England; Scotland; Wales; Northern Ireland; Großbritannien; Buyuk Britaniya",
    "NL": "Holland; The Netherlands; Nederland; Niederlande; Pays-Bas",
    "RU": "Russia; Russian Federation; Россия; РФ; Russland; Rossiya",
    "KR": "South Korea; Korea; Korea, Republic of; Republic of Korea; Korea (South); 대한민국; 韓国; Корея",
    "KP": "North Korea; DPRK; Korea, Democratic People's Republic of",
    "CZ": "Czech Republic; Czechia; Tschechien; Чехия; Česko",
    "CI": "Ivory Coast; Côte d'Ivoire; Cote d'Ivoire; COTE D’IVOIRE",
    "TR": "Turkey; Türkiye; Turkiye; Türkei; Турция",
    "VN": "Viet Nam; Vietnam; Việt Nam",
    "UZ": "O'zbekiston; O‘zbekiston; Oʻzbekiston; Ўзбекистон; Узбекистан; Uzbekistan; uzb",
    "DE": "Deutschland; Germany; Allemagne; Германия; ドイツ; 德国",
    "ES": "España; Espana; Spain; Spanien; Испания",
    "CN": "中国; China; PRC; P.R. China; People's Republic of China; Китай",
    "TW": "Taiwan; Taiwan, Province of China; 台灣",
    "CD": "DR Congo; Democratic Republic of the Congo; Congo, The Democratic Republic of the; DRC",
    "CG": "Congo; Republic of the Congo",
    "MK": "North Macedonia; Macedonia; FYROM",
    "BO": "Bolivia; Bolivia, Plurinational State of",
    "LC": "St. Lucia; St Lucia; Saint Lucia",
    "GE": "Georgia; Грузия; Gruziya",
    "HK": "Hong Kong; Hongkong; Hong Kong SAR",
    "JP": "日本; Japan; Япония; Yaponiya",
    "AE": "UAE; U.A.E.; United Arab Emirates; ОАЭ",
    "GR": "Greece; EL; Ελλάδα; Hellas",
    "IR": "Iran; Iran, Islamic Republic of",
    "MD": "Moldova; Republic of Moldova; Moldova, Republic of",
    "SZ": "Swaziland; Eswatini",
    "MM": "Burma; Myanmar",
}


@pytest.mark.parametrize("country", list(pycountry.countries), ids=lambda country: country.alpha_2)
def test_every_code_and_name_of_iso_3166_is_known(country: object) -> None:
    code = country.alpha_2  # type: ignore[attr-defined]
    for field in ("alpha_2", "alpha_3", "numeric", "name", "official_name", "common_name"):
        text = getattr(country, field, None)
        for spelling in (text, text.upper(), text.lower()) if text else ():
            assert find_country(spelling) == (code, False), spelling


@pytest.mark.parametrize(
    ("code", "spelling"), [(code, one) for code, listed in VARIANTS.items() for one in listed.split("; ") if one]
)
def test_usual_variants_are_known(code: str, spelling: str) -> None:
    assert find_country(spelling) == (code, False)


def test_a_code_that_a_spreadsheet_robbed_of_its_zeros_is_known() -> None:
    assert find_country("4").code == "AF"
    assert find_country("36").code == "AU"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germnay", "DE"),
        ("Garmany", "DE"),
        ("United Sates", "US"),
        ("Frnace", "FR"),
        ("Uzbekisten", "UZ"),
        ("Brazill", "BR"),
    ],
)
def test_one_slip_in_a_long_name_is_forgiven_and_told(text: str, code: str) -> None:
    assert find_country(text) == (code, True)


@pytest.mark.parametrize(
    "text",
    [
        "Austrlia",
        "Nigera",
        "Chnia",
        "Germoney",
        "Narnia",
        "ZZ",
        "999",
        "",
        " ",
        "?",
        "New York",
        "x" * 10_000_000,
        "\0",
    ],
)
def test_what_may_be_two_countries_or_none_is_unknown(text: str) -> None:
    assert find_country(text) == (None, False)


def test_translated_names_agree_with_the_country_they_translate() -> None:
    """A name of one language may not hide that of another country in a second one."""
    known = translated_names()
    assert len(known) > 3000
    for language in ("ru", "uz", "de", "es", "zh_CN"):
        assert language in LANGUAGES
        catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language])
        for country in pycountry.countries:
            name = catalogue.gettext(country.name)
            assert find_country(name).code == country.alpha_2, (language, name)


def test_every_country_has_one_place_by_m49_and_a_name() -> None:
    assert set(CODES) == {country.alpha_2 for country in pycountry.countries}
    assert [code for code, place in PLACES.items() if place.region is None] == ["AQ"]
    assert all(countries().names[code] and len(countries().codes3[code]) == 3 for code in CODES)


@pytest.mark.parametrize(
    ("code", "region", "sub_region"),
    [
        ("UZ", "Asia", "Central Asia"),
        ("US", "Americas", "Northern America"),
        ("MX", "Americas", "Latin America and the Caribbean"),
        ("CY", "Asia", "Western Asia"),
        ("GB", "Europe", "Northern Europe"),
        ("RU", "Europe", "Eastern Europe"),
        ("SD", "Africa", "Northern Africa"),
        ("IR", "Asia", "Southern Asia"),
        ("FJ", "Oceania", "Melanesia"),
    ],
)
def test_regions_are_those_of_un_m49(code: str, region: str, sub_region: str) -> None:
    assert PLACES[code] == (region, sub_region)


def test_the_union_has_27_members_and_the_economic_area_30() -> None:
    assert len(EU) == 27
    assert len(EEA) == 30
    assert not EU & {"GB", "CH", "NO", "TR"}
    assert {"IS", "LI", "NO"} == EEA - EU
