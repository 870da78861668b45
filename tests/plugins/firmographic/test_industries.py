"""Codes of industries: read as people write them, titled by their own system, and brought to sections of ISIC."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import TEXT, Asked, Call, ColumnName, Kind, Type
from segdsl_firmographic.business import MAKERS
from segdsl_firmographic.sectors import NAICS_SECTORS, SECTION_NAMES, SIC_DIVISIONS, SYSTEMS
from tests.plugins.firmographic.asking import ask, output_type, texts, values, whole

LEVELS = ("code", "title", "group", "division", "sector", "section")


def levels_of(code: str, system: str) -> tuple[str | None, ...]:
    return tuple(values(f"industry_{level}", texts(code), industry_system=system)[0] for level in LEVELS)


@pytest.mark.parametrize(
    ("system", "written", "code"),
    [
        ("naics", "5112 - Software", "5112"),
        ("naics", "513210", "513210"),
        ("naics", "31-33", "31-33"),
        ("naics", "31–33 Manufacturing", "31-33"),
        ("naics", "32", "31-33"),
        ("naics", "45", "44-45"),
        ("naics", "48", "48-49"),
        ("naics", "540000", "54"),
        ("naics", "541500", "5415"),
        ("naics", "NAICS: 5415", "5415"),
        ("naics", " 5415 ", "5415"),
        ("naics", "541511; 518210", "541511"),
        ("naics", "541511.0", "541511"),
        ("sic", "0111", "0111"),
        ("sic", "111", "0111"),
        ("sic", "131", "131"),
        ("sic", "7", "07"),
        ("sic", "7300", "73"),
        ("sic", "7370", "737"),
        ("sic", "73720000", "7372"),
        ("sic", "SIC code 7372", "7372"),
        ("sic", "D", "D"),
        ("sic", "D - Manufacturing", "D"),
        ("isic", "J", "J"),
        ("isic", "J62", "62"),
        ("isic", "62.01", "6201"),
        ("isic", "6200", "620"),
        ("nace", "6201", "62.01"),
        ("nace", "62.01Z", "62.01"),
        ("nace", "62.01.0", "62.01"),
        ("nace", "62012", "62.01"),
        ("nace", "1.11", "01.11"),
        ("nace", "C10.1", "10.1"),
    ],
)
def test_codes_as_people_write_them(system: str, written: str, code: str) -> None:
    assert values("industry_code", texts(written), industry_system=system) == [code]


def test_whole_numbers_have_lost_the_zero_in_front() -> None:
    assert values("industry_code", whole(131, 111, 7372, 100, None), industry_system="sic") == [
        "0131",
        "0111",
        "7372",
        "01",
        None,
    ]
    assert values("industry_code", whole(541511, 54), industry_system="naics") == ["541511", "54"]


def test_levels_of_each_system() -> None:
    # Titles from the manuals: NAICS 2022, SIC 1987, ISIC Rev. 4, NACE Rev. 2.
    assert levels_of("541511", "naics") == (
        "541511",
        "Custom Computer Programming Services",
        "Computer Systems Design and Related Services",
        "Professional, Scientific, and Technical Services",
        "Professional, Scientific, and Technical Services",
        "J Information and communication",
    )
    assert levels_of("7372", "sic") == (
        "7372",
        "Prepackaged Software",
        "Computer Programming, Data Processing, And Other Computer Related Services",
        "Business Services",
        "Services",
        "J Information and communication",
    )
    assert levels_of("6201", "isic")[1:5] == (
        "Computer programming activities",
        "Computer programming, consultancy and related activities",
        "Computer programming, consultancy and related activities",
        "Information and communication",
    )
    assert levels_of("47.91", "nace")[1:4] == (
        "Retail sale via mail order houses or via Internet",
        "Retail trade not in stores, stalls or markets",
        "Retail trade, except of motor vehicles and motorcycles",
    )


def test_levels_above_a_code_are_missing() -> None:
    assert levels_of("54", "naics")[2:4] == (None, None)
    assert levels_of("73", "sic")[2:4] == (None, "Business Services")
    assert levels_of("J", "nace")[2:4] == (None, None)


def test_codes_of_earlier_editions_of_naics_keep_their_title() -> None:
    # Software publishers were 511210 up to 2017 and are 513210 since 2022.
    assert values("industry_title", texts("511210", "513210"), industry_system="naics") == ["Software Publishers"] * 2
    assert values("industry_section", texts("5112", "454110"), industry_system="naics") == [
        SECTION_NAMES["J"],
        SECTION_NAMES["G"],
    ]


def test_codes_that_are_not_there_are_missing_with_a_note() -> None:
    # A NAICS code among SIC codes isn't taken for the SIC code that it begins with.
    assert values("industry_title", texts("511210"), industry_system="sic") == [None]
    found, notes = ask("industry_title", texts("999999", "software", None, "", "54"), industry_system="naics")
    assert found[:4] == [None] * 4
    assert found[4] == NAICS_SECTORS["54"]
    assert [note.where.to_pylist() for note in notes] == [[True, True, False, False, False]]


def test_every_sector_and_division_has_a_section() -> None:
    sectors = [part for code in NAICS_SECTORS for part in code.split("-")] + list(NAICS_SECTORS)
    assert None not in values("industry_section", texts(*sectors), industry_system="naics")
    assert None not in values("industry_section", texts(*SIC_DIVISIONS), industry_system="sic")


def test_sections_are_those_of_the_published_concordances() -> None:
    with (Path(__file__).parent / "concordance.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    # Management services (8741) are head offices here; the concordance follows what is managed.
    rows = [row for row in rows if row["code"] != "8741"]
    assert len(rows) == 1840
    for system in ("naics", "sic"):
        own = [row for row in rows if row["system"] == system]
        found = values("industry_section", texts(*(row["code"] for row in own)), industry_system=system)
        assert [row for row, section in zip(own, found, strict=True) if section[0] not in row["sections"]] == []


@pytest.mark.parametrize(
    ("system", "code", "section"),
    [
        ("naics", "112111", "A"),
        ("naics", "213112", "B"),
        ("naics", "221310", "E"),
        ("naics", "532111", "N"),
        ("naics", "551114", "M"),
        ("naics", "811111", "G"),
        ("naics", "92", "O"),
        ("sic", "0241", "A"),
        ("sic", "0742", "M"),
        ("sic", "1381", "B"),
        ("sic", "2411", "A"),
        ("sic", "2711", "J"),
        ("sic", "4724", "N"),
        ("sic", "5812", "I"),
        ("sic", "6512", "L"),
        ("sic", "7011", "I"),
        ("sic", "8231", "R"),
        ("isic", "3900", "E"),
        ("nace", "68.20", "L"),
        ("nace", "99", "U"),
    ],
)
def test_sections_of_well_known_codes(system: str, code: str, section: str) -> None:
    assert values("industry_section", texts(code), industry_system=system) == [SECTION_NAMES[section]]


def test_nonclassifiable_establishments_have_no_section() -> None:
    assert values("industry_section", texts("9999"), industry_system="sic") == [None]


def test_check_wants_the_system_and_knows_its_sectors() -> None:
    assert "industry_system" in str(output_type("industry_title", [TEXT]))
    for system, count in (("naics", 20), ("sic", 10), ("isic", 21), ("nace", 21)):
        found = output_type("industry_sector", [TEXT], {"industry_system": system})
        assert isinstance(found, Type)
        assert found.kind is Kind.CATEGORY
        assert found.values is not None
        assert len(found.values) == count


@pytest.mark.parametrize("system", SYSTEMS)
@given(written=st.lists(st.one_of(st.none(), st.text(), st.from_regex(r"[A-U]?[0-9. -]{1,9}", fullmatch=True))))
def test_any_text_gives_values_of_the_declared_lists(system: str, written: list[str | None]) -> None:
    given_texts = pa.array(written, pa.string())
    sectors = values("industry_sector", given_texts, industry_system=system)
    sections = values("industry_section", given_texts, industry_system=system)
    declared = output_type("industry_sector", [TEXT], {"industry_system": system})
    assert isinstance(declared, Type)
    assert set(sectors) <= {None, *(declared.values or ())}
    assert set(sections) <= {None, *SECTION_NAMES.values()}


@pytest.mark.parametrize("system", SYSTEMS)
@given(numbers=st.lists(st.integers(0, 999_999), max_size=30), split=st.integers(0, 30))
def test_the_other_rows_are_no_matter(system: str, numbers: list[int], split: int) -> None:
    together = values("industry_code", whole(*numbers), industry_system=system)
    parts = (
        values("industry_code", whole(*part), industry_system=system) for part in (numbers[:split], numbers[split:])
    )
    assert together == [code for part in parts for code in part]


def test_what_is_wrong_with_a_column_is_said_once() -> None:
    codes, columns = texts("nothing"), (ColumnName("accounts", "naics"),)
    asked = tuple(Asked(name, name, TEXT, columns, (codes,)) for name in ("industry_title", "industry_section"))
    call = Call(asked, 1, {"industry_system": "naics"}, table="accounts")
    notes = [note for one in asked for note in MAKERS[one.output](call, one)[1]]
    assert [note.column for note in notes] == ["industry_title"]
