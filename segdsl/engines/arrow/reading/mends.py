"""Mends for cells that can't be read as the declared type, tried on the cells themselves: how they could be read."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from segdsl.engines.arrow.physical import TEXT
from segdsl.engines.arrow.reading.columns import read_cells
from segdsl.engines.arrow.reading.moments import date_pattern
from segdsl.engines.arrow.reading.rule import rule_of
from segdsl.model.source import ColumnContract, ReadOptions
from segdsl.types import TIMESTAMP, Kind
from segdsl.types.column_type import repr_text

Counted = Sequence[tuple[str, int]]
"""Distinct broken texts with the number of rows that hold them."""

_MOST_NAMED = 5

# The strict forms first: of two that read as many cells the first is taken. Of each order of day and month both.
_FORMS = (
    *("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY/MM/DD", "YYYYMMDD"),
    *("D/M/YYYY", "M/D/YYYY", "D.M.YYYY", "D-M-YYYY", "M-D-YYYY", "YYYY/M/D", "YYYY.MM.DD", "YYYY-M-D"),
)

# Days since 1900 as workbooks count them: of the years 1927 to 2173.
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:[.,][0-9]+)?")
_DAYS = "days counted as workbooks do"

_YES = {"ja", "j", "oui", "o", "sí", "si", "sim", "tak", "да", "wahr", "vrai", "on"}
_NO = {"nein", "nee", "non", "não", "nao", "nie", "нет", "falsch", "faux", "off"}


def type_mend(contract: ColumnContract, read: ReadOptions, broken: Counted) -> str:
    """One mend for the values of the wrong type of a column; the values of personal data stay untold."""
    has_digits = _most(broken, [sum(count for text, count in broken if any(c.isdigit() for c in text))]) is not None
    made = None
    if has_digits and (contract.type.is_numeric or contract.type.kind is Kind.MONEY):
        made = _number_mend(contract, read, broken)
    elif has_digits and contract.type.kind in (Kind.DATE, Kind.TIMESTAMP):
        made = _date_mend(contract, read, broken)
    elif contract.type.kind is Kind.BOOL and not contract.pii:
        made = _bool_mend(broken)
    if made is not None:
        return made
    if broken and not contract.pii:
        return f"say `empty {repr_text(broken[0][0])}` if it stands for a missing value, or `on broken as missing`"
    return "say `on broken as missing`, or declare the column as text"


def _readable(contract: ColumnContract, read: ReadOptions, broken: Counted) -> int:
    """How many of the broken rows would be read by this contract."""
    cells = read_cells(pa.array([text for text, _ in broken], TEXT), rule_of(contract, read))
    return sum(count for (_, count), fits in zip(broken, cells.array.is_valid().to_pylist(), strict=True) if fits)


def _most(broken: Counted, readable: Sequence[int]) -> int | None:
    """The place of the first way that reads the most rows; None unless that is more than half of them."""
    best = max(readable)
    return readable.index(best) if 2 * best > sum(count for _, count in broken) else None


def _number_mend(contract: ColumnContract, read: ReadOptions, broken: Counted) -> str:
    """`1,234` is taken as a thousand rather than as a fraction, for it is what `lenient` reads."""
    mark = "." if read.decimal == "," else ","
    lenient, other = replace(contract, lenient=True), replace(read, decimal=mark)
    said = f'say `read {{ decimal: "{mark}" }}`'
    ways = (
        (lenient, read, "say `lenient` to read numbers as people write them"),
        (contract, other, f"{said}, for that is how the numbers are written"),
        (lenient, other, f"{said}, and `lenient` behind the type of `{contract.name}`"),
    )
    best = _most(broken, [_readable(way, options, broken) for way, options, _ in ways])
    return "correct the rows, or say `on broken as missing`" if best is None else ways[best][2]


def _date_mend(contract: ColumnContract, read: ReadOptions, broken: Counted) -> str:
    given = read.dates if read.dates and date_pattern(read.dates) else "YYYY-MM-DD"
    moments = replace(contract, type=TIMESTAMP, default=None, low=None, high=None)
    if contract.type.kind is Kind.DATE and _most(broken, [_readable(moments, read, broken)]) is not None:
        mark = "?" if contract.type.optional else ""
        return f"the cells hold times of day: declare the column as `{contract.name} : timestamp{mark}`"
    # Which day it is matters here, not whether a time stands behind it.
    tried = (given.replace("DD", "D").replace("MM", "M"), *_FORMS)
    readable = [_readable(moments, replace(read, dates=form), broken) for form in tried]
    best = _most(broken, readable)
    if best is None:
        return _unlike_any(given, [_form(moments, read, text) for text, _ in broken])
    found = tried[best]
    if best == 0:
        return f'say `read {{ dates: "{found}" }}`: a single `D` or `M` stands for one or two digits'
    swapped = found.translate(str.maketrans("DM", "MD"))
    if swapped in tried[1:] and readable[tried.index(swapped, 1)] == readable[best]:
        first = f'say how the dates are written: `read {{ dates: "{found}" }}`'
        return f'{first}, or `"{swapped}"` if the month comes first'
    return f'say `read {{ dates: "{found}" }}` if all dates of the file are written so, else correct the rows'


def _form(contract: ColumnContract, read: ReadOptions, text: str) -> str:
    """The first form by which a cell could be read; empty if there is none."""
    if _SERIAL.fullmatch(text):
        return _DAYS
    return next((form for form in _FORMS if _readable(contract, replace(read, dates=form), [(text, 1)])), "")


def _unlike_any(given: str, forms: Sequence[str]) -> str:
    """Cells of which no one pattern reads more than half; `forms` are theirs."""
    found = [form for form in dict.fromkeys(forms) if form]
    if found == [_DAYS]:
        return f"the cells seem to be {_DAYS}: give the column a date format there, and export it again"
    if found:
        return f"write all cells as `{given}`: some seem to be {' or '.join(found[:_MOST_NAMED])}"
    return f"correct the rows: `{given}` asks for a day, a month and a year of four digits"


def _bool_mend(broken: Counted) -> str | None:
    if not broken or len(broken) > _MOST_NAMED:
        return None
    meant = {text: _meant(text) for text, _ in broken}
    if all(meant.values()):
        pairs = ", ".join(f"{repr_text(text)} with {repr_text(word)}" for text, word in meant.items() if word)
        return f"say `replace {pairs}`"
    values = " and ".join(repr_text(text) for text in meant)
    return f'say by `replace` which of "yes" and "no" {values} stands for, or declare the column as `category`'


def _meant(text: str) -> str | None:
    word = text.casefold()
    return "yes" if word in _YES else "no" if word in _NO else None
