"""Proxies of hypotheses as variables of a regression."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.evidence.measures import plain_numbers
from segdsl.evidence.regression import LARGEST, Variable
from segdsl.plugin import Kind, MeasureCall, Type

_CATEGORIES = frozenset({Kind.CATEGORY, Kind.TEXT})
_NO_VARIABLES = frozenset({Kind.LIST, Kind.UNKNOWN})

# A level that fewer accounts have, or a smaller share of those that have any, is merged with others of its kind.
LEAST_IN_LEVEL = 5
LEAST_SHARE = 0.02
MOST_LEVELS = 12
RARE = "(rare values)"


@dataclass(frozen=True, slots=True)
class Proxies:
    """Variables by name, the labels of their levels (none for a number), and those that can't be taken, with why."""

    names: tuple[str, ...]
    variables: tuple[Variable, ...]
    labels: tuple[tuple[str, ...], ...]
    left_out: Mapping[str, str]
    infinite: Mapping[str, int]


def read_proxies(call: MeasureCall) -> Proxies:
    """All proxies of the call, in its order. Money, durations (in days) and dates (in days) are numbers, bools 0 or 1.

    Texts and categories have a level for each of at most 12 frequent values, and one for all others.
    """
    found: dict[str, tuple[Variable, tuple[str, ...]]] = {}
    left_out, infinite = {}, {}
    for name, array in call.proxies.items():
        made = _variable(array, call.types[name])
        if isinstance(made, str):
            left_out[name] = made
            continue
        found[name] = made
        if not made[0].levels:
            many = int(np.count_nonzero(np.isinf(made[0].values) | (np.abs(made[0].values) > LARGEST)))
            infinite.update({name: many} if many else {})
    variables, labels = tuple(one[0] for one in found.values()), tuple(one[1] for one in found.values())
    return Proxies(tuple(found), variables, labels, left_out, infinite)


def _variable(array: pa.Array, type_: Type) -> tuple[Variable, tuple[str, ...]] | str:
    if type_.kind in _NO_VARIABLES:
        return "a list"
    if type_.kind in _CATEGORIES:
        return _category(array)
    values, known = plain_numbers(array)
    return Variable(np.where(known, values, np.nan)), ()


def _category(array: pa.Array) -> tuple[Variable, tuple[str, ...]] | str:
    encoded = array.cast(pa.string()).dictionary_encode()
    counts = np.bincount(encoded.indices.drop_null().to_numpy(), minlength=len(encoded.dictionary))
    names = encoded.dictionary.to_pylist()
    least = max(LEAST_IN_LEVEL, LEAST_SHARE * counts.sum())
    frequent = sorted(
        (place for place in range(len(names)) if counts[place] >= least), key=lambda p: (-counts[p], names[p])
    )
    kept = frequent[:MOST_LEVELS]
    if not kept and len(names):
        return "all values are rare"
    levels = np.full(len(names) + 1, len(kept), np.int32)
    levels[kept] = range(len(kept))
    levels[-1] = -1
    codes = pc.fill_null(encoded.indices, len(names)).to_numpy(zero_copy_only=False)
    labels = [names[place] for place in kept] + ([RARE] if len(kept) < len(names) else [])
    return Variable(levels[codes], max(len(labels), 1)), tuple(labels)
