"""Rows held against a source's contract: breaches noted, hidden and keyless rows left out, keys compared."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic, Label, RowExamples
from segdsl.engines.arrow.buffers import known_bytes
from segdsl.engines.arrow.reading.breaches import BreachLog, Tally, examples_of
from segdsl.engines.arrow.reading.cells import Cells
from segdsl.engines.arrow.reading.columns import fill_default
from segdsl.engines.arrow.reading.duplicates import duplicate_finding, keep_one
from segdsl.engines.arrow.reading.facts import Places, ScanFacts
from segdsl.engines.arrow.reading.findings import MOST_EXAMPLES, mended
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.rule import Rule
from segdsl.model.source import ColumnContract, Source


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a batch: the rule it was read by, its cells, and what they were read from, for examples."""

    rule: Rule
    cells: Cells
    raw: pa.Array


@dataclass(frozen=True, slots=True)
class KeptRows:
    """The rows of a batch that go on: all columns read, and the rows' numbers over all files."""

    columns: dict[str, pa.Array]
    rows: np.ndarray


class Judgement:
    """Everything found out about the rows of one source so far.

    Memory: the keys of all rows; only where duplicates are settled by a policy the caller gathers the rows.
    """

    def __init__(self, source: Source, rules: tuple[Rule, ...], clock: date) -> None:
        self._source = source
        self._rules = rules
        self._clock = clock
        self._log = BreachLog(source)
        self._keys: list[list[pa.Array]] = [[] for _ in source.key]
        self._key_rows: list[np.ndarray] = []
        self._keyless: dict[str, Tally] = {}
        self._missing = {rule.contract.name: 0 for rule in rules}
        self._nan = dict.fromkeys(self._missing, 0)
        self._hidden = self._dropped = 0
        self._settled: Diagnostic | None = None

    def judge(self, file: str, columns: dict[str, Column], rows: np.ndarray, before: int) -> KeptRows:
        """A batch without rows that are hidden or have no key, all breaches noted, defaults filled in.

        `rows` are the rows' numbers in their file, `before` how many rows the files before it have.
        """
        kept = {name: self._judged(file, column, rows) for name, column in columns.items()}
        for rule in self._rules:
            if rule.contract.from_row_number:
                kept[rule.contract.name] = pa.array(rows + before)
            elif rule.contract.name not in kept:
                kept[rule.contract.name] = pa.nulls(len(rows), rule.arrow)
        self._note_keyless(file, columns, rows)
        remaining = self._without_hidden(KeptRows(kept, rows + before))
        self._note_keys(remaining)
        return remaining

    def one_of_each_key(self, table: pa.Table, rows: np.ndarray, places: Places) -> tuple[pa.Table, np.ndarray]:
        """The gathered rows after the policy for duplicates, and their numbers."""
        table, rows, self._settled = keep_one(self._source, table, rows, places)
        if self._settled is not None:
            self._dropped += self._settled.rows[0].count
        return table, rows

    def facts(self, found: list[Diagnostic], rows_read: int, places: Places) -> ScanFacts:
        """Findings and counts, after those `found` elsewhere."""
        last = [self._settled, self._duplicate_finding(places)]
        findings = [*found, *self._log.diagnostics(), *self._key_findings(), *(d for d in last if d is not None)]
        return ScanFacts(
            diagnostics=tuple(findings),
            rows_read=rows_read,
            rows_hidden=self._hidden,
            rows_dropped=self._dropped,
            missing=self._missing,
            not_a_number={name: count for name, count in self._nan.items() if count},
            places=places,
        )

    def _judged(self, file: str, column: Column, rows: np.ndarray) -> pa.Array:
        rule, cells = column.rule, column.cells
        contract, array = rule.contract, cells.array
        if cells.flaws is not None:
            self._nan[contract.name] += int((cells.flaws == Flaw.NAN).sum())
            self._log.add_flaws(file, contract, cells.flaws, column.raw, rows, cells.mismatch or "")
        if not array.null_count:
            return array
        self._missing[contract.name] += array.null_count
        if rule.default is not None:
            # The default is in the column's own currency: amounts that are yet to be converted wait for it.
            return array if contract.conversion is not None else fill_default(array, rule)
        if not rule.type.optional and contract.name not in self._source.key:
            self._log.add_missing(file, contract, self._is_breach(cells, contract), rows)
        return array

    def _is_breach(self, cells: Cells, contract: ColumnContract) -> np.ndarray:
        """Where a required value is missing; a flawed one only if a policy made it missing."""
        missing = ~known_bytes(cells.array)
        if cells.flaws is None:
            return missing
        tolerated = np.zeros(len(missing), np.bool_)
        if self._source.policies.broken_as_missing:
            tolerated = cells.flaws > Flaw.NAN
        elif contract.other_as_missing:
            tolerated = cells.flaws == Flaw.OUTSIDE
        return missing & ((cells.flaws <= Flaw.NAN) | tolerated)

    def _without_hidden(self, kept: KeptRows) -> KeptRows:
        source = self._source
        going = np.ones(len(kept.rows), np.bool_)
        if source.known_from is not None:
            going = ~_is_later(kept.columns[source.known_from], self._clock)
            self._hidden += len(going) - int(going.sum())
        keyed = np.ones(len(kept.rows), np.bool_)
        for name in source.key:
            keyed &= known_bytes(kept.columns[name])
        if source.policies.drop_missing_key:
            self._dropped += int((going & ~keyed).sum())
        going &= keyed
        if going.all():
            return kept
        mask = pa.array(going)
        return KeptRows({name: array.filter(mask) for name, array in kept.columns.items()}, kept.rows[going])

    def _note_keyless(self, file: str, columns: dict[str, Column], rows: np.ndarray) -> None:
        """Notes rows without a key, hidden or not; a key of the wrong type has been told already."""
        keyless = np.zeros(len(rows), np.bool_)
        for name in self._source.key:
            if name in columns and columns[name].cells.array.null_count and columns[name].rule.default is None:
                keyless |= self._is_breach(columns[name].cells, columns[name].rule.contract)
        at = np.flatnonzero(keyless)
        if len(at):
            tally = self._keyless.setdefault(file, Tally())
            tally.add(len(at), ((int(rows[i]), "") for i in at[:MOST_EXAMPLES]))

    def _note_keys(self, kept: KeptRows) -> None:
        minted = any(r.contract.from_row_number and r.contract.name in self._source.key for r in self._rules)
        if minted or not self._source.key or self._source.policies.duplicate is not None:
            return
        for held, name in zip(self._keys, self._source.key, strict=True):
            held.append(kept.columns[name])
        self._key_rows.append(kept.rows)

    def _duplicate_finding(self, places: Places) -> Diagnostic | None:
        if not self._key_rows:
            return None
        columns = [pa.chunked_array(held) for held in self._keys]
        return duplicate_finding(self._source, columns, np.concatenate(self._key_rows), places)

    def _key_findings(self) -> list[Diagnostic]:
        return [keyless_finding(self._source, examples_of(self._keyless))] if self._keyless else []


def keyless_finding(source: Source, rows: tuple[RowExamples, ...]) -> Diagnostic:
    """The finding about rows without a key: an error, or what the policy did."""
    if source.policies.drop_missing_key:
        return mended(source.span, "row| without a key", "dropped", rows)
    total = sum(r.count for r in rows)
    return Diagnostic(
        "SEG607",
        f"{total:,} {'row' if total == 1 else 'rows'} of `{source.name}` without a key",
        tuple(Label(c.span) for c in source.columns if c.is_key) or (Label(source.span),),
        expected="a key in every row",
        help="say `on missing key drop` if such rows don't matter",
        rows=rows,
    )


def _is_later(column: pa.Array, clock: date) -> np.ndarray:
    """Where a date is after the clock, or a timestamp after the clock's day; a missing one isn't."""
    if pa.types.is_timestamp(column.type):
        midnight = datetime.combine(clock + timedelta(days=1), time(), UTC)
        later = pc.greater_equal(column, pa.scalar(midnight, column.type))
    else:
        later = pc.greater(column, pa.scalar(clock, column.type))
    return np.asarray(later.fill_null(False).to_numpy(zero_copy_only=False))
