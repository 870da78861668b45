"""Mends that the text around a mistake suggests, where the mistake alone would not."""

import re

from segdsl.language.keywords import WORDS
from segdsl.types import CURRENCIES, SYMBOLS

_NAME = r"(?:[^\W\d]\w*|`[^`\n]+`)"
_COUNT_DISTINCT = re.compile(r"(?<![\w.`])count\s*\(\s*distinct\s+\Z", re.IGNORECASE)
_DOTTED = re.compile(rf"{_NAME}(?:\.{_NAME})*")
_GRADE = re.compile(rf"(?:(?<![\w.`])grade\s+|,\s*)({_NAME})\s+\Z")
_REQUIRE = re.compile(rf"(?<![\w.`])require\s+[\w.`]+\s+of\s+(?:each\s+segment\s+in\s+)?({_NAME})\s*\Z")
# A term with its name behind it, as other languages have it: `sum(orders.amount) as total`.
_TERM_AS = re.compile(rf"([^\n]{{1,200}}?)\s+as\s+({_NAME})[ \t,]*(?:\n|\Z)", re.IGNORECASE)
_COLUMN_BEFORE = re.compile(r"(?s).*(?:(?<![\w.`])columns\s|,)\s*([^,\n{}]+?)\s*\Z")
_UNIT = r"years?|months?|weeks?|days?|hours?|minutes?"
_VALUE = rf"(?:{_DOTTED.pattern}|[$€£¥₹₽₺₩₴]?\d[\d_]*(?:\.\d+)?[kMB]?(?:\s?%|\s+(?:{_UNIT}|[A-Z]{{3}})(?!\w))?)"
_COMPARED = re.compile(rf"(?:(?<![\w.`])not\s+)?(?<![\w.`$€£¥])({_VALUE})\s*(<=?|>=?|==)\s*({_VALUE})\s*\Z")
_HALF_COMPARED = re.compile(rf"({_VALUE})\s*(?:<=?|>=?|[!=]=)\s*{_VALUE}\s+(and|or)\s+\Z")
_VALUE_AFTER = re.compile(rf"\s*({_VALUE})")
_WITHIN = re.compile(rf"(?<![\w.`])within\s+(\d[\d_]*\s+(?:{_UNIT}))\s*\Z")
_WITHIN_LAST = re.compile(r"(?<![\w.`])within\s+(last|past)\s+\Z")
_DURATION = re.compile(rf"\d[\d_]*\s+(?:{_UNIT})(?!\w)")
_ITEM_AFTER = re.compile(rf"\s*(?:\}}|(?:unknown|keep|drop|plus|minus|segment|require)(?!\w)|{_NAME}\s*(?::|=(?!=)))")
_MEASURE = re.compile(r"(?<![\w.`])require\s+([\w.`]+)\s*\Z")
_EVALUATED = re.compile(rf"(?:\s|#[^\n]*\n)*evaluate\s+({_NAME})")
_AMOUNT = re.compile(r"(?<![\w.,])(\d[\d_]*(?:\.\d+)?[kMB]?)\s*\Z")
_CURRENCY = re.compile(r"(?<![\w.`])([A-Z]{3})\s*\Z")
# Words of the language that are currencies in capitals, such as `ALL` and `TOP`.
_CAPITALS = {word.upper() for word in WORDS}
_AMOUNT_AFTER = re.compile(r"\d[\d_]*(?:\.\d+)?[kMB]?(?![\w.,])")
_CURRENCY_WORDS = {"euro": "EUR", "eur": "EUR", "dollar": "USD", "usd": "USD", "pound": "GBP", "gbp": "GBP"}
_CALL = re.compile(rf"(?<![\w.`])({_NAME})\s*\(([^()\n]*)\)\s*\Z")
# Only a condition of two sides that ends its line or block is surely all of it.
_CONDITION_AFTER = re.compile(rf'\s*({_VALUE}\s*(?:[<>=!]=|[<>])\s*(?:{_VALUE}|"[^"\n]*"))[ \t]*(?:\n|\}}|\Z)')
_BEGINS = re.compile(r"(?:[={(]|(?<![\w.`])(?:when|where|and|or|then|expect))\s*\Z")
_TAKE = re.compile(r"(?<![\w.`])take\s+(\d[\d_]*)\s*\Z")
_BETWEEN = re.compile(rf"(?<![\w.`])between\s*\(\s*({_VALUE})\s*\Z")
_SECOND = re.compile(rf",\s*({_VALUE})\s*\)")
_BRANCH = re.compile(rf"({_VALUE})\s+when\s+({_VALUE}|\"[^\"\n]*\")\s+then(?!\w)")
_NAME_AFTER = re.compile(rf"\s*({_NAME})")


