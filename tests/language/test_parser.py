"""Trees: the same that Lark's own parser gives, with every node at its place."""

from pathlib import Path

import pytest

from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.language import syntax as s
from segdsl.language import terms as t
from segdsl.language.building.places import LONGEST_NAME
from segdsl.language.depth import MAX_DEPTH
from segdsl.language.grammar import grammar_digest
from segdsl.language.grammar_tables import DIGEST
from segdsl.language.keywords import IN_TERMS, RESERVED, WORDS
from segdsl.language.parser import parse
from segdsl.language.syntax import Tree
from tests.language.plain_lark import lark_declarations

EVERY_DECLARATION = """
about { goal: "Find them"  next_steps: "a", "b"  review_on: 2026-12-01 }
import "lib/common.seg"
param min_mrr : money(USD) = $250
param clusters : list(category("a", "b")) = ["a"]
set tech = ("Software", "IT services",)
set rivals from "lists/rivals.csv"
source accounts from "data/accounts.csv" {
  read { delimiter: ";"  dates: "DD/MM/YYYY"  header: 2 }
  account_id : text key pii
  employees : count? lenient range 1 .. 3M empty "n/a", "Select" from `Employee Count`
  revenue : money(USD)? scale 1k by currency rates fx at signed_on
  plan : category("free", "team") other as missing replace "x" with "free", "y" with "team"
  signed_on : date known after account_id
  is_test : bool = false
  tools : list(category) split ";" range .. 5
  growth : ratio range -50% ..
  links plan, account_id to plans
  known from signed_on
  without seats, mrr
  on duplicate keep last by signed_on
  on broken as missing
  on orphan drop
  on missing key drop
}
source prospects like accounts from "p.csv" { }
source leads from web, fair { email : text key }
provider hoovers "Hoovers" { cost: $6 per record  clusters: 3 .. 6  low: .. 6  high: 3 ..  flat: $4k flat }
provider research { cost: 3 minutes per field at $20 per hour  covers: accounts.employees, accounts.plan }
enrich accounts using firmographic {
  industry from name  options: 1, 2
  region from hq.country, country
  home = region from country
}
derive accounts { unknown as false  x = a + b * c - d / e  y = not (a and b) or c }
population customers "Customers" from accounts { keep "k" when a drop "d" when b }
score quality "Quality" for customers {
  base acv when a
  plus "p" 10% of acv
  minus "m" $20k when cancelled
  missing terms as 0
  grade A top 20%, B next 30%, C rest
}
score other for customers { base 1 grade quartiles }
hypothesis larger "Larger is better" {
  expect higher employees means higher quality
  because "they renew"
  among b2b == true
  priority 3
  proxy any of a, b.c
}
hypothesis hospitals { expect industry == "Hospitals" means lower quality }
hypothesis proxies { expect lower proxy any of a, b means lower quality }
hypothesis by_industry { expect industry separates quality }
segmentation fit "Fit" for customers {
  segment a "A" when x { persona: "p"  message aware: "t" via "u", "v"  segment b when y  segment c otherwise }
  segment d otherwise
}
segmentation traits for customers overlapping { segment a when x }
segmentation groups for customers nearest {
  measure employees log scale 1.8
  measure growth scale 0.3
  segment s at employees 40, growth -2%
}
segmentation found for customers using tree { target: quality  max_depth: 3 }
evaluate fit, found against quality {
  top: 25%
  require lift of fit >= 1.5
  require share of each segment in fit between 3% and 60%
}
audience first "First" from prospects {
  where fit in ("a") and not out
  except talks, lost
  order by expected(quality by fit) desc, name asc, id
  take 20 per owner
  hold out 10%
  columns id, promise = expected(quality by fit)
  to "first.csv"
  unknown as false
}
audience second from prospects { to "second.json" using json }
audience third from prospects { to "third.json" using json { indent: 2 } }
report using notes { top: 5 }
test "a test" {
  given accounts { industry: "Banking", employees: 5_000 name: missing tools: ["a", "b"] }
  given invoices { amount: -$5 }, { amount: 5 EUR }
  given events none
  expect fit == "other"
  expect dropped "d"
}
"""

