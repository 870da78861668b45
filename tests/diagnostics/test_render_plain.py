"""Plain diagnostics read as a compiler's, and carets stand under what they mean."""

from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics import Diagnostic, Label, SourceText, Span
from segdsl.diagnostics.display import width
from segdsl.diagnostics.render_plain import render_plain
from tests.diagnostics.findings import ACCEPTED, ALL, BREACH, SPEC, TALL, TEXTS, TWICE, UNKNOWN


def test_finding_shows_place_line_expectation_and_mend() -> None:
    assert render_plain([UNKNOWN], TEXTS) == (
        "customers.seg:5:25: error SEG201: `emploees` is no field of `accounts`\n"
        '   5 |   segment 大企業 "東京" when emploees > 500\n'
        f"     | {' ' * 29}^^^^^^^^ not declared\n"
        "      expected: a field of `accounts`\n"
        "      help: did you mean `employees`?\n"
        "\n"
        "1 error\n"
    )


def test_other_places_are_underlined_apart() -> None:
    assert render_plain([TWICE], TEXTS).splitlines()[1:7] == [
        "   1 | population customers from accounts {",
        "     | ^^^^^^^^^^^^^^^^^^^^",
        "     :",
        "   4 | segmentation 規模 for customers {",
        "     |                   ------------- used here",
        "      note: first line",
    ]


def test_place_of_several_lines_is_bracketed() -> None:
    assert render_plain([TALL], TEXTS).splitlines()[1:6] == [
        "   4 | / segmentation 規模 for customers {",
        '   5 | |   segment 大企業 "東京" when emploees > 500',
        "   6 | |   segment small otherwise",
        "   7 | | }",
        "     | \\_ never closed",
    ]


def test_finding_in_data_names_file_rows_and_values() -> None:
    assert render_plain([BREACH], TEXTS) == (
        "data/accounts.csv: error SEG602: 94 values of `mrr` aren't money\n"
        "      data/accounts.csv: rows 3, 17, 204 and 91 more: `n/a`, `\\u{1b}[31mred`\n"
        "      help: add `lenient`\n"
        "\n"
        "1 error\n"
    )


def test_nothing_found_is_nothing_printed() -> None:
    assert render_plain([], TEXTS) == ""


def test_last_line_counts() -> None:
    assert render_plain(ALL, TEXTS).endswith("\n\n4 errors, 1 warning\n")


def test_accepted_warning_is_only_counted() -> None:
    assert render_plain([ACCEPTED], TEXTS) == "1 warning accepted\n"
    assert render_plain([ACCEPTED, BREACH], TEXTS).endswith("\n\n1 error, 1 warning accepted\n")


def test_place_in_another_file_is_named() -> None:
    library = SourceText("lib/a.seg", "param x = 1\n")
    found = Diagnostic("SEG202", "twice", (Label(Span(SPEC.file, 0, 10)), Label(Span("lib/a.seg", 6, 7), "first here")))
    assert render_plain([found], {**TEXTS, "lib/a.seg": library}).splitlines()[1:6] == [
        "   1 | population customers from accounts {",
        "     | ^^^^^^^^^^",
        "    lib/a.seg:1:7:",
        "   1 | param x = 1",
        "     |       - first here",
    ]


def test_text_that_is_not_at_hand_is_named_by_its_file() -> None:
    found = Diagnostic("SEG202", "twice", (Label(Span("gone.seg", 3, 4), "here"),))
    assert render_plain([found], {}) == "gone.seg: error SEG202: twice\n      here\n\n1 error\n"


def test_end_of_text_can_be_pointed_at() -> None:
    text = SourceText("a.seg", "about {")
    found = Diagnostic("SEG104", "no end", (Label(Span("a.seg", 7, 7)),))
    assert render_plain([found], {"a.seg": text}).splitlines()[:3] == [
        "a.seg:1:8: error SEG104: no end",
        "   1 | about {",
        "     |        ^",
    ]


@given(
    st.text("a東\t\x1b é", max_size=600),
    st.text("b京", min_size=1, max_size=20),
    st.text("a東\t\x1b é", max_size=600),
)
def test_carets_stand_under_their_text_however_long_the_line(before: str, here: str, after: str) -> None:
    text = SourceText("a.seg", before + here + after)
    found = Diagnostic("SEG102", "x", (Label(Span("a.seg", len(before), len(before) + len(here))),))
    line, carets = render_plain([found], {"a.seg": text}).splitlines()[1:3]
    start = width(carets[: carets.index("^")])
    under = "".join(char for place, char in enumerate(line) if start <= width(line[:place]) < width(carets))
    assert under == here
    assert width(line) <= 160


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_any_text_and_any_place_can_be_shown(text: str, start: int, length: int) -> None:
    found = Diagnostic("SEG102", text or "x", (Label(Span("a.seg", start, start + length), text),), text, text, (text,))
    shown = render_plain([found], {"a.seg": SourceText("a.seg", text)})
    assert shown.endswith("\n\n1 error\n")
    assert "\x1b" not in shown
