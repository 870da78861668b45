"""What to say of a text that doesn't parse: what was found, what was expected, and one mend."""

import re
from difflib import get_close_matches

from segdsl.diagnostics import Diagnostic, Label, SourceText, Span
from segdsl.language.automaton import UnexpectedText
from segdsl.language.foreign_literals import date_mend, is_date, number_mend
from segdsl.language.keywords import DECLARATIONS, IN_TERMS, RESERVED, WORDS, quote_word
from segdsl.language.near_mends import count_distinct, near_mend
from segdsl.language.quoted import quoted_mend
from segdsl.language.recovery import Part, find_dangling
from segdsl.types.column_type import repr_text

_FOUND = re.compile(
    r"""(?P<number>[$€£¥₹₽₺₩₴]?\d(?:[\w.,]*\w)?%?)|(?P<word>[^\W\d]\w*)|(?P<name>`[^`\n]*`)|(?P<string>"(?:[^"\\\n]|\\.)*")
    |(?P<open_string>"[^\n]*)|(?P<open_name>`[^\n]*)|(?P<sign><>|&&|\|\||:=|!=|==|<=|>=|=>|=<|->|\?\?|\.\.|//|--|/\*|.)""",
    re.VERBOSE | re.DOTALL,
)

# A word in capitals at the end of what was read, such as the AND in `x > 5 AND y`, which reads like a currency.
_CAPITALS = re.compile(r"(?<!\w)([A-Z]{2,})\s*\Z")
_WORD_BEFORE = re.compile(r"(?<![\w.`])(\w+)\s+\Z")
_NO_VALUES = frozenset({"when", "then", "else", "end", "by", "over", "per", "where", "via"})
# What is read as several numbers where one number or date was meant.
_BROKEN = re.compile(
    r"""(?<![\w`])(?<!\d[.,])(?:\d{1,4}([/-])\d{1,2}\1\d{1,4}(?![\w.])
    |(?:[$€£¥₹₽₺₩₴]\s?)?\d[\d_]*(?:,\d+(?:[.,]\d+)*|(?:\.\d+){2,}(?:,\d+)?|\.\d+,\d+)(?:[kMB]?\s?%|[kMB](?!\w))?)""",
    re.VERBOSE,
)
_PLAIN_NUMBER = re.compile(r"[$€£¥₹₽₺₩₴]?\d[\d_]*(?:\.\d+)?[kMB]?%?\Z")

_IS_NULL = re.compile(r"is\s+(not\s+)?null(?!\w)", re.IGNORECASE)

# Words and signs of other languages, and the mend.
_HABITS = {
    "=": "a comparison is written `==`",
    "<>": "write `!=`",
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    ";": "leave it out: nothing ends a line",
    "//": "a comment begins with `#`",
    "/*": "a comment begins with `#`",
    "--": "a comment begins with `#`",
    ":=": "write `name = ...`",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "->": "leave it out",
    "[": "a list of constants stands in round brackets: `in (...)`",
    "%": "there is no remainder; a ratio is written with its number: `20%`",
    "\N{EN DASH}": "write `-`",
    "\N{EM DASH}": "write `-`",
    "\N{MINUS SIGN}": "write `-`",
    "\N{MULTIPLICATION SIGN}": "write `*`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "**": "write the product out",
    "^": "write the product out",
    "null": "a missing value is tested by `is missing` or `is known`",
    "none": "a missing value is tested by `is missing` or `is known`",
    "nan": "a missing value is tested by `is missing` or `is known`",
    "like": "write `contains`, `starts with` or `ends with`",
    "ilike": 'write `lower(x) contains "..."`',
    "elif": "a case has `when` for each further branch",
    "elseif": "a case has `when` for each further branch",
    "if": "write `case when ... then ... else ... end`, or `when` behind the amount",
    "exists": "write `is known`",
    "isnull": "write `is missing`",
    "notnull": "write `is known`",
    "select": "name the columns behind `columns` in an audience",
    "group": "write `per` inside the function: `mean(x over table per industry)`",
    "limit": "write `take`",
    "descending": "write `desc`",
    "ascending": "leave it out, or write `asc`",
    "having": "write `where` or `keep ... when`",
}

SMALL_LETTERS = "words of the language are in small letters"
CLOSE_BLOCK = "close the block before it with `}`"

