"""A user's file of tools: what it adds and changes, and how each mistake in it is told."""

import json
from pathlib import Path

import pytest

from segdsl.plugin import Refused
from tests.plugins.technographic.calls import lists, of_column, values


def write(folder: Path, text: str, name: str = "tools.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def stack(path: Path, *tools: str) -> list[str]:
    made = of_column(lists([list(tools)]), "stack", paths={"catalogue": path})
    found: list[str] = values(made, "stack")[0]
    return found


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        stack(path, "Salesforce")
    assert caught.value.option == "catalogue"
    return caught.value


def test_a_file_adds_tools(tmp_path: Path) -> None:
    path = write(
        tmp_path, "tool,category,vendor,deployment,aliases\nHarbor CRM,CRM,Harbor,on-premises,HCRM; the harbor\n"
    )
    made = of_column(
        lists([["hcrm"], ["The Harbor 2.1"], ["harbor-crm"]]),
        "stack",
        "categories",
        "vendors",
        "deployment",
        "uses_crm",
        paths={"catalogue": path},
    )
    assert values(made, "stack") == [["Harbor CRM"]] * 3
    assert values(made, "categories") == [["crm"]] * 3
    assert values(made, "vendors") == [["Harbor"]] * 3
    assert values(made, "deployment") == ["on-premises"] * 3
    assert values(made, "uses_crm") == [True] * 3


def test_a_file_of_names_alone_is_enough(tmp_path: Path) -> None:
    assert stack(write(tmp_path, "tool\nLedgerly\n"), "LEDGERLY.com") == ["Ledgerly"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_seen_from_the_header(tmp_path: Path, delimiter: str) -> None:
    text = f"tool{delimiter}category{delimiter}aliases\nLedgerly{delimiter}accounting{delimiter}LGR|Ledger Ly Books\n"
    assert stack(write(tmp_path, text), "lgr", "ledger ly books") == ["Ledgerly"]


def test_json_says_the_same(tmp_path: Path) -> None:
    text = json.dumps([{"tool": "Ledgerly", "category": "accounting", "aliases": ["LGR"], "vendor": None}])
    assert stack(write(tmp_path, text, "tools.json"), "lgr") == ["Ledgerly"]


def test_a_row_of_a_shipped_tool_changes_what_it_states(tmp_path: Path) -> None:
    path = write(tmp_path, "tool,category,deployment,aliases\njira,support desk,on-premises,our tickets\n")
    made = of_column(
        lists([["Our Tickets"]]), "stack", "categories", "vendors", "deployment", paths={"catalogue": path}
    )
    assert values(made, "stack") == [["Jira"]]
    assert values(made, "categories") == [["support desk"]]
    assert values(made, "vendors") == [["Atlassian"]]
    assert values(made, "deployment") == ["on-premises"]


def test_a_tool_may_take_over_an_alias_that_is_shipped(tmp_path: Path) -> None:
    path = write(tmp_path, "tool,category\nSnow,hr\n")
    assert stack(path, "SNOW") == ["Snow"]
    assert stack(path, "ServiceNow") == ["ServiceNow"]


def test_is_lets_a_tool_count_as_another(tmp_path: Path) -> None:
    path = write(
        tmp_path, "tool,aliases,is\nOur CRM,OCRM,our sales system\nour sales system,,SFDC\nGitLab CI,,GitLab\n"
    )
    assert stack(path, "ocrm", "Our CRM", "our sales system") == ["Salesforce"]
    assert stack(path, "GitLab CI/CD", "GitLab") == ["GitLab"]


def test_a_category_of_ones_own_has_its_column(tmp_path: Path) -> None:
    path = write(tmp_path, "tool,category\nTurbineWatch,wind power\n")
    made = of_column(lists([["turbinewatch"], ["Jira"]]), "uses_wind_power", paths={"catalogue": path})
    assert values(made, "uses_wind_power") == [True, False]


def test_a_category_that_nobody_has_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "tool,category\nTurbineWatch,wind power\n")
    with pytest.raises(Refused, match="`wind_pwer`"):
        of_column(lists([["Jira"]]), "uses_wind_pwer", paths={"catalogue": path})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tool,is\nA1,B1\nB1,C1\nC1,A1\n", ["line 2", "`A1` is `B1` is `C1` is `A1`"]),
        ("tool,is\nA1,A1\n", ["line 2", "`A1` is `A1`"]),
        ("tool,is\nJira,Trello\nTrello,Jira\n", ["`Jira` is `Trello` is `Jira`"]),
        ("tool,is\nA1,Salesfroce\n", ["line 2", "`Salesfroce`"]),
        ("tool\nA1\na-1\n", ["line 3", "`a-1`", "`A1`", "line 2"]),
        ("tool,aliases\nA1,x1y\nB1,X1Y\n", ["line 3", "`X1Y`", "`B1`", "`A1`", "line 2"]),
        ("tool,aliases\nA1,Salesforce\n", ["line 2", "`Salesforce`", "`A1`"]),
        ("tool,category,is\nA1,crm,Jira\n", ["line 2", "`A1`", "category"]),
        ("tool,deployment\n\nA1,saas\n", ["line 3", "`saas`"]),
        ("tool,category\n,crm\n", ["line 2", "`tool` is empty"]),
        ("name,category\nA1,crm\n", ["line 1", "`name`"]),
        ("category,vendor\ncrm,A\n", ["line 1", "`tool`"]),
        ("tool,tool\nA1,B1\n", ["line 1", "`tool` stands twice"]),
        ("tool,aliases\nA1,a,b\n", ["line 2", "3 cells"]),
        ('tool,aliases\nA1,b\nB1,"never closed\nC1,\n', ["line 3"]),
        ("", ["empty"]),
        ("\n\n", ["empty"]),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, words: list[str]) -> None:
    message = refusal(write(tmp_path, text)).message
    assert [word for word in ["`tools.csv`", *words] if word not in message] == []


def test_an_unknown_target_gets_a_suggestion(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "tool,is\nA1,Salesfroce\n")).help == "did you mean `Salesforce`?"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"tool": "A1"},\n {"tool": "B1",}]', ["line 2"]),
        ('{"tool": "A1"}', ["no list"]),
        ('[{"tool": "A1"}, 5]', ["entry 2"]),
        ('[{"tool": "A1", "kind": "crm"}]', ["entry 1", "`kind`"]),
        ('[{"tool": 7}]', ["entry 1", "`tool`"]),
        ("[" * 200_000, ["`tools.json`"]),
        ("[" + "9" * 5000 + "]", ["`tools.json`"]),
    ],
)
def test_a_mistake_in_json_is_told_with_its_place(tmp_path: Path, text: str, words: list[str]) -> None:
    message = refusal(write(tmp_path, text, "tools.json")).message
    assert [word for word in words if word not in message] == []


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tools.csv"
    path.write_bytes(b"tool,category\nA1,crm\n\xff\xfe\x00\n")
    assert "line 3" in refusal(path).message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.csv").message
    assert "directory" in refusal(tmp_path).message
