"""What plugins add to a run, and what is left of it where one fails."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pytest

from segdsl.cli.exits import Exit, exit_of_check, exit_of_data
from segdsl.plugin import (
    COUNT,
    RATIO,
    TEXT,
    Asked,
    Call,
    Enricher,
    Evaluator,
    ExportCall,
    Exporter,
    FitCall,
    Fitted,
    Function,
    Input,
    Kind,
    Made,
    MeasureCall,
    Measured,
    Note,
    Output,
    ReadCall,
    Reader,
    Refused,
    Scope,
    Section,
    SectionCall,
    SectionText,
    Segmenter,
    category,
    money,
)
from segdsl.workflows.run import Finished, Request, run
from tests.workflows.inline_plugins import inline

TEXTS = frozenset({Kind.TEXT, Kind.CATEGORY})
ACCOUNTS = "id,name,country,seats,mrr\na,Acme,DE,5,10.50\nb,Bolt,,7,20\nc,Acme,DE,,30\nd,Core,FR,1,\n"
SOURCE = """
source accounts from "accounts.csv" {
  id : text key  name : text  country : category?  seats : count?  mrr : money(USD)?
}
"""


class Recorder:
    """An enricher's work that notes what it was called with."""

    def __init__(self, work: Callable[[Asked, Call], list[Any]]) -> None:
        self.work = work
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Made:
        self.calls.append(call)
        return Made({asked.name: self.work(asked, call) for asked in call.asked})


def initials(asked: Asked, call: Call) -> list[Any]:
    return [None if text is None else text[0] for text in asked.inputs[0].to_pylist()]


def enricher(make: Callable[[Call], Made], *outputs: Output, **more: Any) -> Enricher:
    own = outputs or (Output("initial", "First letter.", (Input("name", TEXTS),), TEXT.or_missing()),)
    return Enricher("demo", "Demo", own, make, **more)


def project(folder: Path, spec: str, **files: str) -> Path:
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    (folder / "spec.seg").write_text(SOURCE + spec, encoding="utf-8")
    return folder / "spec.seg"


def ran(folder: Path, spec: str, *plugins: Any, **files: str) -> Finished:
    return run(Request(project(folder, spec, **files), plugins=inline(*plugins)))


def good(folder: Path, spec: str, *plugins: Any, **files: str) -> Finished:
    finished = ran(folder, spec, *plugins, **files)
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    return finished


def codes(finished: Finished) -> list[str]:
    return [one.code for one in finished.diagnostics]


def column(finished: Finished, name: str, source: str = "accounts") -> list[Any]:
    assert finished.tables is not None
    values: list[Any] = finished.tables.enriched[source].column(name).to_pylist()
    return values


def segments(finished: Finished, scheme: str = "fit") -> list[Any]:
    assert finished.tables is not None
    values: list[Any] = finished.tables.members[scheme].column("segment").to_pylist()
    return values


# ---- enrichers


def test_an_enriched_column_stands_in_rules_and_in_the_run_folder(tmp_path: Path) -> None:
    spec = """
    enrich accounts using demo { initial from name }
    segmentation fit for accounts { segment first when initial == "A"  segment other otherwise }
    """
    finished = good(tmp_path, spec, enricher(Recorder(initials)))
    assert segments(finished) == ["first", "other", "first", "other"]
    assert finished.folder is not None
    written = arrow_csv.read_csv(finished.folder / "enriched" / "accounts.csv")
    assert written.to_pydict() == {"id": ["a", "b", "c", "d"], "initial": ["A", "B", "A", "C"]}


def test_equal_rows_are_worked_on_once(tmp_path: Path) -> None:
    work = Recorder(
        lambda asked, call: [f"{n}/{c}" for n, c in zip(*(i.to_pylist() for i in asked.inputs), strict=True)]
    )
    output = Output("pair", "", (Input("name", TEXTS), Input("country", TEXTS)), TEXT)
    finished = good(tmp_path, "enrich accounts using demo { pair from name, country }", enricher(work, output))
    assert column(finished, "pair") == ["Acme/DE", "Bolt/None", "Acme/DE", "Core/FR"]
    assert [call.length for call in work.calls] == [3]


def test_columns_made_from_the_same_ones_are_asked_for_in_one_call(tmp_path: Path) -> None:
    work = Recorder(initials)
    spec = "enrich accounts using demo { initial from name  second = initial from name  third = initial from country }"
    good(tmp_path, spec, enricher(work))
    asked = sorted(sorted(one.name for one in call.asked) for call in work.calls)
    assert asked == [["initial", "second"], ["third"]]


