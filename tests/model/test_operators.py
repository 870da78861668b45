"""The type of every operator on every pair of kinds, written down from the language's rules.

In the tables a row is the left operand and a column the right one. `.` is an error of types (SEG302), `!` one of units
(SEG301), `?` behind a type says that the result may be missing.
"""

import pytest

from segdsl.types import BOOL, COUNT, DATE, DURATION, INT, NUMBER, RATIO, TIMESTAMP, Type, money
from tests.model.checking import KINDS, check, check_term, type_of

COLUMNS = "t c n i x r m e d s u b l".split()
WORDS = {
    "count": COUNT,
    "int": INT,
    "num": NUMBER,
    "ratio": RATIO,
    "usd": money("USD"),
    "eur": money("EUR"),
    "date": DATE,
    "time": TIMESTAMP,
    "dur": DURATION,
    "bool": BOOL,
}

PLUS = """
    t  c  n      i    x    r     m    e    d     s     u     b  l
t   .  .  .      .    .    .     .    .    .     .     .     .  .
c   .  .  .      .    .    .     .    .    .     .     .     .  .
n   .  .  count  int  num  num   !    !    !     !     !     .  .
i   .  .  int    int  num  num   !    !    !     !     !     .  .
x   .  .  num    num  num  num   !    !    !     !     !     .  .
r   .  .  num    num  num  ratio !    !    !     !     !     .  .
m   .  .  !      !    !    !     usd  !    .     .     !     .  .
e   .  .  !      !    !    !     !    eur  .     .     !     .  .
d   .  .  !      !    !    !     .    .    .     .     date  .  .
s   .  .  !      !    !    !     .    .    .     .     time  .  .
u   .  .  !      !    !    !     !    !    date  time  dur   .  .
b   .  .  .      .    .    .     .    .    .     .     .     .  .
l   .  .  .      .    .    .     .    .    .     .     .     .  .
"""

MINUS = """
    t  c  n    i    x    r     m    e    d    s    u     b  l
t   .  .  .    .    .    .     .    .    .    .    .     .  .
c   .  .  .    .    .    .     .    .    .    .    .     .  .
n   .  .  int  int  num  num   !    !    !    !    !     .  .
i   .  .  int  int  num  num   !    !    !    !    !     .  .
x   .  .  num  num  num  num   !    !    !    !    !     .  .
r   .  .  num  num  num  ratio !    !    !    !    !     .  .
m   .  .  !    !    !    !     usd  !    .    .    !     .  .
e   .  .  !    !    !    !     !    eur  .    .    !     .  .
d   .  .  !    !    !    !     .    .    dur  .    date  .  .
s   .  .  !    !    !    !     .    .    .    dur  time  .  .
u   .  .  !    !    !    !     !    !    .    .    dur   .  .
b   .  .  .    .    .    .     .    .    .    .    .     .  .
l   .  .  .    .    .    .     .    .    .    .    .     .  .
"""

TIMES = """
    t  c  n      i    x    r      m    e    d  s  u    b  l
t   .  .  .      .    .    .      .    .    .  .  .    .  .
c   .  .  .      .    .    .      .    .    .  .  .    .  .
n   .  .  count  int  num  num    usd  eur  .  .  dur  .  .
i   .  .  int    int  num  num    usd  eur  .  .  dur  .  .
x   .  .  num    num  num  num    usd  eur  .  .  dur  .  .
r   .  .  num    num  num  ratio  usd  eur  .  .  dur  .  .
m   .  .  usd    usd  usd  usd    !    !    .  .  !    .  .
e   .  .  eur    eur  eur  eur    !    !    .  .  !    .  .
d   .  .  .      .    .    .      .    .    .  .  .    .  .
s   .  .  .      .    .    .      .    .    .  .  .    .  .
u   .  .  dur    dur  dur  dur    !    !    .  .  !    .  .
b   .  .  .      .    .    .      .    .    .  .  .    .  .
l   .  .  .      .    .    .      .    .    .  .  .    .  .
"""

