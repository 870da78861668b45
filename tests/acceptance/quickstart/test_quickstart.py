"""`segdsl run specs/quickstart` agrees with plain Python on every member, score, grade and list."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import segdsl
from tests.acceptance.quickstart.oracle import TERMS, Expected, compute
from tests.acceptance.quickstart.run_folder import amount, attrition, audience, control, members, scores

OTHER_SEED = 2
EARLIER = date(2026, 2, 28)  # the last day of a month, so that months before it are clamped

CASES = ("committed data", "an earlier clock", "another seed")


@pytest.fixture(scope="module", params=CASES)
def run(
    request: pytest.FixtureRequest,
    quickstart: Path,
    expected: Expected,
    project_of: Callable[[int], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Expected]:
    """The run folder and what it must hold."""
    out = tmp_path_factory.mktemp("run") / "out"
    match request.param:
        case "committed data":
            segdsl.run(quickstart, out=out)
            return out, expected
        case "an earlier clock":
            segdsl.run(quickstart, out=out, params={"as_of": EARLIER.isoformat()})
            return out, compute(quickstart, EARLIER)
        case _:
            project = project_of(OTHER_SEED)
            segdsl.run(project, out=out)
            return out, compute(project)


def test_attrition(run: tuple[Path, Expected]) -> None:
    folder, truth = run
    assert attrition(folder, "customers") == list(truth.attrition)


def test_members_of_the_first_match_scheme(run: tuple[Path, Expected]) -> None:
    folder, truth = run
    found = {row["account_id"]: (row["segment"], row["micro"]) for row in members(folder, "fit")}
    assert found == truth.fit


def test_members_of_the_overlapping_scheme(run: tuple[Path, Expected]) -> None:
    folder, truth = run
    found = {row["account_id"]: tuple(row["segments"]) for row in members(folder, "plays")}
    assert found == truth.plays


def test_members_of_the_nearest_scheme(run: tuple[Path, Expected]) -> None:
    folder, truth = run
    found = {row["account_id"]: row["segment"] for row in members(folder, "shape")}
    assert found == truth.shape


def test_scores_to_the_cent(run: tuple[Path, Expected]) -> None:
    folder, truth = run
    rows = {row["account_id"]: row for row in scores(folder, "quality")}
    assert rows.keys() == truth.quality.keys()
    for account, scored in truth.quality.items():
        row = rows[account]
        assert tuple(amount(row[term]) or Decimal(0) for term in TERMS) == scored.terms, account
        assert amount(row["quality"]) == scored.total, account
        assert (row["rank"], row["grade"]) == (scored.rank, scored.grade), account


@pytest.mark.parametrize("name", ["already_in_talks", "field_visits", "win_back", "save_first"])
def test_lists_in_order(run: tuple[Path, Expected], name: str) -> None:
    folder, truth = run
    assert tuple(row["account_id"] for row in audience(folder, name)) == truth.audiences[name]


def test_a_list_with_a_control_held_out(run: tuple[Path, Expected]) -> None:
    folder, truth = run
    best = truth.audiences["abm_top_100"]
    listed = [row["account_id"] for row in audience(folder, "abm_top_100")]
    held_out = {row["account_id"] for row in control(folder, "abm_top_100")}
    assert len(held_out) == 10
    assert listed == [account for account in best if account not in held_out]
    for row in audience(folder, "abm_top_100"):
        promise = truth.expected_by_fit[truth.prospects[row["account_id"]]["fit"]]
        assert float(row["promise"]) == pytest.approx(float(promise), rel=1e-9)


def test_the_same_run_writes_the_same_members(quickstart: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    segdsl.run(quickstart, out=first)
    segdsl.run(quickstart, out=second)
    for path in sorted((first / "members").iterdir()):
        assert path.read_bytes() == (second / "members" / path.name).read_bytes(), path.name
