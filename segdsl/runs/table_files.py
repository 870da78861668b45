"""Tables as files: Parquet and CSV, the same bytes for the same table."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as arrow_parquet

from segdsl.runs.cells import cell_texts

_LINE_END = "\r\n"
_ROWS_AT_ONCE = 1 << 18
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
        for start in range(0, table.num_rows, _ROWS_AT_ONCE):
            file.write(_lines(table.slice(start, _ROWS_AT_ONCE)))


def _lines(table: pa.Table) -> pa.Buffer:
    cells = [cell_texts(column) for column in table.columns]
    if len(cells) == 1:
        # A lone empty cell would be an empty line, which readers skip.
        cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
    lines = pc.binary_join_element_wise(*cells, ",")
    ended = pc.binary_join_element_wise(lines, _LINE_END, "")
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(ended)], pa.int32()), ended), "")
    return whole[0].as_buffer()
