"""Segments as rules: each leaf of the tree, best first, with the conditions that tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segdsl.evidence.regression_tree import Rows
from segdsl.plugin import title_text
from segdsl_tree.conditions import Condition, condition
from segdsl_tree.naming import segment_names, segment_title
from segdsl_tree.regions import Grid, Region, meet


@dataclass(frozen=True, slots=True)
class Rule:
    """A segment: the rows it was learned from, all conditions of its leaf, and those that must be written."""

    name: str
    title: str
    rows: Rows
    written: tuple[str, ...]

    @property
    def text(self) -> str:
        title = f"segment {self.name} {title_text(self.title)}"
        return f"{title} when {' and '.join(self.written)}" if self.written else f"{title} otherwise"


def write_rules(leaves: Sequence[tuple[Rows, Region]], grid: Grid) -> list[Rule]:
    """The rules of leaves in the order they are given in. The last takes whatever no other takes.

    A condition that says what is not, or what may be missing, is left out where the rules before have caught all that
    it keeps away. So the order of the rules matters.
    """
    told = [_conditions(region, grid) for _, region in leaves]
    names = segment_names([tuple(conditions.values()) for conditions in told])
    rules = []
    for place, (rows, region) in enumerate(leaves):
        later = [other for _, other in leaves[place + 1 :]]
        kept = _needed(region, told[place], later) if later else ()
        title = segment_title(tuple(told[place].values())) or "All"
        rules.append(Rule(names[place], title, rows, kept))
    return rules


def _conditions(region: Region, grid: Grid) -> Mapping[int, Condition]:
    """The conditions of a leaf by column, in the order of its splits."""
    return {
        place: condition(grid.columns[place], grid.cuts.get(place, ()), taken)
        for place, taken in region.items()
        if not taken.all()
    }


def _needed(region: Region, told: Mapping[int, Condition], later: Sequence[Region]) -> tuple[str, ...]:
    """The conditions without those that keep away nothing but what earlier rules have caught."""
    kept = dict(region)
    for place, one in told.items():
        without = {other: taken for other, taken in kept.items() if other != place}
        if one.is_negative and without and not any(meet(without, other) for other in later):
            kept = without
    written = [one for place, one in told.items() if place in kept]
    return tuple(f"({one.text})" if one.is_choice and len(written) > 1 else one.text for one in written)
