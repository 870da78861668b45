"""What a business does, how large and old it is, how it grows, and whom it belongs to: outputs, as declarations."""

from collections.abc import Callable, Mapping, Sequence

from segdsl.plugin import CATEGORY, COUNT, INT, RATIO, TEXT, Input, Kind, Options, Output, Scope, Type, category
from segdsl_firmographic.bands import (
    CUSTOMARY_EMPLOYEES,
    age_band_type,
    employee_band_type,
    revenue_band_type,
    sme_class_type,
)
from segdsl_firmographic.sectors import SECTION_NAMES, SECTORS, SYSTEMS

_TEXTS = frozenset({Kind.TEXT, Kind.CATEGORY})
_WHOLE = frozenset({Kind.COUNT, Kind.INT})
_NUMBERS = _WHOLE | {Kind.NUMBER}
_AMOUNTS = _NUMBERS | {Kind.MONEY}
_DATES = frozenset({Kind.DATE, Kind.TIMESTAMP})

_CODE = (Input("industry code", _TEXTS | _WHOLE, "a code of the system that `industry_system` names"),)
_SIZE_TEXT = (Input("employees", _TEXTS, "a size in words, such as `51-200 employees` or `10k+`"),)
_EMPLOYEES = (Input("employees", _TEXTS | _NUMBERS, "a number, or a size in words such as `51-200`"),)
_FOUNDED = (Input("founded", _TEXTS | _WHOLE | _DATES, "a year, a date, or a text with a year such as `2013 (1888)`"),)
_PARENT = Input("parent", _TEXTS | _WHOLE, "the key of the owner's row, or the name of an owner that has no row")

_SIZE_WORDS = "A range may be written with a dash or words; `under`, `over` and `+` leave one end open."


def _of_system(result: Callable[[str], Type]) -> Callable[[Sequence[Type], Options], Type | str]:
    """The type of an output that rests on the system of the codes, which must be named."""

    def rule(types: Sequence[Type], options: Options) -> Type | str:
        system = options.get("industry_system")
        if not isinstance(system, str) or system not in SYSTEMS:
            return f"codes of industries need their system: write `industry_system:` and one of {', '.join(SYSTEMS)}"
        return result(system).or_missing()

    return rule


def _same_as(place: int) -> Callable[[Sequence[Type], Options], Type]:
    return lambda types, options: types[place].or_missing()


_INDUSTRIES = (
    Output(
        "industry_code",
        "The code in the form of its system, with lost zeros, dots and ranges mended: `0111`, `31-33`, `62.01`.",
        _CODE,
        _of_system(lambda system: TEXT),
    ),
    Output("industry_title", "The title of the code itself.", _CODE, _of_system(lambda system: TEXT)),
    Output(
        "industry_group",
        "The title of its group: NAICS four digits, SIC, ISIC and NACE three. Missing for a code of fewer digits.",
        _CODE,
        _of_system(lambda system: CATEGORY),
    ),
    Output(
        "industry_division",
        "The title of its NAICS subsector (three digits), SIC major group, or ISIC or NACE division (two digits). "
        "Missing for a code of fewer digits.",
        _CODE,
        _of_system(lambda system: CATEGORY),
    ),
    Output(
        "industry_sector",
        "The title of its NAICS sector, SIC division, or ISIC or NACE section.",
        _CODE,
        _of_system(lambda system: category(*dict.fromkeys(SECTORS[system].values()))),
    ),
    Output(
        "industry_section",
        "The section of ISIC Rev. 4 by which the systems compare, letter and title.",
        _CODE,
        _of_system(lambda system: category(*SECTION_NAMES.values())),
    ),
)

