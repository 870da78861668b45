"""Aggregates over links and over tables, bands, functions, and expected scores."""

from decimal import Decimal

import pytest

from segdsl.model.expression import Band, LinkAggregate, TableAggregate
from segdsl.types import BOOL, COUNT, DATE, NUMBER, RATIO, Type, category, money
from tests.model.checking import KINDS, USES, check, check_term, expr_of, the_one, type_of

USD = money("USD")


# ---- over a link


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("count(invoices)", COUNT),
        ("count(invoices where late ?? false)", COUNT),
        ("sum(invoices.amount)", USD),
        ("sum(invoices.amount * 2)", USD),
        ("sum(invoices.amount - $5)", USD),
        ("mean(invoices.amount)", USD.or_missing()),
        ("median(invoices.amount)", USD.or_missing()),
        ("min(invoices.paid_on)", DATE.or_missing()),
        ("max(invoices.paid_on)", DATE.or_missing()),
        ("distinct(invoices.paid_on)", COUNT),
        ("any(invoices.late)", BOOL),
        ("all(invoices.amount > $5)", BOOL),
        ("any(invoices where amount > $5)", BOOL),
        ("first(invoices.amount by paid_on)", USD.or_missing()),
        ("last(invoices.paid_on by amount)", DATE.or_missing()),
        ("mean(invoices.amount / $2)", RATIO.or_missing()),
        ("mean(as_of - invoices.paid_on)", Type(kind=type_of("u").kind, optional=True)),  # type: ignore[union-attr]
        ("sum(case when invoices.late ?? false then 1 else 0 end)", type_of("i")),
    ],
)
def test_the_type_of_an_aggregate_over_a_link(term: str, kind: Type) -> None:
    assert type_of(term) == kind


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("sum(n)", "SEG309"),
        ("sum(5)", "SEG309"),
        ("sum(customers)", "SEG309"),
        ("sum()", "SEG306"),
        ("sum(invoices.amount, invoices.amount)", "SEG306"),
        ("sum(invoices)", "SEG306"),
        ("sum(invoices.paid_on)", "SEG306"),
        ("sum(invoices.invoice_id)", "SEG306"),
        ("mean(invoices.late)", "SEG306"),
        ("count(invoices.amount)", "SEG306"),
        ("any(invoices.amount)", "SEG306"),
        ("first(invoices.amount)", "SEG306"),
        ("sum(invoices.amount by paid_on)", "SEG306"),
        ("sum(invoices.amount per late)", "SEG306"),
        ("sum(invoices.amount where amount)", "SEG302"),
        ("sum(invoices.amount where nothing > 5)", "SEG201"),
        ("sum(invoices.nothing)", "SEG201"),
        ("sum(invoices.amount where late where late)", "SEG209"),
        ("sum(invoices.amount via nothing)", "SEG201"),
        ("sum(invoices.amount where late != true)", "SEG305"),
        ("lower(t where b)", "SEG306"),
        ("quantile(invoices.amount, 0.5)", "SEG309"),
        ("rank(n)", "SEG309"),
    ],
)
def test_an_aggregate_that_cannot_be(term: str, code: str) -> None:
    assert type_of(term) == code


def test_the_condition_of_an_aggregate_is_on_the_linked_rows() -> None:
    expr = expr_of("sum(invoices.amount where amount > $5)")
    assert isinstance(expr, LinkAggregate)
    assert expr.where is not None
    assert expr.value is not None


def test_an_aggregate_over_two_tables_is_refused() -> None:
    checked = check(f"""{KINDS}{USES}
        source visits from "v.csv" {{ id : int key  a : text  size : money(USD)  links a to accounts }}
        derive accounts {{ probe = sum(invoices.amount + visits.size) }}
        """)
    assert "`invoices` and `visits`" in the_one(checked).message


