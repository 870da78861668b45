"""Whatever accounts hold, the columns are made, and agree with the same told account by account in plain Python."""

import csv
import random
from collections import Counter
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import segdsl_technographic
from tests.plugins.technographic.calls import lists, of_column, of_usage, texts, values

OUTPUTS = ("stack", "categories", "vendors", "breadth", "category_breadth", "deployment", "uses_crm", "uses_database")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
with (Path(segdsl_technographic.__file__).parent / "tools.csv").open(encoding="utf-8", newline="") as _file:
    TOOLS = {row["tool"]: row for row in csv.DictReader(_file)}
NAMES = sorted(TOOLS)


@given(st.lists(st.none() | st.lists(st.none() | ANY_TEXT | st.sampled_from(NAMES), max_size=6), max_size=6))
def test_any_list_is_taken(tools: list[list[str | None] | None]) -> None:
    made = of_column(lists(tools), *OUTPUTS)
    for name in OUTPUTS:
        column = pa.array(made.columns[name])
        column.validate(full=True)
        assert len(column) == len(tools)
    assert [row is None for row in values(made, "stack")] == [row is None for row in tools]
    assert values(made, "breadth") == [None if row is None else len(row) for row in values(made, "stack")]


@given(st.lists(st.none() | ANY_TEXT, max_size=6))
def test_any_text_is_taken(tools: list[str | None]) -> None:
    made = of_column(texts(tools), *OUTPUTS)
    assert [row is None for row in values(made, "stack")] == [row is None for row in tools]


@given(st.lists(st.none() | st.lists(st.sampled_from(NAMES), max_size=8), min_size=1, max_size=8))
def test_known_tools_agree_with_the_catalogue_read_row_by_row(tools: list[list[str] | None]) -> None:
    def of_each(column: str) -> list[list[str] | None]:
        found = [
            None if own is None else {part.strip() for tool in own for part in TOOLS[tool][column].split(";")} - {""}
            for own in tools
        ]
        return [None if own is None else sorted(own, key=lambda name: (name.casefold(), name)) for own in found]

    made = of_column(lists(tools), *OUTPUTS)
    assert values(made, "stack") == of_each("tool")
    assert values(made, "categories") == of_each("category")
    assert values(made, "vendors") == of_each("vendor")
    assert values(made, "uses_crm") == [None if own is None else "crm" in own for own in of_each("category")]


@given(st.lists(st.lists(ANY_TEXT | st.sampled_from(NAMES), max_size=5), max_size=6), st.randoms())
def test_the_order_of_rows_and_of_items_does_not_matter(tools: list[list[str]], chance: random.Random) -> None:
    order = list(range(len(tools)))
    chance.shuffle(order)
    shuffled = [chance.sample(tools[place], len(tools[place])) for place in order]
    first, second = of_column(lists(tools), *OUTPUTS), of_column(lists(shuffled), *OUTPUTS)
    for name in OUTPUTS:
        assert values(second, name) == [values(first, name)[place] for place in order]
    assert second.tables.get("unknown_tools") == first.tables.get("unknown_tools")


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 3), st.none() | st.sampled_from(NAMES), st.none() | st.dates()),
        max_size=20,
    )
)
def test_a_linked_table_agrees_with_plain_python(rows: list[tuple[int | None, str | None, object]]) -> None:
    made = of_usage(4, rows, "stack", "breadth", "first_seen", "last_seen")  # type: ignore[arg-type]
    for account in range(4):
        own = [(tool, day) for owner, tool, day in rows if owner == account and tool is not None]
        days = [day for _, day in own if day is not None]
        assert values(made, "breadth")[account] == len(Counter(tool for tool, _ in own))
        assert values(made, "first_seen")[account] == min(days, default=None)  # type: ignore[type-var]
        assert values(made, "last_seen")[account] == max(days, default=None)  # type: ignore[type-var]
