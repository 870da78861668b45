"""The lexer finds the words that Lark's contextual lexer finds, on specs of people and on texts made to trip it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from segdsl.language.automaton import Automaton, UnexpectedText
from segdsl.language.lexer import Lexer
from segdsl.language.token import Token
from tests.language.plain_lark import Word, lark_words


def own_words(text: str) -> list[Word] | None:
    words: list[Word] = []
    lexer = Lexer(lambda comment: None)

    def next_token(text: str, position: int, accepts: Mapping[str, int]) -> Token | None:
        token = lexer.next_token(text, position, accepts)
        if token is not None:
            words.append((token.type, str(token)))
        return token

    try:
        Automaton({}).parse(text, next_token)
    except UnexpectedText:
        return None
    return words


def in_a_term(term: str) -> str:
    return f"derive accounts {{ x = {term} }}"


NASTY_TERMS = [
    "a==b",
    "a ==b",
    "a = b",
    "a == b == c",
    "a<b",
    "a<=b",
    "a< =b",
    "a!=b",
    "a! =b",
    "a??b",
    "a? ?b",
    "a?b",
    "a--b",
    "a- -b",
    "a-1",
    "-1",
    "- 1",
    "1-1",
    "1--1",
    "1",
    "01",
    "1_000",
    "1__0",
    "_1",
    "1_",
    "10k",
    "10K",
    "10kk",
    "10 k",
    "2.5M",
    "2.5.1",
    "2.",
    ".5",
    "1e5",
    "1B",
    "1Ba",
    "$5",
    "$ 5",
    "$  5",
    "$5k",
    "$5kg",
    "$-5",
    "€1.5k",
    "250 GBP",
    "250\nGBP",
    "250GBP",
    "250 gbp",
    "250 GBPS",
    "250 ABC",
    "2k USD",
    "20%",
    "20 %",
    "20  %",
    "20% of a",
    "20 %of a",
    "90 days",
    "90days",
    "1 day",
    "1 dayz",
    "1.5 years",
    "12 months",
    "12 MONTHS",
    "5 minutes",
    "2026-01-31",
    "2026-1-31",
    "2026-01-31x",
    "2026-01-3",
    "2026-01-311",
    "2026-01-31T09:00",
    "2026-01-31T09:00:00",
    "2026-01-31T09:00:00.123456",
    "2026-01-31T09:00:00.1234567",
    "2026-01-31T09:00Z",
    "2026-01-31T09:00+01:00",
    "2026-01-31T09",
    "2026-01-31 T09:00",
    "2026 - 01 - 31",
    '"text"',
    '"a \\" b"',
    '"a \\\\"',
    '"a \\"',
    '"open',
    '"two\nlines"',
    '""',
    'r"raw \\"',
    'r "raw"',
    'R"raw"',
    "r",
    "r + 1",
    'xr"raw"',
    "`Annual Revenue`",
    "`Annual Revenue`.b",
    "`open",
    "``",
    "` `",
    "`a\nb`",
    "é",
    "café",
    "cafe\u0301",
    "名前",
    "x\u00b2",
    "\u0661",
    "1\u0661",
    "a\u00a0b",
    "a\u2028+ b",
    "a\ufeff",
    "\ufeffa",
    "true",
    "trues",
    "True",
    "not a",
    "nota",
    "not not a",
    "a is known",
    "a is known and b",
    "a is  known",
    "known",
    "known from",
    "a is missing",
    "a not in b",
    "a not  in (1)",
    "a in(1,2,)",
    "a in (1,,2)",
    "a between 1 and 2",
    "a between 1 and 2 and b",
    "sum(a.b where c)",
    "sum(a.b where c over d)",
    "count(a via b)",
    "segment",
    "score",
    "score.grade",
    "a.segment",
    "a.if",
    "a . b",
    "a.\nb",
    "a..b",
    "a...b",
    "from",
    "key",
    "last(a by b)",
    "first",
    "a per b",
    "case when a then b end",
    "case when a then b else c end",
    "casewhen",
    "a # comment",
    "a # comment\n + b",
    "a + # }\n b",
    "(a",
    "a)",
    "[1]",
    "a;",
    "a @ b",
    "a & b",
    "\x00",
    "a\tb",
    "",
]

NASTY_SPECS = [
    "",
    " ",
    "#",
    "# only a comment",
    "source a from b { x:int key }",
    "source a from b { x :int key }",
    "source a from b { x\n:\nint key }",
    "source a from b { key:int key }",
    "source a from b { from : text from from }",
    "source a from b { known : text  known from known }",
    "source a from b { x : date known  from x }",
    "source a from b { x : date known\nafter x }",
    "source a from b { x : date known afterx }",
    "source a from b { known from x }",
    "source a from b { known fromx }",
    "source a from b { x : int range 1..3 }",
    "source a from b { x : int range 1 .. 3M }",
    "source a from b { x : int range .. 3 }",
    "source a from b { x : int range 1.. }",
    "source a from b { x : number range 1.5..2.5 }",
    "source a from b { x : int = 5 }",
    "source a from b { x : int == 5 }",
    "source a from b { `x y` : int from `X Y` }",
    "param x:date=2026-01-31",
    "param x : money(USD) = 5 USD",
    "param x : money(USD) = -$5",
    "set x=(1,2)",
    'set x from "y"',
    "set source = (1)",
    'set set from "y"',
    'about { goal:"x" review_on:2026-01-31 }',
    "about{}",
    "about { a: b.c, d }",
    "about { a: [1, 2], [] }",
    "provider p { cost:$6 per record }",
    "provider p { cost: 3 minutes per field at $20 per hour }",
    "provider p { cost: $4k flat }",
    "provider p { clusters: 3 .. 6 }",
    "provider p { clusters: 3 .. }",
    'score s for p { base a when b plus "c" d minus "e" f missing terms as 0 }',
    "score s for p { base a grade quartiles }",
    "score s for p { base a grade A top 20%, B next 30%, C rest }",
    "score s for p { base a grade top }",
    "score s for p { base a grade A top 20% }",
    "segmentation s for p { segment a when b { segment c otherwise } segment d otherwise }",
    "segmentation s for p { segment when when when }",
    "segmentation s for p nearest { measure x log scale 1.8 segment a at x 40, y -2% }",
    "segmentation s for p using tree { target: q  features: a, b }",
    'segmentation s for p { segment a when b { message m: "t" via "u", "v" } }',
    'audience a from p { where b order by c desc, d take 20 per e hold out 10% columns f, g = h to "x.csv" }',
    "audience a from p { take 10 take 20 }",
    'test "t" { given a { b: 1, c: missing }, { d: [1] } given e none expect f expect dropped "g" }',
    "hypothesis h { expect higher a means higher b }",
    "hypothesis h { expect proxy any of a, b means lower c }",
    "hypothesis h { expect higher proxy any of a, b means lower c }",
    'hypothesis h { expect a separates b among c priority 3 because "d" }',
    "evaluate a, b against c { top: 25% require lift of a >= 1.5 require share of each segment in a between 3% and 9%}",
    'import "x" import "y"',
    "import x",
    'population p from a { keep "b" when c drop "d" when e unknown as false }',
    'population p from a { keep "b" when unknown unknown as false }',
    "derive a { unknown = 5 }",
    "derive a { x = 1 y = 2 }",
    "derive a { x = b c = d }",
    "derive a { x = - y = 2 }",
    "derive a",
    "derive a {",
    "}",
]


@pytest.mark.parametrize("term", NASTY_TERMS)
def test_words_of_a_term_are_those_of_lark(term: str) -> None:
    assert own_words(in_a_term(term)) == lark_words(in_a_term(term))


@pytest.mark.parametrize("text", NASTY_SPECS)
def test_words_of_a_spec_are_those_of_lark(text: str) -> None:
    assert own_words(text) == lark_words(text)


def test_nasty_texts_are_not_all_refused_nor_all_taken() -> None:
    taken = [own_words(in_a_term(term)) is not None for term in NASTY_TERMS]
    assert 0.3 < sum(taken) / len(taken) < 0.9


def test_words_of_our_specs_are_those_of_lark(repository: Path) -> None:
    for spec in (repository / "specs").rglob("*.seg"):
        text = spec.read_text(encoding="utf-8")
        words = own_words(text)
        assert words and words == lark_words(text)


def test_words_of_the_examples_are_those_of_lark(shared: Path) -> None:
    for spec in (shared / "examples").glob("*.seg"):
        text = spec.read_text(encoding="utf-8")
        words = own_words(text)
        assert words and words == lark_words(text)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_are_white_space(line_end: str) -> None:
    text = line_end.join(["derive a {", "x = b", "+ c", "}"])
    assert own_words(text) == own_words("derive a { x = b + c }")


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("# one\nderive a { x = b } # two", ["# one", "# two"]),
        ('derive a { x = "# no comment" }', []),
        ("derive a { x = `# no comment` }", []),
        ('derive a { x = r"# no comment" }', []),
        ("derive a { x = b #\n}", ["#"]),
    ],
)
def test_comments_are_handed_over_in_their_order(text: str, comments: list[str]) -> None:
    found: list[str] = []
    lexer = Lexer(lambda comment: found.append(str(comment)))
    Automaton({}).parse(text, lexer.next_token)
    assert found == comments
