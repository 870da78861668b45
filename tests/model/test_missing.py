"""Missing values: what must be said, and what a condition makes known."""

import pytest

from tests.model.checking import KINDS, check, check_term, the_one, type_of


def in_a_rule(condition: str, block: str = "") -> list[str]:
    return check(f"""
        source a from "a.csv" {{
          id : text key
          x : count?  y : count?  n : count
          c : category?  k : category("p", "q")?  t : text
          b : bool?   l : list(category)?
        }}
        population p from a {{ keep "k" when {condition}  {block} }}
        """).codes


UNDECIDED = [
    "x != 5",
    "5 != x",
    "x != n",
    "c != t",
    'c not in ("a", "b")',
    "not b",
    "not (x > 5)",
    'not (c == "a" or n > 5)',
    'not (c contains "a")',
    'not (l has any ("a"))',
    "not (x between 1 and 5)",
    "n > 3 and x != 5",
    "(x + n) != 5",
    "n / x != 1",
    "case when n > 3 then x end != 5",
    "abs(x) != 5",
    'lower(c) != "a"',
    "x != 5 and x is known",
    "y is known and x != 5",
    "x is missing and x != 5",
    "x is known or x != 5",
    "(x ?? y) != 5",
    "(x is known or n > 3) and x != 5",
]


@pytest.mark.parametrize("condition", UNDECIDED)
def test_what_is_left_open_is_refused(condition: str) -> None:
    assert in_a_rule(condition) == ["SEG305"]


@pytest.mark.parametrize("condition", UNDECIDED)
def test_unknown_as_false_decides_it_for_the_whole_block(condition: str) -> None:
    assert in_a_rule(condition, "unknown as false") == []


@pytest.mark.parametrize(
    "condition",
    [
        "n != 5",
        't not in ("a")',
        "not (n > 5)",
        "x > 5",
        "x == 5",
        'c in ("a")',
        "x is known and x != 5",
        "x is known and n > 3 and x != 5",
        "(x is known and n > 3) and x != 5",
        "x is missing or x != 5",
        "n > 3 or x is missing or x != 5",
        "x is known and not (x > 5)",
        "x is known and y is known and x != y",
        'c is known and c not in ("a")',
        "b is known and not b",
        "(x ?? 0) != 5",
        '(c ?? "none") not in ("a", "b")',
        "not (b ?? false)",
        "not (x is known)",
        "not (x is missing)",
        "case when x is known then x else 0 end != 5",
        "case when x is missing then 0 else x end != 5",
        "case when x is known and x != 5 then 1 else 2 end == 1",
        "(x ?? y ?? 0) != 5",
        "x is known and (x + n) != 5",
        "x is known and (n / 2) != x",
        "x is known and abs(x) != 5",
        "x is known and x * 2 != 5",
    ],
)
def test_what_is_decided_is_accepted(condition: str) -> None:
    assert in_a_rule(condition) == []


@pytest.mark.parametrize(
    ("condition", "name"),
    [("x != 5", "x"), ("n + y != 5", "y"), ("not (n > 3 and b)", "b"), ('lower(c) != "a"', "c"), ("x + y != 5", "x")],
)
def test_the_culprit_is_named(condition: str, name: str) -> None:
    checked = check(f"""
        source a from "a.csv" {{ id : text key  x : count?  y : count?  n : count  c : category?  b : bool? }}
        population p from a {{ keep "k" when {condition} }}
        """)
    assert f"where `{name}` is missing" in the_one(checked).message
    assert f"`{name} is known and ...`" in the_one(checked).help


@pytest.mark.parametrize(
    "spec",
    [
        "derive a { f = x != 5 }",
        "score s for a { base 5 when x != 5 }",
        "segmentation g for a { segment h when x != 5  segment o otherwise }",
        "audience l from a { where x != 5 }",
        "derive a { f = count(d where z != 5) }",
        "derive a { f = count(over a where x != 5) }",
    ],
)
def test_it_is_refused_wherever_a_condition_stands(spec: str) -> None:
    tables = """
        source a from "a.csv" { id : text key  x : count? }
        source d from "d.csv" { id : int key  a_id : text  z : count?  links a_id to a }
        """
    assert check(f"{tables}\n{spec}").codes == ["SEG305"]


@pytest.mark.parametrize(
    "spec",
    [
        "derive a { unknown as false  f = x != 5 }",
        "score s for a { base 5 when x != 5  unknown as false }",
        "segmentation g for a { unknown as false  segment h when x != 5  segment o otherwise }",
        "segmentation g for a {"
        " segment h when n > 3 { unknown as false  segment i when x != 5  segment j otherwise } segment o otherwise }",
        "audience l from a { where x != 5  unknown as false }",
    ],
)
def test_every_block_may_say_unknown_as_false(spec: str) -> None:
    assert check(f'source a from "a.csv" {{ id : text key  x : count?  n : count }}\n{spec}').codes == []


