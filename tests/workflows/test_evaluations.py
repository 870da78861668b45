"""What evaluators are called with, schemes learned anew on a part of the rows, and gates on what is measured."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from statistics import quantiles

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest

from segdsl.plugin import Evaluator, FieldName, FitCall, Fitted, MeasureCall, Measured, Segmenter, TableName
from segdsl.report.terminal import Canvas, render_report
from segdsl.workflows.run import Finished, Request, run
from segdsl_schemes.criteria import EVALUATOR as CRITERIA
from tests.workflows.inline_plugins import inline

ROWS = 24
SEATS = [(3 * i * i) % 29 for i in range(ROWS)]
ACCOUNTS = "id,seats,sector,mrr,owner\n" + "".join(
    f"{i:02},{seats},s{i % 3},{10 * seats}.50,o{i % 2}\n" for i, seats in enumerate(SEATS)
)
PROSPECTS = "id,seats,sector,budget\n" + "".join(f"p{i},{3 * i},s{i % 2},{i}\n" for i in range(9))
SPEC = """
source accounts from "accounts.csv" {
  id : text key  seats : count  sector : category  mrr : money(USD)  owner : text pii
}
source prospects like accounts from "prospects.csv" { without mrr, owner  budget : count }
derive accounts { twice = 2 * seats  usual = quantile(seats, 0.5 over accounts)  above = seats - usual }
population most from accounts { drop "small" when seats < 9 }
score quality "Quality" for most { base mrr  minus "large" $20 when seats > 20 }
hypothesis larger { expect higher seats means higher quality }
hypothesis doubled { expect higher twice means higher quality }
hypothesis sectors { expect sector separates quality }
"""


class Listener:
    """An evaluator's work that keeps what it was called with."""

    def __init__(self, measured: Callable[[MeasureCall], Measured] = lambda call: Measured(1.0)) -> None:
        self.measured = measured
        self.calls: list[MeasureCall] = []

    def __call__(self, call: MeasureCall) -> Measured:
        self.calls.append(call)
        return self.measured(call)


def ran(folder: Path, spec: str, *plugins: Evaluator | Segmenter) -> Finished:
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "prospects.csv").write_text(PROSPECTS, encoding="utf-8")
    (folder / "spec.seg").write_text(SPEC + spec, encoding="utf-8")
    return run(Request(folder / "spec.seg", plugins=inline(*plugins)))


def heard(folder: Path, spec: str, *plugins: Segmenter, options: dict[str, object] | None = None) -> MeasureCall:
    listener = Listener()
    schema = {"type": "object", "properties": options or {}}
    finished = ran(folder, spec, Evaluator("heard", "", listener, options=schema), *plugins)
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    (call,) = listener.calls
    return call


INSIDE = [i for i in range(ROWS) if SEATS[i] >= 9]
BY_RULE = "segmentation fit for most { segment large when seats >= 12  segment small otherwise }\n"


def test_an_evaluator_sees_the_rows_of_the_scheme_in_the_order_of_the_key(tmp_path: Path) -> None:
    call = heard(tmp_path, BY_RULE + "evaluate fit against quality { heard: true }")
    assert call.key[0].to_pylist() == [f"{i:02}" for i in INSIDE]
    assert call.names == ("large", "small")
    assert call.segments.to_pylist() == [0 if SEATS[i] >= 12 else 1 for i in INSIDE]
    assert call.score.to_pylist() == [10 * SEATS[i] + 0.5 - (20 if SEATS[i] > 20 else 0) for i in INSIDE]
    assert {name: one.to_pylist() for name, one in call.told_by.items()} == {"seats": [SEATS[i] for i in INSIDE]}
    assert list(call.proxies) == ["seats", "twice", "sector"]
    assert call.proxies["sector"].to_pylist() == [f"s{i % 3}" for i in INSIDE]
    assert str(call.types["twice"]) == "count"
    assert str(call.score_type) == "money(USD)"