TERMS = """
a.b.c
-a
- - 5
$250
not not a
a == b
a != b
a between 1 and 2
a in (1, 2)
a in tech
a not in ("x",)
a is missing
a is known
a contains "x"
a starts with "x"
a ends with r"\\d"
a matches r"\\d+$"
a has any ("x")
a has all tech
a within 12 months before b
a ?? b ?? c
a + b ?? c
20% of a
a / b * c
a - (b - c)
case when a then b when c then d else e end
case when a then b end
f()
f(a, b)
sum(a.b where c > 1)
count(a via b)
rank(a over b per c)
last(a.b by c)
quantile(a, 0.99 over b)
a and b and c
a or b or c
a and b or c
(a and b) or c
2026-01-31
2026-01-31T09:00:00Z
true
r"\\"
"""


def tree_of(text: str) -> Tree:
    tree, found = parse(SourceText("spec.seg", text))
    assert found == ()
    assert not tree.broken
    return tree


def term_of(term: str) -> t.Term:
    declaration = tree_of(f"derive accounts {{ x = {term} }}").declarations[0]
    assert isinstance(declaration, s.DeriveDecl)
    field = declaration.items[0]
    assert isinstance(field, s.FieldDecl)
    return field.term


def assert_same_as_lark(text: str) -> None:
    tree, found = parse(SourceText("spec.seg", text))
    declarations, expected = lark_declarations("spec.seg", text)
    assert tree.declarations == declarations
    # Spans don't take part in comparisons of nodes, so the texts of all nodes are compared apart.
    assert places_of(tree.declarations) == places_of(declarations)
    assert list(found) == expected


def places_of(node: object) -> list[tuple[str, int, int]]:
    if isinstance(node, tuple):
        return [place for part in node for place in places_of(part)]
    if not hasattr(node, "span"):
        return []
    below = [places_of(getattr(node, slot)) for slot in type(node).__match_args__ if slot != "span"]
    return [(type(node).__name__, node.span.start, node.span.end), *(place for part in below for place in part)]


def test_tables_are_those_of_the_grammar() -> None:
    assert grammar_digest() == DIGEST, "run `python -m segdsl.language.grammar`"


def test_every_declaration_is_read_as_lark_reads_it() -> None:
    assert_same_as_lark(EVERY_DECLARATION)
    kinds = {type(d) for d in tree_of(EVERY_DECLARATION).declarations}
    assert kinds == set(s.Declaration.__args__)


@pytest.mark.parametrize("term", TERMS.strip().split("\n"))
def test_every_term_is_read_as_lark_reads_it(term: str) -> None:
    assert_same_as_lark(f"derive accounts {{ x = {term} }}")


def test_our_specs_are_read_as_lark_reads_them(repository: Path) -> None:
    for spec in (repository / "specs").rglob("*.seg"):
        assert_same_as_lark(spec.read_text(encoding="utf-8"))


def test_the_examples_are_read_as_lark_reads_them(shared: Path) -> None:
    for spec in (shared / "examples").glob("*.seg"):
        assert_same_as_lark(spec.read_text(encoding="utf-8"))


# ---- how tightly operators bind


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("a * -b", "a * (-b)"),
        ("-a * b", "(-a) * b"),
        ("20% of a + b", "(20% of a) + b"),
        ("20% of a * b", "(20% of a) * b"),
        ("a ?? b * c", "a ?? (b * c)"),
        ("a + b ?? c", "a + (b ?? c)"),
        ("a ?? b + c", "(a ?? b) + c"),
        ("a ?? b ?? c", "(a ?? b) ?? c"),
        ("a ?? b > c", "(a ?? b) > c"),
        ("a + b > c - d", "(a + b) > (c - d)"),
        ("not a > b", "not (a > b)"),
        ("not a and b", "(not a) and b"),
        ("a and b or c and d", "(a and b) or (c and d)"),
        ("a between b + 1 and c * 2", "a between (b + 1) and (c * 2)"),
        ("a between 1 and 2 and b", "(a between 1 and 2) and b"),
        ("a is known and b", "(a is known) and b"),
        ("a in (1, 2) or b", "(a in (1, 2)) or b"),
        ("a within 3 months before b and c", "(a within 3 months before b) and c"),
        ("a contains b and c", "(a contains b) and c"),
    ],
)
def test_operators_bind_as_a_reader_expects(written: str, meant: str) -> None:
    assert without_parentheses(term_of(written)) == without_parentheses(term_of(meant))