OVER = """
    t  c  n       i       x     r     m       e       d  s  u       b  l
t   .  .  .       .       .     .     .       .       .  .  .       .  .
c   .  .  .       .       .     .     .       .       .  .  .       .  .
n   .  .  ratio?  ratio?  num?  num?  !       !       .  .  !       .  .
i   .  .  ratio?  ratio?  num?  num?  !       !       .  .  !       .  .
x   .  .  num?    num?    num?  num?  !       !       .  .  !       .  .
r   .  .  num?    num?    num?  num?  !       !       .  .  !       .  .
m   .  .  usd?    usd?    usd?  usd?  ratio?  !       .  .  !       .  .
e   .  .  eur?    eur?    eur?  eur?  !       ratio?  .  .  !       .  .
d   .  .  .       .       .     .     .       .       .  .  .       .  .
s   .  .  .       .       .     .     .       .       .  .  .       .  .
u   .  .  dur?    dur?    dur?  dur?  !       !       .  .  ratio?  .  .
b   .  .  .       .       .     .     .       .       .  .  .       .  .
l   .  .  .       .       .     .     .       .       .  .  .       .  .
"""

EQUAL = """
    t     c     n     i     x     r     m     e     d     s     u     b     l
t   bool  bool  .     .     .     .     .     .     .     .     .     .     .
c   bool  bool  .     .     .     .     .     .     .     .     .     .     .
n   .     .     bool  bool  bool  bool  !     !     .     .     !     .     .
i   .     .     bool  bool  bool  bool  !     !     .     .     !     .     .
x   .     .     bool  bool  bool  bool  !     !     .     .     !     .     .
r   .     .     bool  bool  bool  bool  !     !     .     .     !     .     .
m   .     .     !     !     !     !     bool  !     .     .     !     .     .
e   .     .     !     !     !     !     !     bool  .     .     !     .     .
d   .     .     .     .     .     .     .     .     bool  .     .     .     .
s   .     .     .     .     .     .     .     .     .     bool  .     .     .
u   .     .     !     !     !     !     !     !     .     .     bool  .     .
b   .     .     .     .     .     .     .     .     .     .     .     bool  .
l   .     .     .     .     .     .     .     .     .     .     .     .     .
"""

# Conditions have no order; all else that is equal can also be put in order.
LESS = EQUAL.replace("b   .     .     .     .     .     .     .     .     .     .     .     bool", "b" + "   ." * 12)

# What may stand for one another: numbers of all kinds, texts of all kinds, else one type.
COALESCE = """
    t     c         n      i    x    r      m    e    d     s     u    b     l
n   .     .         count  int  num  num    !    !    .     .     !    .     .
r   .     .         num    num  num  ratio  !    !    .     .     !    .     .
m   .     .         !      !    !    !      usd  !    .     .     !    .     .
d   .     .         .      .    .    .      .    .    date  .     .    .     .
s   .     .         .      .    .    .      .    .    .     time  .    .     .
u   .     .         !      !    !    !      !    !    .     .     dur  .     .
b   .     .         .      .    .    .      .    .    .     .     .    bool  .
"""


def cells(table: str) -> list[tuple[str, str, str]]:
    head, *rows = (line.split() for line in table.strip().split("\n"))
    assert head == COLUMNS
    return [(row[0], column, cell) for row in rows for column, cell in zip(head, row[1:], strict=True)]


def expected(cell: str) -> Type | str:
    if cell in (".", "!"):
        return "SEG302" if cell == "." else "SEG301"
    return WORDS[cell.rstrip("?")].or_missing(cell.endswith("?"))


@pytest.mark.parametrize(
    ("sign", "table"),
    [("+", PLUS), ("-", MINUS), ("*", TIMES), ("/", OVER), ("==", EQUAL), ("<=", LESS), (">", LESS)],
    ids=["plus", "minus", "times", "over", "equal", "at most", "more"],
)
def test_an_operator_on_two_kinds(sign: str, table: str) -> None:
    wrong = {}
    for left, right, cell in cells(table):
        found = type_of(f"{left} {sign} {right}")
        if found != expected(cell):
            wrong[f"{left} {sign} {right}"] = (str(found), str(expected(cell)))
    assert wrong == {}


def test_a_default_on_two_kinds() -> None:
    wrong = {}
    for left, right, cell in cells(COALESCE):
        found = type_of(f"{left}_o ?? {right}")
        if found != expected(cell):
            wrong[f"{left} ?? {right}"] = (str(found), str(expected(cell)))
    assert wrong == {}


