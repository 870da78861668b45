"""What was learned, in a clause each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from segdsl.evidence.regression_tree import Split, leaf_places
from segdsl.evidence.tree_pruning import Pruned
from segdsl.plugin import Kind
from segdsl_tree.columns import Column, Measure, YesNo
from segdsl_tree.conditions import written_cut
from segdsl_tree.cut_points import choose_cut
from segdsl_tree.regions import End, Splitting, splittings
from segdsl_tree.rules import Rule
from segdsl_tree.targets import Target


@dataclass(frozen=True, slots=True)
class Learned:
    """A tree as it was learned and as it is written. `target` has the rows that it was learned from, none missing.

    `against` are the first splits that a direction forbids.
    """

    target: Target
    columns: Sequence[Column]
    pruned: Pruned
    tree: Splitting | End
    rules: Sequence[Rule]
    others: Sequence[Split]
    left_out: Sequence[str]
    rows_left_out: int
    folds: int
    standard_errors: float
    against: Sequence[Split]


def write_notes(learned: Learned) -> tuple[str, ...]:
    return tuple(_notes(learned))


def _notes(learned: Learned) -> Iterator[str]:
    target = learned.target
    rows = f"learned from {len(target.values):,} rows"
    yield rows + (f"; {learned.rows_left_out:,} without `{target.name}` left out" if learned.rows_left_out else "")
    if target.type.kind is Kind.CATEGORY and target.type.values is not None:
        best, last = target.type.values[0], target.type.values[-1]
        yield f"`{target.name}` counts as a number, from {len(target.type.values)} for {best} down to 1 for {last}"
    if learned.left_out:
        yield f"the same in every row, so left out: {', '.join(f'`{field}`' for field in learned.left_out)}"
    yield from _directions(learned)
    if isinstance(learned.tree, End):
        yield f"no split explains `{target.name}` in rows not learned from, so there is one segment"
    else:
        yield from _fit(learned)
    yield from _others(learned)
    for rule in learned.rules:
        mean = target.shown(float(target.values[rule.rows].mean()))
        yield f"{rule.name}: {len(rule.rows):,} rows ({_share(rule.rows, target)}), mean {mean}"


def _directions(learned: Learned) -> Iterator[str]:
    """How the target goes with the fields that hypotheses give a direction, and what that forbids."""
    ways = {column.field: column.feature.direction for column in learned.columns if column.feature.direction}
    if ways:
        told = " and ".join(f"{'rises' if way > 0 else 'falls'} with `{field}`" for field, way in ways.items())
        yield f"as hypotheses expect, `{learned.target.name}` only {told}"
    if learned.against:
        yield f"first splits that go against a hypothesis, so not tried: {_listed(learned.against, learned)}"


def _fit(learned: Learned) -> Iterator[str]:
    explained = _explained(learned.target, [rule.rows for rule in learned.rules])
    told = f"explains {explained:.0%} of the variance of `{learned.target.name}`"
    if learned.pruned.explained_out is not None:
        told += f", {max(learned.pruned.explained_out, 0.0):.0%} in rows not learned from ({learned.folds} folds)"
    yield told
    if learned.pruned.grown_leaves > len(learned.rules):
        yield (
            f"cut back from {learned.pruned.grown_leaves} segments to {len(learned.rules)}: "
            f"the fewest {_within(learned.standard_errors)} the least error in cross-validation"
        )
    for split in splittings(learned.tree):
        yield f"split of {len(split.rows):,} rows {_said(split, learned)}"
    moved = _moved(learned)
    yield f"round cut-points moved {_percent(moved)} of the rows" if moved else "round cut-points moved no row"


def _said(split: Splitting, learned: Learned) -> str:
    column, values = learned.columns[split.place], learned.target.values
    if isinstance(column, Measure):
        at = " known or not" if split.cut is None else f" at {written_cut(column, split.cut)}"
    else:
        at = ""
    counts = [int((~split.high).sum()), int(split.high.sum())]
    means = [float(values[split.rows[side]].mean()) for side in (~split.high, split.high)]
    gain = counts[0] * counts[1] / sum(counts) * (means[1] - means[0]) ** 2 / (len(values) * values.var())
    low, high = (learned.target.shown(mean) for mean in means)
    return f"on {_label(column)}{at}: mean {low} against {high}, {gain:.1%} of the variance"


def _label(column: Column) -> str:
    with_member = f" with {column.member}" if isinstance(column, YesNo) and column.member is not None else ""
    return f"`{column.field}`{with_member}"


def _others(learned: Learned) -> Iterator[str]:
    """The best first splits on other fields, with what they would tell."""
    if learned.others:
        what = "first splits that were tried" if isinstance(learned.tree, End) else "other first splits"
        yield f"{what}: {_listed(learned.others, learned)}"


def _listed(splits: Sequence[Split], learned: Learned) -> str:
    values = learned.target.values
    whole = float(np.square(values - values.mean()).sum())
    told = (f"{_other(split, learned)} ({split.gain / whole:.1%})" for split in splits)
    return f"{', '.join(told)} of the variance"


def _other(split: Split, learned: Learned) -> str:
    column = learned.columns[split.feature]
    known = split.to_high[:-1]
    if not isinstance(column, Measure) or known.all() or not known.any():
        return _label(column)
    edge = float(column.edges[int(np.argmax(known)) - 1])
    cut = choose_cut(column.values[~np.isnan(column.values)], edge, column.type)
    return f"{_label(column)} at {written_cut(column, cut)}"


def _explained(target: Target, parts: Sequence[np.ndarray]) -> float:
    values = target.values
    left = sum(float(np.square(values[part] - values[part].mean()).sum()) for part in parts)
    return 1 - left / float(np.square(values - values.mean()).sum())


def _moved(learned: Learned) -> float:
    """The share of rows that are in another segment than the tree that was learned has them in."""
    every = np.arange(len(learned.target.values))
    wanted = leaf_places(learned.pruned.tree, [column.feature for column in learned.columns], every)
    written = np.empty(len(every), np.intp)
    for place, end in enumerate(learned.tree.ends):
        written[end.rows] = place
    return float((wanted != written).mean())


def _share(rows: np.ndarray, target: Target) -> str:
    return _percent(len(rows) / len(target.values))


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else "under 0.1%"


def _within(errors: float) -> str:
    return "with" if errors == 0 else f"within {errors:g} standard error{'' if errors == 1 else 's'} of"
