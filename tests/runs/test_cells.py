"""Cells of CSV files: safe in spreadsheets, exact, and read back by an independent reader."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.runs import table_files
from segdsl.runs.cells import cell_texts
from segdsl.runs.table_files import write_csv, write_parquet


def cells(values: list[object], kind: pa.DataType) -> list[str]:
    found: list[str] = cell_texts(pa.array(values, kind)).to_pylist()
    return found


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\ttab", "=cmd|' /C calc'!A0"])
def test_text_that_a_spreadsheet_would_compute_is_made_plain(text: str) -> None:
    (cell,) = cells([text], pa.string())
    assert next(csv.reader([cell]))[0] == f"'{text}"


def test_carriage_return_at_the_start_is_made_plain_and_quoted() -> None:
    assert cells(["\r=1"], pa.string()) == ['"\'\r=1"']


def test_text_in_dictionaries_and_lists_is_made_plain_too() -> None:
    assert cells(["=1", "a"], pa.dictionary(pa.int32(), pa.string())) == ["'=1", "a"]
    assert cells([["=1", "b"]], pa.list_(pa.string())) == ["'=1; b"]


def test_numbers_keep_their_sign() -> None:
    assert cells([-5, 0], pa.int64()) == ["-5", "0"]
    assert cells([-0.25, 100.0], pa.float64()) == ["-0.25", "100"]


def test_money_has_two_decimals_and_no_more_than_it_needs() -> None:
    amounts = ["12", "-12.3", "0.000001", "1234567.891", "0", "-0.5"]
    found = cells([Decimal(amount) for amount in amounts], pa.decimal128(19, 6))
    assert found == ["12.00", "-12.30", "0.000001", "1234567.891", "0.00", "-0.50"]


def test_whole_decimals_have_two_decimals_too() -> None:
    assert cells([Decimal(1200), Decimal(-5), None], pa.decimal128(19, 0)) == ["1200.00", "-5.00", ""]


def test_dates_and_times_are_iso() -> None:
    assert cells([date(2026, 1, 31)], pa.date32()) == ["2026-01-31"]
    moments = [datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 1, 31, 9, 0, 0, 120_000, tzinfo=UTC)]
    assert cells(moments, pa.timestamp("us", "UTC")) == ["2026-01-31T09:00:00Z", "2026-01-31T09:00:00.12Z"]


def test_durations_are_days() -> None:
    for unit in ("us", "ns", "ms", "s"):
        assert cells([timedelta(days=90), timedelta(hours=36)], pa.duration(unit)) == ["90", "1.5"]


def test_lists_are_joined() -> None:
    assert cells([["a", "b"], [], None, ["c", None]], pa.list_(pa.string())) == ["a; b", "", "", "c; "]
    assert cells([[1, 2], [3]], pa.list_(pa.int64())) == ["1; 2", "3"]


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.int64(),
        pa.float64(),
        pa.bool_(),
        pa.date32(),
        pa.decimal128(19, 6),
        pa.timestamp("us", "UTC"),
        pa.duration("us"),
        pa.list_(pa.string()),
        pa.dictionary(pa.int32(), pa.string()),
        pa.null(),
    ],
)
def test_missing_is_empty_and_no_rows_are_no_cells(kind: pa.DataType) -> None:
    assert cells([None], kind) == [""]
    assert cells([], kind) == []


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_a_csv_reader_gives_back_every_text(rows: list[tuple[str, str]]) -> None:
    table = pa.table(
        {"a": pa.array([a for a, _ in rows], pa.string()), "b": pa.array([b for _, b in rows], pa.string())}
    )
    lines = [",".join(pair) for pair in zip(*(cell_texts(c).to_pylist() for c in table.columns), strict=True)]
    # `strict` and lone carriage returns don't go together in the standard reader; newline="" keeps all line ends.
    read = list(csv.reader(StringIO("\r\n".join(lines) + "\r\n" if lines else "", newline="")))
    plain = [
        [f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text else text for text in row] for row in rows
    ]
    assert read == plain


def test_file_has_a_header_and_rfc_4180_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_csv(pa.table({"account, id": ["A1", None], "é": [1, 2]}), path)
    assert path.read_bytes() == '"account, id",é\r\nA1,1\r\n,2\r\n'.encode()


def test_lone_empty_cell_is_not_an_empty_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_csv(pa.table({"a": pa.array([None, "x"], pa.string())}), path)
    assert path.read_bytes() == b'a\r\n""\r\nx\r\n'


def test_table_without_rows_is_a_header(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_csv(pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.int64())}), path)
    assert path.read_bytes() == b"a,b\r\n"


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    table = pa.table({"a": pa.chunked_array([["x"], ["y", None]]), "b": pa.chunked_array([[1, 2], [3]])})
    for write, name in ((write_csv, "csv"), (write_parquet, "parquet")):
        write(table, tmp_path / f"1.{name}")
        write(table.combine_chunks(), tmp_path / f"2.{name}")
        assert (tmp_path / f"1.{name}").read_bytes() == (tmp_path / f"2.{name}").read_bytes()


def test_long_texts_are_written_in_blocks_of_few_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table(
        {
            "plain": pa.array(["a" * 30, None, '"', "b"] * 5),
            "coded": pa.array(["c" * 20, "d", None, "e"] * 5).dictionary_encode(),
            "list": pa.array([["f" * 8] * 5, [], None, ["g"]] * 5),
            "number": pa.array(range(20)),
        }
    )
    write_csv(table, tmp_path / "whole.csv")
    sizes = []
    lines_of = table_files._lines

    def counted(rows: pa.Table) -> pa.Buffer:
        sizes.append(rows.num_rows)
        return lines_of(rows)

    monkeypatch.setattr(table_files, "_lines", counted)
    # 30 of the plain text, 20 of the coded one, 5 * (8 + 2) of the list: 100 a row.
    monkeypatch.setattr(table_files, "_BYTES_AT_ONCE", 300)
    write_csv(table, tmp_path / "parts.csv")
    assert sizes == [3] * 6 + [2]
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
