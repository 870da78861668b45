"""The columns that providers' files add: matched, taken in the order written, paid for, and audited."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.plugin import Call, Made, Note
from segdsl_vendor.audit import list_matches
from segdsl_vendor.matching import Decision, Matches, match_records
from segdsl_vendor.names import LONGEST_NAME
from segdsl_vendor.purchases import (
    Held,
    keep,
    list_purchases,
    make_bill,
    overlay,
    read_held,
    refuse_overspending,
)
from segdsl_vendor.settings import Settings, read_settings
from segdsl_vendor.waterfall import Filled, Source, describe, fill, own_source, read_source, used_rows


def make(call: Call) -> Made:
    """The asked columns, each with its provider, date and confidence; and the tables `matches` and `purchases`."""
    settings = read_settings(call)
    matches = [match_records(settings.traits, call.length, one, settings.threshold) for one in settings.providers]
    held = [read_held(provider, call.store, settings.kept_after) for provider in settings.providers]
    sources = _sources(call, settings, matches, held)
    filled = [fill(asked, sources, call.length) for asked in call.asked]
    bills = [
        make_bill(provider, kept, used_rows(filled, sources, place))
        for place, (provider, kept) in enumerate(zip(settings.providers, held, strict=True))
    ]
    refuse_overspending(bills, None if call.max_cost is None else Decimal(str(call.max_cost)))
    made: dict[str, pa.Array] = {}
    for asked, column in zip(call.asked, filled, strict=True):
        made |= {asked.name: column.values, **describe(asked.name, column, sources)}
    finished = Made(
        made,
        (*_match_notes(call, settings, matches), *_date_notes(call, filled)),
        {"matches": list_matches(call, settings, matches), "purchases": list_purchases(bills)},
        sum((bill.cost for bill in bills), Decimal(0)),
    )
    # Bought last: nothing can fail after it.
    for bill, source in zip(bills, sources, strict=False):
        keep(bill, source.columns, call.store, call.clock)
    return finished


def _sources(call: Call, settings: Settings, matches: Sequence[Matches], held: Sequence[Held]) -> tuple[Source, ...]:
    """The providers in order, with the values that were paid for, and last the enriched table itself."""
    providers = [
        read_source(provider, overlay(provider, kept), found, settings, call.clock)
        for provider, kept, found in zip(settings.providers, held, matches, strict=True)
    ]
    return (*providers, own_source(call.table, call.columns, call.length, settings, call.clock))


def _match_notes(call: Call, settings: Settings, matches: Sequence[Matches]) -> tuple[Note, ...]:
    if not matches:
        return ()
    matched = np.any([found.decision == Decision.MATCHED for found in matches], axis=0)
    tied = np.any([found.decision == Decision.TIE for found in matches], axis=0) & ~matched
    near = np.any([found.decision == Decision.NEAR_MISS for found in matches], axis=0) & ~matched & ~tied
    none = ~matched & ~tied & ~near
    notes = (
        Note("accounts that no provider has a record for", pa.array(none), help=_LOOK),
        Note("accounts with several possible records, matched to none", pa.array(tied), help=_DECIDE),
        Note("accounts with a record that is only similar, not matched", pa.array(near), help=_DECIDE),
        Note("names too long to be matched", _too_long(settings.traits.name, call.length)),
    )
    return tuple(note for note in notes if pc.any(note.where).as_py())


_LOOK = "the table `matches` lists every decision; match by a key or a domain where names differ"
_DECIDE = "look at them in the table `matches`, and give the right ones a key in `match_key`"


def _too_long(names: pa.Array | None, length: int) -> pa.BooleanArray:
    if names is None:
        return pa.array(np.zeros(length, np.bool_))
    return pc.fill_null(pc.greater(pc.utf8_length(names.cast(pa.string())), LONGEST_NAME), False)


def _date_notes(call: Call, filled: Sequence[Filled]) -> tuple[Note, ...]:
    notes: list[Note] = []
    for asked, column in zip(call.asked, filled, strict=True):
        if column.dropped_stale.any():
            where = pa.array(column.dropped_stale)
            notes.append(Note("values older than `max_age`, left out", where, asked.name, _STALE))
        if column.dropped_later.any():
            notes.append(Note("values dated after the clock, left out", pa.array(column.dropped_later), asked.name))
    return tuple(notes)


_STALE = "a record without a date counts as too old; add a provider after it, or allow a greater age"
