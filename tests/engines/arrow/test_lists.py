from hypothesis import given
from hypothesis import strategies as st

from segdsl.model.expression import Call, Column, HasValues
from segdsl.types import COUNT, INT, TEXT, list_of
from tests.engines.arrow.rowwise import values_of

TOOLS = Column("tools", list_of(TEXT))
items = st.lists(st.none() | st.sampled_from("abc"), max_size=4).map(tuple)
columns = st.lists(st.none() | items, min_size=1, max_size=30)
constants = st.lists(st.sampled_from("abcd"), max_size=3).map(tuple)


@given(columns, constants)
def test_a_list_has_any_or_all_of_some_values_as_sets_do(column, wanted):
    any_of = [None if tools is None else bool(set(tools) & set(wanted)) for tools in column]
    all_of = [None if tools is None else set(wanted) <= set(tools) for tools in column]
    assert values_of(HasValues(TOOLS, wanted, every=False), {TOOLS: column}) == any_of
    assert values_of(HasValues(TOOLS, wanted, every=True), {TOOLS: column}) == all_of


@given(columns)
def test_the_length_of_a_list_counts_missing_items(column):
    expected = [None if tools is None else len(tools) for tools in column]
    assert values_of(Call("length", (TOOLS,), COUNT), {TOOLS: column}) == expected


def test_lists_of_numbers_are_searched_too():
    years = Column("years", list_of(INT))
    rows = {years: [(2020, 2021), (2022,), None]}
    assert values_of(HasValues(years, (2021, 2022), every=False), rows) == [True, True, None]
