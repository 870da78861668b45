"""Accounts that were put in a segment without a field missing that could have put them in another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segdsl.evidence.measures import Floats, Mask, plain_numbers
from segdsl.plugin import Kind, MeasureCall, Type
from segdsl_schemes.refitting import Places

# How likely chance alone may keep the accounts of a segment away from values, for a field to rule the segment out.
_BY_CHANCE = 0.001
_CODED = frozenset({Kind.TEXT, Kind.CATEGORY, Kind.BOOL})


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that segments are told by. `values` are numbers, or codes of categories; None for a list."""

    known: Mask
    values: Floats | None
    coded: bool


def assigned_cleanly(call: MeasureCall, places: Places) -> Mask:
    """Which accounts are in a segment without lacking a field that decides; segments are taken in their order.

    A segment needs a field if some accounts lack it, but none in the segment. An account further down that lacks it may
    belong there, unless another field rules that out: if the segment's accounts have no such value (a number as high,
    or as low), and chance alone would keep them away from it in fewer than one of 1,000 cases.
    """
    fields = [_field(array, call.types[name]) for name, array in call.told_by.items()]
    clean = places >= 0
    for segment in range(len(call.names)):
        members = places == segment
        if not members.any():
            continue
        needed = [one.known for one in fields if one.known[members].all() and not one.known.all()]
        doubtful = clean & (places > segment) & ~np.logical_and.reduce([np.ones(len(places), dtype=bool), *needed])
        if doubtful.any():
            clean &= ~(doubtful & ~_ruled_out(fields, members))
    return clean


def _field(array: pa.Array, type_: Type) -> _Field:
    known = array.is_valid().to_numpy(zero_copy_only=False)
    if type_.kind is Kind.LIST:
        return _Field(known, None, coded=False)
    if type_.kind not in _CODED:
        values, _ = plain_numbers(array)
        return _Field(known & np.isfinite(values), values, coded=False)
    codes = array.cast(pa.string()).dictionary_encode().indices.fill_null(0)
    return _Field(known, codes.to_numpy(zero_copy_only=False).astype(np.float64), coded=True)


def _ruled_out(fields: Sequence[_Field], members: Mask) -> Mask:
    """Rows with a value that keeps them out of the segment of these members."""
    found = np.zeros(len(members), dtype=bool)
    for field in fields:
        inside = members & field.known
        count = int(inside.sum())
        if field.values is None or not count:
            continue
        # Of members drawn without regard to the field none would have values that a larger share of all have.
        least = (1 - _BY_CHANCE ** (1 / count)) * field.known.sum()
        found |= field.known & _away(field, inside, least)
    return found


def _away(field: _Field, inside: Mask, least: float) -> Mask:
    """Rows with values that no member has, but more than `least` rows: of a category each value by itself, of a number
    all above, or all below, those of members.
    """
    assert field.values is not None
    if field.coded:
        codes = field.values.astype(np.intp)
        counts = np.bincount(codes[field.known])
        own = np.bincount(codes[inside], minlength=len(counts))
        return np.append((own == 0) & (counts > least), False)[codes]
    found = np.zeros(len(inside), dtype=bool)
    own_values = field.values[inside]
    for away in (field.values > own_values.max(), field.values < own_values.min()):
        if (away & field.known).sum() > least:
            found |= away
    return found
