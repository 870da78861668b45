"""After a mistake the rest is still read: all mistakes of a file in one run, each told once, at its place."""

from textwrap import dedent

import pytest

from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse

GOOD = """
source accounts from "accounts.csv" {
  account_id : text key
  employees  : count?
  industry   : category
  tools      : list(category)
}
derive accounts {
  large = employees > 500
  tech  = industry in ("Software", "IT")
}
population customers from accounts {
  keep "large" when large
  drop "test"  when tech
}
score quality "Quality" for customers {
  base 10
  plus "tech" 5 when tech
  grade quartiles
}
segmentation fit for customers {
  segment core "Core" when large and tech {
    owner: "sales"
    segment inner when tech
    segment outer otherwise
  }
  segment other otherwise
}
audience first from customers {
  where    fit == "core"
  order by quality desc
  take     10
  columns  account_id, fit
  to       "first.csv"
}
test "a small one is other" {
  given accounts { employees: 5, industry: "Banking" }
  expect fit == "other"
}
"""


def mistakes(text: str) -> list[tuple[str, int, str]]:
    """Code, line and the marked text of every diagnostic."""
    source = SourceText("spec.seg", text)
    _, found = parse(source)
    return [
        (d.code, source.position(d.labels[0].span.start).line, source.slice(d.labels[0].span))
        for d in found
        if d.labels
    ]


def spoilt(*changes: tuple[str, str]) -> str:
    text = GOOD
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def line_of(piece: str) -> int:
    return GOOD[: GOOD.index(piece)].count("\n") + 1


def test_the_spec_to_be_spoilt_is_good() -> None:
    assert mistakes(GOOD) == []


ONE_MISTAKE = [
    ("employees  : count?", "employees  : count!", "SEG103", "!"),
    ("industry   : category", "industry   category", "SEG102", "industry"),
    ("tools      : list(category)", "tools      : list(category", "SEG102", "}"),
    ("employees > 500", "employees > ", "SEG102", ">"),
    ("employees > 500", "employees 500", "SEG102", "500"),
    ("employees > 500", "(employees > 500", "SEG102", "tech"),
    ("employees > 500", "employees > 500)", "SEG102", ")"),
    ("employees > 500", "employees >> 500", "SEG102", ">"),
    ("employees > 500", "employees => 500", "SEG103", "=>"),
    ("employees > 500", "employees =< 500", "SEG103", "=<"),
    ("employees > 500", "employees <> 500", "SEG103", "<>"),
    ("employees > 500", "employees = 500", "SEG103", "="),
    ("employees > 500", "employees > 500 && tech", "SEG103", "&&"),
    ("employees > 500", "employees > 500 AND tech", "SEG103", "AND"),
    ("employees > 500", "employees > 500 OR tech", "SEG103", "OR"),
    ("employees > 500", "NOT employees > 500", "SEG103", "NOT"),
    ("employees > 500", "!tech", "SEG103", "!"),
    ("employees > 500", "employees IS NULL", "SEG103", "IS"),
    ("employees > 500", "employees is null", "SEG103", "null"),
    ("employees > 500", "employees is not null", "SEG103", "not"),
    ("employees > 500", 'industry LIKE "a"', "SEG103", "LIKE"),
    ("employees > 500", 'industry like "a"', "SEG103", "like"),
    ("employees > 500", "if(tech, 1, 2) > 1 then", "SEG102", "then"),
    ("employees > 500", "employees > 1,000", "SEG105", "1,000"),
    ("employees > 500", "employees > 1,000,000.50", "SEG105", "1,000,000.50"),
    ("employees > 500", "employees > 5x", "SEG105", "5x"),
    ("employees > 500", "employees > 500;", "SEG103", ";"),
    ("employees > 500", "employees > 'x'", "SEG103", "'"),
    ("employees > 500", 'industry == "x', "SEG104", '"x'),
    ("employees > 500", "`employees > 500", "SEG104", "`employees > 500"),
    ("employees > 500", "employees > segment and", "SEG102", "and"),
    ('in ("Software", "IT")', 'in ["Software", "IT"]', "SEG103", "["),
    ('in ("Software", "IT")', 'in ("Software" "IT")', "SEG102", '"IT"'),
    ('in ("Software", "IT")', "in ()", "SEG102", ")"),
    ('keep "large" when large', "keep large when large", "SEG102", "large"),
    ('keep "large" when large', 'keep "large" if large', "SEG102", "if"),
    ('keep "large" when large', 'kep "large" when large', "SEG102", "kep"),
    ('keep "large" when large', '"large" when large', "SEG102", '"large"'),
    ('plus "tech" 5 when tech', "plus tech 5 when tech", "SEG102", "tech"),
    ('plus "tech" 5 when tech', 'plus "tech" when tech', "SEG102", "when"),
    ("grade quartiles", "grade", "SEG102", "}"),
    ("grade quartiles", "grade A top 20, B rest", "SEG102", "20"),
    ("segment inner when tech", "segment inner tech", "SEG102", "tech"),
    ("segment outer otherwise", "segment outer else", "SEG102", "else"),
    ('segment core "Core" when', "segment core Core when", "SEG102", "Core"),
    ("take     10", "take ten", "SEG102", "ten"),
    ("take     10", "limit 10", "SEG103", "limit"),
    ("order by quality desc", "order quality desc", "SEG102", "quality"),
    ("order by quality desc", "order by quality DESC", "SEG103", "DESC"),
    ("columns  account_id, fit", "columns  account_id fit", "SEG102", "fit"),
    ("columns  account_id, fit", "columns  account_id, fit,", "SEG102", ","),
    ('to       "first.csv"', "to       first.csv", "SEG102", "first"),
    ("employees: 5,", "employees = 5,", "SEG102", "employees"),
    ("employees: 5,", "employees: large,", "SEG102", "large"),
    ('expect fit == "other"', "expect", "SEG102", "}"),
    ("derive accounts {", "derive accounts", "SEG102", "large"),
    ("derive accounts {", "derive { ", "SEG102", "{"),
    ("population customers from accounts", "population customers for accounts", "SEG102", "for"),
    ("population customers from accounts", "populaton customers from accounts", "SEG102", "populaton"),
    ("score quality", "score", "SEG102", '"Quality"'),
]


