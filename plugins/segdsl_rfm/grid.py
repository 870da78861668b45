"""Which segment each combination of scores belongs to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from segdsl.plugin import Refused

SCORES = range(1, 6)

# The customary grid of recency and frequency, ten segments; see docs/plugins/rfm.md for its source.
CUSTOMARY = (
    "5   4-5 * Champions",
    "3-4 4-5 * Loyal",
    "4-5 2-3 * Potential loyalists",
    "5   1   * New customers",
    "4   1   * Promising",
    "3   3   * Need attention",
    "3   1-2 * About to sleep",
    "1-2 5   * Cannot lose them",
    "1-2 3-4 * At risk",
    "1-2 1-2 * Hibernating",
)

Combination = tuple[int, int, int]

_LINE = re.compile(r"\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S.*?)\s*\Z")
_PART = re.compile(r"([1-5])(?:-([1-5]))?\Z|\*\Z")


@dataclass(frozen=True, slots=True)
class Grid:
    """The titles of the segments, and for each combination of scores of R, F and M the place of its segment there."""

    titles: tuple[str, ...]
    segments: Mapping[Combination, int]


def customary_grid(*, with_monetary: bool) -> Grid:
    """The ten customary segments.

    They go by recency and frequency; with monetary value by recency and the mean of the scores of frequency and
    monetary value, halves rounded up.
    """
    own = own_grid(CUSTOMARY)
    if not with_monetary:
        return own
    segments = {(r, f, m): own.segments[r, (f + m + 1) // 2, 1] for r, f, m in product(SCORES, repeat=3)}
    return Grid(own.titles, segments)


def own_grid(lines: Sequence[str]) -> Grid:
    """A grid from lines such as "5 4-5 * Champions", of which the first that fits counts.

    Refuses what can't be read, and combinations that no line is for.
    """
    segments: dict[Combination, int] = {}
    titles: list[str] = []
    for line in lines:
        *parts, title = _read(line)
        if title not in titles:
            titles.append(title)
        for r, f, m in product(*(_scores(line, part) for part in parts)):
            segments.setdefault((r, f, m), titles.index(title))
    left = [one for one in product(SCORES, repeat=3) if one not in segments]
    if left:
        r, f, m = left[0]
        raise Refused(
            f"no line is for the scores R {r}, F {f}, M {m}" + (f" and {len(left) - 1} more" if left[1:] else ""),
            "table",
            help='end with a line for all that is left, such as "* * * Others"',
        )
    return Grid(tuple(titles), segments)


def _read(line: str) -> tuple[str, ...]:
    found = _LINE.match(line)
    if found is None:
        raise _unreadable(line)
    return found.groups()


def _scores(line: str, part: str) -> Iterator[int]:
    """The scores that a part means: `*` all, `4` itself, `2-4` from 2 to 4."""
    found = _PART.match(part)
    if found is None:
        raise _unreadable(line)
    low, high = found.groups()
    first, last = (1, 5) if low is None else (int(low), int(high or low))
    if first > last:
        raise _unreadable(line)
    return iter(range(first, last + 1))


def _unreadable(line: str) -> Refused:
    return Refused(
        f'"{line}" isn\'t three scores and a segment',
        "table",
        expected='scores of R, F and M, each 1 to 5, a stretch such as 4-5, or *; then a title: "5 4-5 * Champions"',
    )
