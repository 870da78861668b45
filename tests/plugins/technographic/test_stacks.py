"""What is told of accounts from a column of tools or from a linked table."""

from datetime import date

import pyarrow as pa
import pytest

from segdsl.plugin import Asked, Call, ColumnName, Linked, Refused
from segdsl_technographic.making import make
from tests.plugins.technographic.calls import LISTS, asked, lists, of_column, of_usage, texts, values

ALL = (
    "stack",
    "categories",
    "vendors",
    "breadth",
    "category_breadth",
    "deployment",
    "uses_crm",
    "competitor_in_use",
    "competitors_in_use",
    "complement_in_use",
    "complements_in_use",
)


def test_a_list_column() -> None:
    tools = lists(
        [["SFDC", "postgres 15", "salesforce.com", "HubSpot"], ["Hadoop", "our own thing"], [], None, [None, " "]]
    )
    made = of_column(tools, *ALL, options={"competitors": ("hubspot", "Pipedrive"), "complements": "SFDC"})
    assert {name: values(made, name) for name in ALL} == {
        "stack": [["HubSpot", "PostgreSQL", "Salesforce"], ["Hadoop", "our own thing"], [], None, []],
        "categories": [["crm", "database", "marketing automation"], ["data processing"], [], None, []],
        "vendors": [["HubSpot", "PostgreSQL", "Salesforce"], ["Apache Software Foundation"], [], None, []],
        "breadth": [3, 2, 0, None, 0],
        "category_breadth": [3, 1, 0, None, 0],
        "deployment": ["cloud", None, None, None, None],
        "uses_crm": [True, False, False, None, False],
        "competitor_in_use": [True, False, False, None, False],
        "competitors_in_use": [["HubSpot"], [], [], None, []],
        "complement_in_use": [True, False, False, None, False],
        "complements_in_use": [["Salesforce"], [], [], None, []],
    }


def test_a_text_is_parted_and_an_item_of_a_list_is_not() -> None:
    written = ["Slack; Zoom | jira,Trello", "Slack\nZoom", "", None, " , ;"]
    assert values(of_column(texts(written), "stack"), "stack") == [
        ["Jira", "Slack", "Trello", "Zoom"],
        ["Slack", "Zoom"],
        [],
        None,
        [],
    ]
    assert values(of_column(lists([["Slack, Zoom"]]), "stack"), "stack") == [["Slack, Zoom"]]


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (["Slack", "Hyper-V"], "mixed"),
        (["Hyper-V", "Python"], "on-premises"),
        (["Slack", "PostgreSQL"], "cloud"),
        (["PostgreSQL", "Python", "our own thing"], None),
    ],
)
def test_deployment_rests_on_tools_that_run_in_one_place_only(tools: list[str], expected: str | None) -> None:
    assert values(of_column(lists([tools]), "deployment"), "deployment") == [expected]


def test_nothing_at_all() -> None:
    for empty in (lists([]), texts([])):
        made = of_column(empty, "stack", "categories", "vendors", "breadth", "deployment", "uses_crm")
        assert all(len(column) == 0 for column in made.columns.values())
        assert made.notes == ()
    made = of_column(lists([None, None]), "stack", "categories", "breadth")
    assert [values(made, name) for name in ("stack", "categories", "breadth")] == [[None, None]] * 3


def test_a_part_of_a_longer_array_is_read_as_it_stands() -> None:
    part = lists([["Slack"], ["Zoom"], None, ["Jira"]]).slice(1, 3)
    assert values(of_column(part, "stack"), "stack") == [["Zoom"], None, ["Jira"]]


def test_a_column_may_have_another_name() -> None:
    tools = lists([["Slack"]])
    column = Asked("tech", "stack", asked("stack", (), ()).type, (ColumnName("accounts", "tools"),), (tools,))
    assert make(Call((column,), 1, table="accounts")).columns["tech"].to_pylist() == [["Slack"]]


def test_a_name_that_the_catalogue_lacks_is_refused_with_a_suggestion() -> None:
    with pytest.raises(Refused) as caught:
        of_column(lists([["Slack"]]), "competitor_in_use", options={"competitors": ("Slack", "Hubspoot")})
    assert (caught.value.option, caught.value.help) == ("competitors", "did you mean `HubSpot`?")
    assert "`Hubspoot`" in caught.value.message


