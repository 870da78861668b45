"""What people read of a hypothesis, and that it fits the width."""

from segdsl.diagnostics.display import width
from segdsl.engines.arrow.hypothesis_result import CutResult, EffectResult, HypothesisResult, SideResult
from segdsl.record import replace
from segdsl.report.hypotheses import hypothesis_facts, hypothesis_lines
from segdsl.types import money

LARGER = HypothesisResult(
    name="larger",
    title="",
    expectation="higher employees means higher quality",
    among="",
    score="quality",
    score_type=money("USD"),
    proxy="employees",
    rows=120,
    n=90,
    verdict="supported",
    reason="",
    effect=EffectResult("rank correlation", 0.412, 0.231, 0.561, 0.00002, 0.0004, "asymptotic"),
    needed=None,
    difference=None,
    cut=CutResult("250", SideResult(25, 1_000.0, 0.1), SideResult(20, 2_500.0, 0.45)),
    turn="",
    turn_best=False,
    rare=0,
)


def shown(one: HypothesisResult, columns: int = 200) -> str:
    return "\n".join("".join(piece.text for piece in line) for line in hypothesis_lines([one], columns))


def test_a_verdict_stands_with_its_figures() -> None:
    row = shown(LARGER).splitlines()[2].split()
    assert row == [
        "larger", "higher", "employees", "means", "higher", "quality", "90", "75.0%", "+0.41",
        "+0.23", "to", "+0.56", "<0.001", "supported",
    ]  # fmt: skip


def test_both_sides_of_the_cut_are_told() -> None:
    assert (
        "`larger`: of the 45 rows that the cut was not chosen by, 45.0% of `employees >= 250` are in the top quarter, "
        "10.0% of the others; mean $2,500 against $1,000"
    ) in " ".join(shown(LARGER).split())


def test_a_condition_is_told_of_all_rows() -> None:
    cut = CutResult("", SideResult(50, 1_000.0, 0.1), SideResult(40, 2_500.0, 0.45))
    text = " ".join(shown(replace(LARGER, proxy="is_public", cut=cut)).split())
    assert "`larger`: 45.0% of `is_public` are in the top quarter" in text
    assert "not chosen" not in text


def test_a_long_cut_is_grouped_as_in_a_spec() -> None:
    cut = CutResult("1400000", SideResult(25, 1_000.0, 0.1), SideResult(20, 2_500.0, 0.45))
    assert "`employees >= 1_400_000`" in shown(replace(LARGER, cut=cut))


def test_what_is_open_says_how_many_rows_decide_it() -> None:
    text = shown(replace(LARGER, verdict="inconclusive", needed=1234))
    assert "it would take about 1,234 rows to settle an effect this small; there are 90" in text
    assert "top quarter" not in text


def test_best_in_the_middle_is_said_instead_of_rows() -> None:
    text = shown(replace(LARGER, verdict="inconclusive", needed=1234, turn="1997", turn_best=True))
    assert "`quality` is best in the middle of `employees`, around 1997" in text
    assert "settle" not in text


def test_what_was_not_tested_says_why() -> None:
    text = shown(
        replace(LARGER, verdict="not tested", reason="the proxy is the same on all rows", effect=None, cut=None)
    )
    assert "was not tested: the proxy is the same on all rows" in text


def test_lines_fit_a_narrow_terminal() -> None:
    assert max(width(line) for line in shown(LARGER, 80).splitlines()) <= 80


def test_programs_get_the_uncorrected_p_too() -> None:
    facts = hypothesis_facts(LARGER)
    assert (facts["p"], facts["corrected_p"], facts["coverage"]) == (0.00002, 0.0004, 0.75)
    assert facts["sides"]["high"] == {"rows": 20, "mean": 2_500.0, "top_quartile_share": 0.45}
