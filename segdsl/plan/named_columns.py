"""Rewrite: only the columns that something names are read, and only those that a later step reads are kept."""

from collections.abc import Iterator

from segdsl.model.source import Source
from segdsl.plan.steps import ConvertAmounts, Derive, Plan, Scan, Stack, Step
from segdsl.plan.uses import links_of, takes
from segdsl.record import replace


def read_named_columns(plan: Plan) -> Plan:
    """The plan with columns that nothing names taken away."""
    needed: dict[str, set[str]] = {}
    steps: list[Step] = []
    for step in reversed(plan.steps):
        steps.append(_narrowed(step, needed))
        for table, column in _columns(steps[-1]):
            needed.setdefault(table, set()).add(column)
    return replace(plan, steps=tuple(reversed(steps)))


def columns_read(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The columns read from the files of each source, in declared order; also those only its contract needs."""
    return {step.table: step.columns for step in plan.steps if isinstance(step, Scan)}


def _narrowed(step: Step, needed: dict[str, set[str]]) -> Step:
    match step:
        case Scan(source=source):
            later = needed.get(step.table, set()) | set(source.key)
            now = {column for table, column in _columns(step) if table == step.table}
            kept = _declared(source, later) if step.held else ()
            return replace(step, columns=_declared(source, later | now | set(_contract(source))), kept=kept)
        case Derive(source=source) | Stack(source=source):
            return replace(step, columns=_declared(source, needed.get(step.table, set()) | set(_contract(source))))
        case _:
            return step


def _declared(source: Source, names: set[str]) -> tuple[str, ...]:
    return tuple(column.name for column in source.columns if column.name in names)


def _contract(source: Source) -> Iterator[str]:
    """What the contract itself needs: the key, and the columns of its policies."""
    yield from source.key
    if source.known_from is not None:
        yield source.known_from
    if source.policies.duplicate is not None:
        yield source.policies.duplicate.by


def _columns(step: Step) -> Iterator[tuple[str, str]]:
    """Table and name of the columns that a step may read (fields among them, which no source declares)."""
    for thing in takes(step):
        if thing.kind == "column":
            yield (thing.table, str(thing.what))
    for path in links_of((step,)):
        yield from ((path.child, name) for name in path.columns)
    if isinstance(step, ConvertAmounts):
        yield from ((step.table, column.name) for column in step.columns)
    if isinstance(step, Scan):
        for inner in step.work:
            yield from _columns(inner)