def test_random_numbers_rest_on_the_keys_alone(tmp_path: Path) -> None:
    call = heard(tmp_path, BY_RULE + "evaluate fit against quality { heard: true }")
    every = heard(tmp_path, BY_RULE.replace("most", "accounts") + "evaluate fit against quality { heard: true }")
    assert call.draw is not None
    assert every.draw is not None
    assert len(set(call.draw.to_pylist())) == len(INSIDE)
    assert all(0 <= one < 1 for one in call.draw.to_pylist())
    assert call.draw.to_pylist() == [every.draw.to_pylist()[i] for i in INSIDE]


def test_an_evaluator_of_the_score_sees_its_terms(tmp_path: Path) -> None:
    listener = Listener(lambda call: Measured(0.5, figures={"spare": 2.0}))
    of_score = Evaluator("listened", "", listener, of_score=True, figures=("spare",))
    spec = (
        BY_RULE
        + "evaluate fit against quality { require listened of quality >= 1  require listened.spare of quality <= 2 }"
    )
    finished = ran(tmp_path, spec, of_score)
    (call,) = listener.calls
    assert (call.names, call.segments.null_count) == ((), len(INSIDE))
    assert call.terms["base"].to_pylist() == [10 * SEATS[i] + 0.5 for i in INSIDE]
    assert call.terms["large"].to_pylist() == [-20 if SEATS[i] > 20 else 0 for i in INSIDE]
    (unmet,) = [one for one in finished.diagnostics if one.is_error]
    assert (unmet.code, unmet.message) == ("SEG705", "`listened` of `quality` is 0.5")


FIELD = {"type": "string", "format": "field", "description": "A field."}
TABLE = {"type": "string", "format": "table", "description": "A table."}


def test_settings_name_fields_and_other_tables(tmp_path: Path) -> None:
    spec = BY_RULE + "evaluate fit against quality { heard: true  growth: twice  among: prospects  potential: budget }"
    call = heard(tmp_path, spec, options={"growth": FIELD, "among": TABLE, "potential": FIELD})
    assert call.options["growth"] == FieldName("twice")
    assert call.options["among"] == TableName("prospects")
    assert call.fields["twice"].to_pylist() == [2 * SEATS[i] for i in INSIDE]
    assert "budget" not in call.fields
    elsewhere = call.rows_of["prospects"]
    assert elsewhere.segments.to_pylist() == [0 if 3 * i >= 12 else 1 for i in range(9)]
    assert elsewhere.fields["budget"].to_pylist() == list(range(9))
    assert str(call.types["budget"]) == "count"
    assert elsewhere.fields["twice"].to_pylist() == [6 * i for i in range(9)]


def test_personal_data_tell_no_measure_anything(tmp_path: Path) -> None:
    spec = 'segmentation fit for most { segment first when owner == "o1" and seats > 2  segment other otherwise }\n'
    call = heard(tmp_path, spec + "evaluate fit against quality { heard: true }")
    assert list(call.told_by) == ["seats"]


# ---- learned anew


def half(call: MeasureCall) -> pa.BooleanArray:
    return pa.array([place % 2 == 0 for place in range(len(call.score))])


def relearned(call: MeasureCall) -> list[str | None]:
    assert call.relearn is not None
    found = call.relearn(half(call))
    return [None if place is None else found.names[place] for place in found.segments.to_pylist()]


def test_rules_rest_on_nothing_that_is_learned(tmp_path: Path) -> None:
    call = heard(tmp_path, BY_RULE + "evaluate fit against quality { heard: true }")
    assert not call.learned
    assert relearned(call) == ["large" if SEATS[i] >= 12 else "small" for i in INSIDE]


def median(values: list[int]) -> float:
    return quantiles(values, n=2, method="inclusive")[0]