# ---- over a table


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("count(over customers)", COUNT),
        ("count(over accounts)", COUNT),
        ("count(over accounts where b)", COUNT),
        ("mean(m over customers)", USD.or_missing()),
        ("mean(n over customers)", NUMBER.or_missing()),
        ("sum(m over accounts)", USD),
        ("median(n over accounts where b)", NUMBER.or_missing()),
        ("max(d over accounts)", DATE.or_missing()),
        ("quantile(m, 0.99 over accounts)", USD.or_missing()),
        ("quantile(m, 50% over accounts)", USD.or_missing()),
        ("quantile(m, 1 over accounts)", USD.or_missing()),
        ("quantile(n, 0 over accounts)", NUMBER.or_missing()),
        ("nth_largest(m, 2 over customers)", USD.or_missing()),
        ("rank(m over customers)", COUNT.or_missing()),
        ("rank(m over customers per k)", COUNT.or_missing()),
        ("mean(m over customers per k)", USD.or_missing()),
        ("max(quality over customers)", USD.or_missing()),
        ('count(over customers where fit == "core")', COUNT),
    ],
)
def test_the_type_of_an_aggregate_over_a_table(term: str, kind: Type) -> None:
    found = type_of(term)
    assert found == kind, check_term(term).told


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("mean(m over nowhere)", "SEG201"),
        ("mean(m over quality)", "SEG206"),
        ("mean(m over tech)", "SEG206"),
        ("mean(nothing over accounts)", "SEG201"),
        ("mean(over accounts)", "SEG306"),
        ("count(m over accounts)", "SEG306"),
        ("mean(t over accounts)", "SEG306"),
        ("quantile(m over accounts)", "SEG306"),
        ("quantile(m, 1.5 over accounts)", "SEG306"),
        ("quantile(m, n over accounts)", "SEG306"),
        ("quantile(m, $1 over accounts)", "SEG306"),
        ("nth_largest(m, 0 over accounts)", "SEG306"),
        ("nth_largest(m, 1.5 over accounts)", "SEG306"),
        ("nth_largest(m, -1 over accounts)", "SEG306"),
        ("rank(t over accounts)", "SEG306"),
        ("first(m over accounts)", "SEG309"),
        ("mean(m over accounts by d)", "SEG306"),
        ("mean(m over accounts via d)", "SEG306"),
        ("mean(m over remaining)", "SEG309"),
        ("rank(amount over invoices)", "SEG309"),
        ("mean(amount over invoices per late)", "SEG309"),
    ],
)
def test_a_figure_of_a_table_that_cannot_be(term: str, code: str) -> None:
    assert type_of(term) == code


def test_a_figure_of_another_table_is_the_same_for_every_row() -> None:
    expr = expr_of("mean(amount over invoices)")
    assert isinstance(expr, TableAggregate)
    assert expr.table == "invoices"


@pytest.mark.parametrize("level", ["0.75", "75%"])
def test_a_level_is_a_number_between_0_and_1(level: str) -> None:
    expr = expr_of(f"quantile(m, {level} over accounts)")
    assert isinstance(expr, TableAggregate)
    assert expr.argument == Decimal("0.75")


def test_remaining_are_the_rows_that_earlier_rules_left() -> None:
    checked = check("""
        source a from "a.csv" { id : text key  m : money(USD) }
        population p from a {
          keep "paying" when m > $0
          drop "giant"  when m >= 4 * nth_largest(m, 2 over remaining)
          drop "small"  when m < quantile(m, 0.1 over remaining where m > $5)
        }
        """)
    assert checked.codes == []


# ---- bands


@pytest.mark.parametrize(
    ("term", "labels"),
    [
        ("band(n, 10, 50, 250)", ("under 10", "10 to under 50", "50 to under 250", "250 and over")),
        ("band(n, 5)", ("under 5", "5 and over")),
        ("band(n, 1_000, 10k)", ("under 1_000", "1_000 to under 10k", "10k and over")),
        ("band(m, $1k, $1M)", ("under $1k", "$1k to under $1M", "$1M and over")),
        ("band(r, 5%, 10%)", ("under 5%", "5% to under 10%", "10% and over")),
        ("band(r, 0, 1)", ("under 0", "0 to under 1", "1 and over")),
        ("band(i, -5, 5)", ("under -5", "-5 to under 5", "5 and over")),
        ("band(u, 30 days, 1 year)", ("under 30 days", "30 days to under 1 year", "1 year and over")),
    ],
)
def test_the_labels_of_bands(term: str, labels: tuple[str, ...]) -> None:
    expr = expr_of(term)
    assert isinstance(expr, Band)
    assert expr.labels == labels
    assert expr.type == category(*labels)


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("band(n)", "SEG306"),
        ("band()", "SEG306"),
        ("band(t, 5)", "SEG306"),
        ("band(d, 2026-01-01)", "SEG306"),
        ("band(n, 50, 10)", "SEG307"),
        ("band(n, 10, 10)", "SEG307"),
        ("band(u, 1 year, 365 days)", "SEG307"),
        ("band(n, i)", "SEG306"),
        ("band(m, 10, 50)", "SEG303"),
        ("band(r, 10, 50)", "SEG303"),
        ('band(n, "a")', "SEG302"),
        ("band(n, 10 over accounts)", "SEG306"),
    ],
)
def test_bands_that_cannot_be(term: str, code: str) -> None:
    assert type_of(term) == code