_FRIENDLY = {
    "NAME": "a name",
    "NAME_COLON": "`name:`",
    "NAME_EQ": "`name =`",
    "STRING": "a text in double quotes",
    "RAW_STRING": "a text in double quotes",
    "NUMBER": "a number",
    "PERCENT": "a ratio such as `20%`",
    "MONEY": "an amount such as `$250`",
    "DURATION": "a duration such as `90 days`",
    "DATE": "a date such as `2026-01-31`",
    "TIMESTAMP": "a date such as `2026-01-31`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "STAR": "`*`",
    "SLASH": "`/`",
    "COALESCE": "`??`",
    "PLUS_WORD": "`plus`",
    "MINUS_WORD": "`minus`",
    "KNOWN_FROM": "`known from`",
    "KNOWN_AFTER": "`known after`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "DOT": "`.`",
    "DOTS": "`..`",
    "EQUAL": "`=`",
    "QUESTION": "`?`",
    "$END": "the end of the file",
}

_OPERATORS = frozenset(
    """
    AND OR PLUS MINUS STAR SLASH OF COALESCE BETWEEN IN IS CONTAINS STARTS ENDS MATCHES HAS WITHIN NOT DOT LPAR
    LESSTHAN MORETHAN EQUAL
    """.split()
)
_OPERANDS = frozenset(
    "NAME NUMBER PERCENT MONEY DURATION DATE TIMESTAMP STRING RAW_STRING TRUE FALSE LPAR CASE MINUS NOT".split()
)


def explain(text: SourceText, part: Part, unexpected: UnexpectedText) -> Diagnostic:
    """The diagnostic for what stands where something else was expected in a declaration's text."""
    place, expected = unexpected.place, unexpected.expected
    if not part.text[place:].strip() or _only_comments(part.text[place:]):
        return _unfinished(text, part, expected)
    spoiler = _spoiler(text, part, place, expected)
    if spoiler is not None:
        return spoiler
    match = _FOUND.match(part.text, place)
    assert match is not None
    found, kind = match.group(), match.lastgroup
    span = Span(text.file, part.start + place, part.start + match.end())
    label = (Label(span),)
    if kind == "open_string":
        return Diagnostic("SEG104", "A text begins here and doesn't end on its line", label, help='close it with `"`')
    if kind == "open_name":
        return Diagnostic("SEG104", "A name in backquotes doesn't end on its line", label, help="close it with `` ` ``")
    near = near_mend(found, part.text, place, expected)
    habit = None if near is not None else _habit(found, part.text, place, expected)
    if habit is not None:
        return Diagnostic("SEG103", f"Found `{found}`", label, help=habit)
    if kind == "number" and not _PLAIN_NUMBER.match(found) and not ("LPAR" in expected and "NUMBER" not in expected):
        return Diagnostic("SEG105", f"`{found}` is no number of the language", label, help=number_mend(found))
    if found in RESERVED and "NAME" in expected:
        mend = f"to use it as a name, write it in backquotes: `` `{found}` ``"
        return Diagnostic(
            "SEG108", f"`{found}` is a word of the language", label, expected=_wanted(expected), help=mend
        )
    return Diagnostic(
        "SEG102",
        f"Found {_shown(found, kind)}",
        label,
        expected=_wanted(expected),
        help=near or _mend(found, kind, expected),
    )