# ---- linked tables

USAGE = [
    (0, "SFDC", date(2024, 3, 1)),
    (0, "Salesforce", date(2023, 1, 5)),
    (0, "Slack", date(2025, 2, 2)),
    (2, "Postgres 14", None),
    (2, None, date(2020, 1, 1)),
    (None, "Jira", date(2020, 1, 1)),
    (0, "HubSpot", date(2025, 6, 1)),
]


def test_a_linked_table_gives_the_same_columns() -> None:
    made = of_usage(3, USAGE, "stack", "breadth", "uses_crm", "vendors", "deployment")
    assert values(made, "stack") == [["HubSpot", "Salesforce", "Slack"], [], ["PostgreSQL"]]
    assert values(made, "breadth") == [3, 0, 1]
    assert values(made, "uses_crm") == [True, False, False]
    assert values(made, "vendors") == [["HubSpot", "Salesforce"], [], ["PostgreSQL"]]
    assert values(made, "deployment") == ["cloud", None, None]


def test_first_and_last_seen() -> None:
    names = ("first_seen", "last_seen", "first_seen_crm", "last_seen_crm", "last_seen_salesforce", "first_seen_sfdc")
    made = of_usage(3, USAGE, *names)
    assert [values(made, name) for name in names] == [
        [date(2023, 1, 5), None, None],
        [date(2025, 6, 1), None, None],
        [date(2023, 1, 5), None, None],
        [date(2025, 6, 1), None, None],
        [date(2024, 3, 1), None, None],
        [date(2023, 1, 5), None, None],
    ]


def test_what_is_seen_after_the_clock_is_not_known() -> None:
    made = of_usage(3, USAGE, "stack", "last_seen", clock=date(2025, 2, 2))
    assert values(made, "stack") == [["Salesforce", "Slack"], [], ["PostgreSQL"]]
    assert values(made, "last_seen") == [date(2025, 2, 2), None, None]


def test_a_timestamp_counts_by_its_day() -> None:
    tools = lists([["Slack"]])
    seen = pa.array([1_700_000_000_000_000], pa.timestamp("us", "UTC"))
    call = Call((asked("first_seen", ("tools", "at"), (tools, seen)),), 1, table="accounts")
    assert make(call).columns["first_seen"].to_pylist() == [date(2023, 11, 14)]


def test_first_seen_of_something_unknown_is_refused() -> None:
    with pytest.raises(Refused, match="`salesfroce`") as caught:
        of_usage(1, [(0, "Jira", date(2024, 1, 1))], "first_seen_salesfroce")
    assert caught.value.help == "did you mean `Salesforce`?"


def test_a_table_without_one_link_is_refused() -> None:
    tool = texts(["Slack"])
    call = Call(
        (asked("stack", ("tool",), (tool,), "usage"),),
        1,
        table="accounts",
        tables={"usage": Linked({"tool": tool}, 1, None, ())},
    )
    with pytest.raises(Refused, match="no single link leads from `usage` to `accounts`"):
        make(call)


def test_columns_of_two_tables_are_refused() -> None:
    tool, seen = texts(["Slack"]), pa.array([date(2024, 1, 1)])
    linked = Linked({"tool": tool}, 1, pa.array([0]), ())
    columns = (ColumnName("usage", "tool"), ColumnName("accounts", "since"))
    column = Asked("first_seen", "first_seen", asked("stack", (), ()).type, columns, (tool, seen))
    with pytest.raises(Refused, match="columns of one table"):
        make(Call((column,), 1, table="accounts", tables={"usage": linked}))


def test_the_types_are_those_that_are_promised() -> None:
    made = of_usage(1, USAGE[:1], "stack", "breadth", "uses_crm", "first_seen", "deployment")
    assert {name: array.type for name, array in made.columns.items()} == {
        "stack": LISTS,
        "breadth": pa.int64(),
        "uses_crm": pa.bool_(),
        "first_seen": pa.date32(),
        "deployment": pa.string(),
    }