def test_a_band_is_a_closed_category() -> None:
    assert type_of('band(n, 10, 50) == "10 to under 50"') == BOOL
    assert type_of('band(n, 10, 50) == "10 to 50"') == "SEG304"


# ---- expected scores


def test_an_expected_score_has_the_unit_of_the_score() -> None:
    assert type_of("expected(quality by fit)") == USD.or_missing()


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("expected(quality)", "SEG306"),
        ("expected(by fit)", "SEG306"),
        ("expected(quality, 5 by fit)", "SEG306"),
        ("expected(n by fit)", "SEG201"),
        ("expected(fit by quality)", "SEG206"),
        ("expected(quality by nothing)", "SEG201"),
        ("expected(quality by customers)", "SEG206"),
        ("expected(quality by fit where b)", "SEG306"),
    ],
)
def test_an_expected_score_that_cannot_be(term: str, code: str) -> None:
    found = check_term(term)
    assert set(found.codes) == {code}, found.told


def test_an_overlapping_segmentation_has_no_expected_score() -> None:
    checked = check(f"""{KINDS}{USES}
        segmentation traits for customers overlapping {{ segment a when b  segment o otherwise }}
        derive accounts {{ probe = expected(quality by traits)  seen = traits has any ("a") }}
        """)
    assert checked.codes == ["SEG208"]


def test_a_segment_of_an_overlapping_segmentation_is_looked_for_in_a_list() -> None:
    checked = check(f"""{KINDS}{USES}
        segmentation traits for customers overlapping {{ segment a when b  segment o otherwise }}
        derive accounts {{ wrong = traits == "a"  outside = traits has any ("x") }}
        """)
    assert checked.codes == ["SEG302", "SEG304"]


# ---- functions


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("avg(n over accounts)", "write `mean(...)`"),
        ("len(t)", "write `length(...)`"),
        ("coalesce(n_o, 5)", "write `x ?? value`"),
        ("isnull(n_o)", "write `x is missing`"),
        ("IF(b, 1, 2)", "write `case when ... then ... else ... end`"),
        ("datediff(d, as_of)", "subtract one date from the other"),
        ("TODAY()", "declare `param as_of : date = ...`, the spec's clock"),
        ("medain(n over accounts)", "did you mean `median`?"),
        ("roundd(n)", "did you mean `round`?"),
    ],
)
def test_a_function_of_another_language_is_translated(written: str, mend: str) -> None:
    found = the_one(check_term(written))
    assert (found.code, found.help) == ("SEG201", mend)


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (r'r"(a)\1"', "refers back"),
        ('r"(?=a)"', "looks ahead or behind"),
        ('r"(?<!a)b"', "looks ahead or behind"),
        ('r"(?>a)"', "possessive"),
        ('r"a++"', "possessive"),
        ('r"a("', "unterminated"),
        ('r"a{2000}"', "repeats more than"),
        ('r"' + "a" * 1001 + '"', "longer than"),
    ],
)
def test_a_pattern_that_is_refused(term: str, reason: str) -> None:
    found = the_one(check_term(f"t matches {term}"))
    assert found.code == "SEG308"
    assert reason in found.message


@pytest.mark.parametrize("pattern", [r"^\d{3}-\w+$", r"(?i)acme", r"[^(?=)]", r"a\\1", r"(?:a|b)*c", r"\.com\b", "é+"])
def test_a_pattern_that_is_accepted(pattern: str) -> None:
    assert type_of(f't matches r"{pattern}"') == BOOL


@pytest.mark.parametrize(
    ("term", "mended"),
    [
        ("count(invoices.late)", "count(invoices where invoices.late)"),
        ("count(invoices.amount > $5)", "count(invoices where invoices.amount > $5)"),
        ("count(invoices.paid_on)", "count(invoices where invoices.paid_on is known)"),
        ("count(invoices.amount * 2)", "count(invoices where (invoices.amount * 2) is known)"),
    ],
)
def test_a_count_of_values_is_mended_to_one_of_rows(term: str, mended: str) -> None:
    (found,) = (one for one in check_term(term).found if one.is_error)
    assert (found.code, found.help) == ("SEG306", f"write `{mended}`")
    assert [one.code for one in check_term(mended).found if one.is_error] == []
