"""Corporate hierarchy: who belongs to whom, from a key and a column with the parent."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_MOST_ADDED = 1 << 21
# A circle that is named shows at most this many of its accounts.
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Groups:
    """The place of each account in its group.

    Accounts have the places of their rows; owners that have no row follow after. `top` is the place of the top of
    each account's group and `level` how many owners are above it; both are -1 where `circular`: on a circle of
    parents, or below one. `names` are all places' names. `circle` is one of the circles, the places on it from the
    least name on, and `circles` their number.
    """

    names: pa.Array
    owned: Mask
    owning: Mask
    top: Places
    level: Places
    circular: Mask
    circle: tuple[int, ...]
    circles: int


def find_groups(key: pa.Array, parent: pa.Array) -> Groups:
    """The groups of accounts, from the key of each and the key or name of its parent (null or empty: none).

    An account that is its own parent is a top. Two accounts with the same parent without a row are of one group.
    Both arrays are of one type.
    """
    count = len(key)
    up, names = _parents(key, parent)
    owned = up[:count] != np.arange(count)
    owning = np.zeros(len(up), np.bool_)
    owning[up[:count][owned]] = True
    top, level = _climb(up)
    circular = up[top] != top
    circle, circles = _circles(up, names, np.unique(top[circular]))
    top, level = np.where(circular, -1, top)[:count], np.where(circular, -1, level)[:count]
    return Groups(names, owned, owning[:count], top, level, circular[:count], circle, circles)


def _parents(key: pa.Array, parent: pa.Array) -> tuple[Places, pa.Array]:
    """The place of the parent of each place, its own for a top; and the names of the places."""
    if pa.types.is_string(parent.type):
        parent = pc.if_else(pc.equal(pc.utf8_trim_whitespace(parent), ""), None, parent)
    rows = pc.index_in(parent, key, skip_nulls=True)
    outside = pc.unique(pc.filter(parent, pc.and_(pc.is_valid(parent), pc.is_null(rows))))
    beyond = pc.add(pc.index_in(parent, outside, skip_nulls=True), len(key))
    own = pa.array(np.arange(len(key), dtype=np.int32))
    up = pc.coalesce(rows, beyond, own).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.append(up, np.arange(len(key), len(key) + len(outside))), pa.concat_arrays([key, outside])


def _climb(up: Places) -> tuple[Places, Places]:
    """Where each place ends that climbs as often as there are places, and how many steps lead to its top.

    Each round doubles the steps of all places at once, so that a chain of n owners takes log2(n) rounds.
    """
    here = up.copy()
    level = (up != np.arange(len(up))).astype(np.int64)
    reach = 1
    while reach < len(up):
        further = here[here]
        if np.array_equal(further, here):
            break
        level = level + level[here]
        here, reach = further, 2 * reach
    return here, level


def _circles(up: Places, names: pa.Array, on_circles: Places) -> tuple[tuple[int, ...], int]:
    """The circle with the least name among these places, which make up whole circles; and how many circles there are.

    Each place learns the least place of its circle, again in doubling steps.
    """
    if not len(on_circles):
        return (), 0
    here = np.searchsorted(on_circles, up[on_circles])
    least = np.arange(len(on_circles))
    for _ in range(len(on_circles).bit_length()):
        least, here = np.minimum(least, least[here]), here[here]
    written = pc.take(names, pa.array(on_circles))
    start = int(on_circles[pc.index(written, pc.min(written)).as_py()])
    circle = [start]
    while (place := int(up[circle[-1]])) != start:
        circle.append(place)
    return tuple(circle), len(np.unique(least))


def describe_circles(groups: Groups) -> str:
    """One circle, `a -> b -> a`, and how many more there are."""
    circle, more = groups.circle, groups.circles - 1
    names = [str(groups.names[place]) for place in circle[:_SHOWN]]
    left_out = [f"{len(circle) - _SHOWN} more"] if len(circle) > _SHOWN else []
    return f"`{' -> '.join((*names, *left_out, names[0]))}`" + (f" and {more} more" if more else "")


def kinds(groups: Groups) -> pa.Array:
    """`subsidiary` where an account has a parent, else `parent` where it is one, else `independent`."""
    names = pa.array(["independent", "parent", "subsidiary"])
    places = np.where(groups.owned, 2, np.where(groups.owning, 1, 0))
    return pc.take(names, pa.array(places, mask=groups.circular))


def tops(groups: Groups) -> pa.Array:
    """The name of the top of each account's group."""
    return pc.take(groups.names, pa.array(groups.top, mask=groups.circular))


