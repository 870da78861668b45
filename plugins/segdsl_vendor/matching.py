"""Which record of a provider is which account's: by key, else by domain, else by name; a tie is never decided.

Each account gets one decision per provider. One record goes to one account, but for records found by key, which
several accounts may name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl_vendor.blocking import Placed, pair_names
from segdsl_vendor.domains import read_domains
from segdsl_vendor.equality import Equal, Rows, as_text, match_equal
from segdsl_vendor.names import read_name
from segdsl_vendor.naming import Likely, Pairing, find_likely
from segdsl_vendor.places import read_country
from segdsl_vendor.settings import Provider, Traits

DOMAIN_CONFIDENCE = 0.99
LISTED = 10  # rivals that the audit names


class Method(IntEnum):
    NONE = -1
    KEY = 0
    DOMAIN = 1
    NAME = 2


class Decision(IntEnum):
    NO_CANDIDATE = 0
    MATCHED = 1
    NEAR_MISS = 2
    TIE = 3
    TAKEN = 4


@dataclass(frozen=True, slots=True)
class Matches:
    """The decision for each account: its record (the likeliest, where not matched; -1 for none), how it was found, and
    for accounts in a tie the first records and accounts that contend, each with itself. `named` are accounts that were
    looked for by name.
    """

    decision: npt.NDArray[np.int8]
    method: npt.NDArray[np.int8]
    record: Rows
    confidence: npt.NDArray[np.float64]
    rival_records: dict[int, tuple[int, ...]] = field(default_factory=dict)
    rival_accounts: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def matched(self) -> Rows:
        """The matched record of each account, -1 for none."""
        return np.where(self.decision == Decision.MATCHED, self.record, -1)


def match_records(
    own: Traits, length: int, provider: Provider, threshold: float, pairing: Pairing = pair_names
) -> Matches:
    """The decisions for all accounts of a table of that length."""
    matches = Matches(
        np.zeros(length, np.int8), np.full(length, -1, np.int8), np.full(length, -1, np.int64), np.full(length, np.nan)
    )
    theirs, records = provider.traits, provider.linked.length
    if theirs.key is not None and own.key is not None:
        _decide(matches, match_equal(as_text(own.key), as_text(theirs.key)), Method.KEY, 1.0, records)
    elif provider.linked.rows is not None:
        rows = pa.array(np.arange(length)).cast(pa.string())
        _decide(matches, match_equal(rows, as_text(provider.linked.rows)), Method.KEY, 1.0, records)
    if theirs.domain is not None and own.domain is not None:
        equal = match_equal(_domains(own.domain), _domains(theirs.domain))
        _decide(matches, equal, Method.DOMAIN, DOMAIN_CONFIDENCE, records)
    if theirs.name is not None and own.name is not None:
        _decide_by_name(matches, own, theirs, records, threshold, pairing)
    return matches


def _domains(addresses: pa.Array) -> pa.Array:
    """The registrable domain of each address, worked out once for each distinct one."""
    coded = addresses.cast(pa.string()).dictionary_encode()
    domains = pa.array(read_domains(coded.dictionary.to_pylist()), pa.string())
    return domains.take(coded.indices)


def _taken(matches: Matches, records: int) -> npt.NDArray[np.bool_]:
    """Which records are matched."""
    taken = np.zeros(records, np.bool_)
    rows = matches.matched
    taken[rows[rows >= 0]] = True
    return taken


def _decide(matches: Matches, equal: Equal, method: Method, chance: float, records: int) -> None:
    """Decides for accounts without a decision that have records of the same value."""
    open_ = (matches.decision == Decision.NO_CANDIDATE) & (equal.records > 0)
    alone = (equal.records == 1) & ((equal.accounts == 1) | (method is Method.KEY))
    taken = alone & (_taken(matches, records)[equal.first] if records else False)
    decision = np.where(taken, Decision.TAKEN, np.where(alone, Decision.MATCHED, Decision.TIE))
    matches.decision[open_] = decision[open_]
    matches.method[open_] = method
    matches.confidence[open_] = chance
    matches.record[open_] = equal.first[open_]
    for account in np.flatnonzero(open_ & ~alone).tolist():
        matches.rival_records[account] = equal.records_of(account, LISTED)
        matches.rival_accounts[account] = equal.accounts_of(account, LISTED)


@dataclass(frozen=True, slots=True)
class _Named:
    """Distinct names, and the rows that bear each."""

    names: tuple[Placed, ...]
    rows: tuple[Sequence[int], ...]


def _decide_by_name(
    matches: Matches, own: Traits, theirs: Traits, records: int, threshold: float, pairing: Pairing
) -> None:
    """Decides by name for accounts without a decision; all records contend, so that a taken one still makes a tie."""
    ours = _distinct(own.name, own.country, matches.decision == Decision.NO_CANDIDATE)
    others = _distinct(theirs.name, theirs.country, np.ones(records, np.bool_))
    taken = _taken(matches, records)
    for position, likely in find_likely(ours.names, others.names, threshold, pairing).items():
        partners = _first(others, likely.partners)
        claimants = _first(ours, likely.claimants)
        record = others.rows[likely.best.theirs][0]
        decision = _decision(likely, threshold, len(partners), len(claimants), bool(taken[record]))
        for account in ours.rows[position]:
            matches.decision[account] = decision
            matches.method[account] = Method.NAME
            matches.confidence[account] = likely.best.confidence
            matches.record[account] = record
            if decision is Decision.TIE or len(partners) > 1:
                matches.rival_records[account] = partners
            if decision is Decision.TIE:
                matches.rival_accounts[account] = claimants


def _decision(likely: Likely, threshold: float, partners: int, claimants: int, taken: bool) -> Decision:
    if likely.best.confidence < threshold:
        return Decision.NEAR_MISS
    if partners > 1:
        return Decision.TIE
    if taken or likely.better:
        return Decision.TAKEN
    return Decision.TIE if claimants > 1 else Decision.MATCHED


def _first(named: _Named, positions: Sequence[int]) -> tuple[int, ...]:
    """The first rows that bear the names at these positions, in order."""
    rows = sorted(row for position in positions for row in named.rows[position][:LISTED])
    return tuple(rows[:LISTED])


def _distinct(names: pa.Array, countries: pa.Array | None, wanted: npt.NDArray[np.bool_]) -> _Named:
    """The distinct names of the wanted rows; rows without one are left out."""
    rows = np.flatnonzero(wanted)
    texts = names.cast(pa.string()).dictionary_encode()
    places = _countries(countries, len(names))
    codes = pc.fill_null(texts.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)[rows]
    spelt, placed = texts.dictionary.to_pylist(), places.take(pa.array(rows)).to_pylist()
    readings: dict[tuple[int, str | None], Placed | None] = {}
    bearers: dict[Placed, list[int]] = {}
    for row, code, country in zip(rows.tolist(), codes.tolist(), placed, strict=True):
        if code < 0:
            continue
        if (code, country) not in readings:
            name = read_name(spelt[code], country)
            readings[code, country] = None if name is None else Placed(name, country)
        reading = readings[code, country]
        if reading is not None:
            bearers.setdefault(reading, []).append(row)
    return _Named(tuple(bearers), tuple(bearers.values()))


def _countries(countries: pa.Array | None, length: int) -> pa.Array:
    if countries is None:
        return pa.nulls(length, pa.string())
    coded = countries.cast(pa.string()).dictionary_encode()
    return pa.array([read_country(text) for text in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