def count_distinct(text: str, place: int) -> tuple[int, str] | None:
    """Where `count(distinct ...)` begins, whose argument stands at `place`, and the mend; None where there is none."""
    # What may stand before is short, so only the end is looked at: a search through all of it would be slow.
    start = max(0, place - 80)
    found, argument = _COUNT_DISTINCT.search(text[start:place]), _DOTTED.match(text, place)
    if found is None or argument is None:
        return None
    return start + found.start(), f"it is a function of its own: `distinct({argument.group()})`"


def near_mend(found: str, text: str, place: int, expected: frozenset[str]) -> str | None:
    """The mend for a word or sign at `place` that doesn't fit there; None where the text says nothing more."""
    before = text[max(0, place - 250) : place]
    for mend in (_of_places, _of_terms, _of_amounts):
        said = mend(found.lower(), text, place, before, expected)
        if said is not None:
            return said
    operator = {"PLUS", "STAR"} <= expected
    if found.endswith("%"):
        grade = _GRADE.search(before)
        word = "top" if "TOP" in expected else "next" if "NEXT" in expected else None
        return None if grade is None or word is None else f"write `{grade.group(1)} {word} {found}`"
    if found == "," and not operator and _REQUIRE.search(before):
        return "write one `require` for each segmentation"
    if "NAME_EQ" in expected and not operator:
        named = _TERM_AS.match(text, place)
        return None if named is None else f"the name stands first: `{named.group(2)} = {named.group(1).strip()}`"
    if found.lower() == "as" and operator:
        term, name = _COLUMN_BEFORE.search(before), _NAME_AFTER.match(text, place + len(found))
        if term is not None and name is not None and term.group(1).count("(") == term.group(1).count(")"):
            return f"the name stands first: `{name.group(1)} = {term.group(1)}`"
    return None


def _of_places(found: str, text: str, place: int, before: str, expected: frozenset[str]) -> str | None:
    """What belongs to one kind of declaration: its words, and the marks between its entries."""
    rest = text[place + len(found) : place + len(found) + 250]
    if found == "," and "RBRACE" in expected and _ITEM_AFTER.match(rest):
        return "leave it out: nothing stands between entries"
    if "OTHERWISE" in expected:
        return {"else": "write `otherwise`", "if": "write `when`", "where": "write `when`"}.get(found)
    if found == "where" and "KEEP" in expected:
        return 'a rule has its reason: `keep "reason" when ...`'
    if re.search(r"(?<![\w.`])(?:keep|drop)\s+\Z", before) and "STRING" in expected and found == "when":
        return 'the reason stands first: `keep "reason" when ...`'
    if found in ("higher", "lower") and "EXPECT" in expected:
        return f"write `expect {found} ...`"
    if found == "primary" and "RBRACE" in expected and re.match(r"\s+key(?!\w)", rest):
        return "leave it out: `key` says it all"
    if found == "not" and "RBRACE" in expected and re.match(r"\s+null(?!\w)", rest, re.IGNORECASE):
        return "leave out `not null`: only a type with `?` may be missing"
    measure = _MEASURE.search(before)
    if measure is not None and "OF" in expected and found in ("<", "<=", "==", "=", ">=", ">", "between"):
        named = _EVALUATED.match(text)
        return f"say of what it is: `{measure.group(1)} of {'...' if named is None else named.group(1)}`"
    if found == "=" and {"LESSTHAN", "MORETHAN"} <= expected and not {"AND", "PLUS"} & expected:
        return "a comparison is written `==`"
    if found == "by" and "PER" in expected and _TAKE.search(before):
        return "write `per`"
    if found in ("%", "percent") and _TAKE.search(before):
        return "`take` has a number of rows: `take 20`"
    if found == "*" and re.search(r"(?<![\w.`])columns\s+\Z", before):
        return "name each column: no sign stands for all of them"
    if found in ("top", "first") and "NUMBER" in expected and re.search(r"(?<![\w.`])take\s+\Z", before):
        return "leave it out: the first rows of the order are taken"
    return None


