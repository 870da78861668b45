"""The sizes of segments among prospects."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa

from segdsl.evidence.group_means import GroupMeans, group_means
from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.plugin import (
    NUMBER,
    ElsewhereRows,
    FieldName,
    Kind,
    MeasureCall,
    Measured,
    Refused,
    TableName,
    Type,
    amount_text,
)
from segdsl_schemes.refitting import Places, segment_codes
from segdsl_schemes.words import rounded

_POTENTIALS = frozenset({Kind.MONEY, Kind.NUMBER, Kind.COUNT, Kind.INT})


@dataclass(frozen=True, slots=True)
class Assumed:
    """A share that the spec states, from `low` to `high`; the middle is half-way."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        if self.low == self.high:
            return _percent(self.low)
        return f"{_percent(self.low)} to {_percent(self.high)} ({_percent(self.middle)} in the middle)"


@dataclass(frozen=True, slots=True)
class Range:
    """A figure for each segment; NaN where it can't be told."""

    low: Floats
    middle: Floats
    high: Floats

    def total(self) -> tuple[float, float, float] | None:
        """The sums over segments where it can be told; None where it can't for any."""
        told = np.isfinite(self.middle)
        if not told.any():
            return None
        # A segment with one account has a mean, but no interval: its middle stands in for both ends.
        low, high = (np.where(np.isfinite(end), end, self.middle)[told].sum() for end in (self.low, self.high))
        return float(low), float(self.middle[told].sum()), float(high)


@dataclass(frozen=True, slots=True)
class Potential:
    """What the prospects of each segment spend: the sum over those of whom it is `known`."""

    name: str
    type: Type
    total: Floats
    known: Places


def measure(call: MeasureCall) -> Measured:
    """Prospects x mean score of their segment x chance of penetration, summed over segments: the middle of a range."""
    table = call.options["prospects"]
    assert isinstance(table, TableName)
    penetration, wallet = _assumed(call, "penetration"), _assumed(call, "wallet")
    assert penetration is not None
    rows = call.rows_of[table.name]
    places = segment_codes(rows.segments)
    prospects = np.bincount(places[places >= 0], minlength=len(call.names))
    score = call.score.to_numpy(zero_copy_only=False).astype(np.float64)
    means = group_means(score, segment_codes(call.segments), len(call.names))
    sizes = _sizes(prospects, means, penetration)
    potential = _potential(call, rows, places, wallet)
    wallets = None if potential is None or wallet is None else _wallets(potential, prospects, wallet)
    figures = _figures(int(prospects.sum()), sizes, wallets)
    total = sizes.total()
    notes = [*_notes(call, means, prospects, len(places), total, table.name), _assumption(penetration)]
    if potential is not None and wallet is not None and wallets is not None:
        notes += _wallet_notes(potential, wallets, wallet, int(prospects.sum()))
    tables = {"sizes": _table(call, prospects, means, sizes, potential, wallets)}
    return Measured(None if total is None else total[1], tables=tables, figures=figures, notes=tuple(notes))


def _assumed(call: MeasureCall, option: str) -> Assumed | None:
    given = call.options.get(option)
    if given is None:
        return None
    assert isinstance(given, tuple)
    shares = sorted(float(one) for one in given if isinstance(one, int | float | Decimal))
    return Assumed(shares[0], shares[-1])


def _potential(call: MeasureCall, rows: ElsewhereRows, places: Places, wallet: Assumed | None) -> Potential | None:
    option = call.options.get("potential")
    if option is None and wallet is None:
        return None
    if option is None:
        raise Refused("`wallet` is given without `potential`", "wallet", help="add `potential: FIELD`")
    if wallet is None:
        raise Refused("`potential` is given without `wallet`", "potential", help="add `wallet: 20% .. 40%`")
    assert isinstance(option, FieldName)
    type_ = call.types.get(option.name, NUMBER)
    if option.name not in rows.fields:
        raise Refused(f"prospects have no `{option.name}`", "potential", help="name a field that they have")
    if type_.kind not in _POTENTIALS:
        raise Refused(f"`{option.name}` is {type_.or_missing(False)}", "potential", expected="an amount of money")
    values, known = plain_numbers(rows.fields[option.name])
    taken = known & np.isfinite(values) & (places >= 0)
    count = len(call.names)
    return Potential(
        option.name,
        type_,
        np.bincount(places[taken], values[taken], count).astype(np.float64),
        np.bincount(places[taken], minlength=count),
    )