@pytest.mark.parametrize("one, other", [("a - b - c", "a - (b - c)"), ("a and b or c", "a and (b or c)")])
def test_parentheses_change_the_meaning(one: str, other: str) -> None:
    assert without_parentheses(term_of(one)) != without_parentheses(term_of(other))


def without_parentheses(node: object) -> object:
    if isinstance(node, t.Parenthesised):
        return without_parentheses(node.inner)
    if isinstance(node, tuple):
        return tuple(without_parentheses(part) for part in node)
    if not hasattr(node, "span"):
        return node
    slots = [slot for slot in type(node).__match_args__ if slot not in ("span", "text")]
    return type(node).__name__, tuple(without_parentheses(getattr(node, slot)) for slot in slots)


# ---- places


def test_spans_count_characters_of_the_file() -> None:
    text = "# ü\nderive accounts {\n  größe = employees + 1\n}\n"
    declaration = tree_of(text).declarations[0]
    assert isinstance(declaration, s.DeriveDecl)
    field = declaration.items[0]
    assert isinstance(field, s.FieldDecl)
    assert text[declaration.span.start : declaration.span.end] == text[4:-1]
    assert text[field.name.span.start : field.name.span.end] == "größe"
    assert text[field.term.span.start : field.term.span.end] == "employees + 1"


def test_a_clause_of_a_column_belongs_to_the_column_before_it() -> None:
    tree = tree_of('source a from "x" { id : text key  n : int  lenient  links n to b  m : int = 5 }')
    source = tree.declarations[0]
    assert isinstance(source, s.SourceDecl)
    columns = [item for item in source.items if isinstance(item, s.ColumnDecl)]
    assert [(c.name.text, [m.word for m in c.modifiers]) for c in columns] == [
        ("id", ["key"]),
        ("n", ["lenient"]),
        ("m", ["default"]),
    ]


def test_a_clause_before_any_column_is_refused() -> None:
    _, found = parse(SourceText("spec.seg", 'source a from "x" { key  id : text }'))
    assert [d.code for d in found] == ["SEG102"]


# ---- names


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_quoted_word_of_the_language_is_a_name_in_a_term(word: str) -> None:
    assert term_of(f"`{word}` + 1") == t.Operation("+", reference(word), constant(1), None)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_word_of_the_language_is_a_name_where_a_column_is_declared(word: str) -> None:
    source = tree_of(f'source a from "x" {{ id : text key  {word} : int }}').declarations[0]
    assert isinstance(source, s.SourceDecl)
    assert [i.name.text for i in source.items if isinstance(i, s.ColumnDecl)] == ["id", word]


@pytest.mark.parametrize("word", sorted(WORDS - RESERVED))
def test_a_word_that_means_something_elsewhere_needs_no_quotes_in_a_term(word: str) -> None:
    assert term_of(f"{word} + 1") == term_of(f"`{word}` + 1")


def test_words_that_may_follow_a_term_are_reserved() -> None:
    assert {
        "and",
        "or",
        "is",
        "in",
        "of",
        "when",
        "then",
        "else",
        "end",
        "by",
        "over",
        "per",
        "where",
        "via",
    } <= IN_TERMS


def test_names_are_compared_in_their_composed_form() -> None:
    assert term_of("cafe\u0301") == term_of("caf\u00e9")


def test_a_name_in_backquotes_keeps_its_spaces_and_case() -> None:
    term = term_of("`Annual  Revenue`")
    assert isinstance(term, t.Reference)
    assert term.parts[0].text == "Annual  Revenue"


def reference(name: str) -> t.Reference:
    return t.Reference((t.Name(name, None),), None)  # type: ignore[arg-type]


def constant(value: int) -> t.Constant:
    found = term_of(str(value))
    assert isinstance(found, t.Constant)
    return found


# ---- depth


def nested(levels: int) -> str:
    return "(" * levels + "a" + ")" * levels


