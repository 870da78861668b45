"""Names as people write them find the tool that is meant."""

import pytest

from segdsl_technographic.catalogue import shipped_catalogue

MEANT = {
    "Salesforce": ["SFDC", "salesforce.com", "SALESFORCE", "Salesforce, Inc.", "https://www.salesforce.com/eu/"],
    "PostgreSQL": ["Postgres", "postgresql", "Postgres 15", "PostgreSQL v15.2", "postgres:15", "Postgres (RDS)"],
    "JavaScript": ["JS", "javascript", "Java Script", "ES6"],
    "Go": ["golang", "Go 1.21", "go"],
    "Kubernetes": ["k8s", "K8S", "kubernetes 1.29"],
    "Python": ["Python 3.11", "python3", "Python 3.x", "PYTHON 2/3", "Python >= 3.9"],
    "Marketo": ["Marketo by Adobe", "Adobe Marketo", "marketo.com", "Marketo Engage"],
    "Adobe Analytics": ["Omniture", "adobe analytics (beta)"],
    "Jira": ["Atlassian Jira", "JIRA Software", "Jira Premium", "Jira®"],
    "C": ["c", "ANSI C", "C 11"],
    "C++": ["c++", "C++17", "CPP"],
    "C#": ["c#", "C# 12", "C#12", "C Sharp"],
    ".NET": ["dotnet", ".net", ".NET 8", ".NET Core 3.1"],
    "Node.js": ["node", "NodeJS", "node.js 18 LTS", "nodejs18"],
    "Vue.js": ["vue", "VueJS", "Vue 3", "vue.js"],
    "Amazon S3": ["S3", "aws s3"],
    "Neo4j": ["neo4j", "Neo4j Enterprise", "neo4j 5"],
    "Microsoft 365": ["Office 365", "O365", "M365"],
    "Microsoft Power BI": ["Power BI", "PowerBI", "power-bi", "Power BI Pro"],
    "Zoom": ["zoom.us", "Zoom Video Communications, Inc."],
    "Slack": ["slack.com", "Slack Business Plus", "ＳＬＡＣＫ"],
    "monday.com": ["Monday", "monday.com"],
    "1C:Enterprise": ["1С:Предприятие", "1C", "1С 8.3"],
    "SAP S/4HANA": ["S/4HANA", "SAP S/4 HANA", "S4HANA"],
    "Outreach": ["Outreach.io", "Outreach Corporation"],
}


@pytest.mark.parametrize(("tool", "written"), [(tool, name) for tool, names in MEANT.items() for name in names])
def test_a_name_finds_its_tool(tool: str, written: str) -> None:
    catalogue = shipped_catalogue()
    place = catalogue.find(written)
    assert place is not None
    assert catalogue.tools[place].name == tool


@pytest.mark.parametrize(
    "name", ["", "   ", "???", "in-house system", "15", "v2", "R2D2 by", "S", "x" * 10_000_000, "\x00", "Q3 plan"]
)
def test_what_is_no_tool_finds_none(name: str) -> None:
    assert shipped_catalogue().find(name) is None


@pytest.mark.parametrize(
    ("written", "tool"), [("S3", "Amazon S3"), ("R2", "Cloudflare R2"), ("D3", "D3.js"), ("R", "R")]
)
def test_a_digit_of_a_short_name_is_no_version(written: str, tool: str) -> None:
    catalogue = shipped_catalogue()
    assert catalogue.tools[catalogue.places[written.lower()]].name == tool
    place = catalogue.find(written)
    assert place is not None and catalogue.tools[place].name == tool