@pytest.mark.parametrize("rule", ["seats >= quantile(seats, 0.5 over most)", "above >= 0"])
def test_figures_of_whole_tables_are_taken_of_the_rows_that_are_learned_from(tmp_path: Path, rule: str) -> None:
    spec = f"segmentation fit for most {{ segment large when {rule}  segment small otherwise }}\n"
    call = heard(tmp_path, spec + "evaluate fit against quality { heard: true }")
    learning = [SEATS[i] for i in INSIDE[::2]]
    # Rows outside of the population are in no part of it: a figure of all accounts is taken of them, too.
    outside = [] if "most" in rule else [SEATS[i] for i in range(ROWS) if i not in INSIDE]
    cut = median(learning + outside)
    assert call.learned
    assert relearned(call) == ["large" if SEATS[i] >= cut else "small" for i in INSIDE]
    assert cut != median([SEATS[i] for i in INSIDE] + outside)


def test_expected_scores_are_means_of_the_rows_that_are_learned_from(tmp_path: Path) -> None:
    spec = """
    segmentation by_sector for most {
      segment s0 when sector == "s0"  segment s1 when sector == "s1"  segment s2 otherwise
    }
    segmentation fit for most { segment rich when expected(quality by by_sector) >= $165  segment poor otherwise }
    evaluate fit against quality { heard: true }
    """
    call = heard(tmp_path, spec)
    rows = {f"s{s}": [i for i in INSIDE[::2] if i % 3 == s] for s in range(3)}
    score = {i: 10 * SEATS[i] + 0.5 - (20 if SEATS[i] > 20 else 0) for i in INSIDE}
    means = {sector: sum(score[i] for i in own) / len(own) for sector, own in rows.items()}
    assert relearned(call) == ["rich" if means[f"s{i % 3}"] >= 165 else "poor" for i in INSIDE]
    assert len(set(relearned(call))) == 2


def halves(call: FitCall) -> Fitted:
    """Two segments, apart at the median of the field."""
    name = next(iter(call.fields))
    values = call.fields[name].to_pylist()
    cut = round(median(values))
    return Fitted(f"segment high when {name} >= {cut}\n segment low otherwise", notes=(f"from {len(values)} rows",))


HALVES = Segmenter("halves", "", halves, {"type": "object", "properties": {"of": FIELD}})


@pytest.mark.parametrize("of", ["seats", "above"])
def test_what_a_plugin_finds_is_found_anew(tmp_path: Path, of: str) -> None:
    spec = f"segmentation fit for most using halves {{ of: {of} }}\nevaluate fit against quality {{ heard: true }}"
    call = heard(tmp_path, spec, HALVES)
    learning = [SEATS[i] for i in INSIDE[::2]]
    usual = 0.0 if of == "seats" else median([*learning, *(SEATS[i] for i in range(ROWS) if i not in INSIDE)])
    cut = round(median([one - usual for one in learning]))  # type: ignore[misc]
    assert call.learned
    assert call.told_by.keys() == {of}
    assert relearned(call) == ["high" if SEATS[i] - usual >= cut else "low" for i in INSIDE]


def test_a_scheme_told_by_found_segments_is_learned_anew_with_them(tmp_path: Path) -> None:
    spec = """
    segmentation found for most using halves { of: seats }
    segmentation fit for most { segment best when found == "high" and sector == "s0"  segment rest otherwise }
    evaluate fit against quality { heard: true }
    """
    call = heard(tmp_path, spec, HALVES)
    cut = round(median([SEATS[i] for i in INSIDE[::2]]))
    assert relearned(call) == ["best" if SEATS[i] >= cut and i % 3 == 0 else "rest" for i in INSIDE]


BY_FIELD = """
derive accounts { is_high = found == "high" and mrr > $0  paid = mrr * 2 }
segmentation found for most using halves { of: seats }
segmentation fit for most { segment best when is_high  segment rest otherwise }
evaluate fit against quality { heard: true }
"""


