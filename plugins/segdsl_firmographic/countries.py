"""Knows a country by any of its names and codes."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import pycountry

from segdsl_firmographic.spelling import LONGEST_NAME, Spellings, fold_name, guess, index_spellings, near
from segdsl_firmographic.tables import read_table

# Languages whose names of countries are known, besides English. ISO names are translated by the project iso-codes.
LANGUAGES = tuple(
    "ar az be bg cs da de el es et fi fr he hr hu hy it ja ka kk ko ky lt lv nb_NO nl pl pt pt_BR ro ru sk sl sr "
    "sv tg th tk tr uk uz vi zh_CN zh_TW".split()
)


class Named(NamedTuple):
    """A country's code, and whether it was guessed from a misspelt name; `code` is None for an unknown text."""

    code: str | None
    guessed: bool


class Countries(NamedTuple):
    """Countries by name and code.

    `codes` are by English names, codes and the package's own spellings, folded; `english` are the English names alone,
    in which slips are forgiven. `names` (as they are shown) and `codes3` (ISO 3166-1 alpha-3) are by alpha-2 code.
    """

    codes: Mapping[str, str]
    english: Spellings
    names: Mapping[str, str]
    codes3: Mapping[str, str]


def find_country(text: str) -> Named:
    """The ISO 3166-1 alpha-2 code of a country written as a code or a name.

    Codes are alpha-2, alpha-3 and numeric. A name may be English or of any language in `LANGUAGES`. One slip in an
    English name of six letters or more is forgiven where only one country can be meant. Of names of several
    countries, `Korea` is South Korea, `Congo` the Republic of the Congo (its ISO name), `Georgia` the country.
    """
    if len(text) > LONGEST_NAME:
        return Named(None, False)
    key = fold_name(text)
    if key.isascii() and key.isdigit():
        key = key.zfill(3)
    code = _look_up(key)
    if code is None and text.rstrip().endswith(")"):
        code = _look_up(fold_name(text.partition("(")[0]))
    if code is not None or not key:
        return Named(code, False)
    code = guess(key, countries().english)
    return Named(code, code is not None)


def _look_up(key: str) -> str | None:
    return countries().codes.get(key) or (translated_names().get(key) if key else None)


@cache
def countries() -> Countries:
    """The table of countries, read once."""
    own = {code: (shown, written.split("; ")) for code, shown, written in read_table("country_names.tsv")}
    codes: dict[str, str] = {}
    english: dict[str, str] = {}
    names: dict[str, str] = {}
    for country in pycountry.countries:
        code = country.alpha_2
        shown, written = own.get(code, ("", []))
        names[code] = shown or country.name
        for name in (names[code], *_iso_names(country)):
            english.setdefault(fold_name(name), code)
        for name in (code, country.alpha_3, country.numeric, *written):
            codes.setdefault(fold_name(name), code)
    codes3 = {country.alpha_2: country.alpha_3 for country in pycountry.countries}
    codes.pop("", None)
    return Countries({**codes, **english}, index_spellings(english), names, codes3)


@cache
def translated_names() -> Mapping[str, str]:
    """Codes by the names of countries in `LANGUAGES`, folded; read when a name is not English.

    Left out is a name of one language alone that may be a slip in the English name of another country: `Nigera`,
    Latvian for Niger, or Nigeria.
    """
    known = countries()
    codes: dict[str, str] = {}
    languages: dict[str, set[str]] = {}
    for language in LANGUAGES:
        catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True)
        for country in pycountry.countries:
            for name in _iso_names(country):
                key = fold_name(catalogue.gettext(name))
                if (len(key) > 3 or not key.isascii()) and key not in known.codes:
                    codes.setdefault(key, country.alpha_2)
                    languages.setdefault(key, set()).add(language)
    return {key: code for key, code in codes.items() if len(languages[key]) > 1 or near(key, known.english) <= {code}}


def _iso_names(country: object) -> tuple[str, ...]:
    found = (getattr(country, name, None) for name in ("name", "common_name", "official_name"))
    return tuple(name for name in found if name)