@pytest.mark.parametrize(("before", "after", "code", "marked"), ONE_MISTAKE)
def test_one_mistake_is_told_once_and_at_its_place(before: str, after: str, code: str, marked: str) -> None:
    found = mistakes(spoilt((before, after)))
    assert [(c, text.replace("  ", " ").strip()) for c, _, text in found] == [(code, marked.replace("  ", " "))]
    assert line_of(before) <= found[0][1] <= line_of(before) + 1


@pytest.mark.parametrize(("before", "after", "code", "marked"), ONE_MISTAKE)
def test_every_mistake_has_a_mend(before: str, after: str, code: str, marked: str) -> None:
    _, found = parse(SourceText("spec.seg", spoilt((before, after))))
    assert all(d.help for d in found)


def test_all_mistakes_of_a_file_are_told_in_one_run() -> None:
    text = spoilt(
        ("employees  : count?", "employees  count?"),
        ("employees > 500", "employees = 500"),
        ('in ("Software", "IT")', 'in ["Software", "IT"]'),
        ('drop "test"  when tech', "drop test when tech"),
        ("grade quartiles", "grade"),
        ("segment outer otherwise", "segment outer else"),
        ("take     10", "limit 10"),
        ('expect fit == "other"', "expect"),
    )
    lines = [line for _, line, _ in mistakes(text)]
    assert len(lines) == 8
    assert lines == sorted(lines)


@pytest.mark.parametrize("lost", range(1, GOOD.count("}\n") + 1))
def test_a_forgotten_brace_costs_one_diagnostic(lost: int) -> None:
    parts = GOOD.split("}\n")
    text = "}\n".join(parts[:lost]) + "\n" + "}\n".join(parts[lost:])
    assert len(mistakes(text)) == 1


@pytest.mark.parametrize("extra", range(GOOD.count("}\n")))
def test_a_brace_too_many_costs_one_diagnostic(extra: int) -> None:
    parts = GOOD.split("}\n")
    text = "}\n".join(parts[: extra + 1]) + "}\n}\n" + "}\n".join(parts[extra + 1 :])
    assert len(mistakes(text)) == 1


def test_what_stands_beside_a_mistake_is_in_the_tree() -> None:
    tree, _ = parse(SourceText("spec.seg", spoilt(("employees > 500", "employees = 500"))))
    derived = [item.name.text for d in tree.declarations if type(d).__name__ == "DeriveDecl" for item in d.items]  # type: ignore[union-attr]
    assert derived == ["tech"]
    assert len(tree.declarations) == 7


def test_a_declaration_that_cannot_be_read_leaves_its_name() -> None:
    text = dedent("""
        source accounts from accounts.csv { account_id : text key }
        derive accounts { x = 1 }
        """)
    tree, found = parse(SourceText("spec.seg", text))
    assert len(found) == 1
    assert "accounts" in [name.text for name in tree.broken]


def test_comments_beside_a_mistake_are_kept() -> None:
    tree, _ = parse(
        SourceText("spec.seg", spoilt(("employees > 500", "employees = 500 # why"), ("take     10", "# ten")))
    )
    assert "# ten" in [c.text for c in tree.comments]


