"""What sets each segment apart from all other accounts: fields whose mean or share is another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.evidence.multiplicity import false_discovery
from segdsl.evidence.profiles import Contrasts, contrast_means, contrast_shares
from segdsl.plugin import Kind, Type
from segdsl_measures.samples import Places

_NUMBERS = frozenset(
    {Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DATE, Kind.TIMESTAMP, Kind.DURATION}
)
_VALUES = frozenset({Kind.CATEGORY, Kind.BOOL, Kind.LIST})
_LEVEL = 0.05
# Cohen's small effect (1988): what is nearer than that sets nothing apart, however many accounts show it.
_LEAST_APART = 0.2
# A value that fewer accounts have tells nothing; of a field with very many values the most frequent are compared.
_LEAST_WITH_VALUE = 5
_MOST_VALUES = 1_000


@dataclass(frozen=True, slots=True)
class Standout:
    """A field in which a segment differs from the rest: by its mean, or by the share of accounts with that `value`.

    `apart` is the standardised difference, `p` corrected over all comparisons.
    """

    segment: int
    field: str
    value: str | None
    inside: float
    outside: float
    apart: float
    p: float


@dataclass(frozen=True, slots=True)
class _Compared:
    """A field compared: contrasts by segment, and for values by segment and value."""

    field: str
    values: Sequence[str] | None
    contrasts: Contrasts


def standouts(
    columns: Mapping[str, pa.Array], types: Mapping[str, Type], places: Places, count: int
) -> tuple[Standout, ...]:
    """By segment, what is furthest apart first; of a field's values the one that is furthest apart.

    `places` are the segments of the rows, less than 0 for none. Texts aren't compared.
    """
    compared = [_compare(name, column, types[name], places, count) for name, column in columns.items()]
    there = [one for one in compared if one is not None]
    if not there:
        return ()
    raw = np.concatenate([one.contrasts.p.ravel() for one in there])
    corrected = np.full(len(raw), np.nan)
    corrected[~np.isnan(raw)] = false_discovery(raw[~np.isnan(raw)])
    ends = np.cumsum([one.contrasts.p.size for one in there])
    found: list[Standout] = []
    for one, end in zip(there, ends, strict=True):
        found += _of_field(one, corrected[end - one.contrasts.p.size : end].reshape(one.contrasts.p.shape))
    return tuple(sorted(found, key=lambda one: (one.segment, -abs(one.apart), one.p, one.field)))


def _compare(name: str, column: pa.Array, type_: Type, places: Places, count: int) -> _Compared | None:
    if type_.kind in _NUMBERS:
        values, known = plain_numbers(column)
        return _Compared(name, None, contrast_means(np.where(known, values, np.nan), places, count))
    if type_.kind not in _VALUES:
        return None
    rows, codes, values_there = _coded(column)
    kept = sorted(_frequent(rows, codes, len(values_there)).tolist(), key=lambda one: str(values_there[one]))
    if not kept:
        return None
    place_of = np.full(len(values_there), -1)
    place_of[kept] = np.arange(len(kept))
    inside = place_of[codes] >= 0
    groups = np.where(places < 0, count, places)
    cells = groups[rows[inside]] * len(kept) + place_of[codes[inside]]
    having = np.bincount(cells, minlength=(count + 1) * len(kept)).reshape(count + 1, len(kept))
    known_rows = np.bincount(groups[_known(column)], minlength=count + 1)
    return _Compared(name, [_named(values_there[one]) for one in kept], contrast_shares(having, known_rows))


def _known(column: pa.Array) -> Places:
    return np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))


def _coded(column: pa.Array) -> tuple[Places, Places, pa.Array]:
    """The rows that have a value, the codes of these values, each once a row, and the values by their codes."""
    if pa.types.is_list(column.type):
        rows, values = pc.list_parent_indices(column).to_numpy(), pc.list_flatten(column)
    else:
        rows, values = np.arange(len(column)), column
    coded = values.dictionary_encode()
    known = coded.is_valid().to_numpy(zero_copy_only=False)
    codes = coded.indices.fill_null(0).to_numpy(zero_copy_only=False)[known].astype(np.int64)
    rows, names = rows[known], coded.dictionary
    if pa.types.is_list(column.type):
        pairs = np.unique(rows * max(len(names), 1) + codes)
        rows, codes = pairs // max(len(names), 1), pairs % max(len(names), 1)
    return rows, codes, names


def _frequent(rows: Places, codes: Places, size: int) -> Places:
    counts = np.bincount(codes, minlength=size)
    often = np.flatnonzero(counts >= _LEAST_WITH_VALUE)
    if len(often) > _MOST_VALUES:
        often = np.sort(often[np.argsort(-counts[often], kind="stable")[:_MOST_VALUES]])
    return often


def _named(value: pa.Scalar) -> str:
    plain = value.as_py()
    return {True: "yes", False: "no"}[plain] if isinstance(plain, bool) else str(plain)


def _of_field(one: _Compared, corrected: Floats) -> Iterator[Standout]:
    contrasts = one.contrasts
    clear = (corrected < _LEVEL) & (np.abs(contrasts.apart) >= _LEAST_APART)
    if one.values is None:
        for segment in np.flatnonzero(clear):
            yield _standout(one, int(segment), None, corrected)
        return
    # A value is told where it is more frequent: that others are less so follows from it.
    apart = np.where(clear, contrasts.apart, 0.0)
    for segment in np.flatnonzero(apart.max(axis=1) > 0):
        yield _standout(one, int(segment), int(apart[segment].argmax()), corrected)


def _standout(one: _Compared, segment: int, value: int | None, corrected: Floats) -> Standout:
    place = segment if value is None else (segment, value)
    name = None if value is None or one.values is None else one.values[value]
    contrasts = one.contrasts
    figures = (contrasts.inside[place], contrasts.outside[place], contrasts.apart[place], corrected[place])
    return Standout(segment, one.field, name, *map(float, figures))
