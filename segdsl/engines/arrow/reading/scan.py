"""A scan: the rows of a source's files, batch by batch, held against its contract."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Label, RowExamples
from segdsl.engines.arrow.physical import INT64
from segdsl.engines.arrow.reading.columns import read_cells
from segdsl.engines.arrow.reading.delimited import sniff_delimiter
from segdsl.engines.arrow.reading.facts import ROW_COLUMN, Places, ScanFacts
from segdsl.engines.arrow.reading.files import DataFile, changed, stamp
from segdsl.engines.arrow.reading.findings import MOST_EXAMPLES
from segdsl.engines.arrow.reading.headers import find_columns
from segdsl.engines.arrow.reading.judgement import Column, Judgement, KeptRows
from segdsl.engines.arrow.reading.moments import date_pattern
from segdsl.engines.arrow.reading.opening import open_table
from segdsl.engines.arrow.reading.raw import Misfit, RawBatch, WantedColumn, read_ahead
from segdsl.engines.arrow.reading.rule import Rule, rules_read
from segdsl.model.source import Source
from segdsl.types.column_type import repr_text


class SourceScan:
    """Reads files by a source's contract. Take `batches` once, to their end, then `finish`.

    Memory: some batches, and the keys of all rows; with `on duplicate keep ...` all rows.
    """

    def __init__(
        self,
        source: Source,
        files: Sequence[DataFile],
        clock: date,
        wanted: Collection[str] | None = None,
        coded: Collection[str] = (),
        number_rows: bool = False,
    ) -> None:
        """`coded` are text columns wanted as dictionaries; the rest is told in the package's docstring."""
        self._source = source
        self._files = tuple(files)
        self._wanted = tuple(c.name for c in source.columns) if wanted is None else tuple(wanted)
        self._number_rows = number_rows
        self._rules = rules_read(source, self._wanted, coded)
        self._judgement = Judgement(source, self._rules, clock)
        self._found: list[Diagnostic] = []
        self._starts: list[int] = []
        self._read = 0

    @property
    def schema(self) -> pa.Schema:
        """The schema of every batch."""
        arrow = {rule.contract.name: rule.arrow for rule in self._rules}
        fields = [pa.field(name, arrow[name]) for name in self._wanted]
        return pa.schema(fields + ([pa.field(ROW_COLUMN, INT64)] if self._number_rows else []))

    def batches(self) -> Iterator[pa.RecordBatch]:
        rows = self._all_rows()
        if self._source.policies.duplicate is not None:
            rows = self._one_of_each_key(rows)
        for kept in rows:
            yield self._handed_on(kept)

    def finish(self) -> ScanFacts:
        """What was found; the batches must have been taken to their end."""
        # Files of a glob often share a mistake: the same finding is told once.
        return self._judgement.facts(list(dict.fromkeys(self._found)), self._read, self._places())

    def _places(self) -> Places:
        return Places(tuple(f.shown for f in self._files), tuple(self._starts))

    def _all_rows(self) -> Iterator[KeptRows]:
        if date_pattern(self._source.read.dates) is None:
            self._found.append(_bad_pattern(self._source))
        for file in self._files:
            self._starts.append(self._read + 1)
            yield from self._file_rows(file)

    def _file_rows(self, file: DataFile) -> Iterator[KeptRows]:
        source = self._source
        before = self._read
        opened = open_table(file, source.span, source.read, frozenset(c.header for c in source.columns))
        if isinstance(opened, Diagnostic):
            self._found.append(opened)
            return
        table, seen = opened
        lookup = find_columns(source.columns, table.headers, file.shown)
        if not lookup.places and _is_undivided(source, table.headers):
            # That every column is missing, and no row fits, says the same again.
            self._found.append(_undivided(source, file, table.headers[0]))
            return
        self._found.extend(lookup.diagnostics)
        present = tuple(rule for rule in self._rules if rule.contract.name in lookup.places)
        wanted = tuple(WantedColumn(lookup.places[r.contract.name], r.contract) for r in present)
        misfits: list[Misfit] = []
        for batch in read_ahead(table.stream(wanted)):
            if isinstance(batch, Diagnostic):
                self._found.append(batch)
                break
            misfits.extend(batch.misfits)
            self._read += batch.span_rows
            if batch.length:
                yield self._judgement.judge(file.shown, _columns(present, batch), batch.row_numbers(), before)
        if misfits:
            self._found.append(_misfit_finding(source, file, misfits, self._read - before))
        if stamp(file, source.span) != seen:
            self._found.append(changed(file, source.span))

    def _one_of_each_key(self, rows: Iterator[KeptRows]) -> Iterator[KeptRows]:
        schema = pa.schema([pa.field(rule.contract.name, rule.arrow) for rule in self._rules])
        held, numbers = [], [np.zeros(0, np.int64)]
        for kept in rows:
            held.append(pa.RecordBatch.from_arrays([kept.columns[n] for n in schema.names], schema=schema))
            numbers.append(kept.rows)
        table = pa.Table.from_batches(held, schema)
        table, left = self._judgement.one_of_each_key(table, np.concatenate(numbers), self._places())
        given = 0
        for batch in table.to_batches():
            columns = {name: batch.column(name) for name in schema.names}
            yield KeptRows(columns, left[given : given + batch.num_rows])
            given += batch.num_rows

    def _handed_on(self, kept: KeptRows) -> pa.RecordBatch:
        arrays = [kept.columns[name] for name in self._wanted]
        if self._number_rows:
            arrays.append(pa.array(kept.rows))
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def read_source(
    source: Source,
    files: Sequence[DataFile],
    clock: date,
    wanted: Collection[str] | None = None,
    coded: Collection[str] = (),
    number_rows: bool = False,
) -> tuple[pa.Table, ScanFacts]:
    """The whole source as one table, in file order, with one dictionary a coded column."""
    scan = SourceScan(source, files, clock, wanted, coded, number_rows)
    table = pa.Table.from_batches(list(scan.batches()), scan.schema)
    return table.unify_dictionaries(), scan.finish()


