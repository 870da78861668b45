"""The same rows read alike from every format; broken files end in a finding, never in a traceback."""

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segdsl.engines.arrow.reading import delimited
from segdsl.engines.arrow.reading.delimited import sniff_delimiter
from segdsl.model.source import ReadOptions
from segdsl.types import BOOL, CATEGORY, DATE, INT, NUMBER, TEXT, list_of, money
from tests.engines.arrow.reading.contracts import codes, column, read_files, read_text, source_of

NAMES = source_of(column("id", INT, is_key=True), column("name", TEXT))
ROWS = [{"id": 1, "name": "Ümläut, Inc"}, {"id": 2, "name": 'say "hi"\nthere'}]
TEXT_OF_ROWS = 'id,name\n1,"Ümläut, Inc"\n2,"say ""hi""\nthere"\n'


def zstd(data: bytes) -> bytes:
    return pa.Codec("zstd").compress(data, asbytes=True)


def stream_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.zst", "a.txt", "a.CSV"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "cp1257"])
def test_text_is_read_in_any_encoding_and_packing(tmp_path: Path, name: str, encoding: str) -> None:
    data = TEXT_OF_ROWS.encode(encoding)
    pack: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstd}
    path = tmp_path / name
    path.write_bytes(pack.get(path.suffix, bytes)(data))
    declared = replace(NAMES, read=ReadOptions(encoding=encoding))
    table, facts = read_files(declared, path)
    assert (table.to_pylist(), facts.diagnostics) == (ROWS, ())


def test_a_byte_order_mark_needs_no_option(tmp_path: Path) -> None:
    table, facts = read_text(NAMES, tmp_path, "\ufeff" + TEXT_OF_ROWS)
    assert (table.to_pylist(), facts.diagnostics) == (ROWS, ())


