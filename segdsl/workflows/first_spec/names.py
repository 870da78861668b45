"""Names: of columns and sources in a spec, and what the words in a header hint at."""

import re
import unicodedata
from collections.abc import Container

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z]{2})|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_LETTER = re.compile(r"[\W_]+")

ID_WORDS = frozenset({"id", "key", "code", "uuid", "guid", "slug", "symbol", "sku", "number", "no", "nr", "identifier"})
TEXT_CODES = frozenset(
    {"zip", "postal", "postcode", "phone", "fax", "mobile", "tel", "telephone", "iban", "vat", "ssn"}
)
MONEY_WORDS = frozenset(
    """
    revenue amount price mrr arr acv tcv cost sales profit spend budget value balance turnover charges charge fee income
    salary payment paid invoice total gmv ltv clv margin
    """.split()
)
COUNT_WORDS = frozenset({"count", "quantity", "qty", "number", "employees", "seats", "users", "days", "units"})
TIME_WORDS = frozenset({"hours", "days", "weeks", "months", "years", "minutes", "rate", "count"})
FREE_TEXT = frozenset(
    {"comment", "comments", "note", "notes", "description", "subject", "message", "text", "remark", "title"}
)
YEAR_WORDS = frozenset({"year", "founded", "established", "yr"})
FLAG_WORDS = frozenset({"is", "has", "was", "flag", "active", "deleted", "test", "senior"})
CHANGED_WORDS = ("modified", "updated", "changed", "edited", "synced", "exported")
PERSON_WORDS = frozenset(
    """
    email mail phone mobile telephone tel fax address street birthday birthdate birth dob ssn passport surname iban
    """.split()
)
PERSON_NAMES = ("first name", "last name", "full name", "contact name", "person name", "given name", "family name")
PEOPLE = frozenset({"contact", "person", "people", "lead", "employee", "user", "member"})


def words(header: str) -> tuple[str, ...]:
    """The words of a header in lower case: `Account ID`, `accountId` and `account_id` are alike."""
    spaced = _CAMEL.sub(" ", header.strip())
    return tuple(word for word in _NO_LETTER.sub(" ", spaced).casefold().split() if word)


def identifier(header: str, taken: Container[str], fallback: str) -> str:
    """A plain name for a header that no other column has: `account_id` for `Account ID`."""
    name = "_".join(words(unicodedata.normalize("NFC", header)))
    name = "".join(char for char in name if char.isidentifier() or char.isdigit() or char == "_")
    if not name or not name[0].isidentifier():
        name = f"{fallback}_{name}".rstrip("_")
    name = unicodedata.normalize("NFC", name)
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def singular(name: str) -> str:
    """`accounts` -> `account`, `companies` -> `company`."""
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith("sses"):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def is_personal(header: str, table: str, beside: Container[str]) -> bool:
    """Whether a header names personal data. A bare name is personal in a table of people."""
    parts = words(header)
    joined = " ".join(parts)
    if set(parts) & PERSON_WORDS or any(named in joined for named in PERSON_NAMES):
        return True
    of_people = {singular(word) for word in words(table)} & PEOPLE or "email" in beside
    return joined == "name" and bool(of_people)
