"""Each plugin keeps its contract."""

from datetime import date

from segdsl.plugin import COUNT, TEXT
from segdsl.plugin.testing import (
    EnrichExample,
    ExportExample,
    FitExample,
    FunctionExample,
    MeasureExample,
    ReadExample,
    SectionExample,
    TableExample,
    check_plugin,
)


def test_enricher() -> None:
    check_plugin(
        "fiscal",
        EnrichExample(
            asks={"quarter": "day"},
            columns={"day": [date(2026, 4, 1), date(2026, 3, 31), None]},
            options={"starts": 4},
            expected={"quarter": ["Q1", "Q4", None]},
        ),
        EnrichExample(
            asks={"rows_of_deals": "deals.stage"},
            columns={"name": ["Acme", "Bolt"]},
            tables={"deals": TableExample({"stage": ["won", "lost", None]}, rows=[1, 1, None])},
            expected={"rows_of_deals": [0, 2]},
        ),
    )


def test_function() -> None:
    check_plugin("initials", FunctionExample((["acme corp", " "],), ["AC", None]))


def test_segmenter() -> None:
    check_plugin("median_split", FitExample({"seats": [1, 9, None]}, {"seats": COUNT.or_missing()}, {"by": "seats"}))


def test_evaluator() -> None:
    check_plugin("placed", MeasureExample(["large", None], [1.0, None], 0.5))


def test_reader() -> None:
    check_plugin("pairs", ReadExample(b"id=1|country=DE\nid=2\n", {"id": ["1", "2"], "country": ["DE", None]}))


def test_exporter() -> None:
    check_plugin("json_lines", ExportExample({"id": ["A-1"]}, {"id": TEXT}, b'{"id": "A-1"}\n'))


def test_section() -> None:
    check_plugin("list_sizes", SectionExample({"audiences/top": {"id": ["a", "b"]}}, ("top has 2 rows.",)))
