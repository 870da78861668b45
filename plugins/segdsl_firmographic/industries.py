"""Codes of industries: read as people write them, and looked up in NAICS, SIC, ISIC and NACE."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from segdsl_firmographic.sectors import SECTION_NAMES, SECTORS

# NAICS sectors that hold several two-digit codes.
_SECTOR_RANGES = {
    "31": "31-33",
    "32": "31-33",
    "33": "31-33",
    "44": "44-45",
    "45": "44-45",
    "48": "48-49",
    "49": "48-49",
}
_FULL_LENGTH = {"naics": 6, "sic": 4, "isic": 4, "nace": 4}
# How many digits finer versions have: those of list vendors, and the national ones of ISIC and NACE.
_FINER = {"naics": (8,), "sic": (8,), "isic": (5, 6), "nace": (5, 6, 7)}
# How many digits a division and a group have.
_DIVISION = {"naics": 3, "sic": 2, "isic": 2, "nace": 2}
_GROUP = {"naics": 4, "sic": 3, "isic": 3, "nace": 3}
# The last division of each section of ISIC Rev. 4 and NACE Rev. 2.
_LAST_DIVISIONS = {
    "A": 3,
    "B": 9,
    "C": 33,
    "D": 35,
    "E": 39,
    "F": 43,
    "G": 47,
    "H": 53,
    "I": 56,
    "J": 63,
    "K": 66,
    "L": 68,
    "M": 75,
    "N": 82,
    "O": 84,
    "P": 85,
    "Q": 88,
    "R": 93,
    "S": 96,
    "T": 98,
    "U": 99,
}

_SYSTEM_WORD = r"(?i)^[\s\pP\pS\pZ]*(?:(?:naics|sic|isic|nace)(?:\s*codes?)?)?[\s\pP\pS\pZ]*"
_DIGITS = r"(?s)^[A-Ua-u]?[\s.]*(?P<digits>[0-9]+(?:\.[0-9]+)*)(?:[\s\pP\pS\pZ].*)?$"
# A letter alone, or before a dash and a title.
_LETTER = r"(?s)^(?P<letter>[A-U])(?:\s*[-–—:.].*)?$"


@dataclass(frozen=True, slots=True)
class Classification:
    """A system of industries, a row for each code.

    `spellings` are the codes as digits (or a letter) without dots, and `rows` the rows they mean; the other arrays
    have a text for each row, null where a code lies above that level.
    """

    spellings: pa.Array
    rows: pa.Array
    code: pa.Array
    title: pa.Array
    group: pa.Array
    division: pa.Array
    sector: pa.Array
    section: pa.Array


def find_industries(codes: pa.Array, system: str) -> pa.Array:
    """The row of the classification that each code means, null for none; `codes` are texts or whole numbers.

    A code is read as it is written; else with the zero in front that spreadsheets lose; else, if it has the
    length of a finer version of the system, by its first digits; else without zeros at its end. A whole number
    can't have a zero in front, so it is read with one first where that makes a full code.
    """
    found = classification(system)
    whole = pa.types.is_integer(codes.type)
    if whole:
        codes = pc.if_else(pc.greater(codes, 0), codes, None)
    digits, letter = _read(codes.cast(pa.string()))
    rows = pa.nulls(len(codes), pa.int32())
    for candidate in _candidates(digits, system, whole):
        rows = pc.coalesce(rows, pc.index_in(candidate, found.spellings))
    return pc.take(found.rows, pc.coalesce(rows, pc.index_in(letter, found.spellings)))


def _read(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The digits of codes without their dots, and the letters of codes that are only a letter."""
    bare = pc.replace_substring_regex(texts, _SYSTEM_WORD, "")
    # National versions of NACE end in a letter, `62.01Z`; an export as decimals ends in `.0`.
    bare = pc.replace_substring_regex(bare, r"^([0-9]{2}\.?[0-9]{2})[A-Z]$", r"\1")
    digits = pc.struct_field(pc.extract_regex(bare, _DIGITS), "digits")
    digits = pc.replace_substring_regex(digits, r"^([0-9]{3,})\.0$", r"\1")
    digits = pc.replace_substring_regex(digits, r"^([0-9])\.", r"0\1.")
    return pc.replace_substring(digits, ".", ""), pc.struct_field(pc.extract_regex(bare, _LETTER), "letter")


