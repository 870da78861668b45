"""Reading: from the files of a source to record batches that keep its contract.

    scan = SourceScan(source, files, clock, wanted, coded, number_rows)
    for batch in scan.batches(): ...    # pa.RecordBatch: columns named as in the spec, physical types
    facts = scan.finish()               # ScanFacts: diagnostics and counts; only when the batches are through

    read_source(...the same...) -> (pa.Table, ScanFacts)
    derive_source(source, parent, parent_table, columns) -> (pa.Table, ScanFacts)
    stack_sources(source, parents, tables, clock, columns) -> (pa.Table, ScanFacts)
    check_links(source, table, link, parent_keys, places) -> (LinkMatch, diagnostics)

`files` are DataFile(path, shown): resolved paths, already inside the project. `clock` is the date of the spec's
clock. `wanted` are the columns to hand on, in that order; None: all declared ones. What the contract itself needs
(keys, `known from`, the column of `keep last by`) is read as well, and all columns read are judged. `coded` are text
columns to hand on as dictionaries. With `number_rows` a column ROW_COLUMN (int64, from 1, over all files in order) is
added, so that `check_links` can tell row numbers; it takes `facts.places` for that. `scan.schema` is the schema of
every batch. Batches keep the order of the files; dictionaries differ from batch to batch, in a table they are one.

Batches of a source with `on duplicate keep ...` come only after all files are read: those rows must be gathered.
After an error the batches still have the schema, but hold missing values where the data is broken: look at
`has_errors(facts.diagnostics)` before using any result.

`check_links` gives for each child row the row of its parent (`LinkMatch.parent_rows`, int64, -1 for none) and the rows
that stay under `on orphan drop` (`LinkMatch.kept`: a byte a row, None for all).
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
