"""Rewrite: work that needs one row at a time is done while the source is read, batch by batch.

A table whose every use is such work streams by and is never held: child tables are checked, followed and
aggregated in one pass. A held table keeps only the columns that later steps read.
"""

from dataclasses import replace

from segdsl.plan.steps import (
    AddTerms,
    AggregateLink,
    CheckLinks,
    Classify,
    Compute,
    Filter,
    FollowLink,
    Plan,
    Scan,
    Step,
)
from segdsl.plan.uses import Thing, gives, reads_remaining, takes


def push_to_scan(plan: Plan) -> Plan:
    """The plan with row-wise steps moved into the scans of their tables."""
    steps = plan.steps
    for scan in [step for step in steps if isinstance(step, Scan)]:
        steps = _push(steps, scan)
    return replace(plan, steps=steps)


def _push(steps: tuple[Step, ...], scan: Scan) -> tuple[Step, ...]:
    """Moves the scan as late as it may stand, with all the work on its table that can be done row by row."""
    start = steps.index(scan)
    ahead: list[Step] = []
    work: list[Step] = []
    after: list[Step] = []
    scanned = set(gives(scan))
    aggregated: set[Thing] = set()
    later: set[Thing] = set()
    for step in steps[start + 1 :]:
        taken = takes(step)
        if taken & (later | aggregated) or (taken & scanned and not _row_wise(step, scan.table)):
            after.append(step)
            later |= gives(step)
        elif taken & scanned:
            work.append(step)
            (aggregated if isinstance(step, AggregateLink) else scanned).update(gives(step))
        else:
            ahead.append(step)
    held = _is_held(scan.table, work, after)
    return (*steps[:start], *ahead, replace(scan, held=held, work=tuple(work)), *after)


def _row_wise(step: Step, table: str) -> bool:
    """Whether a step works on the rows of the table one at a time."""
    match step:
        case CheckLinks(links=links):
            return step.table == table and all(path.parent != table for path in links)
        case FollowLink(path=path) | AggregateLink(path=path):
            return step.table == table and path.parent != table
        case Filter():
            return step.table == table and not reads_remaining(step)
        case Compute() | AddTerms() | Classify():
            return step.table == table
        case _:
            return False


def _is_held(table: str, work: list[Step], after: list[Step]) -> bool:
    """Whether rows are needed after the pass: by a later step, or because a result names them."""
    passing = (CheckLinks, Compute, FollowLink, AggregateLink)
    if not all(isinstance(step, passing) for step in work):
        return True
    rows = Thing("rows", table)
    return not work or any(rows in takes(step) for step in after)
