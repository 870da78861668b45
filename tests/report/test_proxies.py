"""What people read of proxies by grade."""

from segdsl.diagnostics.display import width
from segdsl.engines.arrow.hypothesis_result import ProxyResult
from segdsl.evidence.grades import ByGrade
from segdsl.record import replace
from segdsl.report.proxies import proxy_facts, proxy_lines
from segdsl.types import BOOL, DATE, money

REVENUE = ProxyResult(
    score="quality",
    among="",
    proxy="revenue",
    level="",
    type=money("USD"),
    grades=("A", "B", "C", "D"),
    asked=120,
    found=ByGrade((30, 30, 20, 20), (5_000.0, 4_000.0, 3_000.0, 2_000.0), 0.812, 0.4, 1.2),
    note="",
)


def shown(*found: ProxyResult, columns: int = 200) -> str:
    return "\n".join("".join(piece.text for piece in line) for line in proxy_lines(found, columns))


def test_a_proxy_stands_with_its_grades() -> None:
    lines = shown(REVENUE).splitlines()
    assert lines[0] == "proxies by grade of quality"
    assert lines[2].split() == [
        "revenue",
        "100",
        "$5,000",
        "$4,000",
        "$3,000",
        "$2,000",
        "+0.81",
        "+0.40",
        "to",
        "+1.20",
    ]


def test_levels_are_conditions_and_shares() -> None:
    found = ByGrade((30, 30, 20, 20), (0.5, 0.4, 0.3, 0.2), 0.3, 0.1, 0.5)
    level = replace(REVENUE, proxy="sector", level='"tech"', type=BOOL, found=found, among="is_b2b")
    line = shown(level).splitlines()[2]
    assert 'sector == "tech" among is_b2b' in line and "50.0%" in line


def test_dates_are_days() -> None:
    found = ByGrade((30, 30, 20, 20), (0.0, 1.4, 31.0, 365.0), 0.3, 0.1, 0.5)
    line = shown(replace(REVENUE, type=DATE, found=found)).splitlines()[2]
    assert line.split()[2:6] == ["1970-01-01", "1970-01-02", "1970-02-01", "1971-01-01"]


def test_what_is_wholly_apart_has_no_figure() -> None:
    found = ByGrade((30, 0, 0, 20), (1.0, None, None, 0.0), float("inf"), None, None)
    one = replace(REVENUE, type=BOOL, found=found, note="wholly apart")
    assert "apart" in shown(one)
    # Grades that nobody is in have no column.
    assert shown(one).splitlines()[1].split() == ["proxy", "n", "A", "D", "effect", "95%", "interval"]
    facts = proxy_facts(one)
    assert (facts["effect"], facts["note"]) == (None, "wholly apart")


def test_a_narrow_terminal_keeps_the_ends() -> None:
    lines = shown(REVENUE, columns=44).splitlines()
    assert max(map(width, lines)) <= 44
    assert {"proxy", "A", "D", "effect"} <= set(lines[1].split())


def test_a_long_table_is_told_in_the_run_folder() -> None:
    text = shown(*(replace(REVENUE, proxy=f"p{place}") for place in range(33)))
    assert "p19" in text and "p20" not in text
    assert "and 13 more, in proxies_by_grade.csv" in text