def _sizes(prospects: Places, means: GroupMeans, penetration: Assumed) -> Range:
    """The extremes are taken of all corners: of a loss, the more are won the worse."""
    corners = [
        prospects * mean * share for mean in (means.low, means.high) for share in (penetration.low, penetration.high)
    ]
    return Range(np.minimum.reduce(corners), prospects * means.mean * penetration.middle, np.maximum.reduce(corners))


def _wallets(potential: Potential, prospects: Places, wallet: Assumed) -> Range:
    total = np.where((prospects > 0) & (potential.known == 0), np.nan, potential.total)
    ends = np.stack((total * wallet.low, total * wallet.high))
    return Range(ends.min(axis=0), total * wallet.middle, ends.max(axis=0))


def _figures(prospects: int, sizes: Range, wallets: Range | None) -> dict[str, float | None]:
    low, _, high = sizes.total() or (None, None, None)
    wallet_low, wallet, wallet_high = (None if wallets is None else wallets.total()) or (None, None, None)
    return {
        "low": low,
        "high": high,
        "prospects": float(prospects),
        "wallet": wallet,
        "wallet_low": wallet_low,
        "wallet_high": wallet_high,
    }


def _table(
    call: MeasureCall,
    prospects: Places,
    means: GroupMeans,
    sizes: Range,
    potential: Potential | None,
    wallets: Range | None,
) -> pa.Table:
    none = np.full(len(call.names), np.nan)
    columns = {
        "mean_score": means.mean,
        "mean_low": means.low,
        "mean_high": means.high,
        "size_low": sizes.low,
        "size": sizes.middle,
        "size_high": sizes.high,
    }
    spent = {
        "potential": none if potential is None else potential.total,
        "wallet_low": none if wallets is None else wallets.low,
        "wallet": none if wallets is None else wallets.middle,
        "wallet_high": none if wallets is None else wallets.high,
    }
    columns = {name: rounded(values, call.score_type) for name, values in columns.items()}
    if potential is not None:
        spent = {name: rounded(values, potential.type) for name, values in spent.items()}
    return pa.table(
        {
            "segment": pa.array(call.names, pa.string()),
            "prospects": pa.array(prospects, pa.int64()),
            "scored_accounts": pa.array(means.rows, pa.int64()),
            **{name: pa.array(values, pa.float64(), from_pandas=True) for name, values in {**columns, **spent}.items()},
            "with_potential": pa.array(
                np.zeros(len(none), np.int64) if potential is None else potential.known, pa.int64()
            ),
        }
    )


# ---- notes


def _percent(share: float) -> str:
    return f"{round(100 * share, 4):g}%"


def _notes(
    call: MeasureCall,
    means: GroupMeans,
    prospects: Places,
    all_prospects: int,
    total: tuple[float, float, float] | None,
    table: str,
) -> Iterator[str]:
    placed = int(prospects.sum())
    where = f"Of {all_prospects:,} rows of `{table}` {placed:,} are in a segment"
    if total is None:
        yield f"{where}; their size can't be told, because no account of their segments has a score."
    else:
        low, middle, high = (amount_text(one, call.score_type) for one in total)
        yield f"{where}; they may be worth {middle} ({low} to {high})."
    unknown = [(name, int(n)) for name, n, own in zip(call.names, prospects, means.rows, strict=True) if n and not own]
    if unknown and total is not None:
        listed = ", ".join(f"`{name}` ({n:,})" for name, n in unknown)
        yield f"Not sized, because no account of the segment has a score: {listed}."
    alone = [f"`{name}`" for name, n, own in zip(call.names, prospects, means.rows, strict=True) if n and own == 1]
    if alone:
        yield f"One account alone stands for {', '.join(alone)}: its score has no interval, and is taken as it is."


def _assumption(penetration: Assumed) -> str:
    return (
        f"Assumed: {penetration} of the prospects of every segment are won, and one that is won is worth the mean score"
        " of the segment's accounts. The range takes the 95 % interval of that mean and the ends of the chance, all at"
        " once."
    )


def _wallet_notes(potential: Potential, wallets: Range, wallet: Assumed, prospects: int) -> Iterator[str]:
    known = int(potential.known.sum())
    of = f"Of {prospects:,} prospects in segments {known:,} have `{potential.name}`"
    total = wallets.total()
    if total is None:
        yield f"{of}, so their share of wallet can't be told."
        return
    low, middle, high = (amount_text(one, potential.type) for one in total)
    spent = amount_text(float(potential.total.sum()), potential.type)
    yield (
        f"{of}, {spent} in all. Assumed: {wallet} of it would be ours if all of them were won; that is {middle} ({low}"
        f" to {high}). Those without `{potential.name}` are not counted."
    )
