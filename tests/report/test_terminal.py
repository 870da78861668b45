"""The report at a terminal: it fits, it is aligned, and it tells the facts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from segdsl.diagnostics import Span
from segdsl.diagnostics.display import width
from segdsl.engines.arrow.results import AttritionRow, AttritionTable, SchemeSummary, SegmentSummary
from segdsl.report.amounts import amount_text
from segdsl.report.run_report import AudienceReport, HiddenRows, PopulationReport, RunReport, SchemeReport, ScoreReport
from segdsl.report.terminal import Canvas, render_report
from segdsl.types import Duration, Kind, Type, Value

NOWHERE = Span("a.seg", 0, 0)
USD = Type(Kind.MONEY, currency="USD")


def segment(path: str, title: str, count: int, mean: Decimal | None, undecided: int | None = 0) -> SegmentSummary:
    means: Mapping[str, Value] = {"quality": mean}
    return SegmentSummary(path, title, count, count / 200, means, undecided, NOWHERE)


REPORT = RunReport(
    spec="customers.seg",
    goal="Find the companies that make good customers, and the prospects that look like them, before the others do",
    clock=date(2026, 6, 30),
    clock_from="as_of",
    populations=(
        PopulationReport(
            "Paying customers",
            AttritionTable(
                "customers",
                "accounts",
                1_234_567,
                (
                    AttritionRow("支払いまたは解約した顧客", True, 34_567, 1_200_000, 52, NOWHERE),
                    AttritionRow("a reason that takes " + "so very many words " * 5, False, 1_199_800, 200, 0, NOWHERE),
                ),
            ),
        ),
    ),
    scores=(
        ScoreReport(
            "quality",
            "Customer quality",
            "customers",
            USD,
            198,
            2,
            17_512.6,
            (-8_166.0, 12.5, 11_132.0, 23_480.0, 234_411.0),
            (("A", 50), ("B", 148)),
        ),
    ),
    schemes=(
        SchemeReport(
            "fit",
            "Profile",
            SchemeSummary(
                "fit",
                "customers",
                200,
                20,
                (
                    segment("tech", "Technology", 100, Decimal("36597.77"), 76),
                    segment("tech/large", "大企業のテクノロジー会社", 40, Decimal("-350")),
                    segment("other", "other", 80, None),
                ),
            ),
            (("quality", USD),),
        ),
    ),
    audiences=(
        AudienceReport("best", "The best", 508, 90, 10, "audiences/best.csv", "audiences/best.control.csv"),
        AudienceReport("others", "", 20, 20, None, "audiences/others.csv", None),
    ),
)


def lines_of(report: RunReport, columns: int, *, unicode: bool = True, colour: bool = False) -> list[str]:
    return render_report(report, Canvas(columns, unicode, colour)).splitlines()


@pytest.mark.parametrize("columns", [80, 100, 120])
@pytest.mark.parametrize("unicode", [True, False])
def test_no_line_is_wider_than_the_terminal(columns: int, unicode: bool) -> None:
    for line in lines_of(REPORT, columns, unicode=unicode):
        assert width(line) <= columns, line


@pytest.mark.parametrize("columns", [80, 120])
def test_numbers_stand_in_columns_also_behind_wide_characters(columns: int) -> None:
    rows = [line for line in lines_of(REPORT, columns) if line.startswith(("  keep", "  drop", "        all"))]
    ends = {
        width(row[: row.index(left)]) + len(left)
        for row, left in zip(rows, ("1,234,567", "1,200,000", " 200"), strict=True)
    }
    assert len(rows) == 3
    assert len(ends) == 1


def test_counts_shares_means_and_files_are_told() -> None:
    text = [line.split() for line in lines_of(REPORT, 120)]
    assert ["scored", "mean", "min", "25%", "median", "75%", "max"] in text
    assert ["198", "$17,513", "-$8,166", "$12.50", "$11,132", "$23,480", "$234,411"] in text
    assert ["grades", "A", "50", "B", "148"] in text
    assert next(row for row in text if row[:1] == ["tech"])[-2:] == ["$36,598", "76"]
    assert next(row for row in text if row[:1] == ["large"])[-1] == "-$350"
    assert next(row for row in text if row[:1] == ["other"])[-1] == "–"
    assert ["(in", "none)", "20", "10.0%"] in text
    assert ["best", "The", "best", "508", "90", "10", "audiences/best.csv"] in text


def test_nested_segments_are_indented_under_their_parent() -> None:
    lines = lines_of(REPORT, 80)
    parent = next(line for line in lines if line.startswith("  tech"))
    assert lines[lines.index(parent) + 1].startswith("    large")


def test_the_same_name_below_two_segments_is_told_by_its_place() -> None:
    (scheme,) = REPORT.schemes
    twice = [segment(path, "", 10, None) for path in ("tech", "tech/rest", "other", "other/rest")]
    found = replace(REPORT, schemes=(replace(scheme, summary=replace(scheme.summary, segments=tuple(twice))),))
    names = [line.split()[0] for line in lines_of(found, 80) if line.endswith("–")]
    assert names == ["tech", "rest", "other", "rest"]


def test_hidden_rows_are_told() -> None:
    hidden = (HiddenRows("orders", 9_994, 2_122), HiddenRows("calls", 1, 1))
    assert lines_of(replace(REPORT, hidden=hidden), 80)[3:5] == [
        "orders: 9,994 rows, 2,122 later than 2026-06-30 hidden",
        "calls: 1 row, 1 later than 2026-06-30 hidden",
    ]


def test_longest_bar_is_the_largest_segment() -> None:
    bars = {line.split()[0]: line.count("█") for line in lines_of(REPORT, 120) if "█" in line}
    assert bars["tech"] == 12
    assert bars["tech"] > bars["other"] > bars["large"] > 0


def test_text_without_unicode_is_ascii_but_for_names() -> None:
    for line in lines_of(replace(REPORT, populations=(), schemes=()), 80, unicode=False):
        assert line.isascii()


def test_colours_change_nothing_but_the_looks() -> None:
    plain = render_report(REPORT, Canvas(80, True, False))
    coloured = render_report(REPORT, Canvas(80, True, True))
    assert "\x1b[" in coloured
    assert "\x1b[" not in plain


def test_signs_for_the_terminal_in_a_title_are_written_out() -> None:
    (population,) = REPORT.populations
    rule = replace(population.attrition.rows[0], reason="\x1b[31mred")
    title = PopulationReport("\x1b[2J", replace(population.attrition, rows=(rule,)))
    hostile = replace(REPORT, goal="\x1b]0;x", populations=(title,))
    text = render_report(hostile, Canvas(80, True, False))
    assert "\x1b" not in text
    assert "\\u{1b}[31mred" in text


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (Decimal("36597.77"), USD, "$36,598"),
        (Decimal("-0.004"), USD, "$0.00"),
        (Decimal("-12.5"), USD, "-$12.50"),
        (Decimal("1234.5"), Type(Kind.MONEY, currency="CHF"), "1,234 CHF"),
        (Decimal("1234567"), Type(Kind.MONEY, currency="EUR"), "€1,234,567"),
        (Decimal("0.1234"), Type(Kind.RATIO), "12.3%"),
        (Decimal("12.3456"), Type(Kind.NUMBER), "12.35"),
        (Decimal("0.00123456"), Type(Kind.NUMBER), "0.00123"),
        (1_234_567, Type(Kind.COUNT), "1,234,567"),
        (0, Type(Kind.INT), "0"),
        (Decimal("-2.95e301"), Type(Kind.NUMBER), "-2.95e+301"),
        (Duration(seconds=86_400 * 90), Type(Kind.DURATION), "90 days"),
        (None, USD, "–"),
    ],
)
def test_amounts_are_told_with_their_unit(value: Value, type_: Type, text: str) -> None:
    assert amount_text(value, type_) == text