def test_tables_have_all_pairs() -> None:
    assert all(len(cells(table)) == len(COLUMNS) ** 2 for table in (PLUS, MINUS, TIMES, OVER, EQUAL, LESS))
    assert LESS != EQUAL


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("-n", "int"),
        ("-i", "int"),
        ("-x", "num"),
        ("-r", "ratio"),
        ("-m", "usd"),
        ("-u", "dur"),
        ("-t", "."),
        ("-d", "."),
        ("-b", "."),
        ("-l", "."),
        ("-n_o", "int?"),
        ("not b", "bool"),
        ("not n", "."),
        ("not t", "."),
        ("20% of m", "usd"),
        ("r of m", "usd"),
        ("20% of n", "num"),
        ("20% of u", "dur"),
        ("20% of d", "."),
        ("n of m", "."),
        ("0.2 of m", "."),
        ("m of m", "."),
        # a divisor that is a literal other than zero can't leave a value missing
        ("n / 2", "num"),
        ("m / 2", "usd"),
        ("u / 2", "dur"),
        ("m / $2", "ratio"),
        ("n_o / 2", "num?"),
        # zero and one need no unit against a ratio
        ("r > 0", "bool"),
        ("r >= 1", "bool"),
        ("1 - r", "ratio"),
        ("r - 1", "ratio"),
        ("r_o ?? 0", "ratio"),
        # but against money and durations they do
        ("n > 0", "bool"),
        ("d + 3 months", "date"),
        ("3 months + d", "date"),
        ("s - 90 days", "time"),
        ("as_of - d", "dur"),
        ("as_of - d < 90 days", "bool"),
        ("2 * 3 months", "dur"),
        ("3 months + 5 days", "dur"),
        ("n_o + n", "count?"),
        ("n + n_o", "count?"),
        ("m_o > $5", "bool?"),
        ("n + 1", "int"),
        ("n * 2", "count"),
        ("n * -2", "int"),
        ("(n + i) * x", "num"),
    ],
)
def test_signs_literals_and_missing_values(term: str, kind: str) -> None:
    assert type_of(term) == expected(kind)


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("r > 20", "SEG303"),
        ("r + 20", "SEG303"),
        ("r - 0.2", "SEG303"),
        ("r == 0.5", "SEG303"),
        ("r between 10 and 20", "SEG303"),
        ("r in (0.1, 0.2)", "SEG303"),
        ("r_o ?? 5", "SEG303"),
        ("m > 250", "SEG303"),
        ("m > 0", "SEG303"),
        ("m == 0.5", "SEG303"),
        ("u < 90", "SEG303"),
        ("m + 40", "SEG301"),
        ("m - n * 40", "SEG301"),
        ("d + 30", "SEG301"),
        ("m > €5", "SEG301"),
        ("m > 250 GBP", "SEG301"),
        ('d > "2026-01-01"', "SEG302"),
        ('n > "10"', "SEG302"),
        ("t == 5", "SEG302"),
        ("d > s", "SEG302"),
        ("d == 2026-01-31T00:00", "SEG302"),
        ("n / 0", "SEG307"),
        ("m / $0", "SEG307"),
        ("u / 0 days", "SEG307"),
    ],
)
def test_a_literal_without_its_unit(term: str, code: str) -> None:
    assert type_of(term) == code


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("n between 10 and 50", "bool"),
        ("n_o between 10 and 50", "bool?"),
        ("d between 2025-01-01 and as_of", "bool"),
        ("m between $1 and $5", "bool"),
        ("m between $1 and 5", "SEG303"),
        ("t between 1 and 5", "."),
        ("n in (1, 2, 3)", "bool"),
        ("c in tech", "bool"),
        ("c_o in tech", "bool?"),
        ('t in ("a", "b")', "bool"),
        ('n in ("a")', "."),
        ("n in tech", "."),
        ('l in ("a")', "."),
        ("d in (2026-01-01)", "bool"),
        ("t is missing", "bool"),
        ("t_o is missing", "bool"),
        ("t_o is known", "bool"),
        ('t contains "x"', "bool"),
        ('c starts with "x"', "bool"),
        ('k ends with "x"', "bool"),
        ('t_o matches r"^x"', "bool?"),
        ('n contains "x"', "."),
        ('l contains "x"', "."),
        ('l has any ("x", "y")', "bool"),
        ("l_o has all tech", "bool?"),
        ('c has any ("x")', "."),
        ("l has any (5)", "."),
        ("l == l", "."),
        ("d within 12 months before as_of", "bool"),
        ("d_o within 12 months before as_of", "bool?"),
        ("d within u before d", "bool"),
        ("s within 3 days before s", "bool"),
        ("s within 3 days before d", "bool"),
        ("d within 12 before as_of", "."),
        ("n within 12 months before as_of", "."),
        ("d within 12 months before n", "."),
        ("b and b", "bool"),
        ("b or b_o", "bool?"),
        ("b and n", "."),
        ('b and t == "x"', "bool"),
        ("case when b then 1 else 2 end", "int"),
        ("case when b then 1 end", "int?"),
        ("case when b then n else x end", "num"),
        ("case when b then m else $0 end", "usd"),
        ("case when b then m else 0 end", "SEG303"),
        ("case when b then m else e end", "!"),
        ("case when b then t else 5 end", "."),
        ("case when n then 1 else 2 end", "."),
        ("case when b_o then 1 else n end", "int"),
    ],
)
def test_conditions_and_cases(term: str, kind: str) -> None:
    found = type_of(term)
    assert found == (kind if kind.startswith("SEG") else expected(kind))


