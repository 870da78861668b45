"""Rewrite: work that needs one row at a time is done while the source is read, batch by batch.

A table whose every use is such work streams by and is never held: child tables are checked, followed and
aggregated in one pass. A held table keeps only the columns that later steps read.
"""

from segdsl.plan.steps import (
    AddTerms,
    AggregateLink,
    CheckLinks,
    Classify,
    Compute,
    ConvertAmounts,
    Filter,
    FollowLink,
    Plan,
    Scan,
    Step,
)
from segdsl.plan.uses import Thing, gives, reads_remaining, takes
from segdsl.record import dataclass, replace


def push_to_scan(plan: Plan) -> Plan:
    """The plan with row-wise steps moved into the scans of their tables."""
    uses = [_Use(step, takes(step), gives(step)) for step in plan.steps]
    for scan in [use for use in uses if isinstance(use.step, Scan)]:
        uses = _push(uses, scan, scan.step)
    return replace(plan, steps=tuple(use.step for use in uses))


@dataclass(frozen=True, slots=True)
class _Use:
    """A step with what it takes from other steps and gives to them."""

    step: Step
    takes: frozenset[Thing]
    gives: frozenset[Thing]


def _push(uses: list[_Use], scan: _Use, step: Step) -> list[_Use]:
    """Moves the scan as late as it may stand, with all the work on its table that can be done row by row."""
    assert isinstance(step, Scan)
    start = uses.index(scan)
    ahead: list[_Use] = []
    work: list[_Use] = []
    after: list[_Use] = []
    scanned = set(scan.gives)
    aggregated: set[Thing] = set()
    later: set[Thing] = set()
    for use in uses[start + 1 :]:
        mine = not use.takes.isdisjoint(scanned)
        waits = not (use.takes.isdisjoint(later) and use.takes.isdisjoint(aggregated))
        if waits or (mine and not _row_wise(use.step, step.table)):
            after.append(use)
            if not _only_looks(use.step):
                later |= use.gives
        elif mine:
            work.append(use)
            (aggregated if isinstance(use.step, AggregateLink) else scanned).update(use.gives)
        else:
            ahead.append(use)
    held = _is_held(step.table, work, after)
    whole = replace(step, held=held, work=tuple(use.step for use in work))
    takes_all = scan.takes.union(*(use.takes for use in work))
    gives_all = scan.gives.union(*(use.gives for use in work))
    return [*uses[:start], *ahead, _Use(whole, takes_all, gives_all), *after]


def _row_wise(step: Step, table: str) -> bool:
    """Whether a step works on the rows of the table one at a time."""
    match step:
        case CheckLinks(links=links):
            return step.table == table and all(path.parent != table for path in links)
        case FollowLink(path=path) | AggregateLink(path=path):
            return step.table == table and path.parent != table
        case Filter():
            return step.table == table and not reads_remaining(step)
        case ConvertAmounts() | Compute() | AddTerms() | Classify():
            return step.table == table
        case _:
            return False


def _only_looks(step: Step) -> bool:
    """Whether a check drops no rows, so that work on the table need not wait for it."""
    return isinstance(step, CheckLinks) and not step.drop_orphans


def _is_held(table: str, work: list[_Use], after: list[_Use]) -> bool:
    """Whether rows are needed after the pass: by a later step, or because a result names them."""
    passing = (CheckLinks, ConvertAmounts, Compute, FollowLink, AggregateLink)
    if not all(isinstance(use.step, passing) for use in work):
        return True
    rows = Thing("rows", table)
    return not work or any(rows in use.takes for use in after)
