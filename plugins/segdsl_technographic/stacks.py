"""What is told of each account from the mentions of its tools."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl_technographic.mentions import Bools, Ints, Mentions


@dataclass(frozen=True, slots=True)
class Sets:
    """A set of names for each account: `rows` rise, and so do `items`, places in `names`, within a row."""

    rows: Ints
    items: Ints
    names: tuple[str, ...]
    missing: Bools

    @property
    def sizes(self) -> Ints:
        return np.bincount(self.rows, minlength=len(self.missing)).astype(np.int64)


def used_tools(mentions: Mentions) -> Sets:
    """The tools of each account, each once."""
    rows, items = _pairs(mentions.rows, mentions.tools, len(mentions.names))
    return Sets(rows, items, mentions.names, mentions.missing)


def regroup(sets: Sets, groups: Sequence[Sequence[str]]) -> Sets:
    """The groups of each account's items; `groups` are those of each item, and are sorted in the result."""
    names = tuple(sorted({group for own in groups for group in own}, key=lambda name: (name.casefold(), name)))
    number = {name: place for place, name in enumerate(names)}
    sizes = np.array([len(own) for own in groups], np.int64)
    flat = np.array([number[group] for own in groups for group in own], np.int64)
    starts = np.cumsum(sizes) - sizes
    own_sizes = sizes[sets.items]
    rows = np.repeat(sets.rows, own_sizes)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(own_sizes) - own_sizes, own_sizes)
    rows, items = _pairs(rows, flat[np.repeat(starts[sets.items], own_sizes) + within], len(names))
    return Sets(rows, items, names, sets.missing)


def keep_items(sets: Sets, wanted: Bools) -> Sets:
    """The sets without the items that aren't wanted."""
    kept = wanted[sets.items]
    return Sets(sets.rows[kept], sets.items[kept], sets.names, sets.missing)


def as_lists(sets: Sets) -> Any:
    """A list of names for each account, null where missing."""
    offsets = np.append(0, np.cumsum(sets.sizes)).astype(np.int32)
    names = pa.array(sets.names, pa.string()).take(pa.array(sets.items))
    return pa.ListArray.from_arrays(pa.array(offsets), names, mask=pa.array(sets.missing))


def as_counts(sets: Sets) -> Any:
    """The size of each account's set, null where missing."""
    return pa.array(sets.sizes, mask=sets.missing)


def has_any(sets: Sets, wanted: Bools) -> Any:
    """Whether an account's set has a wanted item, null where missing."""
    return pa.array(_with_any(sets, wanted), mask=sets.missing)


def deployment(sets: Sets, deployments: Sequence[str]) -> Any:
    """`cloud`, `on-premises` or `mixed`, by the tools that run in one place only; null without such a tool.

    `deployments` is where each item runs; one that runs in either place tells nothing of the account.
    """
    where = np.array(deployments, object)
    in_cloud, on_premises = _with_any(sets, where == "cloud"), _with_any(sets, where == "on-premises")
    answer = np.select([in_cloud & on_premises, in_cloud, on_premises], [2, 0, 1], -1)
    words = pa.array(["cloud", "on-premises", "mixed"])
    return words.take(pa.array(answer, mask=sets.missing | (answer < 0)))


def seen_day(mentions: Mentions, wanted: npt.NDArray[np.bool_], last: bool) -> Any:
    """The first or last day that a wanted tool was seen on an account; null where none was."""
    assert mentions.days is not None and mentions.dated is not None
    kept = wanted[mentions.tools] & mentions.dated
    never = np.iinfo(np.int64).min if last else np.iinfo(np.int64).max
    days = np.full(mentions.length, never, np.int64)
    (np.maximum if last else np.minimum).at(days, mentions.rows[kept], mentions.days[kept])
    none = (days == never) | mentions.missing
    return pa.array(np.where(none, 0, days).astype(np.int32), mask=none).cast(pa.date32())


def _with_any(sets: Sets, wanted: Bools) -> Bools:
    answer = np.zeros(len(sets.missing), bool)
    answer[sets.rows[wanted[sets.items]]] = True
    return answer


def _pairs(rows: Ints, items: Ints, count: int) -> tuple[Ints, Ints]:
    """Each pair once, in rising order."""
    if not count:
        return rows[:0], items[:0]
    both = np.sort(rows * count + items)
    both = both[np.append(True, both[1:] != both[:-1])] if len(both) else both
    return both // count, both % count
