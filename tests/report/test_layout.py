"""Tables give way in the right order: titles and bars, then figures, and names last and never to be mixed up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics.display import escape, width
from segdsl.report.layout import UNBOUNDED, Column, Tone, table_lines

LONG = ("internet_service_not_no_tenure_under_12", "internet_service_not_no_tenure_12_or_more")
COLUMNS = (
    Column("segment", name=True),
    Column("", cuttable=True, optional=True),
    Column("count", right=True),
    Column("", optional=True, tone=Tone.BAR),
    Column("undecided", right=True, optional=True),
)
ROWS = [(name, f"A title of {name}", "1,234", "#" * 12, "5") for name in LONG]


def lines(columns: tuple[Column, ...], rows: list[tuple[str, ...]], room: int) -> list[str]:
    return ["".join(piece.text for piece in line).rstrip() for line in table_lines(columns, rows, room)]


def test_titles_go_then_bars_then_figures_and_names_stay_whole() -> None:
    shown = {room: "\n".join(lines(COLUMNS, ROWS, room)) for room in (UNBOUNDED, 110, 80, 64, 52)}
    assert [
        [word in text for word in (f"title of {LONG[0]}", "A title of", "#", "undecided")] for text in shown.values()
    ] == [
        [True, True, True, True],
        [False, True, True, True],
        [False, False, True, True],
        [False, False, False, True],
        [False, False, False, False],
    ]
    assert all(name in text for text in shown.values() for name in LONG)


def test_names_are_cut_in_the_middle_where_nothing_else_gives_way() -> None:
    head, *rows = lines(COLUMNS, ROWS, 40)
    assert max(map(width, (head, *rows))) <= 40
    assert [row.split() for row in rows] == [
        ["internet_servic…tenure_under_12", "1,234"],
        ["internet_servic…nure_12_or_more", "1,234"],
    ]


@pytest.mark.parametrize("room", [20, 30, 40, 60])
def test_names_that_differ_in_the_middle_stay_apart_even_if_the_table_is_wider(room: int) -> None:
    names = [f"the_first_half_of_it_{letter}_and_the_other_half_of_it" for letter in "abc"]
    rows = lines((Column("proxy", name=True), Column("n", right=True)), [(name, "7") for name in names], room)
    assert len(set(rows)) == 4


@given(st.lists(st.text("ab_", min_size=1, max_size=40), min_size=1, max_size=6, unique=True), st.integers(10, 60))
def test_no_two_names_become_one(names: list[str], room: int) -> None:
    rows = lines((Column("", name=True), Column("n", right=True)), [(escape(name), "7") for name in names], room)
    assert len(set(rows[1:])) == len(names)
