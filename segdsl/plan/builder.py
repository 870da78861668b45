"""From a model and the values of its parameters to a plan."""

from collections import Counter
from collections.abc import Callable, Iterable

from segdsl.model.model import Model
from segdsl.plan.clock import Clock
from segdsl.plan.coded_text import code_text
from segdsl.plan.demand import Demand, Target, all_targets, gather, left_out
from segdsl.plan.evaluation_rows import with_measured_rows
from segdsl.plan.hypothesis_rows import with_rows
from segdsl.plan.items import (
    Checked,
    Converted,
    Enriched,
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
)
from segdsl.plan.making import step_of
from segdsl.plan.named_columns import read_named_columns
from segdsl.plan.needs import enriched_columns
from segdsl.plan.scan_work import push_to_scan
from segdsl.plan.shared_nodes import share_nodes
from segdsl.plan.steps import Plan
from segdsl.record import dataclass

# Rewrites keep the meaning of a plan; each can be left out.
REWRITES: tuple[Callable[[Plan], Plan], ...] = (share_nodes, push_to_scan, read_named_columns, code_text)

# The order in which kinds of ready items are taken up. Passes over child tables come late, so that one pass
# serves as many aggregates as possible; lists, which nothing but lists needs, come last.
_TURNS: tuple[type[Item], ...] = (
    Rows,
    Checked,
    Converted,
    Fielded,
    Enriched,
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


def build_plan(model: Model, clock: Clock, targets: Iterable[Target] | None = None) -> Plan:
    """The plan of a checked model for some targets, all of them if none are named.

    The model must be free of errors. Targets that can't be carried out are in `skipped`.
    """
    return rewritten(draft_plan(model, clock, targets))


def rewritten(plan: Plan) -> Plan:
    """The plan after all rewrites."""
    for rewrite in REWRITES:
        plan = rewrite(plan)
    return plan


def draft_plan(model: Model, clock: Clock, targets: Iterable[Target] | None = None) -> Plan:
    """The plan before any rewrite: every declared column read, every table held."""
    wanted = all_targets(model) if targets is None else targets
    model = with_measured_rows(with_rows(model))
    demand = gather(model, wanted)
    steps = tuple(step for group in _groups(model, demand) for step in step_of(model, group))
    skipped = (*demand.skipped, *left_out(model))
    return Plan(steps, skipped, clock.day, clock.parameter)


def _groups(model: Model, demand: Demand) -> list[list[Item]]:
    """The items in groups that are one step each, in an order in which each group finds what it needs."""
    items = list(demand.items)
    number = {item: place for place, item in enumerate(items)}
    needs = [tuple(number[need] for need in needed) for needed in demand.items.values()]
    keys = [_step_key(model, item) for item in items]
    schedule = _Schedule(items, needs, keys, dict.fromkeys(range(len(items))), set())
    groups = []
    while schedule.waiting:
        group = schedule.next_group()
        groups.append([items[place] for place in group])
        for place in group:
            del schedule.waiting[place]
        schedule.done.update(group)
    return groups


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Items by number: what each needs, which step it can share, which are still to come and which are done."""

    items: list[Item]
    needs: list[tuple[int, ...]]
    keys: list[object]
    waiting: dict[int, None]
    done: set[int]

    def next_group(self) -> list[int]:
        ready = [place for place in self.waiting if self.done.issuperset(self.needs[place])]
        kind = next(kind for kind in _TURNS if any(isinstance(self.items[place], kind) for place in ready))
        candidates = [place for place in ready if isinstance(self.items[place], kind)]
        first = self._first_pass(candidates) if kind is Linked else candidates[0]
        group = [place for place in candidates if self.keys[place] == self.keys[first]]
        if kind is Fielded:
            self._add_following_fields(group)
        return group

    def _add_following_fields(self, group: list[int]) -> None:
        """Fields of the same table that need nothing more than the fields of this step join it."""
        known = self.done.union(group)
        key = self.keys[group[0]]
        for place in self.waiting:
            if place not in known and self.keys[place] == key and known.issuperset(self.needs[place]):
                group.append(place)
                known.add(place)

    def _first_pass(self, candidates: list[int]) -> int:
        """The first aggregate of the child table of which the fewest aggregates still wait for something."""
        ready = Counter(self._child(place) for place in candidates)
        all_ = Counter(self._child(place) for place in self.waiting if isinstance(self.items[place], Linked))
        return min(candidates, key=lambda place: all_[self._child(place)] - ready[self._child(place)])

    def _child(self, place: int) -> str:
        item = self.items[place]
        assert isinstance(item, Linked)
        return item.node.path.child


def _step_key(model: Model, item: Item) -> object:
    """Ready items with the same key are one step."""
    match item:
        case Converted(table=table):
            return (Converted, table)
        case Fielded(table=table):
            return (Fielded, table)
        case Enriched(table=table, number=number, name=name) if name:
            # Columns made from the same ones are made in one call.
            return (Enriched, table, number, enriched_columns(model, item)[0].inputs)
        case Followed(table=table, node=node):
            return (Followed, table, node.path)
        case Linked(node=aggregate):
            return (Linked, aggregate.path)
        case Figured(node=figure):
            return (Figured, figure.table)
        case _:
            return item
