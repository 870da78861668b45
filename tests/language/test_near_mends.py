"""What a newcomer from SQL or a spreadsheet writes: one mend, which read literally gives what was meant."""

import pytest

from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse


def mends(text: str) -> list[str]:
    return [one.help for one in parse(SourceText("spec.seg", text))[1]]


# A spec, with what is wrong in it and the right text in its place, and the mend.
IN_TERMS = [
    (
        "sum(i.amount where day within 12 months)",
        "sum(i.amount where day within 12 months before as_of)",
        "say before which day: `within 12 months before as_of`",
    ),
    (
        "sum(i.amount where day within last 12 months)",
        "sum(i.amount where day within 12 months before as_of)",
        "leave out `last` and say before which day: `within 12 months before as_of`",
    ),
    (
        "sum(i.amount where day within 12 months minus as_of)",
        "sum(i.amount where day within 12 months before as_of)",
        "say before which day: `within 12 months before as_of`",
    ),
    ("5 <= n <= 10", "5 <= n and n <= 10", "a comparison has two sides: `5 <= n and n <= 10`"),
    (
        "m > 0 and €1 < m < 2 EUR",
        "m > 0 and €1 < m and m < 2 EUR",
        "a comparison has two sides: `€1 < m and m < 2 EUR`",
    ),
    (
        "u > 1 day and 30 days > u > 1 day",
        "u > 1 day and 30 days > u and u > 1 day",
        "a comparison has two sides: `30 days > u and u > 1 day`",
    ),
    ("n between 5 and 10 minus 3", "n between 5 and 10 - 3", "write `-`"),
    ("n >= 5 and <= 10", "n >= 5 and n <= 10", "each comparison has two sides: `and n <= 10`"),
    ("n != 5 or == 10", "n != 5 or n == 10", "each comparison has two sides: `or n == 10`"),
    (
        'count(i) filter (where s == "paid")',
        'count(i where s == "paid")',
        "it stands inside the function: `count(i where ...)`",
    ),
    ("n plus 3", "n + 3", "write `+`"),
    ("n – 3", "n - 3", "write `-`"),
    ("n ≥ 3", "n >= 3", "write `>=`"),
    ("n === 3", "n == 3", "write `==`"),
    ("m > 1000 €", "m > €1000", "write `€1000`"),
    ("m > 1.5k€", "m > €1.5k", "write `€1.5k`"),
    ("m > EUR 1000", "m > €1000", "write `€1000`"),
    ("m > CHF 1000", "m > 1000 CHF", "write `1000 CHF`"),
    ("m > 1000 euros", "m > €1000", "write `€1000`"),
    ("c == “Banking”", 'c == "Banking"', 'texts stand in straight double quotes: `"Banking"`'),
    ("c == ‘Banking’", 'c == "Banking"', 'texts stand in straight double quotes: `"Banking"`'),
    ("c == 'O''Brien'", 'c == "O\'Brien"', 'texts stand in double quotes: `"O\'Brien"`'),
    ("c == 'say \"no\"'", None, 'texts stand in double quotes: "text"'),
    ("c == 'open", None, 'texts stand in double quotes: "text"'),
    ("d > '31/12/2024'", "d > 2024-12-31", "a date stands by itself, without quotes: `2024-12-31`"),
    ("d > '01/12/2024'", None, 'texts stand in double quotes: `"01/12/2024"`'),
    ('d > DATE "2024-01-01"', "d > 2024-01-01", "a date stands by itself, without quotes: `2024-01-01`"),
    ("d > as_of - interval '90 days'", "d > as_of - 90 days", "a duration stands by itself, without quotes: `90 days`"),
    (
        'd > as_of - INTERVAL "90 DAYS"',
        "d > as_of - 90 days",
        "a duration stands by itself, without quotes: `90 days`",
    ),
    (
        'sum(i.amount) where status == "paid"',
        'sum(i.amount where status == "paid")',
        'it stands inside the function: `sum(i.amount where status == "paid")`',
    ),
    ('sum(i.amount) where s == "a" or t == "b"', None, "it stands inside the function: `sum(i.amount where ...)`"),
    ("sum(amount) from i", "sum(i.amount)", "the table stands inside the function: `sum(i.amount)`"),
    (
        "row_number() over (partition by c)",
        "rank(x over customers per industry)",
        "`over` stands inside the function: `rank(x over customers per industry)`",
    ),
    ("n between (5, 10)", "n between 5 and 10", "write `between 5 and 10`"),
    (
        'case n when 5 then "a" end',
        'case when n == 5 then "a" end',
        "each branch has a condition of its own: `case when n == 5 then ...`",
    ),
    (
        'case n + 1 when 5 then "a" end',
        None,
        "each branch has a condition of its own: `case when ... then ...`",
    ),
    ("b is true", "b", "leave out `is true`"),
    ("(n > 5) is false", "not (n > 5)", "write `not` before the condition, and leave out `is false`"),
]