def _spoiler(text: SourceText, part: Part, place: int, expected: frozenset[str]) -> Diagnostic | None:
    """The mistake before `place` that only shows there.

    It is an unfinished term, a word in capitals, half a sign, a word where a value is needed, or a comma in a number.
    """
    before, after = part.text[:place], part.text[place:]
    dangling = find_dangling(part.text, place)
    if dangling is not None:
        label = (Label(Span(text.file, part.start + dangling[0], part.start + dangling[1])),)
        sign = part.text[dangling[0] : dangling[1]]
        return Diagnostic(
            "SEG102", f"Nothing stands behind `{sign}`", label, help=f"write a value, or leave out `{sign}`"
        )
    counted = count_distinct(part.text, place)
    if counted is not None:
        label = (Label(Span(text.file, part.start + counted[0], part.start + place)),)
        return Diagnostic("SEG103", f"Found `{before[counted[0] :].strip()}`", label, help=counted[1])
    amiss = _WORD_BEFORE.search(before)
    if amiss is not None and amiss.group(1) in _NO_VALUES and {"PLUS", "STAR"} <= expected:
        label = (Label(Span(text.file, part.start + amiss.start(1), part.start + amiss.end(1))),)
        mend = f"write a value before `{amiss.group(1)}`"
        return Diagnostic("SEG102", f"Found `{amiss.group(1)}`", label, "a value, a name or `(`", mend)
    capitals = _CAPITALS.search(before)
    if capitals is not None and capitals.group(1).lower() in IN_TERMS:
        word = capitals.group(1)
        label = (Label(Span(text.file, part.start + capitals.start(1), part.start + capitals.end(1))),)
        mend = f"{SMALL_LETTERS}: `{word.lower()}`"
        return Diagnostic("SEG103", f"Found `{word}`", label, help=mend)
    for pair in ("<>", "//", "/*"):
        if before.endswith(pair[0]) and after.startswith(pair[1]):
            label = (Label(Span(text.file, part.start + place - 1, part.start + place + 1)),)
            return Diagnostic("SEG103", f"Found `{pair}`", label, help=_HABITS[pair])
    return _broken_number(text, part, place)


def _broken_number(text: SourceText, part: Part, place: int) -> Diagnostic | None:
    """A number or a date that was read as several numbers, the last of which or a mark between them didn't fit."""
    # Numbers are short, so only what stands near is looked at: a search through all of it would be slow.
    for number in _BROKEN.finditer(part.text, max(0, place - 40), place + 40):
        if number.start() < place < number.end():
            written = number.group()
            label = (Label(Span(text.file, part.start + number.start(), part.start + number.end())),)
            if is_date(written):
                return Diagnostic("SEG105", f"`{written}` is no date of the language", label, help=date_mend(written))
            return Diagnostic("SEG105", f"`{written}` is no number of the language", label, help=number_mend(written))
    return None


def _only_comments(rest: str) -> bool:
    return all(not line.strip() or line.strip().startswith("#") for line in rest.splitlines())


def _unfinished(text: SourceText, part: Part, expected: frozenset[str]) -> Diagnostic:
    lead = len(part.text) - len(part.text.lstrip())
    header = part.text[lead:].split("\n", 1)[0].rstrip()
    span = Span(text.file, part.start + lead, part.start + lead + max(1, len(header)))
    mend = "close it with `}`" if "RBRACE" in expected else f"add {_wanted(expected)}"
    word = header.split(None, 1)[0] if header else "text"
    return Diagnostic("SEG104", f"This `{word}` isn't finished", (Label(span),), expected=_wanted(expected), help=mend)


def _habit(found: str, text: str, place: int, expected: frozenset[str]) -> str | None:
    quoted = quoted_mend(text, place, expected)
    if quoted is not None:
        return quoted
    low = found.lower()
    rest = text[place + len(found) :].lstrip()
    before = text[:place].rstrip()
    null = _IS_NULL.match(text, place)
    if null is not None:
        return "write `is known`" if null.group(1) else "write `is missing`"
    if low != found and low in RESERVED | {"asc", "desc"}:
        return f"{SMALL_LETTERS}: `{low}`"
    if low in ("not", "null") and re.search(r"\bis(\s+not)?\Z", before, re.IGNORECASE):
        known = low == "not" or before.lower().endswith("not")
        return "write `is known`" if known else "write `is missing`"
    if found == "*" and re.search(r"\bcount\s*\(\Z", before):
        return "name the table whose rows are counted: `count(orders)`"
    if low == "distinct" and before.endswith("("):
        return "it is a function of its own: `distinct(orders.product)`"
    if found == "/" and re.search(r"\bfrom\s+\w+\Z", before):
        return "a path stands in double quotes"
    if found == "||" and rest.startswith('"'):
        return "join texts with `concat(a, b)`"
    if low == "is" and low != found:
        return "write `is missing` or `is known`"
    if found == "[" and "LSQB" in expected:
        return None
    if found == "%" and "PERCENT" in expected:
        return None
    if found == "=" and not {"AND", "OR"} & expected and not rest.startswith("="):
        return None
    if low == "sort":
        return "write `order by`" if "ORDER" in expected else None
    if low in ("limit", "select") and "TAKE" in expected:
        return _HABITS[low]
    if low in ("none", "like", "group", "select", "if", "limit") and not {"AND", "OR"} & expected:
        return None
    return _HABITS.get(low)


