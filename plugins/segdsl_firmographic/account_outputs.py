"""Who a company is and where: legal form, country, state, postal code, web domain, registration, as declarations."""

from segdsl.plugin import BOOL, CATEGORY, TEXT, Input, Kind, Output, category
from segdsl_firmographic.country_table import CODES, REGIONS, SUB_REGIONS

_TEXTS = frozenset({Kind.TEXT, Kind.CATEGORY})
_NUMBERS = _TEXTS | {Kind.COUNT, Kind.INT}

FAMILIES = ("sole proprietor", "partnership", "limited", "public", "cooperative", "non-profit", "government")
CENSUS_REGIONS = ("Northeast", "Midwest", "South", "West")
CENSUS_DIVISIONS = (
    "New England",
    "Middle Atlantic",
    "East North Central",
    "West North Central",
    "South Atlantic",
    "East South Central",
    "West South Central",
    "Mountain",
    "Pacific",
)

_COUNTRY = Input("country", _TEXTS, "a country by name or code, in any usual spelling")
_OPTIONAL_COUNTRY = Input("country", _TEXTS, _COUNTRY.doc, required=False)
_NAME = (Input("name", _TEXTS, "the company's name as it is written"), _OPTIONAL_COUNTRY)
_STATE = (
    Input("state", _TEXTS, "a state or province by name or code, or an address that ends with one"),
    _OPTIONAL_COUNTRY,
)
_POSTAL = (Input("postal code", _NUMBERS, "a postal code"), _COUNTRY)
_ADDRESS = (
    Input("address", _TEXTS, "a web or e-mail address; of several columns the first that has a domain", repeats=True),
)
_NUMBER = (Input("number", _NUMBERS, "a registration number: VAT, LEI or a company number"), _OPTIONAL_COUNTRY)

OUTPUTS: tuple[Output, ...] = (
    Output("clean_name", "The name without its legal form and quotation marks.", _NAME, TEXT.or_missing()),
    Output(
        "legal_form",
        "The family of the legal form that the name states. Missing where it states none that is known.",
        _NAME,
        category(*FAMILIES).or_missing(),
    ),
    Output(
        "legal_form_name",
        "The usual abbreviation of the legal form that the name states: `GmbH`, `Inc.`, `ООО`.",
        _NAME,
        CATEGORY.or_missing(),
    ),
    Output("country", "The country's code of two letters (ISO 3166-1).", (_COUNTRY,), category(*CODES).or_missing()),
    Output("country_code3", "The country's code of three letters (ISO 3166-1).", (_COUNTRY,), CATEGORY.or_missing()),
    Output("country_name", "The country's usual English name.", (_COUNTRY,), CATEGORY.or_missing()),
    Output("region", "The country's region by UN M49.", (_COUNTRY,), category(*REGIONS).or_missing()),
    Output("sub_region", "The country's sub-region by UN M49.", (_COUNTRY,), category(*SUB_REGIONS).or_missing()),
    Output("eu_member", "Whether the country is a member of the European Union.", (_COUNTRY,), BOOL.or_missing()),
    Output(
        "eea_member",
        "Whether the country is in the European Economic Area: the European Union, Iceland, Liechtenstein and Norway.",
        (_COUNTRY,),
        BOOL.or_missing(),
    ),
    Output(
        "state",
        "The postal code of a US state or Canadian province: `MN`, `ON`. Missing for other countries.",
        _STATE,
        CATEGORY.or_missing(),
    ),
    Output(
        "census_region",
        "The region of the US Census Bureau that a state lies in. Missing outside the 50 states and D.C.",
        _STATE,
        category(*CENSUS_REGIONS).or_missing(),
    ),
    Output(
        "census_division",
        "The division of the US Census Bureau that a state lies in. Missing outside the 50 states and D.C.",
        _STATE,
        category(*CENSUS_DIVISIONS).or_missing(),
    ),
    Output(
        "postal_code",
        "The postal code as its country writes it. Missing where it doesn't have the country's form.",
        _POSTAL,
        TEXT.or_missing(),
    ),
    Output(
        "postal_code_valid",
        "Whether the postal code has its country's form. Missing where the country or its form is not known.",
        _POSTAL,
        BOOL.or_missing(),
    ),
    Output(
        "domain",
        "The web domain that the company registered, in lower case. Missing for an e-mail address at a free provider.",
        _ADDRESS,
        TEXT.or_missing(),
    ),
    Output(
        "is_free_mail",
        "Whether an e-mail address is at a provider of free or throw-away mail. Missing where it has no host.",
        (Input("email", _TEXTS, "an e-mail address"),),
        BOOL.or_missing(),
    ),
    Output(
        "registration_number",
        "The registration number without spaces and punctuation, a VAT number with its country letters.",
        _NUMBER,
        TEXT.or_missing(),
    ),
    Output(
        "registration_kind",
        "What kind of number it is: `VAT`, `LEI`, `EIN`, `INN`. Missing where it fits none.",
        _NUMBER,
        CATEGORY.or_missing(),
    ),
    Output(
        "registration_valid",
        "Whether the number's form and check digits are right. Missing where no rule for it is known.",
        _NUMBER,
        BOOL.or_missing(),
    ),
)
