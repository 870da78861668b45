"""Programs get every finding in the published shape."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from segdsl.diagnostics import Diagnostic, Label, RowExamples, SourceText, Span
from segdsl.diagnostics.render_json import render_json
from tests.diagnostics.findings import ALL, TEXTS, UNKNOWN

SCHEMA = Path(__file__).parents[2] / "segdsl/diagnostics/diagnostics.schema.json"
SHAPE = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def test_places_are_lines_columns_and_offsets() -> None:
    (label,) = json.loads(render_json([UNKNOWN], TEXTS))["diagnostics"][0]["labels"]
    assert label["start"] | {"offset": 0} == {"line": 5, "column": 25, "offset": 0}
    assert label["end"]["column"] == 33
    assert label["end"]["offset"] - label["start"]["offset"] == len("emploees")


def test_counts_and_order_are_those_of_every_rendering() -> None:
    shown = json.loads(render_json(ALL, TEXTS))
    assert (shown["errors"], shown["warnings"]) == (4, 1)
    assert [one["code"] for one in shown["diagnostics"]] == ["SEG202", "SEG104", "SEG201", "SEG613", "SEG602"]


def test_place_in_a_text_that_is_not_at_hand_is_null() -> None:
    (label,) = json.loads(render_json([UNKNOWN], {}))["diagnostics"][0]["labels"]
    assert (label["file"], label["start"], label["end"]) == ("customers.seg", None, None)


@given(st.text(min_size=1), st.integers(0, 30), st.integers(0, 30), st.sampled_from(["SEG101", "SEG613"]))
def test_any_finding_fits_the_schema_and_is_ascii(text: str, start: int, length: int, code: str) -> None:
    rows = (RowExamples(text, start, (length + 1,), (text,)),)
    found = Diagnostic(code, text, (Label(Span("a", start, start + length), text),), text, text, (text,), rows)
    shown = render_json([found], {"a": SourceText("a", text)})
    SHAPE.validate(json.loads(shown))
    assert shown.isascii()