def test_a_column_may_be_made_from_one_that_was_made_before(tmp_path: Path) -> None:
    spec = """
    enrich accounts using demo { last = initial from lowered  initial from name }
    derive accounts { lowered = lower(initial) }
    """
    assert column(good(tmp_path, spec, enricher(Recorder(initials))), "last") == ["a", "b", "a", "c"]


def test_a_plugin_gets_plain_arrow_values(tmp_path: Path) -> None:
    seen: dict[str, pa.DataType] = {}

    def make(call: Call) -> Made:
        seen.update({asked.name: asked.inputs[0].type for asked in call.asked})
        return Made({asked.name: asked.inputs[0] for asked in call.asked})

    kinds = frozenset(Kind)
    same = Output("same_*", "", (Input("x", kinds),), lambda types, options: types[0])
    spec = "enrich accounts using demo { same_c from country  same_s from seats  same_m from mrr }"
    finished = good(tmp_path, spec, enricher(make, same))
    assert seen == {"same_c": pa.string(), "same_s": pa.int64(), "same_m": pa.decimal128(19, 6)}
    assert column(finished, "same_m") == [Decimal("10.5"), Decimal("20"), Decimal("30"), None]
    assert column(finished, "same_c") == ["DE", None, "DE", "FR"]


def test_a_plugin_may_give_money_of_any_scale(tmp_path: Path) -> None:
    def make(call: Call) -> Made:
        return Made({"fee": pa.array([Decimal("1.25")] * call.length, pa.decimal128(10, 2))})

    spec = """
    enrich accounts using demo { fee from seats }
    derive accounts { twice = fee * 2 }
    audience all from accounts { columns id, twice }
    """
    output = Output("fee", "", (Input("seats", frozenset({Kind.COUNT})),), money("USD"))
    finished = good(tmp_path, spec, enricher(make, output))
    assert finished.tables is not None
    assert finished.tables.audiences["all"].table.column("twice").to_pylist() == [Decimal("2.5")] * 4


def test_options_reach_the_plugin_with_defaults(tmp_path: Path) -> None:
    work = Recorder(initials)
    schema = {
        "type": "object",
        "properties": {
            "top": {"type": "array", "items": {"type": "integer"}, "description": "x"},
            "share": {"format": "ratio", "type": "number", "description": "x"},
            "mode": {"enum": ["a", "b"], "default": "b", "description": "x"},
        },
    }
    spec = "enrich accounts using demo { initial from name  top: 3  share: 25% }"
    good(tmp_path, spec, enricher(work, options=schema))
    assert dict(work.calls[0].options) == {"top": (3,), "share": Decimal("0.25"), "mode": "b"}


def test_a_set_can_be_given_as_an_option(tmp_path: Path) -> None:
    work = Recorder(initials)
    names = {"type": "array", "items": {"type": "string"}, "description": "x"}
    schema = {"type": "object", "properties": {"rivals": names}}
    spec = 'set rivals = ("x", "y")\nenrich accounts using demo { initial from name  rivals: rivals }'
    good(tmp_path, spec, enricher(work, options=schema))
    assert work.calls[0].options["rivals"] == ("x", "y")


def test_a_file_that_an_option_names_is_inside_the_project_and_in_the_manifest(tmp_path: Path) -> None:
    work = Recorder(initials)
    schema = {"type": "object", "properties": {"rules": {"type": "string", "format": "path", "description": "x"}}}
    spec = 'enrich accounts using demo { initial from name  rules: "rules.json" }'
    finished = good(tmp_path, spec, enricher(work, options=schema), rules__json="{}")
    assert work.calls[0].paths["rules"] == (tmp_path.resolve() / "rules.json",)
    assert finished.manifest is not None
    assert ("demo", "rules.json", 2) in [(i["source"], i["file"], i["bytes"]) for i in finished.manifest["inputs"]]
    outside = ran(tmp_path, spec.replace("rules.json", "../secret.json"), enricher(work, options=schema))
    assert codes(outside) == ["SEG502"]


