"""Industries, sizes, ages and hierarchy on real data; every figure is worked out again in plain Python."""

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from tests.plugins.firmographic.asking import ask, ask_groups, texts, values


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def titles(system: str, codes: dict[str, str]) -> list[tuple[str, str, str]]:
    """The codes whose title isn't the one given, but for spaces: code, given, found."""
    found = values("industry_title", texts(*codes), industry_system=system)
    rows = zip(codes, codes.values(), found, strict=True)
    return [(code, given, title) for code, given, title in rows if " ".join(given.split()) != title]


def test_every_code_of_naics_has_its_title(shared_data: Path) -> None:
    codes = {row["code"]: row["title"] for row in read(shared_data / "ref_naics" / "naics_2022.csv")}
    assert len(codes) == 2125
    assert titles("naics", codes) == []
    assert values("industry_code", texts(*codes), industry_system="naics") == list(codes)


def test_every_code_of_sic_has_its_title_and_its_levels(shared_data: Path) -> None:
    folder = shared_data / "ref_sic"
    divisions = {row["Division"]: row["Description"] for row in read(folder / "divisions.csv")}
    majors = {row["Major Group"]: row["Description"] for row in read(folder / "major-groups.csv")}
    groups = {row["Industry Group"]: row["Description"] for row in read(folder / "industry-groups.csv")}
    industries = read(folder / "sic-codes.csv")
    codes = {row["SIC"]: row["Description"] for row in industries}
    assert (len(divisions), len(majors), len(groups), len(codes)) == (10, 83, 416, 1005)
    assert [titles("sic", level) for level in (divisions, majors, groups, codes)] == [[]] * 4

    written = texts(*codes)
    for level, names, column in (
        ("group", groups, "Industry Group"),
        ("division", majors, "Major Group"),
        ("sector", divisions, "Division"),
    ):
        expected = [" ".join(names[row[column]].split()) for row in industries]
        assert values(f"industry_{level}", written, industry_system="sic") == expected


def test_sic_codes_that_a_spreadsheet_has_read_as_numbers(shared_data: Path) -> None:
    codes = [row["SIC"] for row in read(shared_data / "ref_sic" / "sic-codes.csv")]
    numbers = pa.array([int(code) for code in codes])
    assert values("industry_code", numbers, industry_system="sic") == codes


def test_every_sector_and_major_group_has_a_section(shared_data: Path) -> None:
    sectors = [row["code"] for row in read(shared_data / "ref_naics" / "naics_2022.csv") if row["digits"] == "2"]
    assert None not in values("industry_section", texts(*sectors), industry_system="naics")
    majors = [row["Major Group"] for row in read(shared_data / "ref_sic" / "major-groups.csv")]
    sections = values("industry_section", texts(*majors), industry_system="sic")
    assert [major for major, section in zip(majors, sections, strict=True) if section is None] == ["99"]


def test_hierarchy_of_the_crm_accounts(shared_data: Path) -> None:
    accounts = read(shared_data / "crm_sales_opportunities" / "accounts.csv")
    parents = {row["account"]: row["subsidiary_of"] or None for row in accounts}
    members: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in accounts:
        members[parents[row["account"]] or row["account"]].append(row)

    key = texts(*parents)
    employees = pa.array([int(row["employees"]) for row in accounts])
    revenue = pa.array([Decimal(row["revenue"]) for row in accounts], pa.decimal128(19, 6))
    fields = ("hierarchy", "ultimate_parent", "hierarchy_level", "group_size")
    made = ask_groups(key, texts(*parents.values()), *fields, "group_total", total=employees)
    assert made.notes == ()
    columns = {name: made.columns[name].to_pylist() for name in (*fields, "group_total")}  # type: ignore[union-attr]

    # 15 accounts belong to another, and no parent has a parent itself.
    owners = {parent for parent in parents.values() if parent}
    assert all(parents[owner] is None for owner in owners)
    assert Counter(columns["hierarchy"]) == {
        "subsidiary": 15,
        "parent": len(owners),
        "independent": 85 - 15 - len(owners),
    }
    tops = [parents[account] or account for account in parents]
    assert columns["ultimate_parent"] == tops
    assert columns["hierarchy_level"] == [int(parents[account] is not None) for account in parents]
    assert columns["group_size"] == [len(members[top]) for top in tops]
    assert columns["group_total"] == [sum(int(row["employees"]) for row in members[top]) for top in tops]

    summed = ask_groups(key, texts(*parents.values()), "group_total", total=revenue).columns["group_total"]
    assert summed.to_pylist() == [sum(Decimal(row["revenue"]) for row in members[top]) for top in tops]  # type: ignore[union-attr]