@pytest.mark.parametrize(
    "term",
    [
        nested(MAX_DEPTH + 5),
        "not " * (MAX_DEPTH + 5) + "a",
        "- " * (MAX_DEPTH + 5) + "a",
        " + ".join(["a"] * (MAX_DEPTH + 5)),
        "lower(" * (MAX_DEPTH + 5) + "a" + ")" * (MAX_DEPTH + 5),
        "case when a then " * (MAX_DEPTH + 5) + "b" + " end" * (MAX_DEPTH + 5),
    ],
    ids=["parentheses", "not", "minus", "plus", "calls", "cases"],
)
def test_a_term_that_is_too_deep_is_one_mistake(term: str) -> None:
    _, found = parse(SourceText("spec.seg", f"derive accounts {{ x = {term} }}"))
    assert [d.code for d in found] == ["SEG107"]


def test_a_term_as_deep_as_anyone_writes_is_fine() -> None:
    for term in (nested(50), " + ".join(["a"] * 80)):
        assert parse(SourceText("spec.seg", f"derive accounts {{ x = {term} }}"))[1] == ()


def test_a_long_list_or_chain_is_not_deep() -> None:
    for term in (f"a in ({', '.join(map(str, range(5_000)))})", " or ".join(["a"] * 5_000)):
        assert parse(SourceText("spec.seg", f"derive accounts {{ x = {term} }}"))[1] == ()


def test_tens_of_thousands_of_levels_end_in_a_diagnostic() -> None:
    _, found = parse(SourceText("spec.seg", f"derive accounts {{ x = {nested(50_000)} }}"))
    assert [d.code for d in found] == ["SEG107"]


# ---- meaning


def test_trees_are_equal_when_they_say_the_same() -> None:
    assert tree_of("derive a { x = $1k }").declarations == tree_of("derive  a{x=\n$1_000 # c\n}").declarations


def test_a_field_without_a_comma_between_it_and_the_next_is_read() -> None:
    tree = tree_of('test "t" { given a { b: 1 c: 2, d: 3 } expect b == 1 }')
    test = tree.declarations[0]
    assert isinstance(test, s.TestDecl)
    given = test.items[0]
    assert isinstance(given, s.GivenClause)
    assert [f.name.text for f in given.rows[0].fields] == ["b", "c", "d"]


@pytest.mark.parametrize("quote", ["", "`"])
def test_name_of_more_than_a_thousand_characters_is_refused(quote: str) -> None:
    longest = "n" * LONGEST_NAME
    assert parse(SourceText("a.seg", f"set {quote}{longest}{quote} = (1)"))[1] == ()
    text = SourceText("a.seg", f"derive a {{ y = {quote}{longest}o{quote} }}")
    tree, (found,) = parse(text)
    assert (found.code, text.slice(found.labels[0].span)) == ("SEG107", f"{quote}{longest}o{quote}")
    (derive,) = tree.declarations
    assert isinstance(derive, s.DeriveDecl) and isinstance(derive.items[0], s.FieldDecl)
    assert isinstance(derive.items[0].term, t.Reference) and derive.items[0].term.dotted == longest


def test_long_name_that_is_declared_is_refused() -> None:
    text = SourceText("a.seg", f"derive a {{ {'n' * (LONGEST_NAME + 1)} = 1 }}")
    assert [found.code for found in parse(text)[1]] == ["SEG107"]


def test_long_chain_of_links_is_refused() -> None:
    fine, deep = ".".join(["a"] * MAX_DEPTH), ".".join(["a"] * (MAX_DEPTH + 1))
    assert parse(SourceText("a.seg", f"derive t {{ y = {fine} }}"))[1] == ()
    text = SourceText("a.seg", f"derive t {{ y = {deep} }} set s = (1)")
    tree, (found,) = parse(text)
    assert (found.code, found.labels[0].span.start) == ("SEG107", text.text.index("a.a"))
    assert [type(one) for one in tree.declarations] == [s.SetDecl]


def test_refused_literals_are_not_compared_with_all_before(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    plain = Diagnostic.__eq__

    def counted(one: Diagnostic, other: object) -> bool:
        nonlocal compared
        compared += 1
        return plain(one, other)

    monkeypatch.setattr(Diagnostic, "__eq__", counted)
    lines = "".join(f"  y{number} = 2024-99-{number}\n" for number in range(10, 90))
    found = parse(SourceText("a.seg", f"derive a {{\n{lines}}}"))[1]
    assert [one.code for one in found] == ["SEG105"] * 80
    assert compared <= 80
