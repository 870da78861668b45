"""At a terminal diagnostics have colours, and without colour not a single escape sequence."""

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from segdsl.diagnostics.render_terminal import render_terminal
from tests.diagnostics.findings import ACCEPTED, ALL, BREACH, MENDED, TALL, TEXTS, UNKNOWN

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


def test_place_is_underlined_and_numbered() -> None:
    assert render_terminal([UNKNOWN], TEXTS, colour=False) == (
        "error SEG201: `emploees` is no field of `accounts`\n"
        "   ╭─ customers.seg:5:25\n"
        "   │\n"
        ' 5 │   segment 大企業 "東京" when emploees > 500\n'
        f"   │ {' ' * 29}━━━━━━━━ not declared\n"
        "   │\n"
        "   ├ expected: a field of `accounts`\n"
        "   ╰ help: did you mean `employees`?\n"
        "\n"
        "1 error\n"
    )


def test_underline_agrees_with_widths_of_an_independent_measure() -> None:
    line, under = render_terminal([UNKNOWN], TEXTS, colour=False).splitlines()[3:5]
    assert cell_len(line[: line.index("emploees")]) == cell_len(under[: under.index("━")])


def test_errors_are_red_and_warnings_yellow() -> None:
    assert "\x1b[1;31merror SEG201" in render_terminal([UNKNOWN], TEXTS, colour=True)
    assert "\x1b[1;33mwarning SEG613" in render_terminal([MENDED], TEXTS, colour=True)


def test_colours_change_nothing_but_looks() -> None:
    coloured = render_terminal(ALL, TEXTS, colour=True)
    assert ESCAPE.sub("", coloured) == render_terminal(ALL, TEXTS, colour=False)


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in render_terminal(ALL, TEXTS)
    monkeypatch.delenv("NO_COLOR")
    assert "\x1b" in render_terminal(ALL, TEXTS)


def test_escape_sequences_of_data_are_shown() -> None:
    assert "`\\u{1b}[31mred`" in render_terminal([BREACH], TEXTS, colour=False)


def test_place_of_several_lines_is_bracketed() -> None:
    lines = render_terminal([TALL], TEXTS, colour=False).splitlines()
    assert [line[5:7] for line in lines[3:8]] == ["╭ ", "│ ", "│ ", "│ ", "╰─"]
    assert lines[7].endswith("╰─ never closed")


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_lines_fit_the_terminal(columns: int) -> None:
    shown = render_terminal(ALL, TEXTS, columns=columns, colour=False)
    told = [line for line in shown.splitlines() if "──" not in line and "━" not in line]
    assert max(map(cell_len, told)) <= columns


def test_accepted_warning_is_only_counted_and_not_in_the_colour_of_warnings() -> None:
    assert render_terminal([ACCEPTED], TEXTS, colour=False) == "1 warning accepted\n"
    assert "\x1b[1;33m" in render_terminal([ACCEPTED, MENDED], TEXTS, colour=True)
    assert "\x1b[1;33m" not in render_terminal([ACCEPTED], TEXTS, colour=True)


def test_markup_in_texts_is_no_markup() -> None:
    assert "[red]x[/red]" in render_terminal([replace(UNKNOWN, message="[red]x[/red]")], TEXTS, colour=False)