def _shown(found: str, kind: str | None) -> str:
    if kind == "string":
        return f"the text {found if len(found) < 40 else found[:36] + '...' + found[-1]}"
    if not found.isprintable():
        return f"the character {repr_text(found)}"
    return f"`{found}`"


def _wanted(expected: frozenset[str]) -> str:
    """The terminals in words; the operators of a finished term and the beginnings of one are summed up."""
    words: list[str] = []
    rest = set(expected)
    if {"NUMBER", "MONEY", "NAME"} <= rest:
        words += ["a value", "a name", "`(`"]
        rest -= _OPERANDS
    elif {"NUMBER", "MONEY"} <= rest:
        words.append("a constant")
        rest -= _OPERANDS
    if {"PLUS", "STAR"} <= rest:
        words.append("an operator")
        rest -= _OPERATORS
    if {"LESSTHAN", "MORETHAN"} <= rest:
        words += [f"`{sign}`" for sign in ("<", "<=", "==", ">=", ">")]
        rest -= {"LESSTHAN", "MORETHAN"}
    shown = sorted({_friendly(name) for name in rest if _friendly(name)}, key=lambda w: (w == "`}`", w))
    # A long choice helps nobody: then only what ends or begins things is said.
    words.extend(shown if len(shown) <= 12 else [w for w in shown if not w.startswith("`") or w in ("`}`", "`{`")])
    if not words and shown:
        words = shown[:12]
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " or " + words[-1]


def _friendly(terminal: str) -> str:
    known = _FRIENDLY.get(terminal)
    if known is not None:
        return known
    if terminal.isupper() and terminal.isalpha() and terminal not in ("LESSTHAN", "MORETHAN"):
        return f"`{terminal.lower()}`"
    return {"LESSTHAN": "`<`", "MORETHAN": "`>`"}.get(terminal, "")


def _mend(found: str, kind: str | None, expected: frozenset[str]) -> str:
    words = sorted({_friendly(name)[1:-1] for name in expected if _friendly(name).startswith("`")})
    if "$END" in expected and found in WORDS and found not in DECLARATIONS:
        return "its block was closed too early: take the `}` before it out"
    if kind == "word":
        if found in WORDS and "RBRACE" in expected and "NAME_COLON" in expected:
            return CLOSE_BLOCK
        if {"NAME_COLON", "NAME_EQ"} & expected and not {"PLUS", "STAR"} <= expected:
            near = get_close_matches(found, [w for w in words if w.isalpha()], 1)
            if not near:
                return f"write `{found}: ...`" if "NAME_COLON" in expected else f"write `{found} = ...`"
        # A word of two letters is close to many that mean something else.
        near = get_close_matches(found.lower(), [w for w in words if w.isalpha()], 1) if len(found) > 2 else []
        if near:
            return f"did you mean `{near[0]}`?"
        if found in DECLARATIONS and "RBRACE" in expected:
            return CLOSE_BLOCK
    if found == "}" and {"NUMBER", "NAME"} <= expected:
        return "finish the term before the brace"
    if "$END" in expected and found == "}":
        return "take this brace out: nothing is open here"
    if kind == "number" and "PERCENT" in expected and "NUMBER" not in expected:
        return f"write `{found}%`"
    if "SOURCE" in expected and "SEGMENTATION" in expected:
        return "a spec is a list of declarations, such as `source`, `derive`, `population`, `score`, `segmentation`"
    if len(words) == 1:
        return f"write `{words[0]}` here"
    if kind == "sign" and {"NUMBER", "NAME"} <= expected:
        return f"take one of the signs out, or write a value before `{found}`"
    return _general_mend(found, expected)


def _general_mend(found: str, expected: frozenset[str]) -> str:
    """What to write where nothing better is known."""
    if expected <= {"STRING", "RAW_STRING"}:
        return "write a text in double quotes here"
    if expected <= {"NAME"} and found.startswith('"') and not {"`", "\\"} & set(found) and found != '""':
        named = quote_word(found[1:-1])
        return f"write `` {named} ``, in backquotes" if named.startswith("`") else f"write `{named}`, without quotes"
    if expected <= {"NAME"}:
        return "write a name here, without quotes"
    wanted = _wanted(expected)
    return f"write {wanted} here" if 0 < len(wanted) <= 60 else f"take `{found}` out, or finish what stands before it"