def test_so_is_one_told_by_a_field_that_rests_on_them(tmp_path: Path) -> None:
    call = heard(tmp_path, BY_FIELD, HALVES)
    cut = round(median([SEATS[i] for i in INSIDE[::2]]))
    assert call.learned
    assert call.told_by.keys() == {"is_high"}
    assert relearned(call) == ["best" if SEATS[i] >= cut else "rest" for i in INSIDE]


def test_rows_that_streamed_by_are_gone_and_then_nothing_is_learned_anew(tmp_path: Path) -> None:
    spec = """
    source invoices from "invoices.csv" {
      number : int key  account : text  amount : money(USD)  links account to accounts
    }
    segmentation found for most using halves { of: seats }
    derive accounts { from_high = sum(invoices.amount where account.found == "high") }
    segmentation fit for most { segment best when from_high > $0  segment rest otherwise }
    evaluate fit against quality { heard: true }
    """
    (tmp_path / "invoices.csv").write_text("number,account,amount\n1,01,5\n2,02,6\n", encoding="utf-8")
    call = heard(tmp_path, spec, HALVES)
    assert call.learned
    assert call.relearn is None


def test_learning_anew_leaves_the_results_of_the_run_alone(tmp_path: Path) -> None:
    listener = Listener(lambda call: Measured(float(relearned(call).count("high"))))
    spec = "segmentation fit for most using halves { of: above }\nevaluate fit against quality { heard: true }"
    finished = ran(tmp_path, spec, Evaluator("heard", "", listener), HALVES)
    assert finished.tables is not None
    usual = median(SEATS)
    cut = round(median([SEATS[i] - usual for i in INSIDE]))  # type: ignore[misc]
    segments = finished.tables.members["fit"].column("segment").to_pylist()
    assert segments == ["high" if SEATS[i] - usual >= cut else "low" for i in INSIDE]


def test_a_plugin_that_fails_on_a_part_of_the_rows_is_told_once(tmp_path: Path) -> None:
    def only_whole(call: FitCall) -> Fitted:
        if call.length < len(INSIDE):
            raise ValueError("too few")
        return halves(call)

    found: list[list[str | None]] = []
    listener = Listener(lambda call: Measured(float(len([found.append(relearned(call)) for _ in range(3)]))))
    spec = "segmentation fit for most using halves { of: seats }\nevaluate fit against quality { heard: true }"
    halver = Segmenter("halves", "", only_whole, HALVES.options)
    finished = ran(tmp_path, spec, Evaluator("heard", "", listener), halver)
    assert [one.code for one in finished.diagnostics if one.is_error] == ["SEG408"]
    assert found == [[None] * len(INSIDE)] * 3


# ---- what is told


@pytest.mark.parametrize(
    ("made", "note"),
    [
        (Measured(float("nan")), "it gave nan instead of a finite number, or None where it can't be told"),
        (Measured(None, figures={"low": float("inf")}), "it gave inf instead of a finite number"),
        (Measured("five"), "it gave 'five' instead of a finite number"),  # type: ignore[arg-type]
        (Measured(True), "it gave True instead of a finite number"),
        (Measured(by_segment={"large": 1.0, "nobody": 1.0}), "it gave a figure of `nobody`, which is no segment"),
        (Measured(1.0, notes="It is so."), "not all of its notes are texts"),  # type: ignore[arg-type]
        (Measured(1.0, notes=(5,)), "not all of its notes are texts"),  # type: ignore[arg-type]
        (Measured(1.0, tables={"a": "b"}), "not all of its tables are Arrow tables with names"),
        (Measured(1.0, tables={"a": pa.table({"x": [{"y": 1}]})}), "column `x` of its table `a` is struct<y: int64>"),
        (Measured(1.0, tables={"a": pa.table({"x": [[b"y"]]})}), "column `x` of its table `a` is list<item: binary>"),
        ({"value": 1.0}, "it gave dict instead of Measured"),
    ],
)
def test_a_measure_that_gives_something_else_costs_itself_only(made: Measured, note: str, tmp_path: Path) -> None:
    spec = BY_RULE + "evaluate fit against quality { heard: yes  other: yes }"
    broken = Evaluator("heard", "", Listener(lambda call: made), figures=("low",))
    finished = ran(tmp_path, spec, broken, Evaluator("other", "", Listener()))
    (found,) = (one for one in finished.diagnostics if one.is_error)
    assert found.code == "SEG408"
    assert found.notes[0].startswith(note)
    assert finished.folder is not None and finished.report is not None
    assert [one.measure for one in finished.report.measured] == ["other"]


