"""Reading: from the files of a source to record batches that keep its contract.

    scan = SourceScan(source, files, clock, wanted, number_rows=False)
    for batch in scan.batches(): ...          # pa.RecordBatch, columns named as in the spec, physical types
    facts = scan.finish()                     # ScanFacts: diagnostics, counts; ask only when the batches are through

`files` are DataFile(path, shown): resolved paths, already inside the project. `clock` is the date of the spec's clock.
`wanted` are the columns to hand on, in that order; None: all declared ones. What the contract itself needs (keys,
`known from`, the column of `keep last by`) is read as well. The schema of every batch is `scan.schema`; with
`number_rows` a column ROW_COLUMN (int64, 1-based over all files in order) is added for messages about links.
Batches of a source with `on duplicate keep ...` come only after all files are read: those rows must be gathered.
After an error the batches still have the schema, but hold missing values where the data is broken: look at
`has_errors(facts.diagnostics)` before using any result.

    read_source(source, files, clock, wanted, number_rows=False) -> (pa.Table, ScanFacts)
    derive_source(source, parent, parent_table) -> (pa.Table, ScanFacts)
    stack_sources(source, parents, tables) -> (pa.Table, ScanFacts)
    check_links(source, table, link, parent_keys, places) -> (LinkMatch, diagnostics)

`check_links` finds for each child row the row of its parent (`LinkMatch.parent_rows`, int64, -1 for none) and the rows
to keep under `on orphan drop` (`LinkMatch.kept`: None for all, else a mask).
"""

from segdsl.engines.arrow.reading.derivation import derive_source, stack_sources
from segdsl.engines.arrow.reading.facts import ROW_COLUMN, ScanFacts
from segdsl.engines.arrow.reading.files import DataFile
from segdsl.engines.arrow.reading.links import LinkMatch, check_links
from segdsl.engines.arrow.reading.scan import SourceScan, read_source

__all__ = [
    "ROW_COLUMN",
    "DataFile",
    "LinkMatch",
    "ScanFacts",
    "SourceScan",
    "check_links",
    "derive_source",
    "read_source",
    "stack_sources",
]
