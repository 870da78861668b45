"""From a model and the values of its parameters to a plan."""

from collections.abc import Callable, Iterable

from segdsl.model.model import Model
from segdsl.plan.bind import Bindings, bind
from segdsl.plan.coded_text import code_text
from segdsl.plan.demand import Demand, Target, all_targets, gather
from segdsl.plan.items import (
    Checked,
    Fielded,
    Figured,
    Followed,
    Item,
    Linked,
    Listed,
    Meant,
    Populated,
    Ranked,
    Rows,
    Scored,
    Segmented,
    table_of,
)
from segdsl.plan.making import step_of
from segdsl.plan.named_columns import read_named_columns
from segdsl.plan.scan_work import push_to_scan
from segdsl.plan.shared_nodes import share_nodes
from segdsl.plan.steps import Plan, Step

# Rewrites keep the meaning of a plan; each can be left out.
REWRITES: tuple[Callable[[Plan], Plan], ...] = (share_nodes, push_to_scan, read_named_columns, code_text)

# The order in which kinds of ready items are taken up. Passes over child tables come late, so that one pass
# serves as many aggregates as possible; lists, which nothing but lists needs, come last.
_TURNS: tuple[type[Item], ...] = (
    Rows,
    Checked,
    Fielded,
    Followed,
    Figured,
    Populated,
    Scored,
    Ranked,
    Segmented,
    Meant,
    Linked,
    Listed,
)


def build_plan(model: Model, bindings: Bindings, targets: Iterable[Target] | None = None) -> Plan:
    """The plan of a checked model for some targets, all of them if none are named.

    The model must be free of errors. Targets that can't be carried out are in `skipped`.
    """
    plan = draft_plan(model, bindings, targets)
    for rewrite in REWRITES:
        plan = rewrite(plan)
    return plan


def draft_plan(model: Model, bindings: Bindings, targets: Iterable[Target] | None = None) -> Plan:
    """The plan before any rewrite: every declared column read, every table held."""
    bound = bind(model, bindings)
    demand = gather(bound, all_targets(bound) if targets is None else targets)
    steps = tuple(step for group in _groups(demand) for step in step_of(bound, group))
    return Plan(steps, tuple(demand.skipped), bindings.clock, bindings.clock_from)


def _groups(demand: Demand) -> list[list[Item]]:
    """The items in groups that are one step each, in an order in which each group finds what it needs."""
    waiting = dict(demand.items)
    done: set[Item] = set()
    groups: list[list[Item]] = []
    while waiting:
        group = _next_group(waiting, done)
        groups.append(group)
        for item in group:
            del waiting[item]
            done.add(item)
    return groups


def _next_group(waiting: dict[Item, tuple[Item, ...]], done: set[Item]) -> list[Item]:
    ready = [item for item, needed in waiting.items() if all(n in done for n in needed)]
    kind = next(kind for kind in _TURNS if any(isinstance(item, kind) for item in ready))
    candidates = [item for item in ready if isinstance(item, kind)]
    if kind is Linked:
        return _pass(candidates, waiting)
    first = candidates[0]
    group = [item for item in candidates if _step_key(item) == _step_key(first)]
    if kind is Fielded:
        _add_following_fields(group, waiting, done)
    return group


def _add_following_fields(group: list[Item], waiting: dict[Item, tuple[Item, ...]], done: set[Item]) -> None:
    """Fields of the same table that need nothing more than the fields of this step join it."""
    known = done | set(group)
    key = _step_key(group[0])
    for item, needed in waiting.items():
        if item not in known and _step_key(item) == key and all(n in known for n in needed):
            group.append(item)
            known.add(item)


def _pass(candidates: list[Item], waiting: dict[Item, tuple[Item, ...]]) -> list[Item]:
    """The aggregates over one link. Child tables for which none is still waiting for something go first."""

    def child(item: Item) -> str:
        assert isinstance(item, Linked)
        return item.node.path.child

    def unready(table: str) -> int:
        return sum(1 for item in waiting if isinstance(item, Linked) and child(item) == table) - sum(
            1 for item in candidates if child(item) == table
        )

    first = min(candidates, key=lambda item: unready(child(item)))
    return [item for item in candidates if _step_key(item) == _step_key(first)]


def _step_key(item: Item) -> object:
    """Ready items with the same key are one step."""
    match item:
        case Fielded(table=table):
            return (Fielded, table)
        case Followed(table=table, node=node):
            return (Followed, table, node.path)
        case Linked(node=aggregate):
            return (Linked, aggregate.path)
        case Figured(node=figure):
            return (Figured, figure.table)
        case _:
            return item


