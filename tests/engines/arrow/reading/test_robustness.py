"""Whatever stands in a file, reading it ends in rows and findings, never in a traceback."""

import gzip
import itertools
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segdsl.engines.arrow.physical import arrow_type
from segdsl.engines.arrow.reading.columns import read_cells
from segdsl.engines.arrow.reading.layouts import plain_layout
from segdsl.engines.arrow.reading.rule import rule_of
from segdsl.model.source import ReadOptions
from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    category,
    list_of,
    money,
)
from tests.engines.arrow.reading.contracts import column, read_files, source_of

KINDS = (
    TEXT, CATEGORY, category("1", "2"), COUNT, INT, NUMBER, RATIO, money("USD"), DATE, TIMESTAMP, DURATION, BOOL,
    list_of(TEXT), list_of(INT), list_of(category("1")),
)  # fmt: skip
WHOLE = (pa.int8(), pa.int64(), pa.uint8(), pa.uint64(), pa.float32(), pa.float64())
DECIMAL = (pa.decimal32(5, 2), pa.decimal64(10, 2), pa.decimal128(38, 30), pa.decimal256(50, 8))
MIDNIGHT = datetime(2024, 1, 1)
ARRAYS = (
    *(pa.array([1, None], t) for t in WHOLE),
    pa.array([np.float16(1.5), None], pa.float16()),
    *(pa.array([Decimal("1.5"), None], t) for t in DECIMAL),
    *(pa.array(["1", None], t) for t in (pa.string(), pa.large_string(), pa.string_view())),
    *(pa.array([b"1", None], t) for t in (pa.binary(), pa.binary(1), pa.binary_view())),
    *(pa.array([MIDNIGHT, None], pa.timestamp(u, z)) for u in ("s", "ns") for z in (None, "UTC", "Europe/Paris")),
    pa.array([True, None]),
    pa.array([date(2024, 1, 1), None], pa.date64()),
    pa.array([time(1), None], pa.time32("s")),
    pa.array([timedelta(1), None], pa.duration("s")),
    pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
    *(pa.array([["a"], None], t) for t in (pa.list_(pa.string(), 1), pa.list_view(pa.string()))),
    pa.array([[1], None]),
    pa.array([[{"a": 1}], None]),
    pa.array([{"a": 1}, None]),
    pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    pa.array([1.5, None]).dictionary_encode(),
    pa.array([["1"], None], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
    pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"1" * 16, None], pa.binary(16))),
    pa.RunEndEncodedArray.from_arrays(pa.array([1, 2], pa.int32()), pa.array(["1", None])),
)


CONTRACTS: tuple[dict[str, object], ...] = (
    {},
    {"empty": ("x",)},
    {"lenient": True, "scale": Decimal("2.5")},
    {"split": ";"},
)


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: str(array.type))
def test_any_column_is_read_as_any_type(array: pa.Array) -> None:
    parts = (array, array.slice(1), array.slice(0, 0))
    for kind, contract, part in itertools.product(KINDS, CONTRACTS, parts):
        cells = read_cells(plain_layout(part), rule_of(column("x", kind.or_missing(), **contract), ReadOptions()))
        cells.array.validate(full=True)
        assert (len(cells.array), cells.array.type) == (len(part), arrow_type(kind)), (kind, contract)


DECLARED = source_of(
    column("id", INT, is_key=True),
    column("name", TEXT.or_missing()),
    column("amount", money("USD").or_missing(), lenient=True),
    column("plan", category("free", "paid").or_missing()),
    column("seen", DATE.or_missing()),
    column("tools", list_of(CATEGORY), split="|"),
)
ROWS = [
    {"id": n, "name": f"né {n}", "amount": n * 1.5, "plan": "free", "seen": "2024-01-31", "tools": ["a", "b"]}
    for n in range(20)
]


def _files(folder: Path) -> dict[str, bytes]:
    table = pa.Table.from_pylist(ROWS)
    pq.write_table(table, folder / "w.parquet", compression="zstd")
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    lines = ["id,name,amount,plan,seen,tools"]
    lines += [f'{r["id"]},"{r["name"]}",{r["amount"]},free,2024-01-31,a|b' for r in ROWS]
    text = "\n".join(lines).encode()
    return {
        "a.csv": text,
        "a.csv.gz": gzip.compress(text, mtime=0),
        "a.jsonl": "\n".join(json.dumps(r, ensure_ascii=False) for r in ROWS).encode(),
        "a.parquet": (folder / "w.parquet").read_bytes(),
        "a.arrow": sink.getvalue().to_pybytes(),
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return _files(tmp_path_factory.mktemp("whole"))


changes = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([*b'\0"\n\r,;{[\xff\x80-$', 200])), min_size=1, max_size=4
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(
    name=st.sampled_from(["a.csv", "a.csv.gz", "a.jsonl", "a.parquet", "a.arrow"]), spots=changes, cut=st.floats(0, 2)
)
def test_spoilt_bytes_end_in_findings(
    tmp_path: Path, whole: dict[str, bytes], name: str, spots: list[tuple[float, int]], cut: float
) -> None:
    data = bytearray(whole[name])
    for where, byte in spots:
        data[min(int(where * len(data)), len(data) - 1)] = byte
    (tmp_path / name).write_bytes(bytes(data[: int(cut * len(data)) + 1]) if cut < 1 else bytes(data))
    table, _ = read_files(DECLARED, tmp_path / name)
    table.validate(full=True)
