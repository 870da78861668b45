"""SARIF logs hold what code hosts need to show a finding beside its line."""

import json
from typing import Any

from segdsl.diagnostics import Diagnostic, Label, SourceText, Span
from segdsl.diagnostics.render_sarif import render_sarif
from tests.diagnostics.findings import ACCEPTED, ALL, BREACH, TEXTS, TWICE, UNKNOWN


def results(log: str) -> list[dict[str, Any]]:
    (run,) = json.loads(log)["runs"]
    found: list[dict[str, Any]] = run["results"]
    return found


def test_log_names_its_version_and_tool() -> None:
    log = json.loads(render_sarif([], TEXTS))
    assert log["version"] == "2.1.0"
    assert log["runs"][0]["tool"]["driver"]["name"] == "segdsl"
    assert log["runs"][0]["results"] == []


def test_every_result_refers_to_its_rule() -> None:
    run = json.loads(render_sarif(ALL, TEXTS))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one["ruleId"] for one in run["results"]]
    assert {one["level"] for one in run["results"]} == {"error", "warning"}


def test_region_ends_behind_the_last_character() -> None:
    (result,) = results(render_sarif([UNKNOWN], TEXTS))
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "customers.seg"}
    assert place["region"] == {"startLine": 5, "startColumn": 25, "endLine": 5, "endColumn": 33}


def test_further_places_are_related_locations() -> None:
    (result,) = results(render_sarif([TWICE], TEXTS))
    assert [one["message"]["text"] for one in result["relatedLocations"]] == ["used here"]


def test_finding_in_data_is_located_at_its_file() -> None:
    (result,) = results(render_sarif([BREACH], TEXTS))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "data/accounts.csv"
    assert "rows 3, 17, 204 and 91 more" in result["message"]["text"]


def test_accepted_warning_is_suppressed_in_the_source_and_others_are_not() -> None:
    suppressions = [one["suppressions"] for one in results(render_sarif([ACCEPTED, BREACH], TEXTS))]
    assert suppressions == [[{"kind": "inSource", "justification": "it comes later"}], []]


def test_file_names_are_encoded_as_addresses() -> None:
    found = Diagnostic("SEG102", "x", (Label(Span("lib/a b#1.seg", 0, 1)),))
    (result,) = results(render_sarif([found], {"lib/a b#1.seg": SourceText("lib/a b#1.seg", "x")}))
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "lib/a%20b%231.seg"
