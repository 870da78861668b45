"""A mend for broken cells is what would read most of them, and reads them."""

from dataclasses import replace
from pathlib import Path

import pytest

from segdsl.model.source import ReadOptions
from segdsl.types import BOOL, COUNT, DATE, NUMBER, RATIO, TIMESTAMP, Type, money
from tests.engines.arrow.reading.contracts import codes, column, read_text, source_of

EUR = money("EUR")
COMMA = 'say `read { decimal: "," }`'
POINT = 'say `read { decimal: "." }`'


def mend_of(folder: Path, cells: list[str], kind: Type, read: ReadOptions = ReadOptions(), **rest: bool) -> str:
    declared = source_of(column("x", kind, **rest), read=replace(read, delimiter="|"))
    _, facts = read_text(declared, folder, "\n".join(["x|y", *(f"{cell}|" for cell in cells)]) + "\n")
    assert codes(facts) == ["SEG602"]
    return facts.diagnostics[0].help


@pytest.mark.parametrize(
    ("cells", "kind", "decimal", "lenient", "mend"),
    [
        (["€742,75", "€4.467,53", "12", "about 3"], EUR, None, True, COMMA),
        (["742,75", "0,5"], EUR, None, False, COMMA),
        (["14,9 %", "-6,9 %"], RATIO, None, True, COMMA),
        (["1.645", "6.234"], COUNT, None, True, COMMA),
        (["742.75", "0.5"], NUMBER, ",", False, POINT),
        (["€742.75", "€4,467.53"], EUR, ",", True, POINT),
        (["1.200,50", "€2,5"], EUR, None, False, f"{COMMA}, and `lenient` behind the type of `x`"),
        (["1,234", "$5"], money("USD"), None, False, "say `lenient` to read numbers as people write them"),
        (["5 or 6", "7 to 8"], COUNT, None, True, "correct the rows, or say `on broken as missing`"),
        (["none", "none", "5 or 6"], COUNT, None, True, 'say `empty "none"` if it stands for a missing value'),
    ],
)
def test_numbers_written_with_another_sign(
    tmp_path: Path, cells: list[str], kind: Type, decimal: str | None, lenient: bool, mend: str
) -> None:
    assert mend_of(tmp_path, cells, kind, ReadOptions(decimal=decimal), lenient=lenient).startswith(mend)


@pytest.mark.parametrize(
    ("cells", "dates", "mend"),
    [
        (["2024-12-31", "31/12/2024"], "DD/MM/YYYY", 'say `read { dates: "YYYY-MM-DD" }` if all dates of the file'),
        (["1/2/2024", "31/12/2024"], "DD/MM/YYYY", 'say `read { dates: "D/M/YYYY" }`: a single `D` or `M`'),
        (["12/31/2024", "01/02/2024"], "DD/MM/YYYY", 'say `read { dates: "MM/DD/YYYY" }` if all dates of the file'),
        (["31.12.2024"], None, 'say `read { dates: "DD.MM.YYYY" }` if all dates of the file'),
        (["1.2.2024", "12.2.2024"], None, 'say `read { dates: "D.M.YYYY" }` if all dates of the file'),
        (
            ["01/02/2024"],
            None,
            'say how the dates are written: `read { dates: "DD/MM/YYYY" }`, or `"MM/DD/YYYY"` if the month comes first',
        ),
        (
            ["31/12/2024 10:30", "31/12/2024"],
            "DD/MM/YYYY",
            "the cells hold times of day: declare the column as",
        ),
        (["2024-12-31", "1/2/2024"], "DD/MM/YYYY", "write all cells as `DD/MM/YYYY`: some seem to be "),
        (["45657", "45658.5"], "DD/MM/YYYY", "the cells seem to be days counted as workbooks do"),
        (
            ["31/12/24"],
            "DD/MM/YYYY",
            "correct the rows: `DD/MM/YYYY` asks for a day, a month and a year of four digits",
        ),
    ],
)
def test_dates_written_in_another_form(tmp_path: Path, cells: list[str], dates: str | None, mend: str) -> None:
    assert mend_of(tmp_path, cells, DATE, ReadOptions(dates=dates)).startswith(mend)


def test_a_time_of_another_form_is_no_reason_to_declare_a_timestamp(tmp_path: Path) -> None:
    assert mend_of(tmp_path, ["31.12.2024 10:30"], TIMESTAMP).startswith('say `read { dates: "DD.MM.YYYY" }`')


@pytest.mark.parametrize(
    ("cells", "mend"),
    [
        (["Nein", "Ja", "Nein"], 'say `replace "Nein" with "no", "Ja" with "yes"`'),
        (["J", "N"], 'say `replace "J" with "yes"`'),
        (["non", "oui", "non"], 'say `replace "non" with "no", "oui" with "yes"`'),
        (
            ["1", "2"],
            'say by `replace` which of "yes" and "no" "2" stands for, or declare the column as `category`',
        ),
    ],
)
def test_yes_and_no_in_other_words(tmp_path: Path, cells: list[str], mend: str) -> None:
    assert mend_of(tmp_path, cells, BOOL) == mend


def test_a_mend_of_personal_data_names_no_value(tmp_path: Path) -> None:
    assert mend_of(tmp_path, ["Ja"], BOOL, pii=True) == "say `on broken as missing`, or declare the column as text"
