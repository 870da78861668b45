"""Tables as files: Parquet and CSV, the same bytes for the same table."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as arrow_parquet

from segdsl.runs.cells import LIST_SEPARATOR, cell_texts

_LINE_END = "\r\n"
_ROWS_AT_ONCE = 1 << 18
# The texts of as many rows, all as long as the longest: far below the 2 GB that offsets reach, with quotes doubled too.
_BYTES_AT_ONCE = 1 << 28
_ROWS_A_GROUP = 1 << 20


def write_parquet(table: pa.Table, path: Path) -> None:
    """Writes a table as Parquet, compressed. Raises OSError."""
    with path.open("wb") as file:
        arrow_parquet.write_table(table, file, compression="zstd", row_group_size=_ROWS_A_GROUP)


def write_csv(table: pa.Table, path: Path) -> None:
    """Writes a table as CSV: UTF-8, RFC 4180, a header line, cells as `cells` says. Raises OSError."""
    with path.open("wb") as file:
        header = cell_texts(pa.array(table.column_names, pa.string()))
        file.write((",".join(header.to_pylist()) + _LINE_END).encode())
        rows = min(_ROWS_AT_ONCE, max(1, _BYTES_AT_ONCE // max(1, sum(map(_longest, table.columns)))))
        for start in range(0, table.num_rows, rows):
            file.write(_lines(table.slice(start, rows)))


def _longest(column: pa.ChunkedArray) -> int:
    """How many bytes the longest text of a column has, at most; 0 where its cells are no texts."""
    return max((_longest_text(chunk) for chunk in column.chunks), default=0)


def _longest_text(array: pa.Array) -> int:
    if pa.types.is_dictionary(array.type):
        return _longest_text(array.dictionary)
    if pa.types.is_list(array.type):
        items = pc.max(pc.list_value_length(array)).as_py() or 0
        return items * (_longest_text(array.flatten()) + len(LIST_SEPARATOR))
    if not pa.types.is_string(array.type):
        return 0
    return pc.max(pc.binary_length(array)).as_py() or 0


def _lines(table: pa.Table) -> pa.Buffer:
    cells = [cell_texts(column) for column in table.columns]
    if len(cells) == 1:
        # A lone empty cell would be an empty line, which readers skip.
        cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
    lines = pc.binary_join_element_wise(*cells, ",")
    ended = pc.binary_join_element_wise(lines, _LINE_END, "")
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(ended)], pa.int32()), ended), "")
    return whole[0].as_buffer()
