"""Countries in any customary spelling, so that two tables that spell them differently can be compared."""

from collections.abc import Mapping
from functools import cache

import pycountry

from segdsl_vendor.tables import read_table

_SHORTEST_WORD = 4


def read_country(text: str | None) -> str | None:
    """The ISO 3166 alpha-2 code of a country; a spelling that isn't known stands for itself, folded; None for none."""
    if text is None:
        return None
    folded = " ".join(text.casefold().replace(".", "").split())
    return _codes().get(folded, folded) or None


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for country in pycountry.countries:
        names = (getattr(country, field, None) for field in ("name", "official_name", "common_name"))
        for spelling in (country.alpha_2, country.alpha_3, *names):
            if spelling:
                codes[spelling.casefold().replace(".", "")] = country.alpha_2
    codes.update((row["spelling"].casefold(), row["code"]) for row in read_table("countries"))
    return codes


@cache
def country_words(code: str) -> frozenset[str]:
    """The words that name a country in the names of its firms: `usa` and `america` in the United States."""
    spellings = [spelling for spelling, meant in _codes().items() if meant == code]
    words = {word for spelling in spellings for word in spelling.split() if word.isalpha() and word.isascii()}
    short = {row["spelling"] for row in read_table("countries") if row["code"] == code and row["word"] == "yes"}
    return frozenset({w for w in words if len(w) >= _SHORTEST_WORD and w not in _PLAIN_WORDS} | short)


# Words of countries' long names that mean something else in a firm's name.
_PLAIN_WORDS = frozenset(
    "and arab central city coast commonwealth democratic federal federation grand great independent island islamic"
    " islands kingdom new north northern principality republic saint south southern state states union united".split()
)
