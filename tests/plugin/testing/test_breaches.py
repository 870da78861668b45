"""The contract checks: what is sound passes, and what is broken in one way is told in that way."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pyarrow as pa
import pytest

from segdsl.plugin import (
    COUNT,
    NUMBER,
    TEXT,
    Call,
    Enricher,
    ExportCall,
    FitCall,
    Fitted,
    Input,
    Kind,
    Made,
    MeasureCall,
    Measured,
    Note,
    Output,
    ReadCall,
    Refused,
    Scope,
    SectionCall,
    SectionText,
    category,
    later,
)
from segdsl.plugin.declarations import Declaration
from segdsl.plugin.testing import ContractBroken, EnrichExample, FunctionExample, MeasureExample, check_declaration
from segdsl.plugin.testing.examples import Example, ExportExample, SectionExample
from segdsl.record import replace
from tests.plugin.testing import sound

SOUND: dict[str, tuple[Declaration, tuple[Example, ...]]] = {
    "enricher": (sound.enricher(), ()),
    "enricher of tables": (sound.table_enricher(), (sound.TABLE_EXAMPLE,)),
    "function": (sound.function(), (FunctionExample((["Acme"],), [4]),)),
    "segmenter": (sound.segmenter(), (sound.FIT_EXAMPLE,)),
    "evaluator": (sound.evaluator(), (MeasureExample(["large", None], [1.0, None], 0.5),)),
    "reader": (sound.reader(), (sound.READ_EXAMPLE,)),
    "exporter": (sound.exporter(), (ExportExample({"id": ["a"]}, {"id": TEXT}, b'[{"id": "a"}]'),)),
    "section": (sound.section(), (SectionExample({"segments": {"n": [1, 2]}}, ("segments: 2",)),)),
}
CALLS = count()


def rules(declared: Declaration, *examples: Example, spec: str | None = None) -> set[str]:
    try:
        check_declaration(declared, *examples, spec=spec)
    except ContractBroken as broken:
        return {fault.rule for fault in broken.faults}
    return set()


@pytest.mark.parametrize("kind", SOUND)
def test_what_is_sound_passes(kind: str) -> None:
    declared, examples = SOUND[kind]
    check_declaration(declared, *examples)


# ---- declarations


def with_options(**properties: object) -> Enricher:
    return replace(sound.enricher(), options=sound.schema(**properties))


def with_output(**changes: Any) -> Enricher:
    base = sound.enricher()
    return replace(base, outputs=(replace(base.outputs[0], **changes),))


DECLARATIONS = {
    "no name": (replace(sound.enricher(), name="two words"), "declaration"),
    "no title": (replace(sound.enricher(), title=" "), "texts"),
    "no text of an output": (with_output(doc=""), "texts"),
    "no outputs": (replace(sound.enricher(), outputs=()), "texts"),
    "an output twice": (replace(sound.enricher(), outputs=sound.enricher().outputs * 2), "declaration"),
    "an input without kinds": (with_output(inputs=(Input("name", frozenset()),)), "declaration"),
    "an optional input first": (
        with_output(inputs=(Input("a", sound.TEXTS, required=False), *sound.NAME)),
        "declaration",
    ),
    "an option without text": (with_options(limit={"type": "integer", "default": 5}), "options schema"),
    "an unknown type": (with_options(limit={**sound.LIMIT, "type": "whole"}), "options schema"),
    "an unknown format": (with_options(limit={**sound.LIMIT, "format": "colour"}), "options schema"),
    "an unknown kind": (with_options(limit={**sound.LIMIT, "kinds": ["count", "colour"]}), "options schema"),
    "a default that breaks the schema": (with_options(limit={**sound.LIMIT, "default": 0}), "options schema"),
    "options that are no object": (replace(sound.enricher(), options={"type": "array"}), "options schema"),
    "a function that isn't there": (replace(sound.enricher(), make=later("json:no_such_function")), "declaration"),
    "a module that isn't there": (replace(sound.enricher(), make=later("no_such_module:make")), "declaration"),
}


@pytest.mark.parametrize("breach", DECLARATIONS)
def test_a_broken_declaration_is_told(breach: str) -> None:
    declared, rule = DECLARATIONS[breach]
    assert rule in rules(declared)


def test_a_spec_of_the_author_must_be_good() -> None:
    spec = 'source a from "a.csv" {{ id : text key  name : text }}\nenrich a using sized {{ {item} from name }}\n'
    assert rules(sound.enricher(), spec=spec.format(item="length")) == set()
    assert rules(sound.enricher(), spec=spec.format(item="lenght")) == {"spec"}


def test_an_option_that_must_be_given_but_has_no_example_is_told() -> None:
    odd = {"type": "string", "pattern": "^[A-Z]{4}$", "description": "a code of four letters"}
    declared = replace(sound.enricher(), options={**sound.schema(limit=sound.LIMIT, code=odd), "required": ["code"]})
    assert "spec" in rules(declared)
    helped = replace(
        declared, options={**sound.schema(limit=sound.LIMIT, code={**odd, "examples": ["ABCD"]}), "required": ["code"]}
    )
    assert "spec" not in rules(helped)


# ---- enrichers


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> Any:
        raise error

    return fail


def fails_on_nothing(call: Call) -> Made:
    return Made({}) if call.length == 0 else sound.sized(call)


def fails_on_one(call: Call) -> Made:
    return Made({}) if call.length == 1 else sound.sized(call)


def fails_on_gaps(call: Call) -> Made:
    return sound.columns(lambda _, names: ["long" if len(n) > 5 else "short" for n in names])(call)


def with_a_note(call: Call) -> Made:
    return replace(sound.sized(call), notes=(Note("odd names", pa.array([True, False])),))


def with_a_stray_table(call: Call) -> Made:
    return replace(sound.sized(call), tables={"audit": {"a": 1}})


def by_neighbour(_: Any, names: list[Any]) -> list[Any]:
    return [None if n is None else "long" if place and names[place - 1] else "short" for place, n in enumerate(names)]


def by_length_of_call(_: Any, names: list[Any]) -> list[Any]:
    return [None if n is None else "long" if len(names) > 20 else "short" for n in names]


NUMBERED = COUNT.or_missing()
ENRICHERS: dict[str, tuple[Declaration, str]] = {
    "raises": (sound.enricher(raising(KeyError("x"))), "types"),
    "raises on missing values": (sound.enricher(fails_on_gaps), "types"),
    "refuses odd data": (sound.enricher(raising(Refused("odd names"))), "odd values"),
    "gives something else": (sound.enricher(lambda call: [1]), "types"),
    "a missing column": (sound.enricher(lambda call: Made({})), "types"),
    "the wrong type": (sound.enricher(sound.sized, NUMBER.or_missing()), "types"),
    "texts for a count": (sound.enricher(sound.sized, NUMBERED), "types"),
    "a value outside the closed list": (sound.enricher(sound.sized, category("long").or_missing()), "types"),
    "gaps that aren't declared": (sound.enricher(sound.sized, category("long", "short")), "types"),
    "a number below 0 for a count": (
        sound.enricher(sound.columns(lambda _, names: [-1 for _ in names]), COUNT),
        "types",
    ),
    "no finite number": (
        sound.enricher(sound.columns(lambda _, names: [float("inf") for _ in names]), NUMBER),
        "types",
    ),
    "a row too many": (sound.enricher(sound.columns(lambda _, names: [None, *(None for _ in names)])), "types"),
    "a note of other rows": (sound.enricher(with_a_note), "types"),
    "a table that is none": (sound.enricher(with_a_stray_table), "types"),
    "nothing for no rows": (sound.enricher(fails_on_nothing), "empty input"),
    "nothing for one row": (sound.enricher(fails_on_one), "one row"),
    "other values each time": (
        sound.enricher(sound.columns(lambda _, names: [next(CALLS) for _ in names]), NUMBERED),
        "same values twice",
    ),
    "a value by the row before": (sound.enricher(sound.columns(by_neighbour)), "row order"),
    "a value by the number of rows": (sound.enricher(sound.columns(by_length_of_call)), "slices"),
    "a value where all is missing": (
        sound.enricher(sound.columns(lambda _, names: ["long" for _ in names])),
        "missing values",
    ),
    "whole tables without an example": (sound.table_enricher(), "example"),
    "options that must be given, without an example": (
        sound.enricher(raising(Refused("no file", option="limit"))),
        "example",
    ),
    "a type that no column fits": (with_output(type=lambda types, options: "none fits"), "example"),
}


@pytest.mark.parametrize("breach", ENRICHERS)
def test_a_broken_enricher_is_told(breach: str) -> None:
    declared, rule = ENRICHERS[breach]
    assert rule in rules(declared)


def without_share(call: Call) -> Made:
    return Made({name: values for name, values in sound.counted(call).columns.items() if "share" not in name})


def by_place(call: Call) -> Made:
    return Made({one.name + end: list(range(call.length)) for one in call.asked for end in ("", "_share")})


def by_first_of_the_others(call: Call) -> Made:
    first = call.tables["invoices"].columns["amount"].to_pylist()[:1]
    value = 0 if first == [5] else 1
    return Made({one.name + end: [value] * call.length for one in call.asked for end in ("", "_share")})


TABLES = {
    "a companion is missing": (without_share, "types"),
    "a value by the place of the row": (by_place, "row order"),
    "a value by the order of the other table": (by_first_of_the_others, "row order"),
    "other values than the example": (
        lambda call: Made({one.name + end: [0] * call.length for one in call.asked for end in ("", "_share")}),
        "example",
    ),
}


@pytest.mark.parametrize("breach", TABLES)
def test_a_broken_enricher_of_tables_is_told(breach: str) -> None:
    make, rule = TABLES[breach]
    assert rule in rules(sound.table_enricher(make), sound.TABLE_EXAMPLE)


def test_an_example_that_asks_for_what_isnt_there_is_told() -> None:
    assert rules(sound.enricher(), EnrichExample({"width": "name"}, {"name": ["a"]})) == {"example"}
    assert rules(sound.enricher(), EnrichExample({"length": "title"}, {"name": ["a"]})) == {"example"}


# ---- the other kinds


def numbers(values: Callable[[list[Any]], list[Any]]) -> Callable[[pa.Array], pa.Array]:
    return lambda texts: pa.array(values(texts.to_pylist()), pa.int64())


def nothing_for_nothing(texts: pa.Array) -> Any:
    return None if len(texts) == 0 else pa.array([len(t) for t in texts.to_pylist()], pa.int64())


FUNCTIONS = {
    "raises": (sound.function(raising(ValueError("x"))), "types"),
    "refuses": (sound.function(raising(Refused("x"))), "types"),
    "the wrong type": (sound.function(lambda texts: texts), "types"),
    "gaps that aren't declared": (sound.function(numbers(lambda v: [None for _ in v])), "types"),
    "other values each time": (sound.function(numbers(lambda v: [next(CALLS) for _ in v])), "same values twice"),
    "a value by its place": (sound.function(numbers(lambda v: list(range(len(v))))), "row order"),
    "a value by the number of rows": (sound.function(numbers(lambda v: [len(v) for _ in v])), "slices"),
    "nothing for no rows": (sound.function(nothing_for_nothing), "empty input"),
    "other values than the example": (sound.function(numbers(lambda v: [0 for _ in v])), "example"),
}


@pytest.mark.parametrize("breach", FUNCTIONS)
def test_a_broken_function_is_told(breach: str) -> None:
    declared, rule = FUNCTIONS[breach]
    assert rule in rules(declared, FunctionExample((["Acme"],), [4]))


def fitted(body: str) -> Callable[[FitCall], Fitted]:
    return lambda call: Fitted(body)


def by_first_row(call: FitCall) -> Fitted:
    first = call.fields["seats"].to_pylist()[:1]
    return Fitted(f"segment large when seats >= {first[0] or 0 if first else 0}  segment other otherwise")


def of_two_rows(call: FitCall) -> Fitted:
    assert call.length > 1
    return Fitted("segment all otherwise")


SEGMENTERS = {
    "raises": (raising(ValueError("x")), "types"),
    "gives something else": (lambda call: "segment a otherwise", "types"),
    "no language": (fitted("segment if large"), "language"),
    "a field that isn't there": (fitted("segment large when employees > 5"), "language"),
    "a unit that doesn't fit": (fitted("segment large when seats > $5"), "language"),
    "other segments each time": (
        lambda call: Fitted(f"segment large when seats > {next(CALLS)}  segment other otherwise"),
        "same values twice",
    ),
    "segments by the first row": (by_first_row, "row order"),
    "fails on a row": (of_two_rows, "one row"),
    "fails on no rows": (lambda call: Fitted(f"segment all when seats >= {1 // call.length}"), "empty input"),
    "fails on missing values": (
        lambda call: Fitted(f"segment a when seats >= {1 // (call.length - call.fields['seats'].null_count)}"),
        "missing values",
    ),
}


@pytest.mark.parametrize("breach", SEGMENTERS)
def test_a_broken_segmenter_is_told(breach: str) -> None:
    fit, rule = SEGMENTERS[breach]
    assert rule in rules(sound.segmenter(fit), sound.FIT_EXAMPLE)


def test_a_segmenter_needs_an_example() -> None:
    assert rules(sound.segmenter()) == {"example"}
    wrong = replace(sound.FIT_EXAMPLE, expected="segment large when seats >= 8  segment other otherwise")
    assert rules(sound.segmenter(), wrong) == {"example"}


def first_place(call: MeasureCall) -> Measured:
    return Measured(float((call.score.to_pylist() or [None])[0] or 0))


EVALUATORS = {
    "raises": (sound.evaluator(raising(ValueError("x"))), "types"),
    "fails on no rows": (sound.evaluator(lambda call: Measured(1 / len(call.segments))), "empty input"),
    "fails on missing scores": (
        sound.evaluator(lambda call: Measured(1 / (len(call.score) - call.score.null_count or len(call.score) % 2))),
        "missing values",
    ),
    "gives something else": (sound.evaluator(lambda call: 0.5), "types"),
    "no number": (sound.evaluator(lambda call: Measured(float("nan"))), "types"),
    "other figures each time": (sound.evaluator(lambda call: Measured(float(next(CALLS)))), "same values twice"),
    "a figure by the first row": (sound.evaluator(first_place), "row order"),
    "figures by segment that weren't declared": (
        sound.evaluator(lambda call: Measured(None, dict.fromkeys(call.names, 1.0))),
        "types",
    ),
    "one figure where each segment has one": (sound.evaluator(each=True), "types"),
    "another figure than the example": (sound.evaluator(lambda call: Measured(0.0)), "example"),
    "figures that weren't declared": (sound.evaluator(lambda call: Measured(0.5, figures={"low": 0.1})), "types"),
    "declared figures that don't come": (sound.evaluator(figures=("low",)), "types"),
    "a further figure that is no number": (
        sound.evaluator(lambda call: Measured(0.5, figures={"low": float("inf")}), figures=("low",)),
        "types",
    ),
    "a figure by the order of relearned segments": (
        sound.evaluator(lambda call: Measured(float(call.relearn(first_half(call)).segments[0].as_py() or 0))),
        "row order",
    ),
    "segments and the score at once": (sound.evaluator(each=True, of_score=True), "declaration"),
    "a figure without a name": (sound.evaluator(figures=("in the middle",)), "declaration"),
}


def first_half(call: MeasureCall) -> pa.BooleanArray:
    return pa.array([row < len(call.score) // 2 for row in range(len(call.score))])


def seen(call: MeasureCall) -> Measured:
    """A figure of everything that an example can give."""
    sums = [
        sum(one for one in values.to_pylist() if one is not None)
        for group in (call.fields, call.told_by, call.proxies, call.terms, call.rows_of["prospects"].fields)
        for values in group.values()
    ]
    return Measured(float(sum(sums)), figures={"prospects": float(len(call.rows_of["prospects"].segments))})


def test_an_example_gives_all_that_an_evaluator_can_see() -> None:
    table = {"type": "string", "format": "table", "description": "where prospects are"}
    schema = {"type": "object", "properties": {"of": table}, "required": ["of"]}
    example = MeasureExample(
        ["large", None],
        [1.0, None],
        1 + 20 + 300 + 4_000 + 50_000,
        options={"of": "prospects"},
        fields={"a": [1, None]},
        told_by={"b": [20, None]},
        proxies={"c": [300, None]},
        terms={"base": [4_000.0, None]},
        types={"a": COUNT, "b": COUNT, "c": COUNT, "d": COUNT},
        figures={"prospects": 3},
        elsewhere={"prospects": ["large", None, "small"]},
        fields_elsewhere={"prospects": {"d": [50_000, None, None]}},
    )
    declared = sound.evaluator(seen, options=schema, figures=("prospects",))
    assert rules(declared, example) == set()
    assert rules(declared) == {"example"}
    other = replace(example, figures={"prospects": 4})
    assert rules(declared, other) == {"example"}


@pytest.mark.parametrize("breach", EVALUATORS)
def test_a_broken_evaluator_is_told(breach: str) -> None:
    declared, rule = EVALUATORS[breach]
    assert rule in rules(declared, MeasureExample(["large", None], [1.0, None], 0.5))


def everything(call: ReadCall) -> Iterator[pa.RecordBatch]:
    return sound.read(replace(call, columns=("id", "n")))


def in_one_batch(call: ReadCall) -> Iterator[pa.RecordBatch]:
    return sound.read(replace(call, batch_rows=1000))


def unguarded(call: ReadCall) -> Iterator[pa.RecordBatch]:
    try:
        yield from sound.read(call)
    except Refused as refused:
        raise ValueError("no JSON") from refused


def once(call: ReadCall) -> Iterator[pa.RecordBatch]:
    yield from sound.read(call) if next(CALLS) == READS[0] else ()


READS = [0]
READERS = {
    "raises": (raising(ValueError("x")), "types"),
    "refuses the example": (raising(Refused("x")), "types"),
    "gives something else": (lambda call: [{"id": "1"}], "types"),
    "without a wanted column": (lambda call: sound.read(replace(call, columns=("id",))), "columns"),
    "with a column that nobody wants": (everything, "columns"),
    "batches that are too large": (in_one_batch, "slices"),
    "a traceback for a broken file": (unguarded, "broken file"),
    "other values than the example": (lambda call: (b.slice(1) for b in sound.read(call)), "example"),
}


@pytest.mark.parametrize("breach", READERS)
def test_a_broken_reader_is_told(breach: str) -> None:
    read, rule = READERS[breach]
    assert rule in rules(sound.reader(read), sound.READ_EXAMPLE)


def test_a_reader_that_keeps_something_between_calls_is_told() -> None:
    READS[0] = next(CALLS) + 1
    assert "same values twice" in rules(sound.reader(once), sound.READ_EXAMPLE)


def test_a_reader_needs_an_example() -> None:
    assert rules(sound.reader()) == {"example"}


def with_a_second_file(call: ExportCall) -> None:
    sound.write(call)
    call.path.with_name("more").write_text("")


def of_plain_values(call: ExportCall) -> None:
    call.path.write_text("".join(map(str, call.table.column(0).to_pylist())), encoding="ascii")


def of_some_rows(call: ExportCall) -> None:
    call.path.write_text(str(call.table.to_pylist()[0]), encoding="utf-8")


EXPORTERS = {
    "raises": (raising(ValueError("x")), "odd values"),
    "fails on odd texts": (of_plain_values, "odd values"),
    "fails on no rows": (of_some_rows, "empty input"),
    "writes nothing": (lambda call: None, "odd values"),
    "writes a second file": (with_a_second_file, "odd values"),
    "another file each time": (lambda call: call.path.write_text(str(next(CALLS))), "same values twice"),
}


@pytest.mark.parametrize("breach", EXPORTERS)
def test_a_broken_exporter_is_told(breach: str) -> None:
    write, rule = EXPORTERS[breach]
    assert rule in rules(sound.exporter(write))


def test_a_file_that_isnt_the_example_is_told() -> None:
    assert rules(sound.exporter(), ExportExample({"id": ["a"]}, {"id": TEXT}, b"id\na\n")) == {"example"}


def of_members(call: SectionCall) -> SectionText:
    return SectionText("Members", (str(call.tables["members/fit"].column("segment")[0]),))


SECTIONS = {
    "raises": (raising(ValueError("x")), "odd values"),
    "fails on no rows": (of_members, "empty input"),
    "fails on no tables": (lambda call: SectionText("T", (str(call.tables["members/fit"].num_rows),)), "no tables"),
    "no title": (lambda call: SectionText(""), "odd values"),
    "gives something else": (lambda call: "text", "odd values"),
    "a text instead of paragraphs": (lambda call: SectionText("T", "text"), "odd values"),
    "a table that is none": (lambda call: SectionText("T", (), {"a": [1]}), "odd values"),
    "another text each time": (lambda call: SectionText(str(next(CALLS))), "same values twice"),
}


@pytest.mark.parametrize("breach", SECTIONS)
def test_a_broken_section_is_told(breach: str) -> None:
    write, rule = SECTIONS[breach]
    assert rule in rules(sound.section(write))


def test_a_section_without_the_words_of_the_example_is_told() -> None:
    assert rules(sound.section(), SectionExample({"segments": {"n": [1]}}, ("segments: 2",))) == {"example"}


# ---- what the author reads


def test_a_breach_reads_as_what_was_promised_what_came_and_one_mend() -> None:
    declared = sound.enricher(sound.sized, category("long", "short"))
    with pytest.raises(ContractBroken) as raised:
        check_declaration(declared)
    text = str(raised.value)
    assert text.startswith("`sized` breaks its contract in one way\n")
    assert "promised: the columns that were asked for, of their types" in text
    assert "values are missing" in text
    assert "mend:     declare the type with `.or_missing()`" in text


def test_an_example_of_another_kind_is_a_slip_of_the_author() -> None:
    with pytest.raises(TypeError, match="EnrichExample"):
        check_declaration(sound.enricher(), FunctionExample((["a"],), [1]))


def test_outputs_with_other_kinds_of_inputs_are_tried_too() -> None:
    def only_text(call: Call) -> Made:
        return sound.columns(lambda _, values: [None if v is None else v.upper() for v in values])(call)

    inputs = (Input("value", frozenset({Kind.TEXT, Kind.COUNT})),)
    outputs = (Output("shout", "The value in capitals.", inputs, TEXT.or_missing(), Scope.ROW),)
    assert rules(Enricher("shouting", "Capitals", outputs, only_text)) == {"types"}
