"""Bands of a size or an age: the customary ones and the user's own, as names with their bounds."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from segdsl.plugin import Kind, Options, Type, category

SIZE_CLASSES = ("micro", "small", "medium", "large")


class Bands(NamedTuple):
    """Names of bands from the least up, and the bounds between them, one fewer.

    A value that equals a bound lies in the band above it, or with `closed_above` in the band below.
    """

    names: tuple[str, ...]
    bounds: tuple[Decimal, ...]
    closed_above: bool = False


def _bands(names: tuple[str, ...], *bounds: int, closed_above: bool = False) -> Bands:
    return Bands(names, tuple(Decimal(bound) for bound in bounds), closed_above)


# Commission Recommendation 2003/361/EC, annex, article 2: fewer than 10, 50 and 250 persons employed.
EU_EMPLOYEES = _bands(SIZE_CLASSES, 10, 50, 250)
# The same article: an annual turnover that doesn't exceed EUR 2, 10 and 50 million.
EU_TURNOVER = _bands(SIZE_CLASSES, 2_000_000, 10_000_000, 50_000_000, closed_above=True)
# The same article: an annual balance sheet total that doesn't exceed EUR 2, 10 and 43 million.
EU_BALANCE_SHEET = _bands(SIZE_CLASSES, 2_000_000, 10_000_000, 43_000_000, closed_above=True)
# The sizes that LinkedIn and most company databases list.
CUSTOMARY_EMPLOYEES = _bands(
    ("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"),
    *(11, 51, 201, 501, 1001, 5001, 10_001),
)
# Criscuolo, Gal and Menon, "The Dynamics of Employment Growth", OECD STI Policy Papers 14 (2014).
AGES = _bands(("start-up", "young", "mature", "old"), 3, 6, 11)


def employee_bands(options: Options) -> Bands | str:
    """The user's bands of employees, or the EU's; a text says what is wrong with the user's."""
    return _own("employee_bands", options) or EU_EMPLOYEES


def age_bands(options: Options) -> Bands | str:
    """The user's bands of age in years, or the OECD's; a text says what is wrong with the user's."""
    return _own("age_bands", options) or AGES


def revenue_bands(options: Options) -> Bands | str:
    """The user's bands of revenue, or the EU's; a text says what is wrong with the user's."""
    return _own("revenue_bands", options) or EU_TURNOVER


def employee_band_type(types: Sequence[Type], options: Options) -> Type | str:
    return _type_of(employee_bands(options))


def age_band_type(types: Sequence[Type], options: Options) -> Type | str:
    return _type_of(age_bands(options))


def revenue_band_type(types: Sequence[Type], options: Options) -> Type | str:
    """The type of a band of revenue: the EU's bands are of euros, any other unit needs bands of its own."""
    revenue = types[0]
    if "revenue_bands" not in options and not revenue.is_unknown and revenue.currency != "EUR":
        return f"the EU's bands of revenue are in euros and this is {revenue}: give the bands by `revenue_bands`"
    return _type_of(revenue_bands(options))


def sme_class_type(types: Sequence[Type], options: Options) -> Type | str:
    """The type of the EU's class of a business, which is defined by amounts in euros."""
    other = next((t for t in types[1:] if not t.is_unknown and (t.kind is not Kind.MONEY or t.currency != "EUR")), None)
    if other is not None:
        return f"the EU defines small and medium-sized businesses by amounts in euros, and this is {other}"
    return category(*SIZE_CLASSES).or_missing()


def _type_of(bands: Bands | str) -> Type | str:
    return bands if isinstance(bands, str) else category(*bands.names).or_missing()


def _own(option: str, options: Options) -> Bands | str | None:
    """The user's bands, by the option of the bounds and the one of the names; None where there are none."""
    given, names = options.get(option), options.get(option[:-1] + "_names")
    if given is None:
        return None if names is None else f"`{option[:-1]}_names` names bands that `{option}` doesn't give"
    bounds = tuple(Decimal(str(bound)) for bound in _listed(given))
    if list(bounds) != sorted(set(bounds)):
        return f"the bounds of `{option}` must rise, and `{', '.join(map(str, bounds))}` don't"
    named = _default_names(bounds) if names is None else tuple(str(name) for name in _listed(names))
    if len(named) != len(bounds) + 1:
        return f"{len(bounds)} bounds make {len(bounds) + 1} bands, and `{option[:-1]}_names` has {len(named)} names"
    if len(set(named)) < len(named):
        return f"`{option[:-1]}_names` has a name twice"
    return Bands(named, bounds)


def _listed(value: object) -> tuple[object, ...]:
    """The values of an option that may be one value or several."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _default_names(bounds: tuple[Decimal, ...]) -> tuple[str, ...]:
    """`under 10`, `10 to under 50`, `50 or more`."""
    shown = [_shown(bound) for bound in bounds]
    between = [f"{low} to under {high}" for low, high in pairwise(shown)]
    return (f"under {shown[0]}", *between, f"{shown[-1]} or more")


def _shown(bound: Decimal) -> str:
    """An amount as people write it in a label: `250`, `2M`, `1.5M`."""
    for size, sign in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")):
        if bound >= size and bound % (size // 10) == 0:
            return f"{(bound / size).normalize():f}{sign}"
    return f"{bound.normalize():f}"
