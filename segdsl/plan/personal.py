"""What personal data are: columns marked so, and the texts that are derived or made by plugins from them."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.model.expression import Column, Follow, LinkAggregate, TableAggregate
from segdsl.model.model import Model, OutputColumn
from segdsl.plan.traversal import External, externals
from segdsl.types import Kind, Type

# Columns and fields by source and name.
Names: TypeAlias = frozenset[tuple[str, str]]


def personal_names(model: Model) -> Names:
    """Columns marked `pii`, and the texts made from them. What is counted or compared may be shown."""
    found = {(s.name, c.name) for s in model.sources.values() for c in s.columns if c.pii}
    before = -1
    # Fields rest on enriched columns and these on fields, in any order.
    while len(found) > before:
        before = len(found)
        _add_derived(model, found)
        _add_enriched(model, found)
    return frozenset(found)


def _add_enriched(model: Model, found: set[tuple[str, str]]) -> None:
    for enrichment in model.enrichments:
        for source in (s for s in model.sources.values() if s.row_type == enrichment.source):
            for column in enrichment.columns:
                read = ((source.name if o.table == enrichment.source else o.table, o.column) for o in column.inputs)
                if not found.isdisjoint(read):
                    found.update((source.name, name) for name, type_ in column.all_columns if _is_text(type_))


def _add_derived(model: Model, found: set[tuple[str, str]]) -> None:
    for field in model.fields.values():
        if not _is_text(field.expr.type):
            continue
        for source in model.sources.values():
            if source.row_type == field.source and any(
                holds_personal(node, source.name, found) for node in externals((field.expr,))
            ):
                found.add((source.name, field.name))


def holds_personal(node: External, table: str, personal: AbstractSet[tuple[str, str]]) -> bool:
    """Whether the value of a node, on rows of a table, is personal data."""
    match node:
        case Column(name=name):
            return (table, name) in personal
        case Follow(path=path, value=value):
            return any(holds_personal(inner, path.parent, personal) for inner in externals((value,)))
        case LinkAggregate(path=path, value=value) if value is not None and _is_text(node.type):
            return any(holds_personal(inner, path.child, personal) for inner in externals((value,)))
        case TableAggregate(value=value) if value is not None and _is_text(node.type):
            # The table may be a population; a personal column of that name anywhere is enough to say nothing.
            return any(holds_personal(inner, own, personal) for inner in externals((value,)) for own, _ in personal)
        case _:
            return False


def personal_reads(model: Model) -> Diagnostics:
    """Personal texts that plugins would be shown: what they find or measure is text that others read."""
    reads = tuple(_reads(model))
    if not reads:
        return ()
    personal = personal_names(model)
    return tuple(
        _refuse_read(read, whose)
        for read, source, whose in reads
        if _is_text(read.value.type) and any(holds_personal(n, source, personal) for n in externals((read.value,)))
    )


def _reads(model: Model) -> Iterator[tuple[OutputColumn, str, str]]:
    """What plugins read, on the rows of which source, and what could quote it."""
    for scheme in model.schemes.values():
        yield from ((read, scheme.source, f"the segments of `{scheme.name}`") for read in scheme.reads)
    for evaluation in model.evaluations:
        if evaluation.fields:
            source = model.scores[evaluation.score].source
            yield from ((read, source, "measures") for read in evaluation.fields)
        for table in evaluation.tables:
            yield from ((read, table.source, "measures") for read in table.fields)


def _refuse_read(read: OutputColumn, whose: str) -> Diagnostic:
    label = () if read.value.span is None else (Label(read.value.span),)
    message = f"`{read.name}` is personal data, and {whose} could quote it"
    return Diagnostic("SEG208", message, label, help="derive from it what may be told, and name that")


def _is_text(type_: Type) -> bool:
    return type_.is_textual or type_.kind is Kind.LIST
