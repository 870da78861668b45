"""Tools that the catalogue doesn't know are counted and listed, and nothing is lost."""

from tests.plugins.technographic.calls import lists, of_column, of_usage, texts, values


def test_unknown_tools_are_listed_by_frequency() -> None:
    tools = lists([["Zorble", "Slack"], ["zorble", "ZORBLE", "Mipp"], ["Zorble"], None, ["mipp!", "Aaa"]])
    made = of_column(tools, "stack")
    assert made.tables["unknown_tools"].to_pylist() == [
        {"column": "tools", "tool": "Zorble", "accounts": 3, "mentions": 4},
        {"column": "tools", "tool": "Mipp", "accounts": 2, "mentions": 2},
        {"column": "tools", "tool": "Aaa", "accounts": 1, "mentions": 1},
    ]
    assert values(made, "stack") == [["Slack", "Zorble"], ["Mipp", "Zorble"], ["Zorble"], None, ["Aaa", "Mipp"]]


def test_a_note_says_which_accounts_have_them() -> None:
    made = of_column(lists([["Zorble"], ["Slack"], None, ["Slack", "Mipp"]]), "stack", "breadth")
    (note,) = made.notes
    assert note.where.to_pylist() == [True, False, False, True]
    assert note.column == "stack"
    assert "2 of 3 tools, 50.0% of mentions" in note.message


def test_there_is_no_note_where_all_are_known() -> None:
    made = of_column(texts(["Slack, Jira"]), "stack")
    assert (made.notes, dict(made.tables)) == ((), {})


def test_a_linked_table_is_named() -> None:
    made = of_usage(2, [(0, "Zorble", None), (1, "Zorble", None), (None, "Zorble", None)], "stack")
    assert made.tables["unknown_tools"].to_pylist() == [
        {"column": "usage.tool", "tool": "Zorble", "accounts": 2, "mentions": 2}
    ]
