"""Every layout in which a file may hold values comes to the same values."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segdsl.engines.arrow.profiling.column import ColumnProfile
from segdsl.engines.arrow.reading.layouts import cell, plain_layout
from segdsl.types import CATEGORY, DATE, INT, TEXT, TIMESTAMP, Type, category, list_of
from tests.engines.arrow.reading.contracts import codes, column, read_files, source_of

TEXTS = ["a", "a", None, "b", None, "b"]
LISTS = [["a", None], None, [], ["b", "a"], ["c"], None]


def in_runs(runs: pa.Array) -> pa.Array:
    return pa.RunEndEncodedArray.from_arrays(pa.array([2, 3, 4, 5, 6], pa.int32()), runs)


def coded(kind: pa.DataType) -> pa.Array:
    """Codes of which two mean one text, and one means none."""
    meant = pa.array(["a", "a", None, "b"], kind)
    return pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, 3, None, 3], pa.int8()), meant)


RUNS = ["a", None, "b", None, "b"]
TEXT_LAYOUTS = {
    "large": pa.array(TEXTS, pa.large_string()),
    "view": pa.array(TEXTS, pa.string_view()),
    "coded": coded(pa.string()),
    "coded view": coded(pa.string_view()),
    "runs": in_runs(pa.array(RUNS)),
    "runs of views": in_runs(pa.array(RUNS, pa.string_view())),
    "runs of codes": in_runs(pa.array(RUNS).dictionary_encode()),
    "extension": pa.ExtensionArray.from_storage(pa.json_(), pa.array(TEXTS)),
}
LIST_LAYOUTS = {
    "large": pa.array(LISTS, pa.large_list(pa.string())),
    "view": pa.array(LISTS, pa.list_view(pa.string())),
    "large view": pa.array(LISTS, pa.large_list_view(pa.string())),
    "items as views": pa.array(LISTS, pa.list_(pa.string_view())),
    "items coded": pa.array(LISTS, pa.list_(pa.dictionary(pa.int8(), pa.string()))),
}
SLICES = (slice(0, None), slice(1, None), slice(2, 5), slice(0, 0))


@pytest.mark.parametrize("rows", SLICES, ids=str)
@pytest.mark.parametrize(
    ("array", "values"),
    [*((a, TEXTS) for a in TEXT_LAYOUTS.values()), *((a, LISTS) for a in LIST_LAYOUTS.values())],
    ids=[*TEXT_LAYOUTS, *(f"lists {name}" for name in LIST_LAYOUTS)],
)
def test_a_layout_is_made_plain_without_changing_values(array: pa.Array, values: list[object], rows: slice) -> None:
    plain = plain_layout(array[rows])
    plain.validate(full=True)
    assert plain.to_pylist() == values[rows]
    assert len(plain.take(pa.array(range(len(plain)), pa.int64()))) == len(plain)


def test_two_items_a_row_need_no_offsets() -> None:
    pairs = pa.array([["a", "b"], None, ["c", None]], pa.list_(pa.string(), 2)).slice(1)
    assert plain_layout(pairs).to_pylist() == [None, ["c", None]]


def _written(folder: Path, array: pa.Array) -> list[Path]:
    """Files of every format that can hold the array."""
    table = pa.table({"id": range(len(array)), "x": array})
    files = [folder / "a.arrow", folder / "a.arrows"]
    for path, writer in zip(files, (pa.ipc.new_file, pa.ipc.new_stream), strict=True):
        with writer(str(path), table.schema) as opened:
            opened.write_table(table)
    try:
        pq.write_table(table, folder / "a.parquet")
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return files
    return [*files, folder / "a.parquet"]


def read(path: Path, kind: Type) -> tuple[list[object], list[str], list[str]]:
    """The values of a column, the codes of the findings, and the first example of each."""
    table, facts = read_files(source_of(column("id", INT, is_key=True), column("x", kind.or_missing())), path)
    examples = [d.rows[0].values[0] for d in facts.diagnostics]
    return table.column("x").to_pylist(), codes(facts), examples


@pytest.mark.parametrize("array", TEXT_LAYOUTS.values(), ids=TEXT_LAYOUTS)
def test_texts_of_any_layout_are_read_and_counted_alike(tmp_path: Path, array: pa.Array) -> None:
    for path, kind in itertools.product(_written(tmp_path, array), (TEXT, CATEGORY, category("a", "b"))):
        assert read(path, kind) == (TEXTS, [], [])
    for path in _written(tmp_path, array):
        assert read(path, category("a")) == (["a", "a", None, None, None, None], ["SEG604"], ["b"])


@pytest.mark.parametrize("array", LIST_LAYOUTS.values(), ids=LIST_LAYOUTS)
def test_lists_of_any_layout_are_read_and_counted_alike(tmp_path: Path, array: pa.Array) -> None:
    known = [None if items is None else [i for i in items if i is not None] for items in LISTS]
    for path in _written(tmp_path, array):
        assert read(path, list_of(TEXT)) == (known, [], [])
        _, found, examples = read(path, list_of(category("a", "b")))
        assert (found, examples) == (["SEG604"], ["['c']"])


def test_decimals_of_any_width_are_counted_outside_a_list(tmp_path: Path) -> None:
    for width in (pa.decimal32, pa.decimal64, pa.decimal128, pa.decimal256):
        for path in _written(tmp_path, pa.array([Decimal(1), Decimal(3), Decimal(3)], width(5, 0))):
            assert read(path, category("1")) == (["1", None, None], ["SEG604"], ["3"])


DECIMALS = [Decimal("1.5"), None, Decimal("-2.0")]


@pytest.mark.parametrize("kind", [pa.decimal32(4, 1), pa.decimal64(4, 1), pa.decimal128(4, 1)], ids=str)
def test_first_looks_at_decimals_of_any_width(kind: pa.DataType) -> None:
    profile = ColumnProfile("x")
    profile.look(plain_layout(pa.array(DECIMALS, kind)))
    assert (profile.rows, profile.missing, profile.distinct) == (3, 1, {"1.5": 1, "-2.0": 1})


def test_first_looks_at_moments_that_python_does_not_have() -> None:
    profile = ColumnProfile("x")
    profile.look(pa.array([1, 1, 2, None]).view(pa.timestamp("ns")))
    assert profile.distinct == {"1970-01-01 00:00:00.000000001": 2, "1970-01-01 00:00:00.000000002": 1}


FAR = 2**62
UNSEEN = {
    "a day of the year 10000": (pa.array([2932897], pa.int32()).view(pa.date32()), "10000-01-01"),
    "a day of the year 0": (pa.array([-719163], pa.int32()).view(pa.date32()), "0000-12-31"),
    "seconds beyond any year": (pa.array([FAR]).view(pa.timestamp("s")), str(FAR)),
    "milliseconds beyond any year": (pa.array([FAR]).view(pa.timestamp("ms")), str(FAR)),
    "microseconds beyond any year": (pa.array([FAR]).view(pa.timestamp("us")), str(FAR)),
}


@pytest.mark.parametrize(("array", "shown"), UNSEEN.values(), ids=UNSEEN)
def test_moments_beyond_the_calendar_are_a_breach_that_shows_them(tmp_path: Path, array: pa.Array, shown: str) -> None:
    for path, kind in itertools.product(_written(tmp_path, array), (DATE, TIMESTAMP)):
        values, found, examples = read(path, kind)
        assert (values, found) == ([None], ["SEG602"])
        assert shown in examples[0]


@pytest.mark.parametrize(
    ("array", "shown"),
    [
        (pa.array([1]).view(pa.timestamp("ns")), "1970-01-01 00:00:00.000000001"),
        (pa.array([1]).view(pa.timestamp("ns")).dictionary_encode(), "1970-01-01 00:00:00.000000001"),
        (pa.array([1]).view(pa.duration("ns")), "1"),
        (pa.array([0]).view(pa.timestamp("us", "Mars/Base")), "1970-01-01 00:00:00.000000Z"),
        (pa.array([None], pa.timestamp("ns")), "None"),
    ],
    ids=str,
)
def test_what_python_has_no_value_for_is_shown_as_text(array: pa.Array, shown: str) -> None:
    assert str(cell(array, 0)) == shown


def test_nanoseconds_are_cut_off_before_1970_too(tmp_path: Path) -> None:
    array = pa.array([-1, 1]).view(pa.timestamp("ns"))
    for path in _written(tmp_path, array):
        before = datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)
        assert read(path, TIMESTAMP)[0] == [before, datetime(1970, 1, 1, tzinfo=UTC)]
        assert read(path, DATE)[1] == ["SEG602"]