def test_whole_tables_are_seen_with_their_links(tmp_path: Path) -> None:
    def make(call: Call) -> Made:
        usage = call.tables["usage"]
        assert usage.rows is not None
        found = Counter(row for row in usage.rows.to_pylist() if row is not None)
        number = [found[row] for row in range(call.length)]
        return Made({"n": number, "n_share": [one / max(sum(number), 1) for one in number]})

    spec = """
    source usage from "usage.csv" { i : text key  account : text?  tool : text  links account to accounts }
    enrich accounts using demo { n from usage.tool }
    source more like accounts from "accounts.csv" {}
    audience listed from more { columns id, n }
    """
    output = Output("n", "", (Input("tool", TEXTS),), COUNT, Scope.TABLE, (("*_share", RATIO),))
    usage = "i,account,tool\n1,b,x\n2,a,y\n3,b,z\n4,,z\n"
    finished = good(tmp_path, spec, enricher(make, output), usage__csv=usage)
    assert column(finished, "n") == [1, 2, 0, 0]
    assert column(finished, "n_share") == [1 / 3, 2 / 3, 0, 0]
    # Rows of a source that is like another have no related rows.
    assert column(finished, "n", "more") == [0, 0, 0, 0]


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    spec = """
    enrich accounts using demo { initial from name }
    segmentation fit for accounts { segment first when initial == "A"  segment other otherwise }
    """
    one = good(tmp_path, spec, enricher(Recorder(initials)))
    head, *rows = ACCOUNTS.splitlines()
    (tmp_path / "accounts.csv").write_text("\n".join([head, *rows[::-1]]) + "\n", encoding="utf-8")
    two = run(Request(tmp_path / "spec.seg", plugins=inline(enricher(Recorder(initials)))))
    assert two.tables is not None and one.tables is not None
    assert two.tables.enriched["accounts"].equals(one.tables.enriched["accounts"])
    assert segments(two) == segments(one)


def test_a_note_counts_rows_not_distinct_values(tmp_path: Path) -> None:
    def make(call: Call) -> Made:
        names = call.asked[0].inputs[0]
        return Made({"initial": names}, (Note("odd names", pc.equal(names, "Acme"), "initial", "look again"),))

    finished = good(tmp_path, "enrich accounts using demo { initial from name }", enricher(make))
    (note,) = finished.diagnostics
    assert (note.code, note.message, note.help) == ("SEG410", "2 rows of `accounts`: odd names", "look again")
    assert note.notes == ("such as `Acme`",)


def test_personal_data_are_neither_shown_nor_written(tmp_path: Path) -> None:
    def make(call: Call) -> Made:
        names = call.asked[0].inputs[0]
        return Made({"initial": names}, (Note("odd names", pc.is_valid(names), "initial"),))

    path = project(tmp_path, "enrich accounts using demo { initial from name }")
    path.write_text(path.read_text().replace("name : text", "name : text pii"), encoding="utf-8")
    finished = run(Request(path, plugins=inline(enricher(make))))
    assert finished.tables is not None
    assert finished.tables.enriched["accounts"].column_names == ["id"]
    assert all("Acme" not in note for one in finished.diagnostics for note in one.notes)


def test_the_manifest_names_the_plugins(tmp_path: Path) -> None:
    finished = good(tmp_path, "enrich accounts using demo { initial from name }", enricher(Recorder(initials)))
    assert finished.manifest is not None
    assert finished.manifest["plugins"] == [{"name": "demo", "package": "ours", "version": "1.0"}]


# ---- failures


def crash(call: Call) -> Made:
    raise RuntimeError("out of order")


def refuse(call: Call) -> Made:
    raise Refused("this won't do", "top", "a better one", "give a better one")


BROKEN: tuple[tuple[Callable[[Call], Any], str, str], ...] = (
    (crash, "SEG408", "RuntimeError: out of order"),
    (lambda call: Made({}), "SEG408", "the column `initial` is missing from what it gave"),
    (lambda call: Made({"initial": ["x"]}), "SEG408", "1 values for 3 rows"),
    (lambda call: Made({"initial": [1] * call.length}), "SEG408", "is no text"),
    (lambda call: None, "SEG408", "NoneType instead of Made"),
    (refuse, "SEG409", "this won't do"),
)


