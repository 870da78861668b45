"""Amounts in several currencies brought to one, by the latest rate on or before a date."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic, Diagnostics, RowExamples
from segdsl.engines.arrow.aggregation.columns import Mask, as_ints, plain_text, valid_mask
from segdsl.engines.arrow.execution.kernel import Absorb
from segdsl.engines.arrow.execution.state import ROW_SLOT, Chunk, Slot, State, column_slot
from segdsl.engines.arrow.physical import INT64, display_array
from segdsl.engines.arrow.rates import Rates, convert, days_of, make_rates
from segdsl.engines.arrow.reading import ROW_COLUMN
from segdsl.engines.arrow.reading.breaches import shown
from segdsl.engines.arrow.reading.cells import Cells, with_flaw
from segdsl.engines.arrow.reading.columns import fill_default, within_range
from segdsl.engines.arrow.reading.facts import Places
from segdsl.engines.arrow.reading.findings import MOST_EXAMPLES, Breach, describe, describe_missing, masked
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.rule import Rule, rule_of
from segdsl.model.source import RATE_COLUMNS, CurrencyConversion, Source
from segdsl.plan.steps import ConvertAmounts

_AMOUNT, _CURRENCY, _DAY, _FLAW = "amount", "currency", "day", "flaw"


@dataclass(frozen=True, slots=True)
class Conversion:
    """How one column is converted; `broken` holds the rows where that went wrong, as they were before."""

    rule: Rule
    by: CurrencyConversion
    rates: Rates
    broken: list[pa.Table] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ConvertColumns:
    """Converts columns in place, judges their ranges, and fills in their defaults.

    An amount without a rate, one that becomes too large and one out of its range are missing and a breach.
    """

    state: State
    source: Source
    conversions: tuple[Conversion, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(column_slot(c.rule.contract.name) for c in self.conversions)

    def run(self, chunk: Chunk) -> Absorb | None:
        broken = []
        for conversion in self.conversions:
            rule = conversion.rule
            cells = _converted(chunk, conversion)
            if cells.flaws is not None:
                broken.append((conversion, _broken_rows(chunk, conversion, cells.flaws)))
            chunk.slots[column_slot(rule.contract.name)] = fill_default(cells.array, rule)

        def absorb() -> None:
            for conversion, rows in broken:
                conversion.broken.append(rows)

        return absorb

    def finish(self) -> None:
        facts = self.state.facts[self.source.name]
        for conversion in self.conversions:
            if conversion.broken:
                rows = _not_told(self.source, conversion, pa.concat_tables(conversion.broken), facts.diagnostics)
                self.state.diagnostics.extend(_findings(self.source, conversion, rows, facts.places))


def convert_amounts(state: State, step: ConvertAmounts) -> ConvertColumns:
    """The kernel of a conversion; the rates must be in memory."""
    source = state.sources[step.table]
    conversions = []
    for column in step.columns:
        assert column.conversion is not None
        slots = state.frames[column.conversion.rates].slots
        rates = make_rates(*(slots[column_slot(name)] for name in RATE_COLUMNS))
        conversions.append(Conversion(rule_of(column, source.read), column.conversion, rates))
    return ConvertColumns(state, source, tuple(conversions))


def _converted(chunk: Chunk, conversion: Conversion) -> Cells:
    """The amounts of a chunk in the currency of their column; one in that currency already needs no rate."""
    rule, by = conversion.rule, conversion.by
    amounts, currency, day = (chunk.column(n) for n in (rule.contract.name, by.currency_column, by.date_column))
    rates, found = conversion.rates.find(currency, days_of(day))
    known = valid_mask(amounts)
    own = _is_code(currency, rule.type.currency or "")
    found = (found & valid_mask(day)) | own
    values, too_large = convert(np.where(known & found, as_ints(amounts), 0), np.where(own, 1.0, rates))
    cells = Cells(pa.array(values, INT64, mask=~known))
    cells = with_flaw(cells, known & ~found, Flaw.NO_RATE)
    return within_range(with_flaw(cells, too_large, Flaw.TOO_LARGE), rule)


def _is_code(currency: pa.Array, code: str) -> Mask:
    if not isinstance(currency, pa.DictionaryArray):
        return np.asarray(pc.equal(currency, code).fill_null(False).to_numpy(zero_copy_only=False))
    codes = np.flatnonzero([value == code for value in currency.dictionary.to_pylist()])
    same: Mask = np.isin(currency.indices.fill_null(-1).to_numpy(), codes)
    return same


def _broken_rows(chunk: Chunk, conversion: Conversion, flaws: np.ndarray) -> pa.Table:
    """The broken rows as the source has them, with their flaws, and with their numbers where those are known."""
    contract, by = conversion.rule.contract, conversion.by
    rows = pa.array(np.flatnonzero(flaws))
    columns = {
        _AMOUNT: display_array(chunk.column(contract.name).take(rows), contract.type),
        _CURRENCY: plain_text(chunk.column(by.currency_column).take(rows)),
        _DAY: chunk.column(by.date_column).take(rows),
        _FLAW: pa.array(flaws).take(rows),
    }
    numbers = chunk.find(ROW_SLOT)
    if numbers is not None:
        columns[ROW_COLUMN] = numbers.take(rows)
    return pa.table(columns)


def _not_told(source: Source, conversion: Conversion, rows: pa.Table, found: Diagnostics) -> pa.Table:
    """Without the rows whose currency or date is missing where that column itself is found broken."""
    told = {label.span for finding in found if finding.is_error for label in finding.labels}
    by = conversion.by
    for name, column in ((_CURRENCY, by.currency_column), (_DAY, by.date_column)):
        contract = source.column(column)
        if contract is not None and contract.span in told:
            rows = rows.filter(pc.is_valid(rows.column(name)))
    return rows


def _findings(source: Source, conversion: Conversion, rows: pa.Table, places: Places) -> Iterator[Diagnostic]:
    """One finding a kind of breach; what a policy made missing is one more where a value is required."""
    contract, flaws = conversion.rule.contract, rows.column(_FLAW).to_numpy()
    for flaw in (Flaw(int(kind)) for kind in np.unique(flaws)):
        examples = _examples(rows.filter(pa.array(flaws == flaw)), conversion, places)
        yield describe(Breach(contract, flaw, "", examples, ()), source.policies, source.read)
    if rows.num_rows and source.policies.broken_as_missing and not contract.type.optional and contract.default is None:
        found = _examples(rows, conversion, places)
        yield describe_missing(contract, tuple(RowExamples(e.file, e.count, e.rows) for e in found))


def _examples(rows: pa.Table, conversion: Conversion, places: Places) -> tuple[RowExamples, ...]:
    """By file: all counted, the first few shown; of a source that is made of others only counted."""
    if ROW_COLUMN not in rows.column_names:
        return (RowExamples("", rows.num_rows),)
    numbers = rows.column(ROW_COLUMN).to_numpy()
    order = np.argsort(numbers, kind="stable")
    files = np.searchsorted(np.asarray(places.starts or (1,)), numbers[order], side="right") - 1
    examples = []
    for file in np.unique(files):
        mine = order[files == file]
        first = [int(row) for row in mine[:MOST_EXAMPLES]]
        name = places.files[int(file)] if places.files else ""
        located = tuple(places.locate(int(numbers[row]))[1] for row in first)
        examples.append(RowExamples(name, len(mine), located, tuple(_text(rows, row, conversion) for row in first)))
    return tuple(examples)


def _text(rows: pa.Table, row: int, conversion: Conversion) -> str:
    """An amount as the source has it: `1200 GBP on 2024-01-31`, without what is missing."""
    amount, currency, day = (rows.column(name)[row].as_py() for name in (_AMOUNT, _CURRENCY, _DAY))
    words = [shown(amount), *([currency] if currency else []), *([f"on {day:%Y-%m-%d}"] if day else [])]
    return masked(" ".join(words), conversion.rule.contract)