def _candidates(digits: pa.Array, system: str, whole: bool) -> Iterator[pa.Array]:
    """What the digits may mean, best first."""
    full = _FULL_LENGTH[system]
    length = pc.utf8_length(digits)
    # No code of NAICS begins with a zero.
    loses_zero = pc.and_(pc.is_in(length, pa.array([1, full - 1], pa.int32())), system != "naics")
    zeroed = pc.if_else(loses_zero, pc.binary_join_element_wise("0", digits, ""), digits)
    yield from (zeroed, digits) if whole else (digits, zeroed)
    finer = pc.is_in(length, pa.array(_FINER[system], pa.int32()))
    shorter = pc.if_else(finer, pc.utf8_slice_codeunits(zeroed, 0, full), zeroed)
    yield shorter
    for _ in range(full - 2):
        shorter = pc.if_else(
            pc.greater(pc.utf8_length(shorter), 2), pc.replace_substring_regex(shorter, "0$", ""), shorter
        )
        yield shorter


@cache
def classification(system: str) -> Classification:
    """A classification of the package's data: `naics`, `sic`, `isic` or `nace`."""
    titles = {row["code"]: row["title"] for row in _rows(f"{system}.csv")}
    titles = {code: title for code, title in titles.items() if code not in SECTORS[system]} | dict(SECTORS[system])
    codes = list(titles)
    plain = [code.replace(".", "") for code in codes]
    by_digits = dict(zip(plain, codes, strict=True))
    sectors = [_sector(code, system) for code in plain]
    sections = [_section(code, sector, system) for code, sector in zip(plain, sectors, strict=True)]
    spelt = {code: row for row, code in enumerate(plain)}
    spelt |= {part: spelt[whole] for part, whole in _SECTOR_RANGES.items() if system == "naics"}

    def level(length: int) -> pa.Array:
        own = [
            by_digits.get(code[:length]) if code[:length].isdigit() and len(code) >= length else None for code in plain
        ]
        return pa.array([None if code is None else titles[code] for code in own], pa.string())

    return Classification(
        spellings=pa.array(spelt),
        rows=pa.array(spelt.values(), pa.int32()),
        code=pa.array(codes),
        title=pa.array(titles.values()),
        group=level(_GROUP[system]),
        division=level(_DIVISION[system]),
        sector=pa.array([None if sector is None else SECTORS[system][sector] for sector in sectors], pa.string()),
        section=pa.array([None if one is None else SECTION_NAMES[one] for one in sections], pa.string()),
    )


def _rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of the package's data, without the comment at its top."""
    lines = (files("segdsl_firmographic") / "data" / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def _sic_divisions() -> Mapping[str, str]:
    """The division of each SIC code of two digits."""
    return {row["code"]: row["division"] for row in _rows("sic.csv") if len(row["code"]) == 2}


@cache
def _prefixes(system: str) -> Mapping[str, str]:
    return {row["prefix"]: row["section"] for row in _rows("sections.csv") if row["system"] == system}


def _sector(code: str, system: str) -> str | None:
    """The code of the uppermost level that a code lies in."""
    if code in SECTORS[system]:
        return code
    match system:
        case "naics":
            return _SECTOR_RANGES.get(code[:2], code[:2])
        case "sic":
            return _sic_divisions().get(code[:2])
        case _:
            return next(letter for letter, last in _LAST_DIVISIONS.items() if int(code[:2]) <= last)


def _section(code: str, sector: str | None, system: str) -> str | None:
    """The section of ISIC Rev. 4 that a code lies in."""
    if system in ("isic", "nace"):
        return sector
    prefixes = _prefixes(system)
    return next((prefixes[code[:n]] for n in range(len(code), 0, -1) if code[:n] in prefixes), None)
