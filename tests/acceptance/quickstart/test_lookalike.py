"""Likeness to the quickstart's best customers: points, bands, expected scores and a list, in plain Python."""

import re
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from shutil import copytree

import pytest

from segdsl.workflows.run import Finished, Request, run
from tests.acceptance.quickstart.oracle import Expected
from tests.acceptance.quickstart.run_folder import amount, audience, members
from tests.plugins.lookalike.scorecard_text import Bands, read_bands

PAGE = Path(__file__).parents[3] / "docs" / "plugins" / "lookalike.md"
# As the page has them: how it is asked for, what could be found, and a list of prospects.
ASKED, WRITTEN, LISTED = re.findall(r"```seg\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
EVERYONE = """
audience everyone from prospects {
  columns account_id, likeness, written, promise = expected(quality by likeness)
}
"""


@pytest.fixture(scope="module")
def finished(quickstart: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    project = tmp_path_factory.mktemp("likeness") / "project"
    copytree(quickstart, project)
    written = WRITTEN.replace("segmentation likeness", "segmentation written")
    spec = "\n".join(('import "quickstart.seg"', ASKED, written, LISTED, EVERYONE))
    (project / "likeness.seg").write_text(spec, encoding="utf-8")
    return run(Request(project / "likeness.seg", out=project / "results"))


@pytest.fixture(scope="module")
def folder(finished: Finished) -> Path:
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    assert finished.folder is not None
    return finished.folder


@pytest.fixture(scope="module")
def bands(finished: Finished) -> Bands:
    text = next(one.text for name, one in finished.loaded.texts.items() if " as found by " in name)
    return read_bands([line for line in text.splitlines() if line.startswith("segment ")])


def test_every_customer_is_in_the_band_of_the_points(folder: Path, bands: Bands, expected: Expected) -> None:
    found = {row["account_id"]: row["segment"] for row in members(folder, "likeness")}
    assert found == {account: bands.place(expected.accounts[account]) for account in expected.customers}
    assert set(found.values()) == {"very_alike", "alike", "partly_alike", "hardly_alike", "unlike"}


@pytest.fixture(scope="module")
def promises(bands: Bands, expected: Expected) -> dict[str, Fraction]:
    """The mean score of each band, over customers."""
    scores: defaultdict[str, list[Fraction]] = defaultdict(list)
    for account in expected.customers:
        scores[bands.place(expected.accounts[account])].append(Fraction(expected.quality[account].total))
    return {band: sum(own, Fraction(0)) / len(own) for band, own in scores.items()}


def test_every_prospect_has_its_band_and_the_mean_score_of_it(
    folder: Path, bands: Bands, expected: Expected, promises: dict[str, Fraction]
) -> None:
    rows = audience(folder, "everyone")
    assert [row["account_id"] for row in rows] == sorted(expected.prospects)
    assert len(rows) > 4_900
    for row in rows:
        band = bands.place(expected.prospects[row["account_id"]])
        assert row["likeness"] == band
        promise = amount(row["promise"])
        assert promise is not None
        assert abs(Fraction(promise) - promises[band]) < Fraction(1, 100)


def test_the_list_begins_with_those_that_promise_most(
    folder: Path, bands: Bands, expected: Expected, promises: dict[str, Fraction]
) -> None:
    def order(account: str) -> tuple[object, ...]:
        row = expected.prospects[account]
        employees = row["employees"]
        return -promises[bands.place(row)], employees is None, -(employees or 0), account

    wanted = sorted((a for a, row in expected.prospects.items() if not row["opted_out"]), key=order)
    assert [row["account_id"] for row in audience(folder, "likely")] == wanted[:100]


def test_customers_of_a_higher_band_are_oftener_the_best(bands: Bands, expected: Expected) -> None:
    grades: defaultdict[str, list[bool]] = defaultdict(list)
    for account in expected.customers:
        grades[bands.place(expected.accounts[account])].append(expected.quality[account].grade == "A")
    shares = [sum(grades[name]) / len(grades[name]) for name, _ in bands.bounds]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 2 * shares[-1]


def test_the_text_on_the_page_places_prospects_as_it_says(folder: Path, expected: Expected) -> None:
    body = " ".join(WRITTEN.split("{", 1)[1].rsplit("}", 1)[0].split())
    lines = [f"segment {one.strip()}" for one in body.split("segment ")[1:]]
    shown = read_bands([line.replace("((", "(") for line in lines])
    found = {row["account_id"]: row["written"] for row in audience(folder, "everyone")}
    assert found == {account: shown.place(row) for account, row in expected.prospects.items()}
    assert set(found.values()) == {"alike", "partly_alike", "unlike"}