def test_size_bands_of_the_crm_accounts(shared_data: Path) -> None:
    employees = [int(row["employees"]) for row in read(shared_data / "crm_sales_opportunities" / "accounts.csv")]
    expected = ["micro" if n < 10 else "small" if n < 50 else "medium" if n < 250 else "large" for n in employees]
    assert values("size_band", pa.array(employees)) == expected


def test_sizes_of_remote_companies_in_words(shared_data: Path) -> None:
    companies = read(shared_data / "remoteintech_companies" / "companies.csv")
    written = [row["size_text"] or None for row in companies]
    low, high, mid = (values(f"employees_{end}", texts(*written)) for end in ("low", "high", "mid"))

    # Texts that are a plain range or a plain number, by a reading of their own.
    plain = 0
    for text, *ends in zip(written, low, high, strict=True):
        found = re.fullmatch(r"(\d+)\s*[-–]\s*(\d+)( employees| people)?\.?", (text or "").replace(",", ""))
        alone = re.fullmatch(r"(\d+)(\+?)( employees| people)?\.?", (text or "").replace(",", ""))
        if found:
            assert ends == [int(found[1]), int(found[2])], text
        elif alone:
            assert ends == [int(alone[1]), None if alone[2] else int(alone[1])], text
        plain += bool(found or alone)
    assert plain >= 200

    known = sum(text is not None for text in written)
    unread = [text for text, middle in zip(written, mid, strict=True) if text is not None and middle is None]
    assert known == 423
    assert all(not re.search(r"\d", re.sub(r"https?://\S+|20\d\d", "", text)) for text in unread)
    assert len(unread) == 6


def test_sizes_in_words_agree_with_the_sizes_that_people_chose(shared_data: Path) -> None:
    companies = read(shared_data / "remoteintech_companies" / "companies.csv")
    chosen = [row["company_size"] for row in companies]
    mid = values("employees_mid", texts(*(row["size_text"] or None for row in companies)))
    by_size: dict[str, list[int]] = defaultdict(list)
    for size, middle in zip(chosen, mid, strict=True):
        if middle is not None:
            by_size[size].append(middle)
    medians = {size: sorted(found)[len(found) // 2] for size, found in by_size.items() if size}
    assert medians["tiny"] < medians["small"] < medians["medium"] < medians["large"] < medians["enterprise"]
    # The list's own bounds: tiny to 10, small to 50, medium to 200, large to 1,000; the middle may lie next door.
    bounds = {"tiny": (0, 25), "small": (10, 75), "medium": (50, 350), "large": (200, 3000), "enterprise": (1000, None)}
    inside = sum(
        least <= middle and (most is None or middle <= most)
        for size, (least, most) in bounds.items()
        for middle in by_size[size]
    )
    total = sum(len(by_size[size]) for size in bounds)
    assert total == 416
    assert inside / total > 0.97


def test_foundings_of_the_sp_500(shared_data: Path) -> None:
    founded = [row["Founded"] for row in read(shared_data / "sp500_constituents" / "constituents.csv")]
    found, notes = ask("founded_year", texts(*founded))
    assert notes == ()
    assert found == [int(text[:4]) for text in founded]
    assert found[founded.index("2013 (1888)")] == 2013