def test_a_segments_condition_is_known_in_its_nested_segments() -> None:
    spec = """
        source a from "a.csv" {{ id : text key  x : count? }}
        segmentation g for a {{
          segment h when {outer} {{ segment i when x != 5  segment j otherwise }}
          segment o otherwise
        }}
        """
    assert check(spec.format(outer="x is known and x > 3")).codes == []
    assert check(spec.format(outer="x is known or x > 3")).codes == ["SEG305"]


def test_a_terms_condition_is_known_in_its_amount() -> None:
    spec = """
        source a from "a.csv" {{ id : text key  x : count? }}
        score s for a {{ base case when x != 5 then 1 else 2 end {when} }}
        """
    assert check(spec.format(when="when x is known")).codes == []
    assert check(spec.format(when="")).codes == ["SEG305"]


# ---- what may be missing


@pytest.mark.parametrize(
    ("term", "optional"),
    [
        ("n", False),
        ("n_o", True),
        ("n_o ?? 5", False),
        ("n_o ?? i_o", True),
        ("n_o is known", False),
        ("n + n_o", True),
        ("n / i", True),
        ("n / 2", False),
        ("n_o > 5", True),
        ("b and b_o", True),
        ("n_o is known and n_o > 5", False),
        ("case when b then n end", True),
        ("case when b then n else 5 end", False),
        ("case when b_o then n else 5 end", False),
        ("case when n_o is known then n_o else 5 end", False),
        ("band(n, 10, 50)", False),
        ("band(n_o, 10, 50)", True),
        ("lower(t_o)", True),
        ("lower(t)", False),
        ("log(n)", True),
        ("domain_of(t)", True),
        ("count(invoices)", False),
        ("sum(invoices.amount)", False),
        ("distinct(invoices.amount)", False),
        ("any(invoices.late)", False),
        ("mean(invoices.amount)", True),
        ("max(invoices.paid_on)", True),
        ("last(invoices.amount by paid_on)", True),
        ("median(m over customers)", True),
        ("count(over customers)", False),
        ("rank(m over customers)", True),
        ("quality", True),
        ("quality.grade", True),
        ("fit", False),
        ("fit.micro", False),
        ("expected(quality by fit)", True),
        ("d - as_of", False),
        ("-n_o", True),
        ("20% of m_o", True),
        ('l_o has any ("x")', True),
        ("d_o within 3 days before as_of", True),
    ],
)
def test_whether_a_value_may_be_missing(term: str, optional: bool) -> None:
    found = type_of(term)
    assert not isinstance(found, str), check_term(term).told
    assert found.optional == optional


def test_a_default_makes_a_column_known() -> None:
    checked = check("""
        source a from "a.csv" { id : text key  x : count? = 5 }
        population p from a { keep "k" when x != 3 }
        """)
    assert checked.codes == []


def test_a_required_column_stays_known_where_broken_values_are_blanked() -> None:
    # A missing value in it is a breach of its own, so none is left when the rule is asked.
    checked = check("""
        source a from "a.csv" { id : text key  x : count  on broken as missing }
        population p from a { keep "k" when x != 3 }
        """)
    assert checked.codes == []


def test_other_as_missing_makes_a_category_unknown() -> None:
    checked = check("""
        source a from "a.csv" { id : text key  x : category("p", "q")  other as missing }
        population p from a { keep "k" when x != "p" }
        """)
    assert checked.codes == ["SEG305"]


def test_a_segmentation_without_otherwise_may_be_missing() -> None:
    spec = """
        source a from "a.csv" {{ id : text key  n : count }}
        segmentation g for a {{ segment h when n > 5  {last} }}
        population p from a {{ keep "k" when g != "h" }}
        """
    assert check(spec.format(last="segment o otherwise")).codes == []
    assert check(spec.format(last="")).codes == ["SEG305"]


def test_micro_segments_without_an_inner_otherwise_may_be_missing() -> None:
    spec = """
        source a from "a.csv" {{ id : text key  n : count }}
        segmentation g for a {{ segment h when n > 5 {{ segment i when n > 9  {last} }} segment o otherwise }}
        population p from a {{ keep "k" when g.micro != "h/i" }}
        """
    assert check(spec.format(last="segment j otherwise")).codes == []
    assert check(spec.format(last="")).codes == ["SEG305"]


@pytest.mark.parametrize(
    ("term", "named"),
    [
        ("mean(invoices.amount) != $3", "mean(invoices.amount)"),
        ("not (max(invoices.paid_on) > d)", "max(invoices.paid_on)"),
        ("mean(m_o over accounts) != m", "mean(m_o over accounts)"),
    ],
)
def test_an_aggregate_that_may_be_missing_is_named_as_it_is_written(term: str, named: str) -> None:
    found = next(one for one in check_term(term).found if one.is_error)
    assert found.code == "SEG305"
    assert found.help.startswith(f"write `{named} is known and ...` or `({named} ?? value)`")
    mended = check_term(f"{named} is known and {term}")
    assert [one.code for one in mended.found if one.is_error] == []


def test_a_value_behind_a_link_that_may_be_missing_is_named_with_its_link() -> None:
    found = next(one for one in check(f"{KINDS} derive invoices {{ x = account_id.n_o != 3 }}").found if one.is_error)
    assert found.help.startswith("write `account_id.n_o is known and ...`")