@pytest.mark.parametrize(("written", "meant", "mend"), IN_TERMS)
def test_a_term_is_mended_to_what_was_meant(written: str, meant: str | None, mend: str) -> None:
    assert mends(f"derive a {{ x = {written} }}") == [mend]
    if meant is not None:
        assert mends(f"derive a {{ x = {meant} }}") == []


@pytest.mark.parametrize("term", ["not 5 <= n <= 10", "5 <= n + 1 <= 10", "TOP 20", "n 5, 10", "a + n > 5 and < 10"])
def test_where_the_meaning_is_open_nothing_is_written_out(term: str) -> None:
    (mend,) = mends(f"derive a {{ x = {term} }}")
    assert "two sides" not in mend
    assert "20 TOP" not in mend
    assert "leave it out" not in mend


IN_PLACES = [
    ("derive a { x = n > 5| y = 3 }", ",", "", "leave it out: nothing stands between entries"),
    (
        'population p from a { keep "k" when n > 5|\n drop "d" when n > 9 }',
        ",",
        "",
        "leave it out: nothing stands between entries",
    ),
    ("segmentation f for a { segment b | n > 5 }", "if", "when", "write `when`"),
    ("segmentation f for a { segment b | }", "else", "otherwise", "write `otherwise`"),
    ("evaluate f against q { require lift | 1.5 }", ">=", "of f >=", "say of what it is: `lift of f`"),
    ("evaluate f against q { require lift.area | 1.5 }", "=", "of f ==", "say of what it is: `lift.area of f`"),
    ("evaluate f against q { require lift of f | 1.5 }", "=", "==", "a comparison is written `==`"),
    (
        "population p from a { | n > 5 }",
        "where",
        'keep "reason" when',
        'a rule has its reason: `keep "reason" when ...`',
    ),
    (
        "population p from a { keep | n > 5 }",
        "when",
        '"reason" when',
        'the reason stands first: `keep "reason" when ...`',
    ),
    ("audience x from a { take 20 | owner }", "by", "per", "write `per`"),
    ("audience x from a { columns | }", "*", "id", "name each column: no sign stands for all of them"),
    ("audience x from a { take | 20 }", "top", "", "leave it out: the first rows of the order are taken"),
    ("audience x from a { take 20 | }", "%", "", "`take` has a number of rows: `take 20`"),
    ("audience x from a { take 20 | }", "percent", "", "`take` has a number of rows: `take 20`"),
    ("hypothesis h { | n means higher q }", "higher", "expect higher", "write `expect higher ...`"),
    ('source x from "x.csv" { id : text | key }', "primary", "", "leave it out: `key` says it all"),
    (
        'source x from "x.csv" { id : text key  n : count | }',
        "NOT NULL",
        "",
        "leave out `not null`: only a type with `?` may be missing",
    ),
]


@pytest.mark.parametrize(("text", "written", "meant", "mend"), IN_PLACES)
def test_a_declaration_is_mended_to_what_was_meant(text: str, written: str, meant: str, mend: str) -> None:
    assert mends(text.replace("|", written)) == [mend]
    assert mends(text.replace("|", meant)) == []


def test_a_word_of_two_letters_is_no_misspelt_one() -> None:
    assert "did you mean" not in mends("derive a { x = cast(n as text) }")[0]


def test_signs_are_not_offered_as_the_words_of_a_score() -> None:
    (found,) = parse(SourceText("spec.seg", "derive a { x = 5 <= n + 1 <= 10 }"))[1]
    assert found.expected == "`+`, `-`, `and`, `name =`, `or`, `unknown` or `}`"


def test_every_word_in_capitals_is_told_and_what_stands_behind_it() -> None:
    text = 'population p from a { keep "k" when m > €0 AND n > 5 OR NOT b AND c IS NOT NULL }'
    small = "words of the language are in small letters: "
    assert mends(text) == [f"{small}`and`", f"{small}`or`", f"{small}`not`", f"{small}`and`", "write `is known`"]
    assert mends("derive a { x = m > €0 AND n = 5 }") == [f"{small}`and`", "a comparison is written `==`"]