@pytest.mark.parametrize(("make", "code", "reason"), BROKEN)
def test_a_plugin_that_fails_loses_only_what_rests_on_it(
    tmp_path: Path, make: Callable[[Call], Made], code: str, reason: str
) -> None:
    spec = """
    enrich accounts using demo { initial from name }
    segmentation fit for accounts { segment first when initial == "A"  segment other otherwise }
    segmentation own for accounts { segment acme when name == "Acme"  segment other otherwise }
    """
    finished = ran(tmp_path, spec, enricher(make))
    assert segments(finished, "own") == ["acme", "other", "acme", "other"]
    assert finished.tables is not None
    assert "fit" not in finished.tables.members
    errors = [one for one in finished.diagnostics if one.is_error]
    assert [one.code for one in errors] == [code]
    assert reason in " ".join((errors[0].message, *errors[0].notes))
    assert code == "SEG409" or "ours 1.0" in errors[0].message
    assert finished.folder is not None
    assert exit_of_data(finished.diagnostics) is Exit.PLUGIN_FAILED


def test_what_another_plugin_gave_is_not_asked_for_again(tmp_path: Path) -> None:
    work = Recorder(initials)
    steady = Enricher("steady", "", enricher(work).outputs, work)
    spec = """
    enrich accounts using steady { first = initial from name }
    enrich accounts using demo { initial from name }
    """
    finished = ran(tmp_path, spec, steady, enricher(crash))
    assert column(finished, "first") == ["A", "B", "A", "C"]
    assert len(work.calls) == 1


def test_a_promise_of_a_closed_category_is_kept_or_told(tmp_path: Path) -> None:
    output = Output("size", "", (Input("seats", frozenset({Kind.COUNT})),), category("big", "small").or_missing())
    finished = ran(
        tmp_path,
        "enrich accounts using demo { size from seats }",
        enricher(lambda call: Made({"size": ["huge"] * call.length}), output),
    )
    assert codes(finished) == ["SEG408", "SEG709"]
    assert '"huge"' in finished.diagnostics[0].notes[0]


# ---- functions


def test_a_function_is_called_with_distinct_known_values(tmp_path: Path) -> None:
    seen: list[list[Any]] = []

    def reverse(texts: pa.Array) -> pa.Array:
        seen.append(texts.to_pylist())
        return pc.utf8_reverse(texts)

    function = Function("reversed", "", (Input("text", TEXTS),), TEXT, reverse)
    spec = """
    derive accounts { back = reversed(country) }
    audience all from accounts { columns id, back }
    """
    finished = good(tmp_path, spec, function)
    assert finished.tables is not None
    assert finished.tables.audiences["all"].table.column("back").to_pylist() == ["ED", None, "ED", "RF"]
    assert [sorted(values) for values in seen] == [["DE", "FR"]]


def test_a_function_that_fails_loses_only_what_rests_on_it(tmp_path: Path) -> None:
    def fail(texts: pa.Array) -> pa.Array:
        raise ValueError("no")

    spec = """
    derive accounts { back = reversed(name) }
    segmentation fit for accounts { segment x when back == "x"  segment other otherwise }
    segmentation own for accounts { segment acme when name == "Acme"  segment other otherwise }
    """
    finished = ran(tmp_path, spec, Function("reversed", "", (Input("text", TEXTS),), TEXT, fail))
    assert segments(finished, "own") == ["acme", "other", "acme", "other"]
    assert [one.code for one in finished.diagnostics if one.is_error] == ["SEG408"]


# ---- readers, exporters, sections


def read_pipes(call: ReadCall) -> Iterator[pa.RecordBatch]:
    if call.options.get("crash"):
        raise RuntimeError("torn")
    head, *rows = [line.split("|") for line in call.path.read_text(encoding="utf-8").splitlines()]
    columns = {name: pa.array([row[place] for row in rows]) for place, name in enumerate(head) if name in call.columns}
    yield pa.record_batch(columns)


PIPES = Reader(
    "pipes",
    "",
    read_pipes,
    {"type": "object", "properties": {"crash": {"type": "boolean", "description": "x"}}},
)
DEALS = 'source deals from "deals.txt" {{ read {{ format: pipes {} }}  id : text key  value : count }}\n'
BY_VALUE = "segmentation big for deals { segment big when value > 10  segment small otherwise }"


def test_a_file_read_by_a_plugin_is_held_to_the_contract(tmp_path: Path) -> None:
    spec = DEALS.format("") + BY_VALUE
    finished = good(tmp_path, spec, PIPES, deals__txt="id|value|note\n1|5|x\n2|50|y\n")
    assert segments(finished, "big") == ["small", "big"]
    broken = ran(tmp_path, spec, PIPES, deals__txt="id|value\n1|5\n1|many\n")
    assert sorted(codes(broken)) == ["SEG602", "SEG606"]


