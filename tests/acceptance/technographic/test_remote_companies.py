"""The catalogue resolves the tools of the real companies; what is expected comes from its file and the csv module."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import segdsl
import segdsl_technographic

# Tags that name a field of work, not a tool that someone could buy or install.
FIELDS = {"devops", "cloud", "mobile", "nosql", "ml", "data", "search", "infrastructure", "api"}


def plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum() or c in "+#")


@pytest.fixture(scope="module")
def catalogue() -> dict[str, dict[str, str]]:
    """Rows of the catalogue by each name and alias."""
    with (Path(segdsl_technographic.__file__).parent / "tools.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {plain(name): row for row in rows for name in (row["tool"], *row["aliases"].split(";")) if name.strip()}


@pytest.fixture(scope="module")
def stacks(shared_data: Path) -> dict[str, list[str]]:
    """The tags of each company, by its slug."""
    path = shared_data / "remoteintech_companies" / "companies.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["slug"]: [tag for tag in row["technologies"].split("|") if tag] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def run_folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("remote_companies") / "out"
    segdsl.run(shared / "examples" / "remote_companies.seg", out=out)
    return out


def test_at_least_95_percent_of_mentions_are_resolved(
    stacks: dict[str, list[str]], catalogue: dict[str, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    mentions = Counter(tag for tags in stacks.values() for tag in tags)
    unknown = Counter({tag: count for tag, count in mentions.items() if plain(tag) not in catalogue})
    share = 1 - unknown.total() / mentions.total()
    of_tools = Counter({tag: count for tag, count in mentions.items() if tag not in FIELDS})
    found = sum(count for tag, count in of_tools.items() if plain(tag) in catalogue)
    with capsys.disabled():
        print(f"\nresolved: {share:.1%} of {mentions.total()} mentions of {len(mentions)} tags;", end=" ")
        print(f"{found / of_tools.total():.1%} of the {of_tools.total()} that name a tool; unknown: {dict(unknown)}")
    assert share >= 0.95
    assert found / of_tools.total() >= 0.95


def test_stacks_and_categories_agree_with_the_catalogue(
    stacks: dict[str, list[str]], catalogue: dict[str, dict[str, str]], run_folder: Path
) -> None:
    rows = pq.read_table(run_folder / "enriched" / "companies.parquet").to_pylist()
    assert {row["slug"]: set(row["stack"]) for row in rows} == {
        slug: {catalogue[plain(tag)]["tool"] if plain(tag) in catalogue else tag for tag in tags}
        for slug, tags in stacks.items()
    }
    assert {row["slug"]: set(row["categories"]) for row in rows} == {
        slug: {
            category.strip()
            for tag in tags
            if plain(tag) in catalogue
            for category in catalogue[plain(tag)]["category"].split(";")
        }
        for slug, tags in stacks.items()
    }


def test_what_is_unknown_is_listed_by_frequency(
    stacks: dict[str, list[str]], catalogue: dict[str, dict[str, str]], run_folder: Path
) -> None:
    expected = Counter(tag for tags in stacks.values() for tag in tags if plain(tag) not in catalogue)
    listed = run_folder / "plugins" / "companies.technographic.unknown_tools.parquet"
    found = {row["tool"]: row["accounts"] for row in pq.read_table(listed).to_pylist()} if listed.exists() else {}
    assert found == expected