_SIZES = (
    Output("employees_low", f"The lower end of a size in words. {_SIZE_WORDS}", _SIZE_TEXT, COUNT.or_missing()),
    Output("employees_high", f"The upper end of a size in words. {_SIZE_WORDS}", _SIZE_TEXT, COUNT.or_missing()),
    Output(
        "employees_mid",
        "The middle of a size in words, rounded down; where one end is open, the other end.",
        _SIZE_TEXT,
        COUNT.or_missing(),
    ),
    Output(
        "size_band",
        "The band of the number of employees: the EU's micro, small, medium and large, or those of `employee_bands`. "
        "A size in words counts by its middle.",
        _EMPLOYEES,
        employee_band_type,
    ),
    Output(
        "employees_band",
        "The band of the number of employees that company databases list: 1-10, 11-50, ... 10001+.",
        _EMPLOYEES,
        category(*CUSTOMARY_EMPLOYEES.names).or_missing(),
    ),
    Output(
        "revenue_band",
        "The band of the yearly revenue: the EU's by turnover in euros, or those of `revenue_bands`.",
        (Input("revenue", frozenset({Kind.MONEY}), "the yearly revenue"),),
        revenue_band_type,
    ),
    Output(
        "sme_class",
        "The EU's class of a business, by employees and turnover (or, where given, balance sheet total) in euros.",
        (
            Input("employees", _NUMBERS),
            Input("revenue", frozenset({Kind.MONEY}), "the yearly turnover in euros"),
            Input("balance sheet total", frozenset({Kind.MONEY}), "in euros", required=False),
        ),
        sme_class_type,
    ),
)

_AGES = (
    Output("founded_year", "The year of the founding: the first year that a text names.", _FOUNDED, INT.or_missing()),
    Output("company_age", "Completed years since the founding.", _FOUNDED, COUNT.or_missing()),
    Output(
        "age_band",
        "The band of the age: the OECD's start-up (0-2 years), young (3-5), mature (6-10) and old, or `age_bands`.",
        _FOUNDED,
        age_band_type,
    ),
)

_TABLES = (
    Output(
        "growth",
        "The yearly compound growth of a figure in a table of its history, over `growth_over` up to the clock.",
        (Input("figure", _AMOUNTS), Input("as of", _DATES, "the day each figure is of")),
        RATIO.or_missing(),
        Scope.TABLE,
    ),
    Output(
        "hierarchy",
        "Whether the account has a parent (`subsidiary`), only subsidiaries (`parent`) or neither (`independent`).",
        (_PARENT,),
        category("independent", "parent", "subsidiary").or_missing(),
        Scope.TABLE,
    ),
    Output(
        "ultimate_parent",
        "The key of the top of the group; its own key for a top.",
        (_PARENT,),
        _same_as(0),
        Scope.TABLE,
    ),
    Output(
        "hierarchy_level",
        "How many owners are above the account; 0 for a top.",
        (_PARENT,),
        COUNT.or_missing(),
        Scope.TABLE,
    ),
    Output(
        "group_size", "How many accounts its group has, itself among them.", (_PARENT,), COUNT.or_missing(), Scope.TABLE
    ),
    Output(
        "group_total",
        "The sum of a column over the accounts of the group, of those whose value is known.",
        (_PARENT, Input("value", _AMOUNTS)),
        _same_as(1),
        Scope.TABLE,
    ),
)

OUTPUTS: tuple[Output, ...] = (*_INDUSTRIES, *_SIZES, *_AGES, *_TABLES)


def _bounds(description: str, **items: object) -> Mapping[str, object]:
    number = {"type": "number", "exclusiveMinimum": 0, **items}
    return {"description": description, "type": "array", "items": number, "minItems": 1}


def _names(bands: str) -> Mapping[str, object]:
    text = {"type": "string", "minLength": 1}
    return {
        "description": f"Names of the bands of `{bands}` from the least up, one more than there are bounds.",
        "type": "array",
        "items": text,
        "minItems": 2,
    }


OPTIONS: Mapping[str, object] = {
    "industry_system": {
        "description": "The classification that industry codes are of: NAICS 2022 (with codes of 2017 and 2012), "
        "SIC 1987, ISIC Rev. 4 or NACE Rev. 2.",
        "enum": list(SYSTEMS),
        "examples": ["naics"],
    },
    "employee_bands": _bounds("Where bands of employees begin, besides 0: `10, 50, 250`."),
    "employee_band_names": _names("employee_bands"),
    "revenue_bands": _bounds(
        "Where bands of revenue begin, besides 0, in the currency of the column: `$1M, $20M`.", format="money"
    ),
    "revenue_band_names": _names("revenue_bands"),
    "age_bands": _bounds("Where bands of age begin, in years, besides 0: `3, 6, 11`."),
    "age_band_names": _names("age_bands"),
    "growth_over": {
        "description": "How long a time growth is measured over; 1 year if left out.",
        "type": "string",
        "format": "duration",
    },
    "growth_tolerance": {
        "description": "How far from the start of that time the figure it grows from may be; half of it if left out.",
        "type": "string",
        "format": "duration",
    },
}
