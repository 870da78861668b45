"""The same work for each engine: given a prepared table and rules, a function that does it once.

A first match is an int32 array, -1 for none; overlapping rules give, by rule, the count of rows and the mean score.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Literal, TypeVar

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.reading.columnar import BATCH_ROWS
from segdsl.engines.arrow.rules import AllMatches, RuleProgram, all_matches, compile_rules, first_match
from segdsl.engines.arrow.rules.kernels import Kernels
from segdsl.engines.arrow.rules.pieces import core_count
from segdsl.model.expression import Column
from segdsl.types import Kind
from tests.benchmarks.rules import Rule, as_conditions, as_polars, as_sql
from tests.benchmarks.table import COLUMNS, SCORE

Index = npt.NDArray[np.int32]
Summary = tuple[list[int], list[float]]
Work = Callable[[], Index | Summary]
Result = TypeVar("Result")

ENGINES = ("numpy", "numba", "polars chain", "polars coalesce", "polars in memory", "duckdb")


@dataclass(frozen=True, slots=True)
class Task:
    """What is measured: `first` match or all (overlapping) rules, on so many rows in memory or from a Parquet file."""

    first: bool
    rows: int
    parquet: Path | None


def read_arrow(file: Path, rows: int) -> pa.Table:
    """The table in memory, its columns in one piece each."""
    with pa.OSFile(str(file), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    return table.slice(0, rows).combine_chunks()


def columns_of(rules: list[Rule]) -> list[str]:
    """The columns that rules name."""
    return sorted({test.column for rule in rules for group in rule for test in group})


def prepare(engine: str, task: Task, arrow: Path, rules: list[Rule]) -> Work:
    """Load what the engine works on in its own form, and compile what it compiles."""
    if engine in ("numpy", "numba"):
        return _prepare_segdsl(engine, task, arrow, rules)
    if engine == "duckdb":
        return _prepare_duckdb(task, arrow, rules)
    return _prepare_polars(engine, task, arrow, rules)


def _prepare_segdsl(engine: str, task: Task, arrow: Path, rules: list[Rule]) -> Work:
    kernels = _kernels(engine)
    program = compile_rules(as_conditions(rules))
    if task.parquet is not None:
        return _prepare_stream(task, task.parquet, rules, program, kernels)
    table = read_arrow(arrow, task.rows)
    if task.first:
        return lambda: first_match(program, _batch(table), kernels=kernels).index
    return lambda: _summary([all_matches(program, _batch(table), measure=_whole(table[SCORE]), kernels=kernels)])


def _prepare_stream(task: Task, file: Path, rules: list[Rule], program: RuleProgram, kernels: Kernels) -> Work:
    """Batches are decoded one after the other and worked on by as many threads as pay, in order."""
    names = columns_of(rules)
    coded = [name for name in names if COLUMNS[name].type.kind is Kind.CATEGORY]
    columns = names if task.first else [*names, SCORE]
    threads = core_count()
    # Numba itself takes 55 MB, so it gets smaller batches.
    rows = BATCH_ROWS if kernels.name == "numpy" else BATCH_ROWS // 2

    def tables() -> Iterator[pa.Table]:
        opened = pq.ParquetFile(file, read_dictionary=coded, pre_buffer=False, buffer_size=1 << 18)
        return map(_table, opened.iter_batches(rows, columns=columns))

    def first(table: pa.Table) -> Index:
        return first_match(program, _batch(table), kernels=kernels, threads=1).index

    def every(table: pa.Table) -> AllMatches:
        return all_matches(program, _batch(table), measure=_whole(table[SCORE]), kernels=kernels, threads=1)

    if task.first:
        return lambda: _join(_map_few(first, tables(), threads), task.rows)
    return lambda: _summary(list(_map_few(every, tables(), threads)))


def _join(parts: Iterator[Index], rows: int) -> Index:
    index = np.empty(rows, np.int32)
    done = 0
    for part in parts:
        index[done : done + len(part)] = part
        done += len(part)
    return index


def _table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])


def _map_few(work: Callable[[pa.Table], Result], tables: Iterator[pa.Table], threads: int) -> Iterator[Result]:
    """As `map`, in threads, with only a few tables in memory at a time."""
    with ThreadPoolExecutor(threads) as pool:
        running: deque[Future[Result]] = deque()
        for table in tables:
            running.append(pool.submit(work, table))
            # One table is decoded meanwhile.
            if len(running) == threads:
                yield running.popleft().result()
        yield from (future.result() for future in running)


def _kernels(engine: str) -> Kernels:
    if engine == "numba":
        from segdsl.engines.arrow.rules.numba_kernels import NUMBA

        return NUMBA
    from segdsl.engines.arrow.rules.numpy_kernels import NUMPY

    return NUMPY


def _batch(table: pa.Table) -> Batch:
    names = [name for name in table.column_names if name != SCORE]
    return Batch(table.num_rows, {Column(n, COLUMNS[n].type): _whole(table[n]) for n in names})


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _summary(found: list[AllMatches]) -> Summary:
    counts = [int(c) for c in sum(f.counts for f in found)]
    sums = [sum(of_rule) for of_rule in zip(*(f.totals.sums for f in found if f.totals), strict=True)]
    return counts, [float(s / c) if c else float("nan") for s, c in zip(sums, counts, strict=True)]


def _prepare_polars(engine: str, task: Task, arrow: Path, rules: list[Rule]) -> Work:
    """Each form in which the rules can be put, over one shared projection of the predicates.

    Chain: one `when/then` with all rules; for overlapping rules, means of filtered rows. Coalesce: the first of many
    `when/then`; means of `when/then`. In memory: the same, not on the streaming engine, which needs less memory.
    """
    mode: Literal["streaming", "in-memory"] = "in-memory" if engine == "polars in memory" else "streaming"
    if task.parquet is None:
        frame = pl.DataFrame(pl.from_arrow(read_arrow(arrow, task.rows))).rechunk().lazy()
    else:
        frame = pl.scan_parquet(task.parquet)
    predicates, conditions = as_polars(rules)
    projected = frame.with_columns(predicates)
    if task.first:
        answer = _chain(conditions) if engine == "polars chain" else _coalesce(conditions)
        query = projected.select(answer.alias("segment"))
        return lambda: query.collect(engine=mode).to_series().to_numpy()
    means = [
        pl.col(SCORE).filter(c).mean() if engine == "polars chain" else pl.when(c).then(pl.col(SCORE)).mean()
        for c in conditions
    ]
    columns = [c.sum().alias(f"count_{i}") for i, c in enumerate(conditions)]
    query = projected.select(columns + [m.alias(f"mean_{i}") for i, m in enumerate(means)])

    def collect() -> Summary:
        row = query.collect(engine=mode).row(0)
        return list(row[: len(rules)]), [float("nan") if m is None else m for m in row[len(rules) :]]

    return collect


def _chain(conditions: list[pl.Expr]) -> pl.Expr:
    first, *others = conditions
    start = pl.when(first).then(pl.lit(0, pl.Int32))
    chain = reduce(lambda c, item: c.when(item[1]).then(pl.lit(item[0], pl.Int32)), enumerate(others, 1), start)
    return chain.otherwise(pl.lit(-1, pl.Int32))


def _coalesce(conditions: list[pl.Expr]) -> pl.Expr:
    parts = [pl.when(c).then(pl.lit(i, pl.Int32)) for i, c in enumerate(conditions)]
    return pl.coalesce([*parts, pl.lit(-1, pl.Int32)])


def _prepare_duckdb(task: Task, arrow: Path, rules: list[Rule]) -> Work:
    database = duckdb.connect()
    if task.parquet is None:
        table = read_arrow(arrow, task.rows)
        database.register("given", table)
        database.execute("create table accounts as select * from given")
        database.unregister("given")
        source, row = "accounts", "rowid"
    else:
        source, row = f"read_parquet('{task.parquet}', file_row_number = true)", "file_row_number"
    conditions = as_sql(rules)
    if task.first:
        whens = " ".join(f"when {c} then {i}" for i, c in enumerate(conditions))
        # DuckDB may return rows in any order.
        query = f"select (case {whens} else -1 end)::integer as segment, {row} as place from {source}"
        return lambda: _in_order(**database.execute(query).fetchnumpy())
    counts = ", ".join(f"count(*) filter (where {c})" for c in conditions)
    means = ", ".join(f"avg({SCORE}) filter (where {c})" for c in conditions)
    query = f"select {counts}, {means} from {source}"

    def run() -> Summary:
        row = database.execute(query).fetchone()
        assert row is not None
        return list(row[: len(rules)]), [float("nan") if m is None else m for m in row[len(rules) :]]

    return run


def _in_order(segment: Index, place: npt.NDArray[np.int64]) -> Index:
    index = np.empty_like(segment)
    index[place] = segment
    return index
