"""Order, counts and rows are told alike in every rendering."""

import pytest

from segdsl.diagnostics import Diagnostic, Label, RowExamples, SourceText, Span
from segdsl.diagnostics.summary import count_line, describe_rows, in_order, locate
from tests.diagnostics.findings import ACCEPTED, ALL, BREACH, MENDED, SPEC, TALL, TEXTS, TWICE, UNKNOWN


def test_findings_go_by_place_and_those_without_one_come_last() -> None:
    assert in_order(ALL, TEXTS) == (TWICE, TALL, UNKNOWN, MENDED, BREACH)


def test_files_go_in_the_order_of_the_texts() -> None:
    texts = {name: SourceText(name, "x") for name in ("main.seg", "lib.seg")}
    found = [Diagnostic("SEG102", "x", (Label(Span(name, 0, 1)),)) for name in ("gone.seg", "lib.seg", "main.seg")]
    assert in_order(found, texts) == (found[2], found[1], found[0])


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ((), ""),
        ((UNKNOWN,), "1 error"),
        ((MENDED, MENDED), "2 warnings"),
        (ALL, "4 errors, 1 warning"),
        ((ACCEPTED, UNKNOWN, MENDED), "1 error, 1 warning, 1 warning accepted"),
    ],
)
def test_count_line_counts_by_severity(found: tuple[Diagnostic, ...], line: str) -> None:
    assert count_line(found) == line


def test_place_is_line_and_column_from_one() -> None:
    assert locate(Span(SPEC.file, SPEC.text.index("keep"), 0), TEXTS) == "customers.seg:2:3"
    assert locate(Span("gone.seg", 5, 6), TEXTS) == "gone.seg"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            RowExamples("f", 94, (3, 17, 204), ("foo", "bar", "foo")),
            "rows 3, 17, 204 and 91 more: `foo`, `bar`",
        ),
        (RowExamples("f", 1, (3,), ("foo",)), "row 3: `foo`"),
        (RowExamples("f", 1_204, (3,), ("",)), "row 3 and 1,203 more: empty text"),
        (RowExamples("f", 1_204), "1,204 rows"),
        (RowExamples("f", 1, (7,), ("x" * 50,)), f"row 7: `{'x' * 39}…`"),
        (RowExamples("f", 1, (7,), ("a\x1b[2Jb",)), "row 7: `a\\u{1b}[2Jb`"),
    ],
)
def test_rows_are_told_with_numbers_counts_and_examples(rows: RowExamples, told: str) -> None:
    assert describe_rows(rows) == told