def test_a_measure_that_ends_the_program_ends_only_itself(tmp_path: Path) -> None:
    def leave(_: MeasureCall) -> Measured:
        raise SystemExit(3)

    finished = ran(tmp_path, BY_RULE + "evaluate fit against quality { heard: yes }", Evaluator("heard", "", leave))
    assert [one.notes[0] for one in finished.diagnostics if one.is_error] == ["SystemExit: 3"]


def test_figures_notes_and_tables_are_in_the_run_folder(tmp_path: Path) -> None:
    made = Measured(1.5, tables={"curve": pa.table({"x": [1, 2]})}, figures={"low": 1.25}, notes=("It is so.",))
    spec = BY_RULE + "evaluate fit against quality { heard: true }"
    finished = ran(tmp_path, spec, Evaluator("heard", "", Listener(lambda call: made), figures=("low",)))
    assert finished.folder is not None
    rows = arrow_csv.read_csv(finished.folder / "evaluation.csv").to_pylist()
    assert [(row["scheme"], row["measure"], row["figure"], row["value"]) for row in rows] == [
        ("fit", "heard", "", 1.5),
        ("fit", "heard", "low", 1.25),
    ]
    assert arrow_csv.read_csv(finished.folder / "evaluation" / "fit.heard.curve.csv").to_pydict() == {"x": [1, 2]}
    assert finished.report is not None
    heard = [(one.scheme, one.text) for one in finished.report.remarks if one.measure == "heard"]
    assert heard == [("fit", "It is so.")]


def test_a_gate_is_judged_by_the_figures_of_its_own_evaluation(tmp_path: Path) -> None:
    level = {"type": "object", "properties": {"level": {"type": "number", "description": "What to give."}}}

    def given(call: MeasureCall) -> Measured:
        found = call.options["level"]
        assert isinstance(found, int | Decimal)
        return Measured(float(found))

    spec = (
        BY_RULE
        + """
    evaluate fit against quality { level: 1  require heard of fit >= 1 }
    evaluate fit against quality { level: 5  require heard of fit <= 4 }
    """
    )
    finished = ran(tmp_path, spec, Evaluator("heard", "", given, options=level))
    assert [one.message for one in finished.diagnostics if one.is_error] == ["`heard` of `fit` is 5"]


BY_FLAG = """
derive accounts { is_rich = mrr > $50 }
segmentation fit for most { segment rich when is_rich  segment poor otherwise }
"""


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (BY_RULE, ""),
        ("segmentation fit for most { segment rich when mrr > $50  segment poor otherwise }", "`mrr`"),
        (BY_FLAG, "`is_rich`"),
        ('segmentation fit for most { segment top when quality.grade == "A"  segment rest otherwise }', "`quality`"),
    ],
)
def test_a_scheme_told_by_what_the_score_is_made_of_is_called_so(tmp_path: Path, spec: str, told: str) -> None:
    graded = SPEC.replace("$20 when seats > 20 }", '$20 when sector == "none"  grade quartiles }')
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "prospects.csv").write_text(PROSPECTS, encoding="utf-8")
    (tmp_path / "spec.seg").write_text(
        f"{graded}\n{spec}\nevaluate fit against quality {{ heard: true }}", encoding="utf-8"
    )
    finished = run(Request(tmp_path / "spec.seg", plugins=inline(Evaluator("heard", "", Listener()), HALVES)))
    assert finished.report is not None
    remarks = [one.text for one in finished.report.remarks if one.measure == "rests on"]
    assert [text for text in remarks if text.startswith(f"{told}, ")] == remarks
    assert len(remarks) == (1 if told else 0)


