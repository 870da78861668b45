"""The quickstart's data is what its generator writes, and holds the truths that its README states."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.acceptance.quickstart.measure import (
    DECOYS,
    PROXIES,
    lift,
    middle_gap,
    missing_share,
    proxy_correlation,
    rank_correlation,
)
from tests.acceptance.quickstart.oracle import Expected, compute

COMMITTED = 20260630
UNSEEN = (1, 2, 417)
HOLD = ("larger", "hiring", "broad_stack")
NULL = ("many_offices", "well_known", "big_budget", "awarded", "promoters")


@pytest.fixture(scope="module", params=[COMMITTED, *(pytest.param(seed, marks=pytest.mark.slow) for seed in UNSEEN)])
def truth(request: pytest.FixtureRequest, expected: Expected, project_of: Callable[[int], Path]) -> Expected:
    seed: int = request.param
    return expected if seed == COMMITTED else compute(project_of(seed))


def test_committed_data_is_what_the_generator_writes(quickstart: Path, project_of: Callable[[int], Path]) -> None:
    committed, fresh = quickstart / "data", project_of(COMMITTED) / "data"
    assert _names(fresh) == _names(committed)
    for name in _names(committed):
        assert _content(fresh / name) == _content(committed / name), name


def test_another_seed_gives_other_data(quickstart: Path, project_of: Callable[[int], Path]) -> None:
    committed, other = quickstart / "data", project_of(UNSEEN[0]) / "data"
    assert _names(other) == _names(committed)
    same = [name for name in _names(committed) if _content(other / name) == _content(committed / name)]
    assert same == ["products.csv"]


def test_the_data_is_small_enough_to_be_packed(quickstart: Path) -> None:
    files = [path for path in (quickstart / "data").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 6_000_000
    assert not any(path.is_symlink() for path in quickstart.rglob("*"))


def test_the_files_have_the_rows_that_the_readme_states(quickstart: Path) -> None:
    data = quickstart / "data"
    assert len(set(_column(data / "accounts.csv", ";", "Account ID"))) == 2_000
    assert len(set(_column(data / "contacts.csv", ",", "contact_id"))) == 6_000
    assert len(set(_column(data / "tickets.csv", ",", "ticket_id"))) == 25_000
    assert len(set(_column(data / "prospects.csv", ";", "Account ID"))) == 5_000
    invoices = [pq.read_metadata(path).num_rows for path in (data / "invoices").glob("*.parquet")]
    assert sum(invoices) == 40_000
    assert pq.read_metadata(data / "events.parquet").num_rows == 200_000


def test_the_exports_are_messy_as_the_readme_states(quickstart: Path) -> None:
    data = quickstart / "data"
    raw = (data / "accounts.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") == 2_013  # the heading and 12 copies
    copies = Counter(_column(data / "accounts.csv", ";", "Account ID"))
    assert sum(count == 2 for count in copies.values()) == 12
    assert any("\n" in cell for cell in _column(data / "accounts.csv", ";", "Billing Address"))
    money = {cell for name in ("MRR", "Balance") for cell in _column(data / "accounts.csv", ";", name)}
    assert "n/a" in money
    for sign in ("$", ",", "k", "("):
        assert any(sign in cell for cell in money), sign
    assert "Sofware" in _column(data / "accounts.csv", ";", "Industry")
    names = "".join(_column(data / "accounts.csv", ";", "Account Name"))
    assert {"ü", "ś", "и", "ʻ", "山"} <= set(names)
    assert any(title != title.strip() for title in _column(data / "contacts.csv", ",", "title"))
    for name, key, orphans in (("contacts.csv", "contact_id", 40), ("tickets.csv", "ticket_id", 60)):
        owners = zip(_column(data / name, ",", key), _column(data / name, ",", "account_id"), strict=True)
        assert len({row for row, account in owners if account not in copies}) == orphans


def test_the_population_drops_what_was_planted(truth: Expected) -> None:
    assert truth.attrition == (
        ("paying or lost", 210, 1_790),
        ("test account", 14, 1_776),
        ("one-off giant", 1, 1_775),
        ("too new to judge", 110, 1_665),
    )


@pytest.mark.parametrize("name", HOLD)
def test_three_hypotheses_hold(truth: Expected, name: str) -> None:
    rho, _, p = rank_correlation(truth, PROXIES[name][0])
    assert 0.15 <= rho <= 0.30
    assert p < 1e-6


@pytest.mark.parametrize("name", NULL)
def test_five_hypotheses_are_null(truth: Expected, name: str) -> None:
    rho, count, _ = rank_correlation(truth, PROXIES[name][0])
    assert abs(rho) < 0.07
    assert count > 900


@pytest.mark.parametrize("decoy", DECOYS)
def test_three_of_the_null_follow_a_true_proxy(truth: Expected, decoy: str) -> None:
    assert 0.30 <= proxy_correlation(truth, decoy, DECOYS[decoy]) <= 0.48


def test_remote_work_helps_b2b_customers_only(truth: Expected) -> None:
    among, _, _ = rank_correlation(truth, "remote_share", "b2b")
    others, _, _ = rank_correlation(truth, "remote_share", "others")
    assert 0.15 <= among <= 0.32
    assert others < -0.15


def test_middle_age_is_best(truth: Expected) -> None:
    rho, _, _ = rank_correlation(truth, "founded")
    low, middle, high = middle_gap(truth, "founded")
    assert abs(rho) < 0.07
    assert middle > 1.25 * max(low, high)


def test_values_are_missing_in_places(truth: Expected) -> None:
    for name, (field, _) in PROXIES.items():
        assert 0.08 <= missing_share(truth, field) <= 0.40, name


def test_the_known_segments_separate_the_score(truth: Expected) -> None:
    means = truth.expected_by_fit
    assert set(means) == {"enterprise_tech", "rising", "remote_b2b", "mid_market", "other", "young_old"}
    assert means["enterprise_tech"] > 1.5 * float(means["other"])
    assert means["rising"] > 1.3 * float(means["other"])
    assert min(means, key=lambda segment: means[segment]) == "young_old"
    assert lift(truth) >= 1.3


def test_growth_keeps_clear_of_the_bonus_threshold(truth: Expected) -> None:
    """So that no rounding in a run can decide who gets the bonus."""
    growths = [row["growth"] for row in truth.accounts.values() if row["growth"] is not None]
    assert min(abs(float(growth) - 0.20) for growth in growths) > 1e-4


def test_the_readme_states_the_measured_figures(quickstart: Path, expected: Expected) -> None:
    readme = (quickstart / "README.md").read_text(encoding="utf-8")
    for name, (field, _) in PROXIES.items():
        rho, count, _ = rank_correlation(expected, field, "b2b" if name == "remote_b2b" else None)
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{name}`"))
        assert f"| {rho:+.3f} | {count:,} |".replace("0.", ".") in line
    for segment, mean in expected.expected_by_fit.items():
        lines = [line for line in readme.splitlines() if line.startswith(f"| `{segment}`")]
        assert any(f"| ${float(mean):,.0f} |" in line for line in lines), segment


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _content(path: Path) -> object:
    """The bytes; of a format that another version of its library may lay out otherwise, the table."""
    match path.suffix:
        case ".parquet" if pq.read_metadata(path).created_by != _created_by():
            return pq.read_table(path)
        case ".arrow":
            with pa.OSFile(str(path)) as file:
                return pa.ipc.open_file(file).read_all()
        case _:
            return path.read_bytes()


def _created_by() -> str:
    return f"parquet-cpp-arrow version {pa.cpp_version}"


def _column(path: Path, delimiter: str, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file, delimiter=delimiter)]