def test_cyrillic_text_is_read_from_cp1251(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("имя\nИван\n".encode("cp1251"))
    declared = source_of(column("name", TEXT, header="имя"), read=ReadOptions(encoding="cp1251"))
    assert read_files(declared, tmp_path / "a.csv")[0]["name"].to_pylist() == ["Иван"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(tmp_path: Path, sign: str) -> None:
    table, facts = read_text(NAMES, tmp_path, f'id{sign}name{sign}"a,b,c;d"\n1{sign}x{sign}z\n')
    assert (table.to_pylist(), facts.diagnostics) == ([{"id": 1, "name": "x"}], ())


def test_a_single_column_needs_no_delimiter() -> None:
    assert sniff_delimiter("domain") == ","


def test_the_header_may_stand_on_a_later_line(tmp_path: Path) -> None:
    declared = source_of(column("n", INT), read=ReadOptions(header=4))
    table, facts = read_text(declared, tmp_path, "Report, of\n\nmade: today\nn,m\n7,1\n")
    assert (table["n"].to_pylist(), facts.diagnostics) == ([7], ())


def test_other_quotes_and_none_at_all(tmp_path: Path) -> None:
    single = source_of(column("a", TEXT), column("b", TEXT), read=ReadOptions(quote="'"))
    assert read_text(single, tmp_path, "a,b\n'x,y',\"z\n")[0].to_pylist() == [{"a": "x,y", "b": '"z'}]
    none = source_of(column("a", TEXT), column("b", TEXT), read=ReadOptions(quote=""))
    assert read_text(none, tmp_path, 'a,b\n"x,y"\n')[0].to_pylist() == [{"a": '"x', "b": 'y"'}]


def test_rows_with_too_few_or_many_cells_are_told_by_number(tmp_path: Path) -> None:
    text = 'id,name\n1,a\n2\n3,"c\nc"\n4,d,e\n\nx,f\n6\n'
    _table, facts = read_text(NAMES, tmp_path, text)
    assert codes(facts) == ["SEG611", "SEG602"]
    assert facts.diagnostics[0].rows[0].count == 3
    assert facts.diagnostics[0].rows[0].rows == (2, 4, 6)
    assert facts.diagnostics[0].rows[0].values[0] == "2 (1 cell, not 2)"
    assert facts.diagnostics[1].rows[0].rows == (5,)
    assert facts.rows_read == 6


def test_a_line_of_totals_is_told_to_be_taken_out(tmp_path: Path) -> None:
    _, facts = read_text(NAMES, tmp_path, "id,name\n1,a\n2,b\nTotal\n")
    assert codes(facts) == ["SEG611"]
    assert facts.diagnostics[0].rows[0].rows == (3,)
    assert "take lines at the end that are no data, such as totals, out" in facts.diagnostics[0].help
    for other in ("id,name\n1,a\n2\n3,b\n", "id,name\n1,a\n2,b,c\n", "id,name\n1\n2\n"):
        assert "totals" not in read_text(NAMES, tmp_path, other)[1].diagnostics[0].help


def test_a_wrong_delimiter_is_told_once(tmp_path: Path) -> None:
    declared = replace(NAMES, read=ReadOptions(delimiter=","))
    _, facts = read_text(declared, tmp_path, "id;name\n1;a, b, c\n2;b\n")
    assert codes(facts) == ["SEG611"]
    assert facts.diagnostics[0].message == '`data.csv` is not delimited by ",": its header row is one cell, `id;name`'
    assert facts.diagnostics[0].help == 'say `read { delimiter: ";" }`'


def test_a_single_column_may_hold_the_sign_of_another_delimiter(tmp_path: Path) -> None:
    declared = source_of(column("pair", TEXT, header="a;b"), read=ReadOptions(delimiter=","))
    table, facts = read_text(declared, tmp_path, "a;b\n1;2\n")
    assert (table.to_pylist(), facts.diagnostics) == ([{"pair": "1;2"}], ())


@pytest.mark.parametrize("above", ["", "\n"])
def test_a_line_that_tells_the_delimiter_is_no_header(tmp_path: Path, above: str) -> None:
    text = f"{above}sep=;\r\nid;name\r\n1;a\r\n"
    _, facts = read_text(NAMES, tmp_path, text)
    header = 2 + len(above)
    assert codes(facts) == ["SEG611"]
    assert facts.diagnostics[0].help == f"say the line of the header: `read {{ header: {header} }}`"
    table, mended = read_text(replace(NAMES, read=ReadOptions(header=header)), tmp_path, text)
    assert (table.to_pylist(), mended.diagnostics) == ([{"id": 1, "name": "a"}], ())


def test_row_numbers_stay_right_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK_BYTES", 512)
    lines = [f"{n},name {n}" for n in range(1, 1001)]
    for bad in (300, 301, 302, 900):
        lines[bad - 1] = "ragged"
    for wrong in (10, 303, 901, 1000):
        lines[wrong - 1] = "x,wrong"
    table, facts = read_text(NAMES, tmp_path, "id,name\n" + "\n".join(lines) + "\n")
    assert facts.rows_read == 1000
    by_code = {d.code: d.rows[0] for d in facts.diagnostics if d.code != "SEG607"}
    assert by_code["SEG611"].rows == (300, 301, 302, 900)
    assert by_code["SEG602"].rows == (10, 303, 901, 1000)
    good = [n for n in range(1, 1001) if n not in (300, 301, 302, 900, 10, 303, 901, 1000)]
    assert table["id"].to_pylist() == good


def test_an_undecodable_byte_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,name\n1,a\n2,caf\xe9\n")
    _, facts = read_files(NAMES, tmp_path / "a.csv")
    assert codes(facts) == ["SEG611"]
    assert "byte 0xE9 on line 3" in facts.diagnostics[0].message
    assert "cp1252" in facts.diagnostics[0].help


def test_an_undecodable_header_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("id,société\n1,a\n".encode("cp1252"))
    assert "byte 0xE9 on line 1" in read_files(NAMES, tmp_path / "a.csv")[1].diagnostics[0].message


def test_bytes_of_columns_that_are_not_declared_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,note,name\n1,caf\xe9,a\n")
    assert read_files(NAMES, tmp_path / "a.csv")[1].diagnostics == ()


@pytest.mark.parametrize("read", [ReadOptions(delimiter="||"), ReadOptions(delimiter="§"), ReadOptions(quote="''")])
def test_a_delimiter_or_quote_is_one_sign(tmp_path: Path, read: ReadOptions) -> None:
    assert codes(read_text(replace(NAMES, read=read), tmp_path, TEXT_OF_ROWS)[1]) == ["SEG611"]


def test_utf_16_without_the_option_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT_OF_ROWS.encode("utf-16"))
    _, facts = read_files(NAMES, tmp_path / "a.csv")
    assert "utf-16" in facts.diagnostics[0].help


def test_a_byte_that_the_given_encoding_lacks_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,name\n1,a\n2,b\x81\n")
    declared = replace(NAMES, read=ReadOptions(encoding="cp1252"))
    _, facts = read_files(declared, tmp_path / "a.csv")
    assert "byte 0x81 on line 3" in facts.diagnostics[0].message


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
@pytest.mark.parametrize("said", ["utf-16", "utf-32"])
@pytest.mark.parametrize("written", ["cp1252", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_where_the_said_encoding_fails_the_mend_names_one_that_works(
    tmp_path: Path, name: str, said: str, written: str
) -> None:
    rows = [{"id": 1, "name": "Café"}, {"id": 2, "name": "Ödön"}]
    lines = ["id,name", "1,Café", "2,Ödön"] if name == "a.csv" else [json.dumps(r, ensure_ascii=False) for r in rows]
    (tmp_path / name).write_bytes("\n".join(lines).encode(written))
    _, facts = read_files(replace(NAMES, read=ReadOptions(encoding=said)), tmp_path / name)
    assert codes(facts)[0] == "SEG611"
    assert f'`read {{ encoding: "{written}" }}`' in facts.diagnostics[0].help
    table, mended = read_files(replace(NAMES, read=ReadOptions(encoding=written)), tmp_path / name)
    assert (table.to_pylist(), mended.diagnostics) == (rows, ())


@pytest.mark.parametrize("said", [None, "cp1252"])
@pytest.mark.parametrize("written", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16"])
def test_wide_text_is_recognised_by_its_zeros(tmp_path: Path, said: str | None, written: str) -> None:
    (tmp_path / "a.csv").write_bytes("id,name\n1,a\n2,b\n".encode(written))
    _, facts = read_files(replace(NAMES, read=ReadOptions(encoding=said)), tmp_path / "a.csv")
    assert codes(facts) == ["SEG611"]
    assert facts.diagnostics[0].help == f'say the encoding: `read {{ encoding: "{written}" }}`'


@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz"])
def test_a_wrong_byte_is_told_where_the_packed_rest_is_cut_off(tmp_path: Path, name: str) -> None:
    noise = os.urandom(3 << 20).hex().encode()
    packed = gzip.compress(b"id,name,caf\xe9\n" + noise)
    (tmp_path / name).write_bytes(packed[: len(packed) // 2])
    _, facts = read_files(NAMES, tmp_path / name)
    assert codes(facts)[0] == "SEG611"
    assert "byte 0xE9 on line 1" in facts.diagnostics[0].message


def test_a_file_cut_off_within_a_sign_is_not_said_to_be_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT_OF_ROWS.encode("utf-16")[:-1])
    _, facts = read_files(replace(NAMES, read=ReadOptions(encoding="utf-16")), tmp_path / "a.csv")
    assert codes(facts) == ["SEG611"]
    assert facts.diagnostics[0].help == "the file is broken there or cut off: export it again"


@pytest.mark.parametrize("encoding", ["nonsense", "base64", "rot13", "idna", "punycode", "undefined", "utf\0-8"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    declared = replace(NAMES, read=ReadOptions(encoding=encoding))
    assert codes(read_text(declared, tmp_path, TEXT_OF_ROWS)[1]) == ["SEG611"]


def test_dates_said_to_be_written_by_no_pattern_are_refused(tmp_path: Path) -> None:
    declared = source_of(column("d", DATE.or_missing()), read=ReadOptions(dates="day first"))
    assert codes(read_text(declared, tmp_path, "d\n\n")[1])[0] == "SEG611"


TABLE = pa.table({"name": [r["name"] for r in ROWS], "id": [1, 2], "more": [0.5, 1.5]})


def test_parquet_and_ipc_hold_the_same_rows(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet")
    feather.write_feather(TABLE, tmp_path / "a.feather")
    (tmp_path / "a.arrows").write_bytes(stream_bytes(TABLE))
    with pa.ipc.new_file(str(tmp_path / "a.arrow"), TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=1)
    for name in ("a.parquet", "a.feather", "a.arrows", "a.arrow"):
        table, facts = read_files(NAMES, tmp_path / name)
        assert (table.to_pylist(), facts.diagnostics) == (ROWS, ()), name


def test_several_files_are_read_in_the_order_given_and_each_must_have_the_columns(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("id,title\n3,c\n")
    table, facts = read_files(NAMES, tmp_path / "a.parquet", tmp_path / "b.csv")
    assert table["id"].to_pylist() == [1, 2, 3]
    assert codes(facts) == ["SEG601"]
    assert "`b.csv` has no column `name`" in facts.diagnostics[0].message


def test_json_lines_keep_exact_numbers_and_lists(tmp_path: Path) -> None:
    declared = source_of(
        column("id", INT, is_key=True),
        column("amount", money("USD").or_missing()),
        column("tools", list_of(CATEGORY)),
        column("d", DATE.or_missing()),
        column("n", NUMBER.or_missing()),
    )
    lines = [
        '{"id": 1, "amount": 0.00000250000000000000000001, "tools": ["java", " php "], "d": "2024-01-31", "n": NaN}',
        '{"id": "2", "amount": "12.50", "extra": {"x": 1}, "n": 1e3}',
        "",
        '{"tools": "java", "id": 3, "amount": null, "n": null}',
    ]
    table, facts = read_text(declared, tmp_path, "\n".join(lines), "a.jsonl")
    assert facts.diagnostics == ()
    assert table["amount"].to_pylist() == [3, 12_500_000, None]
    assert table["tools"].to_pylist() == [["java", "php"], [], ["java"]]
    assert table["n"].to_pylist() == [None, 1000.0, None]
    assert facts.not_a_number == {"n": 1}


def test_broken_json_lines_are_told_by_number(tmp_path: Path) -> None:
    text = '{"id": 1, "name": "a"}\n{"id": 2,\n[1]\n"x"\n{"id": "y", "name": "b"}\n'
    _table, facts = read_text(NAMES, tmp_path, text, "a.ndjson")
    assert codes(facts) == ["SEG611", "SEG602"]
    assert facts.diagnostics[0].rows[0].rows == (2, 3, 4)
    assert facts.diagnostics[1].rows[0].rows == (5,)


def test_json_lines_with_half_a_character_are_told_by_number(tmp_path: Path) -> None:
    halves = [
        r'"name": "ab\ud83d"',
        r'"name": ["\uDE00"]',
        r'"name": "a", "\ud800": 1',
        r'"name": "a", "x": {"y": "\ud800"}',
    ]
    lines = [r'{"id": 0, "name": "\ud83d\ude00"}', *(f'{{"id": {n}, {half}}}' for n, half in enumerate(halves, 1))]
    table, facts = read_text(NAMES, tmp_path, "\n".join(lines), "a.jsonl")
    assert (table.to_pylist(), codes(facts)) == ([{"id": 0, "name": "😀"}], ["SEG611"])
    assert facts.diagnostics[0].rows[0].rows == (2, 3, 4, 5)
    assert r"half a character, `\ud83d`" in facts.diagnostics[0].rows[0].values[0]


def test_a_field_that_no_json_line_has_is_a_missing_column(tmp_path: Path) -> None:
    assert codes(read_text(NAMES, tmp_path, '{"id": 1}\n{"id": 2}\n', "a.jsonl")[1]) == ["SEG601"]


def test_a_field_that_only_a_late_line_has_is_found(tmp_path: Path) -> None:
    text = "".join(json.dumps({"id": n}) + "\n" for n in range(70_000)) + '{"id": -1, "name": "x"}\n'
    declared = source_of(column("id", INT, is_key=True), column("name", TEXT.or_missing()))
    table, facts = read_text(declared, tmp_path, text, "a.jsonl")
    assert facts.diagnostics == ()
    assert table["name"].null_count == 70_000


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n", "no header row"),
        ("a.parquet", b"", "is empty"),
        ("a.parquet", b"not a parquet file at all", "not a whole Parquet file"),
        ("a.arrow", b"ARROW1 but not really", "not a whole Arrow IPC file"),
        ("a.arrows", b"\x01\x02", "not a whole Arrow IPC file"),
        ("a.csv.gz", b"not packed", "can't be read"),
        ("a.dat", b"x", "doesn't tell its format"),
        ("a.parquet.gz", b"x", "doesn't tell its format"),
        ("a.xlsx", b"x", "XLSX"),
    ],
)
def test_files_that_do_not_fit_their_format(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    _, facts = read_files(NAMES, tmp_path / name)
    assert len(facts.diagnostics) == 1
    assert words in facts.diagnostics[0].message


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.arrows", "a.csv.gz", "a.jsonl.gz"])
def test_a_truncated_file_is_a_finding(tmp_path: Path, name: str) -> None:
    big = pa.table({"id": list(range(5000)), "name": [f"name {n}" for n in range(5000)]})
    path = tmp_path / name
    if name == "a.parquet":
        pq.write_table(big, path)
    elif name == "a.arrows":
        path.write_bytes(stream_bytes(big))
    elif name == "a.arrow":
        with pa.ipc.new_file(str(path), big.schema) as writer:
            writer.write_table(big)
    else:
        lines = [json.dumps(r) if "json" in name else f"{r['id']},{r['name']}" for r in big.to_pylist()]
        path.write_bytes(gzip.compress("\n".join(["id,name", *lines] if "csv" in name else lines).encode()))
    whole = path.read_bytes()
    for cut in (len(whole) // 2, len(whole) - 9, 12):
        path.write_bytes(whole[:cut])
        _, facts = read_files(NAMES, path)
        assert {d.code for d in facts.diagnostics} & {"SEG611", "SEG503"}, (name, cut)


def test_damaged_parquet_pages_are_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": list(range(5000)), "name": ["n"] * 5000}), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[4:400] = b"\xff" * 396
    path.write_bytes(bytes(data))
    _, facts = read_files(NAMES, path)
    assert codes(facts)[0] in ("SEG611", "SEG503")


@pytest.mark.parametrize("text", ["id,name\n", "id,name", "\ufeffid,name\r\n", "\n\nid,name\n\n"])
def test_a_header_without_rows_is_an_empty_table(tmp_path: Path, text: str) -> None:
    table, facts = read_text(NAMES, tmp_path, text)
    assert (table.num_rows, facts.diagnostics) == (0, ())
    assert table.schema.names == ["id", "name"]


def test_a_folder_or_no_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    _, facts = read_files(NAMES, tmp_path / "folder.csv", tmp_path / "none.csv")
    assert codes(facts) == ["SEG503", "SEG503"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_the_right_to_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TEXT_OF_ROWS)
    (tmp_path / "a.csv").chmod(0)
    assert codes(read_files(NAMES, tmp_path / "a.csv")[1]) == ["SEG503"]


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    from segdsl.engines.arrow.reading import DataFile, SourceScan
    from tests.engines.arrow.reading.contracts import CLOCK

    path = tmp_path / "a.csv"
    path.write_text(TEXT_OF_ROWS)
    scan = SourceScan(NAMES, [DataFile(path, "a.csv")], CLOCK)
    for _ in scan.batches():
        path.write_text(TEXT_OF_ROWS + "3,more\n")
    assert codes(scan.finish()) == ["SEG503"]


def test_reading_never_imports_the_dataset_module() -> None:
    import subprocess
    import sys

    program = (
        "import segdsl.engines.arrow.reading, sys; "
        "print([m for m in sys.modules if m.startswith(('pyarrow.dataset', 'pandas'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


PLAIN_JSON = source_of(
    column("id", INT, is_key=True),
    column("name", TEXT.or_missing()),
    column("amount", money("USD").or_missing()),
    column("n", NUMBER.or_missing()),
    column("tools", list_of(TEXT)),
    column("ok", BOOL.or_missing()),
)
json_rows = st.fixed_dictionaries(
    {
        "name": st.none() | st.text(max_size=5),
        "amount": st.none() | st.decimals(-(10**9), 10**9, places=8),
        "n": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "tools": st.lists(st.sampled_from(["java", "php"]), max_size=3),
        "ok": st.none() | st.booleans(),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(json_rows, min_size=1, max_size=5), st.booleans())
def test_json_lines_read_alike_whether_plain_or_not(
    tmp_path: Path, rows: list[dict[str, object]], has_odd_line: bool
) -> None:
    lines = [_json_line({"id": n, **row, "more": {"x": n}}) for n, row in enumerate(rows)]
    if has_odd_line:
        # A number in quotes: the whole block is then read line by line.
        lines.append('{"id": "-1", "tools": []}')
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    table, facts = read_files(PLAIN_JSON, tmp_path / "a.jsonl")
    found = table.to_pylist()[: len(rows)]
    assert facts.diagnostics == ()
    assert [r["amount"] for r in found] == [
        None if r["amount"] is None else round(Fraction(r["amount"]) * 10**6)  # type: ignore[arg-type]
        for r in rows
    ]
    assert [(r["n"], r["tools"], r["ok"]) for r in found] == [(r["n"], r["tools"], r["ok"]) for r in rows]
    assert [r["name"] for r in found] == [(r["name"] or "").strip() or None for r in rows]  # type: ignore[attr-defined]


def _json_line(row: dict[str, object]) -> str:
    amount = row.pop("amount")
    text = json.dumps(row, ensure_ascii=False)
    return text[:-1] + f', "amount": {"null" if amount is None else amount}' + "}"


# Text that a CSV cell can hold: no NUL, and no carriage return, which line ends of some programs swallow.
cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\x1c\x1d\x1e\x1f"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.tuples(cells, cells, st.integers(-(10**12), 10**12), st.decimals(-1e9, 1e9, places=2)), max_size=8
    ),
    sign=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_written_as_csv_is_read_back_equal(
    tmp_path: Path, rows: list[tuple[str, str, int, Decimal]], sign: str, quoting: int, end: str, encoding: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sign, quoting=quoting, lineterminator=end)
    writer.writerows([("a", "b", "n", "m"), *((a, b, n, str(m)) for a, b, n, m in rows)])
    (tmp_path / "a.csv").write_bytes(text.getvalue().encode(encoding))
    declared = source_of(
        column("a", TEXT.or_missing()),
        column("b", CATEGORY.or_missing()),
        column("n", INT),
        column("m", money("EUR")),
        read=ReadOptions(encoding=encoding),
    )
    table, facts = read_files(declared, tmp_path / "a.csv")
    assert facts.diagnostics == ()
    expected = [(a.strip() or None, b.strip() or None, n, int(m * 10**6)) for a, b, n, m in rows]
    assert [tuple(row.values()) for row in table.to_pylist()] == expected


def test_a_quote_that_is_never_closed_swallows_no_rows_in_silence(tmp_path: Path) -> None:
    declared = source_of(column("k", TEXT, is_key=True), column("s", TEXT))
    _, facts = read_text(declared, tmp_path, 'k,s\na,"open\nb,y\nc,z\n')
    assert codes(facts) == ["SEG611"]
    assert "line 2" in facts.diagnostics[0].message


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("rows", [0, 1, 100, 40_000, 100_000])
@pytest.mark.parametrize("block", [1 << 16, 16 << 20])
def test_a_quote_left_open_is_found_at_every_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, rows: int, block: int
) -> None:
    monkeypatch.setattr(delimited, "_BLOCK_BYTES", block)
    # The quote inside a cell makes the number of quotes even, those of whole cells stand around line ends.
    text = 'k,s\na,5" pipe\n' + 'b,"x\ny"\n' * rows + 'c,"open\n' + "d,z\n" * rows
    (tmp_path / name).write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    declared = source_of(column("k", TEXT), column("s", TEXT))
    _, facts = read_files(declared, tmp_path / name)
    assert codes(facts) == ["SEG611"]
    assert f"line {2 * rows + 3} " in facts.diagnostics[0].message or 4 * rows > block


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("over", range(-12, 13))
def test_a_file_about_as_long_as_a_block_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: int, end: str
) -> None:
    text = "k,s\n" + 'b,"x\ny"\n' * 20 + "c,z" + end
    monkeypatch.setattr(delimited, "_BLOCK_BYTES", len(text) - over)
    table, facts = read_text(source_of(column("k", TEXT), column("s", TEXT)), tmp_path, text)
    assert codes(facts) == []
    assert table["s"].to_pylist() == ["x\ny"] * 20 + ["z"]


@pytest.mark.parametrize("rows", [0, 10, 300_000])
def test_a_quote_left_open_in_the_header_is_found(tmp_path: Path, rows: int) -> None:
    declared = source_of(column("k", TEXT))
    _, facts = read_text(declared, tmp_path, 'k,"s\n' + "a,z\n" * rows)
    assert "a quote in it is never closed" in facts.diagnostics[0].message


@pytest.mark.parametrize("width", [200_000, 2_000_000])
def test_a_header_row_may_be_long_but_not_without_end(tmp_path: Path, width: int) -> None:
    table, facts = read_text(source_of(column("k", TEXT)), tmp_path, f"k,{'s' * width}\na,b\n")
    if width < 1 << 20:
        assert (table["k"].to_pylist(), codes(facts)) == (["a"], [])
    else:
        assert "has a header row of more than 1 MB" in facts.diagnostics[0].message


def test_an_odd_quote_inside_a_cell_is_part_of_it(tmp_path: Path) -> None:
    declared = source_of(column("k", TEXT, is_key=True), column("s", TEXT))
    table, facts = read_text(declared, tmp_path, 'k,s\na,5" pipe\nb,"x\ny"\n')
    assert table["s"].to_pylist() == ['5" pipe', "x\ny"]
    assert codes(facts) == []