GATES = (
    BY_RULE
    + """
segmentation lost for most using nobody { of: seats }
evaluate fit, lost against quality {
  require heard of fit >= 1.5
  require heard.low of fit between 10% and 30%
  require spread of each segment in fit <= 60%
  require heard of lost > 1
}
"""
)


def test_every_gate_is_told_whether_it_is_met_or_not(tmp_path: Path) -> None:
    def spread(call: MeasureCall) -> Measured:
        return Measured(by_segment={"large": 0.625, "small": 0.375})

    heard_of = Measured(2.0, figures={"low": None}, notes=("Too few accounts for an interval.",))
    finished = ran(
        tmp_path,
        GATES,
        Evaluator("heard", "", lambda call: heard_of, figures=("low",)),
        Evaluator("spread", "", spread, each_segment=True),
    )
    assert finished.folder is not None
    rows = arrow_csv.read_csv(finished.folder / "requirements.csv").to_pylist()
    assert [(row["requirement"], row["segment"], row["value"], row["met"]) for row in rows] == [
        ("heard of fit >= 1.5", "", 2.0, True),
        ("heard.low of fit between 10% and 30%", "", None, False),
        ("spread of each segment in fit <= 60%", "large", 0.625, False),
        ("spread of each segment in fit <= 60%", "small", 0.375, True),
        # The plugin that would find its segments isn't there, so nothing measured it.
        ("heard of lost > 1", "", None, False),
    ]
    told = [(one.message, one.expected, one.notes) for one in finished.diagnostics if one.code == "SEG705"]
    assert told == [
        ("`heard.low` of `fit` can't be told", "at least 10% and at most 30%", heard_of.notes),
        ("`spread` of segment `large` of `fit` is 62.5%", "at most 60%", ()),
        ("`heard` of `lost` can't be told", "more than 1", ()),
    ]


def test_the_report_lists_gates_with_their_figures(tmp_path: Path) -> None:
    spec = BY_RULE + "evaluate fit against quality { require heard of fit >= 1.5  require heard of fit < 2 }"
    finished = ran(tmp_path, spec, Evaluator("heard", "", lambda call: Measured(1.5)))
    assert finished.report is not None
    text = render_report(finished.report, Canvas(100, True, False))
    assert "requirements 2 of 2 met\n" in text
    assert "  heard of fit >= 1.5     1.5  yes\n  heard of fit < 2        1.5  yes\n" in text


def test_the_work_of_measures_is_told_while_it_goes_on(tmp_path: Path) -> None:
    told: list[str] = []
    ran(tmp_path, BY_RULE)
    spec = "segmentation found for most using halves { of: seats }\nevaluate found against quality { heard: true }"
    (tmp_path / "spec.seg").write_text(SPEC + spec, encoding="utf-8")
    heard = Evaluator("heard", "", lambda call: Measured(float(len(relearned(call)))))
    run(Request(tmp_path / "spec.seg", plugins=inline(heard, HALVES), on_progress=lambda step, *_: told.append(step)))
    assert [one for one in told if one.startswith(("testing", "measuring", "learning"))] == [
        "testing hypotheses",
        "measuring heard of `found`",
        "learning `found` anew, time 1",
    ]


def test_one_segment_for_all_accounts_passes_no_gate(tmp_path: Path) -> None:
    spec = """segmentation everyone for most { segment all "All" otherwise }
        evaluate everyone against quality { require criteria of everyone >= 75% }"""
    (found,) = [one for one in ran(tmp_path, spec, CRITERIA).diagnostics if one.is_error]
    assert (found.code, found.message) == ("SEG705", "`criteria` of `everyone` can't be told")