def levels(groups: Groups) -> pa.Array:
    return pa.array(groups.level, mask=groups.circular)


def sizes(groups: Groups) -> pa.Array:
    """How many accounts each account's group has."""
    counts = np.bincount(groups.top[~groups.circular], minlength=len(groups.names))
    return pa.array(counts[groups.top], mask=groups.circular)


def totals(groups: Groups, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The sum of the known values of each account's group, null where none is known; and where it is too large.

    Whole numbers and money are added exactly; other numbers in order of size, so that the order of rows is no matter.
    """
    members = pa.array(groups.top, mask=groups.circular)
    sums = _sums_of_words(groups, values)
    if sums is None:
        sums, members = _sums_of_any(members, values)
    narrowed, large = _narrowed(sums, values.type)
    return pc.take(narrowed, members), pc.fill_null(pc.take(large, members), False)


def _sums_of_words(groups: Groups, values: pa.Array) -> pa.Array | None:
    """The sum of each place's group, null where none is known, for numbers that fit 64 bits; None for others.

    The two halves of such numbers are added as floats, which is exact for groups of up to 2^21 accounts.
    """
    words = _words(values)
    known = values.is_valid().to_numpy(zero_copy_only=False) & ~groups.circular
    places = groups.top[known]
    counts = np.bincount(places, minlength=len(groups.names))
    if words is None or counts.max(initial=0) > _MOST_ADDED:
        return None
    words = words[known]
    low = np.bincount(places, words & 0xFFFFFFFF, len(counts)).astype(np.int64).view(np.uint64)
    high = np.bincount(places, words >> 32, len(counts)).astype(np.int64)
    sums = np.empty((len(counts), 2), np.uint64)
    shifted = high.view(np.uint64) << np.uint64(32)
    sums[:, 0] = shifted + low
    sums[:, 1] = ((high >> 32) + (sums[:, 0] < shifted)).view(np.uint64)
    found = pa.py_buffer(np.packbits(counts > 0, bitorder="little"))
    return pa.Array.from_buffers(_wide(values.type), len(counts), [found, pa.py_buffer(sums)])


def _words(values: pa.Array) -> Places | None:
    """Whole numbers, or amounts in units of their last digit, if all fit 64 bits; anything where they are missing."""
    if pa.types.is_int64(values.type):
        whole: Places = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
        return whole
    if not pa.types.is_decimal128(values.type):
        return None
    filled = pc.fill_null(values, Decimal(0))
    words = np.frombuffer(filled.buffers()[1] or b"", "<i8", 2 * len(filled), 16 * filled.offset).reshape(-1, 2)
    low: Places = words[:, 0]
    return low if np.array_equal(words[:, 1], low >> 63) else None


def _sums_of_any(members: pa.Array, values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The sums of groups that have a known value, and for each account the place of its group among them."""
    table = pa.table({"top": members, "value": values.cast(_wide(values.type))})
    if pa.types.is_floating(values.type):
        table = table.sort_by([("top", "ascending"), ("value", "ascending")])
    sums = table.group_by("top", use_threads=False).aggregate([("value", "sum")]).combine_chunks()
    places = pc.index_in(members, sums["top"].combine_chunks(), skip_nulls=True)
    return sums["value_sum"].combine_chunks(), places


def _wide(narrow: pa.DataType) -> pa.DataType:
    """The type in which values of a type are added."""
    if pa.types.is_floating(narrow):
        return pa.float64()
    return pa.decimal128(38, narrow.scale if pa.types.is_decimal(narrow) else 0)


def _narrowed(sums: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, pa.Array]:
    """Sums as the type of what was added; null, and marked, where they don't fit it."""
    if pa.types.is_floating(wanted):
        large = pc.fill_null(pc.invert(pc.is_finite(sums)), False)
        return pc.if_else(large, None, sums), large
    digits, scale = (wanted.precision, wanted.scale) if pa.types.is_decimal(wanted) else (18, 0)
    most = pa.scalar(Decimal(10**digits - 1).scaleb(-scale), sums.type)
    large = pc.fill_null(pc.greater(pc.abs(sums), most), False)
    return pc.if_else(large, None, sums).cast(wanted), large