@pytest.mark.parametrize(
    "text",
    [
        "}",
        "{",
        "source",
        "source a",
        "source a from",
        "accounts",
        '"text"',
        "42",
        "\x00",
        "`",
        '"',
        "segment a when b",
        "= 5",
    ],
)
def test_a_text_that_is_no_declaration_is_one_diagnostic(text: str) -> None:
    found = mistakes(text)
    assert len(found) == 1
    assert found[0][0] in ("SEG102", "SEG103", "SEG104")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('source a from "x" {\n  id : text key\n', "This `source` isn't finished"),
        ('test "t" {\n  given a { b: 1 }\n  expect b == 1', "This `test` isn't finished"),
        ('population p from a {\n  keep "k" when x # the end', "This `population` isn't finished"),
    ],
)
def test_an_unfinished_declaration_is_named(text: str, message: str) -> None:
    _, found = parse(SourceText("spec.seg", text))
    assert [(d.code, d.message, d.help) for d in found] == [("SEG104", message, "close it with `}`")]


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ('fit = "a"', "a comparison is written `==`"),
        ("a <> b", "write `!=`"),
        ("a && b", "write `and`"),
        ("a || b", "write `or`"),
        ("a AND b", "words of the language are in small letters: `and`"),
        ("a > 5 AND b", "words of the language are in small letters: `and`"),
        ("NOT a", "words of the language are in small letters: `not`"),
        ("a IS NOT NULL", "write `is known`"),
        ("a is null", "write `is missing`"),
        ("a == 'b'", 'texts stand in double quotes: `"b"`'),
        ("a in [1]", "a list of constants stands in round brackets: `in (...)`"),
        ("a // why", "a comment begins with `#`"),
        ('a ilike "b"', 'write `lower(x) contains "..."`'),
        ("a ^ 2", "write the product out"),
    ],
)
def test_habits_from_sql_are_shown_their_mend(written: str, mend: str) -> None:
    _, found = parse(SourceText("spec.seg", f'population p from a {{ keep "k" when {written} }}'))
    assert [(d.code, d.help) for d in found] == [("SEG103", mend)]


def test_a_column_in_capitals_is_no_keyword() -> None:
    assert mistakes("derive a { x = TEST y = END + IN }") == []


OTHER_WORDS = [
    (
        'where    fit == "core"\n  order by quality desc',
        'where fit == "core"\n  sort by quality desc',
        "write `order by`",
    ),
    (
        "large = employees > 500",
        "large = count(distinct orders.product)",
        "it is a function of its own: `distinct(orders.product)`",
    ),
    ("large = employees > 500", "sum(orders.amount) as large", "the name stands first: `large = sum(orders.amount)`"),
    ("columns  account_id, fit", "columns  account_id as id, fit", "the name stands first: `id = account_id`"),
    ("columns  account_id, fit", "columns  fit, sum(orders.x) as n", "the name stands first: `n = sum(orders.x)`"),
    ("grade quartiles", "grade A 20%, B rest", "write `A top 20%`"),
    ("grade quartiles", "grade A top 20%, B 30%, C rest", "write `B next 30%`"),
]


@pytest.mark.parametrize(("before", "after", "mend"), OTHER_WORDS)
def test_what_was_meant_is_written_out(before: str, after: str, mend: str) -> None:
    text = spoilt((before, after))
    _, found = parse(SourceText("spec.seg", text))
    assert [one.help for one in found] == [mend]
    if mend.startswith("write"):
        assert (
            mistakes(text.replace("sort by", "order by").replace("A 20%", "A top 20%").replace("B 30%", "B next 30%"))
            == []
        )


def test_a_name_is_not_put_before_half_a_term() -> None:
    _, found = parse(SourceText("spec.seg", spoilt(("columns  account_id, fit", "columns  min_of(a, b) as id"))))
    assert [one.help for one in found if "stands first" in one.help] == []


@pytest.mark.parametrize("required", ["fit, other", "each segment in fit, other"])
def test_one_requirement_is_of_one_segmentation(required: str) -> None:
    text = f"evaluate fit, other against quality {{ require lift of {required} >= 2 }}"
    _, (found,) = parse(SourceText("spec.seg", text))
    assert found.help == "write one `require` for each segmentation"
    assert found.expected == "`<`, `<=`, `==`, `>=`, `>` or `between`"


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ('"Growth %"', "write `` `Growth %` ``, in backquotes"),
        ('"where"', "write `` `where` ``, in backquotes"),
        ('"Growth"', "write `Growth`, without quotes"),
        ('""', "write a name here, without quotes"),
        ('"a`b"', "write a name here, without quotes"),
    ],
)
def test_a_name_in_double_quotes_is_told_how_it_is_written(written: str, mend: str) -> None:
    _, (found,) = parse(SourceText("a.seg", f'source a from "a.csv" {{ growth : ratio from {written} }}'))
    assert (found.code, found.help) == ("SEG102", mend)