def _of_terms(found: str, text: str, place: int, before: str, expected: frozenset[str]) -> str | None:
    """What belongs to terms: comparisons, conditions of aggregates, branches."""
    rest = text[place + len(found) : place + len(found) + 250]
    within, last = _WITHIN.search(before), _WITHIN_LAST.search(before)
    if "BEFORE" in expected and within is not None:
        return f"say before which day: `within {within.group(1)} before as_of`"
    if "BEFORE" in expected and last is not None and (duration := _DURATION.match(text, place)) is not None:
        return f"leave out `{last.group(1)}` and say before which day: `within {duration.group()} before as_of`"
    if found in ("<", "<=", ">", ">=", "==") and "AND" in expected:
        compared, right = _COMPARED.search(before), _VALUE_AFTER.match(rest)
        if compared is not None and right is not None and not compared.group().startswith("not"):
            left, sign, middle = compared.groups()
            return f"a comparison has two sides: `{left} {sign} {middle} and {middle} {found} {right.group(1)}`"
    if found in ("<", "<=", ">", ">=", "==", "!=") and "NUMBER" in expected:
        half, right = _HALF_COMPARED.search(before), _VALUE_AFTER.match(rest)
        # What stands before the name might belong to it, as in `a + b > 5 and < 10`.
        if half is not None and right is not None and _BEGINS.search(before, 0, half.start()):
            return f"each comparison has two sides: `{half.group(2)} {half.group(1)} {found} {right.group(1)}`"
    call = _CALL.search(before)
    if call is not None and found == "where" and "WHERE" not in expected:
        condition = _CONDITION_AFTER.match(rest)
        shown = "..." if condition is None else condition.group(1)
        return f"it stands inside the function: `{call.group(1)}({call.group(2)} where {shown})`"
    if call is not None and found == "filter" and re.match(r"\s*\(\s*where(?!\w)", rest):
        return f"it stands inside the function: `{call.group(1)}({call.group(2)} where ...)`"
    if call is not None and found == "over" and re.match(r"\s*\(", rest):
        return "`over` stands inside the function: `rank(x over customers per industry)`"
    table = _NAME_AFTER.match(rest)
    if call is not None and found == "from" and table is not None and re.fullmatch(_NAME, call.group(2).strip()):
        return f"the table stands inside the function: `{call.group(1)}({table.group(1)}.{call.group(2).strip()})`"
    first, second = _BETWEEN.search(before), _SECOND.match(text, place)
    if first is not None and second is not None:
        return f"write `between {first.group(1)} and {second.group(1)}`"
    if expected == {"WHEN"} and re.search(r"(?<![\w.`])case\s+\Z", before):
        branch = _BRANCH.match(text, place)
        whole = "..." if branch is None else f"{branch.group(1)} == {branch.group(2)}"
        return f"each branch has a condition of its own: `case when {whole} then ...`"
    if found in ("true", "false") and re.search(r"(?<![\w.`])is\s+\Z", before):
        return (
            "leave out `is true`" if found == "true" else "write `not` before the condition, and leave out `is false`"
        )
    if found in ("plus", "minus") and {"NAME_EQ", "PLUS"} & expected and "PLUS_WORD" not in expected:
        return "write `+`" if found == "plus" else "write `-`"
    if found == "=" and before.endswith("=="):
        return "write `==`"
    return None


def _of_amounts(found: str, text: str, place: int, before: str, _: frozenset[str]) -> str | None:
    """What belongs to amounts: a currency behind or before its number."""
    code = SYMBOLS.get(found) or _CURRENCY_WORDS.get(found.removesuffix("s"))
    number = _AMOUNT.search(before)
    if code is not None and number is not None:
        return f"write `{_amount(number.group(1), code)}`"
    currency, amount = _CURRENCY.search(before), _AMOUNT_AFTER.match(text, place)
    if amount is not None and currency is not None and currency.group(1) in CURRENCIES - _CAPITALS:
        return f"write `{_amount(amount.group(), currency.group(1))}`"
    return None


def _amount(number: str, code: str) -> str:
    sign = next((sign for sign, known in SYMBOLS.items() if known == code), None)
    return f"{number} {code}" if sign is None else f"{sign}{number}"