@pytest.mark.parametrize("term", ["k == a", "a == k", "k in (a)", 'k in ("b", a)', "fit == core", "fit in (core)"])
def test_a_value_of_a_category_without_its_quotes_is_known(term: str) -> None:
    value = "core" if "fit" in term else "a"
    (found,) = (one for one in check(f"{KINDS}\naudience some from customers {{ where {term} }}").found if one.is_error)
    assert (found.code, found.help) == ("SEG201", f'a text stands in quotes: write `"{value}"`')


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        ("c == Banking", "Banking"),
        ("Banking != t", "Banking"),
        ("t contains Bank", "Bank"),
        ('c in (Banking, "Retail")', "Banking"),
        ("l has any (Slack)", "Slack"),
        ("k == A", "a"),
        ("fit == cores", "core"),
    ],
)
def test_a_name_that_nothing_has_is_a_text_beside_a_text(term: str, meant: str) -> None:
    (found,) = (one for one in check(f"{KINDS}\naudience some from customers {{ where {term} }}").found if one.is_error)
    assert (found.code, found.help) == ("SEG201", f'a text stands in quotes: write `"{meant}"`')


@pytest.mark.parametrize("term", ["k == whatever", "n == whatever", 'whatever == "Banking"', '"Banking" == whatever'])
def test_another_unknown_name_is_no_text_without_quotes(term: str) -> None:
    checked = check(f"{KINDS}\naudience some from customers {{ where {term} }}")
    assert [one.help for one in checked.found if one.is_error] == ["declare it in the source, or in `derive`"]


def test_a_name_near_to_a_column_is_no_text_without_quotes() -> None:
    checked = check(f"{KINDS}\naudience some from customers {{ where c == acount_id }}")
    assert [one.help for one in checked.found if one.is_error] == ["did you mean `account_id`?"]


@pytest.mark.parametrize(
    ("term", "mend"),
    [
        ("k == true", 'compare with one of its values: "a", "b"'),
        ("k == 5", 'compare with one of its values: "a", "b"'),
        ("c == true", 'compare with the text that stands for it in the data, such as `"yes"`'),
        ("t == 5", 'write it as a text: `"5"`'),
        ("d > 2024", "compare `year(...)` with it, or write a date: `2024-01-01`"),
        ("d > 24", "compare values of one type"),
        ("d_o ?? 0", "give both one type"),
        ('c == "a" or "b"', 'write `c in ("a", "b")`'),
        ('c == "a" or "b" or "c" or n > 3', 'write `c in ("a", "b", "c")`'),
        ('n > 3 or "b"', 'compare it with something: `... > 0`, `... == "text"`, `... is known`'),
    ],
)
def test_a_constant_of_another_type_is_mended_to_what_can_be_compared(term: str, mend: str) -> None:
    (found,) = (one for one in check_term(term).found if one.is_error)
    assert (found.code, found.help) == ("SEG302", mend)


@pytest.mark.parametrize(
    ("terms", "mend"),
    [
        ('base n plus "x" m', "multiply the terms before it by an amount, such as `n * $1`"),
        ('base n - 3 plus "x" u', "multiply the terms before it by a duration, such as `(n - 3) * 1 days`"),
        ('base m plus "x" n', "multiply it by an amount, such as `$1`"),
        ('base 100 plus "x" e', "write `100 EUR` instead of `100`"),
    ],
)
def test_a_score_of_two_units_is_mended_to_one(terms: str, mend: str) -> None:
    (found,) = (one for one in check(f"{KINDS} score worth for accounts {{ {terms} }}").found if one.is_error)
    assert (found.code, found.help) == ("SEG301", mend)


def test_a_number_beside_a_duration_as_written_needs_no_unit() -> None:
    (found,) = (one for one in check_term("days(as_of - d) > 90 days").found if one.is_error)
    assert (found.code, found.help) == ("SEG301", "compare with a number without a unit")