def _columns(present: tuple[Rule, ...], batch: RawBatch) -> dict[str, Column]:
    return {
        rule.contract.name: Column(rule, read_cells(raw, rule), raw)
        for rule, raw in zip(present, batch.columns, strict=True)
    }


def _is_undivided(source: Source, headers: tuple[str, ...]) -> bool:
    """Whether the header row is one cell that another delimiter than the declared one would take apart."""
    given = source.read.delimiter
    if given is None or source.read.plugin is not None or len(headers) != 1 or not source.columns:
        return False
    found = sniff_delimiter(headers[0])
    return found != given and found in headers[0]


def _undivided(source: Source, file: DataFile, header: str) -> Diagnostic:
    given, found = repr_text(source.read.delimiter or ""), repr_text(sniff_delimiter(header))
    return Diagnostic(
        "SEG611",
        f"`{file.shown}` is not delimited by {given}: its header row is one cell, `{header[:80]}`",
        (Label(source.span),),
        expected=f"column names with {given} between them",
        help=f"say `read {{ delimiter: {found} }}`",
    )


def _misfit_finding(source: Source, file: DataFile, misfits: list[Misfit], read: int) -> Diagnostic:
    """`read` is how many data rows the file has, misfits included."""
    mend = "look for quotes or delimiters that are missing or too many, or give `read { delimiter: ... }`"
    if all(m.is_short for m in misfits) and misfits[0].row == read - len(misfits) + 1 > 1:
        mend = "take lines at the end that are no data, such as totals, out of the file, or complete their cells"
    first = [(m.row, f"{m.text[:80]} ({m.why})") for m in misfits[:MOST_EXAMPLES]]
    if any(column.pii for column in source.columns):
        # Which cell is which can't be told in such a row.
        first = [(row, "***") for row, _ in first]
    rows = RowExamples(file.shown, len(misfits), tuple(r for r, _ in first), tuple(t for _, t in first))
    return Diagnostic(
        "SEG611",
        f"`{file.shown}` has {len(misfits):,} {'row' if len(misfits) == 1 else 'rows'} that can't be taken apart",
        (Label(source.span),),
        expected="every row with as many cells as the header",
        help=mend,
        rows=(rows,),
    )


def _bad_pattern(source: Source) -> Diagnostic:
    return Diagnostic(
        "SEG611",
        f"the dates of `{source.name}` are said to be written `{source.read.dates}`, which is no pattern",
        (Label(source.span),),
        expected="a pattern of one day, month and year, such as `DD/MM/YYYY`, `M/D/YYYY` or `YYYYMMDD`",
        help="correct the pattern",
    )
