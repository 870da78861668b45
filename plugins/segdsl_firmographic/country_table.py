"""Countries with their regions, light enough to be declared as closed lists: ISO 3166-1 codes by UN M49 region."""

from typing import NamedTuple

from segdsl_firmographic.tables import read_table

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)  # since 1 February 2020
EEA = EU | {"IS", "LI", "NO"}


class Place(NamedTuple):
    """Where a country lies by UN M49; None for Antarctica, which has no region."""

    region: str | None
    sub_region: str | None


def _read() -> dict[str, Place]:
    places = {}
    for region, sub_region, codes in read_table("regions.tsv"):
        place = Place(None, None) if region == "-" else Place(region, sub_region)
        places.update(dict.fromkeys(codes.split(), place))
    return dict(sorted(places.items()))


PLACES = _read()
CODES = tuple(PLACES)
REGIONS = tuple(sorted({place.region for place in PLACES.values() if place.region}))
SUB_REGIONS = tuple(sorted({place.sub_region for place in PLACES.values() if place.sub_region}))
