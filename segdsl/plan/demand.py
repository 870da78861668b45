"""What the targets of a run need, all of it, each item after what it needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from segdsl.diagnostics import Span
from segdsl.model.model import EnrichedColumn, Enrichment, Model
from segdsl.plan.evaluation_rows import measured_rows
from segdsl.plan.hypothesis_rows import rows_name
from segdsl.plan.items import Blocked, Item, Listed, Populated, Ranked, Segmented
from segdsl.plan.needs import enriched_item, needs
from segdsl.plan.steps import Skipped

_MOST_NAMED = 3

KINDS = ("population", "score", "segmentation", "audience", "enrichment", "hypothesis", "evaluation")


@dataclass(frozen=True, slots=True)
class Target:
    """Something a run is asked for: its kind (one of KINDS) and its name."""

    kind: str
    name: str


@dataclass(slots=True)
class Demand:
    """Items in an order in which each can be computed, with what each needs directly; and what was left out."""

    items: dict[Item, tuple[Item, ...]] = field(default_factory=dict)
    blocked: dict[Item, Blocked] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)


def all_targets(model: Model) -> tuple[Target, ...]:
    """Everything a run gives: populations, scores, segmentations, audiences, added columns, hypotheses, evaluations."""
    added = tuple(f"{e.source}.{column.name}" for e in model.enrichments for column in e.columns)
    measured = tuple(rows.list_name for one in model.evaluations for rows in measured_rows(model, one))
    names = (model.populations, model.scores, model.schemes, model.audiences, added, model.hypotheses, measured)
    return tuple(Target(kind, name) for kind, group in zip(KINDS, names, strict=True) for name in group)


def left_out(model: Model) -> tuple[Skipped, ...]:
    """Kinds of declarations that no step carries out: one entry a kind, naming some of them."""
    known = [{one.plugin for one in (*each.measures, *each.score_measures)} for each in model.evaluations]
    unknown = [
        f"{requirement.measure} of {requirement.scheme}"
        for evaluation, measures in zip(model.evaluations, known, strict=True)
        for requirement in evaluation.requirements
        if requirement.measure not in measures
    ]
    idle = [
        ", ".join(evaluation.schemes)
        for evaluation in model.evaluations
        if not (evaluation.measures or evaluation.score_measures or evaluation.requirements)
    ]
    groups = (
        ("requirements", unknown, "no plugin that measures them is installed"),
        ("evaluations", idle, "no evaluator is installed that measures them unasked"),
    )
    return tuple(Skipped(kind, _some(names), reason, None) for kind, names, reason in groups if names)


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def gather(model: Model, targets: Iterable[Target]) -> Demand:
    """The items of the targets; a target that can't be carried out is skipped with the reason."""
    demand = Demand()
    for target in targets:
        item = _item(model, target)
        before = len(demand.items)
        blocked = _visit(model, item, demand)
        if blocked is not None:
            # What only this target needed is not computed.
            for left in list(demand.items)[before:]:
                del demand.items[left]
            demand.skipped.append(_skip(model, target, blocked))
    return demand


def _item(model: Model, target: Target) -> Item:
    match target.kind:
        case "population":
            return Populated(target.name)
        case "score":
            return Ranked(target.name)
        case "segmentation":
            return Segmented(target.name, model.schemes[target.name].source)
        case "enrichment":
            enrichment, column = _enriched(model, target)
            return enriched_item(enrichment.source, enrichment, column)
        case "hypothesis":
            return Listed(rows_name(target.name))
        case _:
            return Listed(target.name)


def _enriched(model: Model, target: Target) -> tuple[Enrichment, EnrichedColumn]:
    """The block and the column that `source.column` names."""
    found = ((e, c) for e in model.enrichments for c in e.columns if target.name == f"{e.source}.{c.name}")
    return next(found)


def _skip(model: Model, target: Target, blocked: Blocked) -> Skipped:
    return Skipped(target.kind, target.name, blocked.reason, _span(model, target))


def _span(model: Model, target: Target) -> Span:
    match target.kind:
        case "population":
            return model.populations[target.name].span
        case "score":
            return model.scores[target.name].span
        case "segmentation":
            return model.schemes[target.name].span
        case "enrichment":
            return _enriched(model, target)[1].span
        case "hypothesis":
            return model.hypotheses[target.name].span
        case "evaluation":
            return next(
                e.span for e in model.evaluations for r in measured_rows(model, e) if r.list_name == target.name
            )
        case _:
            return model.audiences[target.name].span


def _visit(model: Model, start: Item, demand: Demand) -> Blocked | None:
    """Adds an item after what it needs. Walks with its own stack: chains of fields may be long."""
    stack: list[tuple[Item, list[Item], int]] = []
    entering: Item | None = start
    while entering is not None or stack:
        if entering is not None:
            if entering in demand.blocked:
                return _block(stack, demand, demand.blocked[entering])
            if entering not in demand.items:
                assert all(entering != item for item, _, _ in stack), f"{entering} needs itself"
                required = list(dict.fromkeys(needs(model, entering)))
                reason = next((need for need in required if isinstance(need, Blocked)), None)
                items = [need for need in required if not isinstance(need, Blocked)]
                stack.append((entering, items, 0))
                if reason is not None:
                    return _block(stack, demand, reason)
            entering = None
            continue
        item, items, place = stack.pop()
        if place < len(items):
            stack.append((item, items, place + 1))
            entering = items[place]
        else:
            demand.items[item] = tuple(items)
    return None


def _block(stack: list[tuple[Item, list[Item], int]], demand: Demand, reason: Blocked) -> Blocked:
    for item, _, _ in stack:
        demand.blocked[item] = reason
    return reason
