"""From rows to rules: the tree is grown, cut back, rounded and written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.evidence.regression_tree import Growth, Node, Split, best_splits
from segdsl.evidence.tree_pruning import Size, grow_pruned
from segdsl.plugin import FieldName, FitCall, Fitted, Refused
from segdsl_tree.columns import Column, read_columns
from segdsl_tree.learned import Learned, write_notes
from segdsl_tree.regions import UNMOVED, End, Splitting, grid_of, keeps_directions, regions, round_cuts
from segdsl_tree.rules import Rule, write_rules
from segdsl_tree.targets import Target, known_target, read_target

_FEWEST_ROWS = 20


@dataclass(frozen=True, slots=True)
class _Settings:
    """The options, converted. `first` and `without` are fields; `directions` are of those that have one."""

    target: str
    features: tuple[str, ...]
    max_depth: int
    min_share: float
    min_difference: float
    first: str | None
    without: frozenset[str]
    directions: Mapping[str, int]
    alternatives: int
    folds: int
    standard_errors: float


def fit(call: FitCall) -> Fitted:
    """Rules that tell the rows apart by the target; rows without it are left out.

    Raises Refused where there is nothing to learn from: too few rows, or the same value in all of them.
    """
    settings = _settings(call)
    whole = read_target(settings.target, call.fields[settings.target], call.types[settings.target])
    target, known = known_target(whole)
    _check_target(target)
    min_rows = max(1, ceil(round(settings.min_share * len(target.values), 9)))
    columns, left_out = _columns(call, settings, known, min_rows)
    growth = _growth(settings, columns, target, min_rows)
    features = [column.feature for column in columns]
    size = Size(settings.folds, settings.standard_errors, call.seed, keep_first=settings.first is not None)
    pruned = grow_pruned(features, target.values, growth, size)
    if settings.first is not None and pruned.tree.split is None:
        raise Refused(
            f"no split on `{settings.first}` leaves enough rows and difference on both sides",
            option="first",
            help="lower `min_share` or `min_difference`, or leave `first` out",
        )
    tree = _rounded(pruned.tree, columns, target, min_rows)
    rules = _rules(tree, columns, target)
    others = _others(pruned.tree.competing, columns, tree, settings.alternatives)
    learned = Learned(
        target,
        columns,
        pruned,
        tree,
        rules,
        others,
        left_out,
        len(whole.values) - len(target.values),
        settings.folds,
        settings.standard_errors,
        _against(columns, target, growth, pruned.tree.competing),
    )
    return Fitted("\n".join(rule.text for rule in rules), notes=write_notes(learned))


def _settings(call: FitCall) -> _Settings:
    values = call.options
    target, first = _fields(values["target"])[0], _fields(values.get("first"))
    settings = _Settings(
        target=target,
        features=tuple(dict.fromkeys(_fields(values["features"]))),
        max_depth=_number(values.get("max_depth"), 3),
        min_share=float(_number(values.get("min_share"), 0.05)),
        min_difference=float(_number(values.get("min_difference"), 0.2)),
        first=first[0] if first else None,
        without=frozenset(_fields(values.get("without"))),
        directions=call.directions if values.get("directions") != "none" else {},
        alternatives=_number(values.get("alternatives"), 3),
        folds=_number(values.get("folds"), 5),
        standard_errors=float(_number(values.get("standard_errors"), 1)),
    )
    if target in settings.features:
        raise Refused(f"`{target}` is the target and a feature", option="features", help=f"leave `{target}` out")
    for option, named in (("first", set(first)), ("without", settings.without)):
        for field in sorted(named - set(settings.features)):
            raise Refused(f"`{field}` isn't a feature", option=option, expected="one of the features")
    if settings.first in settings.without:
        raise Refused(f"`{settings.first}` must and must not come first", option="without", help="leave one out")
    return settings


def _fields(value: object) -> tuple[str, ...]:
    match value:
        case FieldName(name):
            return (name,)
        case tuple():
            return tuple(name for one in value for name in _fields(one))
        case _:
            return ()


def _number(value: Any, default: Any) -> Any:
    return default if value is None else value


def _check_target(target: Target) -> None:
    count = len(target.values)
    if count < _FEWEST_ROWS:
        found = f"`{target.name}` is known in {count:,} row{'' if count == 1 else 's'}"
        raise Refused(found, option="target", expected=f"at least {_FEWEST_ROWS} rows to learn from")
    if np.ptp(target.values) == 0:
        raise Refused(f"`{target.name}` is the same in all {count:,} rows", option="target", expected="one that varies")


def _columns(
    call: FitCall, settings: _Settings, known: np.ndarray, min_rows: int
) -> tuple[list[Column], tuple[str, ...]]:
    """The columns that can be split on, and the fields that have none since they are the same in every row."""
    keep = None if known.all() else pa.array(known)
    columns: list[Column] = []
    left_out = []
    for field in settings.features:
        array = call.fields[field] if keep is None else call.fields[field].filter(keep)
        found = list(read_columns(field, array, call.types[field], settings.directions.get(field, 0), min_rows))
        columns += found
        left_out += [] if found else [field]
    if not columns:
        raise Refused("every feature is the same in all rows", option="features", expected="one that varies")
    return columns, tuple(left_out)


def _growth(settings: _Settings, columns: Sequence[Column], target: Target, min_rows: int) -> Growth:
    if settings.first is None:
        allowed = [place for place, column in enumerate(columns) if column.field not in settings.without]
    else:
        allowed = [place for place, column in enumerate(columns) if column.field == settings.first]
    gap = settings.min_difference * float(target.values.std())
    return Growth(settings.max_depth, min_rows, gap, frozenset(allowed))


def _rounded(node: Node, columns: Sequence[Column], target: Target, min_rows: int) -> Splitting | End:
    """The tree with human cut-points; with those that move no row where others would turn a direction round."""
    rows = np.arange(len(target.values))
    tree = round_cuts(node, columns, rows, min_rows)
    if keeps_directions(tree, columns, target.values):
        return tree
    return round_cuts(node, columns, rows, min_rows, UNMOVED)


def _against(columns: Sequence[Column], target: Target, growth: Growth, ranked: Sequence[Split]) -> tuple[Split, ...]:
    """First splits that a direction forbids, though they'd be the best of their column; `ranked` are those allowed."""
    directed = [place for place, column in enumerate(columns) if column.feature.direction]
    free = [replace(columns[place].feature, direction=0) for place in directed]
    found = best_splits(free, target.values, replace(growth, first=None)) if free else []
    allowed = {split.feature: split.gain for split in ranked}
    named = (replace(split, feature=directed[split.feature]) for split in found)
    return tuple(split for split in named if split.gain > allowed.get(split.feature, 0.0))


def _rules(tree: Splitting | End, columns: Sequence[Column], target: Target) -> list[Rule]:
    """The best segment first; of equal ones that with the most rows, then in the order of the tree."""
    grid = grid_of(tree, columns)
    leaves = [(end.rows, region) for end, region in regions(tree, grid)]
    leaves.sort(key=lambda leaf: (-float(target.values[leaf[0]].mean()), -len(leaf[0])))
    return write_rules(leaves, grid)


def _others(ranked: Sequence[Split], columns: Sequence[Column], tree: Splitting | End, most: int) -> tuple[Split, ...]:
    """The best split of each field but the one that came first."""
    chosen = None if isinstance(tree, End) else columns[tree.place].field
    best: dict[str, Split] = {}
    for split in ranked:
        best.setdefault(columns[split.feature].field, split)
    return tuple(split for field, split in best.items() if field != chosen)[:most]