def test_a_reader_that_fails_loses_only_its_source(tmp_path: Path) -> None:
    spec = DEALS.format("crash: true") + BY_VALUE
    spec += '\nsegmentation own for accounts { segment acme when name == "Acme"  segment other otherwise }'
    finished = ran(tmp_path, spec, PIPES, deals__txt="id|value\n1|5\n")
    assert segments(finished, "own") == ["acme", "other", "acme", "other"]
    assert [one.code for one in finished.diagnostics if one.is_error] == ["SEG408"]


def write_json(call: ExportCall) -> None:
    if call.options.get("crash"):
        raise RuntimeError("no room")
    call.path.write_text(json.dumps([call.title, call.table.to_pylist()]), encoding="utf-8")


JSON = Exporter("json", "", write_json, PIPES.options)


def test_a_list_is_written_by_an_exporter(tmp_path: Path) -> None:
    spec = 'audience all "Everyone" from accounts { columns id, seats  hold out 25%  to "all.json" using json }'
    finished = good(tmp_path, spec, JSON)
    assert finished.folder is not None
    title, rows = json.loads((finished.folder / "audiences" / "all.json").read_text())
    _, control = json.loads((finished.folder / "audiences" / "all.control.json").read_text())
    assert title == "Everyone"
    assert sorted(row["id"] for row in rows + control) == ["a", "b", "c", "d"]
    assert len(control) == 1


def test_a_list_that_an_exporter_could_not_write_is_there_as_csv(tmp_path: Path) -> None:
    spec = 'audience all from accounts { columns id  to "all.json" using json { crash: true } }'
    finished = ran(tmp_path, spec, JSON)
    assert codes(finished) == ["SEG408"]
    assert finished.folder is not None
    assert (finished.folder / "audiences" / "all.json.csv").read_text() == "id\na\nb\nc\nd\n"
    assert not (finished.folder / "audiences" / "all.json").exists()


def test_a_section_sees_the_tables_of_the_run_and_its_text_is_inert(tmp_path: Path) -> None:
    def write(call: SectionCall) -> SectionText:
        return SectionText(
            "Notes <b>", (f"{len(call.tables['members/fit'])} *accounts*",), {"A|B": call.tables["segments"]}
        )

    spec = """
    segmentation fit for accounts { segment acme when name == "Acme"  segment other otherwise }
    report using notes {}
    """
    finished = good(tmp_path, spec, Section("notes", "", write))
    assert finished.folder is not None and finished.report is not None
    text = (finished.folder / "sections" / "notes.md").read_text(encoding="utf-8")
    assert text.startswith("# Notes \\<b\\>\n\n4 \\*accounts\\*\n\n## A\\|B\n")
    assert [one.text.title for one in finished.report.sections] == ["Notes <b>"]


# ---- segmenters and evaluators


def halve(call: FitCall) -> Fitted:
    (name,) = (one.name for one in [call.options["of"]])  # type: ignore[union-attr]
    known = sorted(value for value in call.fields[name].to_pylist() if value is not None)
    body = f'segment high "High" when {name} >= {known[len(known) // 2]}\nsegment low otherwise'
    return Fitted(call.options.get("body", body), notes=(f"from {call.length} rows",))  # type: ignore[arg-type]


FIELD = {"format": "field", "description": "What to halve."}
BODY = {"type": "string", "description": "What to give instead."}
HALVES = Segmenter(
    "halves", "", halve, {"type": "object", "required": ["of"], "properties": {"of": FIELD, "body": BODY}}
)


def test_segments_that_a_plugin_found_are_rules_like_any_other(tmp_path: Path) -> None:
    spec = """
    segmentation fit for accounts using halves { of: seats }
    score quality for accounts { base seats  plus "high" 100 when fit == "high"  missing terms as 0 }
    segmentation again for accounts using halves { of: quality }
    """
    finished = good(tmp_path, spec, HALVES)
    # Seats are 5, 7, missing and 1: the upper middle is 5. Quality is 105, 107, 0 and 1: the upper middle is 105.
    assert segments(finished) == ["high", "high", "low", "low"]
    assert segments(finished, "again") == ["high", "high", "low", "low"]
    assert finished.folder is not None
    found = (finished.folder / "spec" / "fit.found.seg").read_text(encoding="utf-8")
    assert found.splitlines() == [
        "# from 4 rows",
        "segmentation fit for accounts {",
        '  segment high "High" when seats >= 5',
        "  segment low         otherwise",
        "}",
    ]


@pytest.mark.parametrize(
    "body", ["segment x when nothing > 3", "segment x when", "} param x : int = 3 segmentation y for z {"]
)
def test_text_that_is_no_segmentation_is_the_plugins_fault(tmp_path: Path, body: str) -> None:
    spec = f'segmentation fit for accounts using halves {{ of: seats  body: "{body}" }}'
    finished = ran(tmp_path, spec, HALVES)
    assert [one.code for one in finished.diagnostics if one.is_error] == ["SEG408"]
    assert exit_of_data(finished.diagnostics) is Exit.PLUGIN_FAILED


@pytest.mark.parametrize("condition", ['fit == "hihg"', 'fit in ("low", "hihg")', 'fit != "hihg"'])
def test_a_segment_that_was_not_found_is_a_mistake_of_the_spec(tmp_path: Path, condition: str) -> None:
    spec = f"""
    segmentation fit for accounts using halves {{ of: seats }}
    audience some from accounts {{ where {condition} }}
    """
    finished = ran(tmp_path, spec, HALVES)
    (wrong,) = (one for one in finished.diagnostics if one.is_error)
    assert (wrong.code, wrong.message) == ("SEG304", "segmentation `fit` has no segment `hihg`; it has `high`, `low`")
    assert wrong.help == 'did you mean `"high"`?'
    assert wrong.span is not None
    assert finished.loaded.texts[wrong.span.file].slice(wrong.span) == '"hihg"'
    assert wrong.notes == ("the segments of `fit` were found; without what is named here the spec is good",)
    # It is told like any mistake in a spec, not as bad data, and nothing is written.
    assert not finished.spec_was_good
    assert exit_of_check(finished.diagnostics) is Exit.FAILED
    assert finished.folder is None


def shares(call: MeasureCall) -> Measured:
    counts = Counter(call.segments.to_pylist())
    return Measured(by_segment={name: counts[place] / len(call.segments) for place, name in enumerate(call.names)})


def mean_score(call: MeasureCall) -> Measured:
    return Measured(pc.mean(call.score).as_py())


MEASURED = """
score quality for accounts { base mrr }
segmentation fit for accounts { segment acme when name == "Acme"  segment other otherwise }
evaluate fit against quality { level: true  require portion of each segment in fit >= 50%  require level of fit < 5 }
"""


def test_what_an_evaluator_measures_is_told_and_gates_the_run(tmp_path: Path) -> None:
    portion = Evaluator("portion", "", shares, each_segment=True)
    finished = ran(tmp_path, MEASURED, portion, Evaluator("level", "", mean_score))
    assert finished.report is not None
    told = {(one.measure, one.segment): one.value for one in finished.report.measured}
    assert told == {("portion", "acme"): 0.5, ("portion", "other"): 0.5, ("level", ""): pytest.approx(60.5 / 3)}
    (unmet,) = [one for one in finished.diagnostics if one.is_error]
    assert (unmet.code, unmet.message, unmet.expected) == ("SEG705", "`level` of `fit` is 20.17", "less than 5")
    assert exit_of_data(finished.diagnostics) is Exit.FAILED
    assert finished.folder is not None
    rows = arrow_csv.read_csv(finished.folder / "evaluation.csv").to_pylist()
    assert [row["measure"] for row in rows] == ["level", "portion", "portion"]


def test_an_enricher_that_fails_costs_only_the_segments_that_rest_on_it(tmp_path: Path) -> None:
    def fail(call: Call) -> Made:
        raise RuntimeError("no network")

    spec = """
    enrich accounts using demo { initial from name }
    segmentation lost for accounts using whole { of: initial }
    segmentation kept for accounts using whole { of: country }
    """
    options = {"type": "object", "properties": {"of": {"type": "string", "format": "field"}}}
    whole = Segmenter("whole", "", lambda call: Fitted("segment all otherwise"), options)
    finished = ran(tmp_path, spec, whole, enricher(fail))
    assert codes(finished).count("SEG408") == 1
    assert segments(finished, "kept") == ["all"] * 4
    assert finished.tables is not None and "lost" not in finished.tables.members
