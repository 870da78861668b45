"""Records that cost money: what is to be bought, what was paid for before, and the file that keeps it.

A record is bought when at least one value is taken from it, once, for all of its columns. What was paid for is kept in
`purchases/PROVIDER.TABLE.parquet` of the plugin's store: the record's key, the day, the price, and the values.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segdsl.plugin import Refused
from segdsl_vendor.equality import Rows
from segdsl_vendor.settings import Provider

_VALUE = "value."
_HEAD = pa.schema([("record", pa.string()), ("bought", pa.date32()), ("price", pa.string())])


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a provider: the whole file, and for each record the row of it that still holds (-1 for none)."""

    kept: pa.Table
    rows: Rows


@dataclass(frozen=True, slots=True)
class Bill:
    """The records of a provider that values are taken from, and which of them have to be bought."""

    provider: Provider
    held: Held
    used: Rows
    bought: Rows

    @property
    def cost(self) -> Decimal:
        """What the records to be bought cost."""
        return (self.provider.price or Decimal(0)) * len(self.bought)


def record_keys(provider: Provider) -> pa.Array:
    """The key of each record as one text; of several columns, as a JSON list."""
    key = [column.cast(pa.string()) for column in provider.linked.key]
    if not key:
        return pa.array([str(row + 1) for row in range(provider.linked.length)], pa.string())
    if len(key) == 1:
        return key[0]
    rows = zip(*(column.to_pylist() for column in key), strict=True)
    return pa.array([json.dumps(row, ensure_ascii=False) for row in rows], pa.string())


def read_held(provider: Provider, store: Path | None, kept_after: date | None) -> Held:
    """What was paid for and still holds: bought after that day, or at any time without one."""
    nothing = Held(_HEAD.empty_table(), np.full(provider.linked.length, -1, np.int64))
    if provider.price is None or store is None or not _path(store, provider).exists():
        return nothing
    kept = _read(_path(store, provider))
    if kept_after is None:
        valid = kept["record"].combine_chunks()
    else:
        valid = pc.if_else(pc.greater(kept["bought"], pa.scalar(kept_after)), kept["record"], None).combine_chunks()
    rows = pc.index_in(record_keys(provider), value_set=valid, skip_nulls=True)
    return Held(kept, pc.fill_null(rows.cast(pa.int64()), -1).to_numpy(zero_copy_only=False))


def _path(store: Path, provider: Provider) -> Path:
    return store / "purchases" / f"{_safe(provider.label)}.{_safe(provider.table)}.parquet"


def _safe(name: str) -> str:
    """The name as part of a file's name; one that holds other signs than letters, digits, `_` and `-` gets a digest."""
    plain = re.sub(r"[^\w-]+", "_", name)[:60]
    return plain if plain == name else f"{plain}-{sha256(name.encode()).hexdigest()[:8]}"


def _read(path: Path) -> pa.Table:
    try:
        kept = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as fault:
        raise Refused(
            f"The file of purchases `{path.name}` can't be read",
            "providers",
            help="restore it, or move it away to buy anew",
        ) from fault
    if not kept.schema.names[: len(_HEAD)] == _HEAD.names:
        raise Refused(
            f"`{path.name}` is no file of purchases", "providers", help="restore it, or move it away to buy anew"
        )
    return kept


def overlay(provider: Provider, held: Held) -> Mapping[str, pa.Array]:
    """The columns of a provider with the values that were paid for; what wasn't kept is as the file has it now."""
    columns = dict(provider.linked.columns)
    if not (held.rows >= 0).any():
        return columns
    holds, at = pa.array(held.rows >= 0), pa.array(held.rows, mask=held.rows < 0)
    for name, now in columns.items():
        if _VALUE + name in held.kept.schema.names:
            then = held.kept[_VALUE + name].combine_chunks()
            if then.type == now.type:
                columns[name] = _either(holds, then.take(at), now)
    return columns


def _either(first: pa.BooleanArray, one: pa.Array, other: pa.Array) -> pa.Array:
    """The values of one array where `first` is true, else of the other; of any type."""
    rows = np.arange(len(other))
    at = np.where(first.to_numpy(zero_copy_only=False), rows, rows + len(other))
    return pa.chunked_array([one, other]).combine_chunks().take(pa.array(at))


def make_bill(provider: Provider, held: Held, used: Rows) -> Bill:
    """What taking values from these records costs."""
    if provider.price is None:
        return Bill(provider, held, used, np.empty(0, np.int64))
    return Bill(provider, held, used, used[held.rows[used] < 0])


def refuse_overspending(bills: Sequence[Bill], max_cost: Decimal | None) -> None:
    """Refuses bills that together pass what may be spent, and says what would fit."""
    total = sum((bill.cost for bill in bills), Decimal(0))
    if max_cost is None or total <= max_cost:
        return
    buying = [bill for bill in bills if bill.cost]
    wanted = ", ".join(f"{len(bill.bought):,} records of `{bill.provider.label}`" for bill in buying)
    currency = buying[0].provider.currency
    raise Refused(
        f"Enriching would cost {total:,.2f} {currency} ({wanted}), and {max_cost:,.2f} {currency} may be spent",
        "providers",
        f"at most {max_cost:,.2f} {currency}, which is {_fitting(buying, max_cost)}",
        "nothing was bought; raise the bound, ask for fewer accounts, or put a cheaper provider first",
    )


def _fitting(bills: Sequence[Bill], budget: Decimal) -> str:
    """How many records of each provider, in order, a budget buys."""
    parts: list[str] = []
    for bill in bills:
        price = bill.provider.price or Decimal(0)
        count = min(len(bill.bought), int(budget // price))
        budget -= price * count
        parts.append(f"{count:,} records of `{bill.provider.label}`")
    return " and ".join(parts)


def keep(bill: Bill, columns: Mapping[str, pa.Array], store: Path | None, clock: date) -> None:
    """Writes what was bought beside what was kept; a record that was bought anew replaces the old one."""
    if store is None or not len(bill.bought):
        return
    rows = pa.array(bill.bought)
    records = record_keys(bill.provider).take(rows)
    bought = pa.table(
        {
            "record": records,
            "bought": pa.array([clock] * len(rows), pa.date32()),
            "price": pa.array([str(bill.provider.price)] * len(rows), pa.string()),
            **{_VALUE + name: values.take(rows) for name, values in sorted(columns.items())},
        }
    )
    others = bill.held.kept.filter(pc.invert(pc.is_in(bill.held.kept["record"], value_set=records)))
    path = _path(store, bill.provider)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.part")
    pq.write_table(_joined(others, bought).sort_by("record"), beside)
    os.replace(beside, path)


def _joined(others: pa.Table, bought: pa.Table) -> pa.Table:
    """Both as one table; a column whose type has changed is kept for what was bought now only."""
    changed = [
        name for name in others.schema.names if name in bought.schema.names and others[name].type != bought[name].type
    ]
    return pa.concat_tables([others.drop_columns(changed), bought], promote_options="default")


def list_purchases(bills: Sequence[Bill]) -> pa.Table:
    """Each record of a priced provider that values were taken from, what it cost now, and whether it was kept."""
    tables = [_listed(bill) for bill in bills if bill.provider.price is not None]
    return pa.concat_tables([_PURCHASES.empty_table(), *tables])


_PURCHASES = pa.schema(
    [
        ("provider", pa.string()),
        ("table", pa.string()),
        ("record", pa.string()),
        ("cost", pa.decimal128(19, 6)),
        ("currency", pa.string()),
        ("from", pa.string()),
    ]
)


def _listed(bill: Bill) -> pa.Table:
    new = np.isin(bill.used, bill.bought)
    costs = [(bill.provider.price or Decimal(0)) if is_new else Decimal(0) for is_new in new.tolist()]
    size = len(bill.used)
    return pa.table(
        [
            pa.array([bill.provider.label] * size, pa.string()),
            pa.array([bill.provider.table] * size, pa.string()),
            record_keys(bill.provider).take(pa.array(bill.used)),
            pa.array(costs, pa.decimal128(19, 6)),
            pa.array([bill.provider.currency] * size, pa.string()),
            pa.array(["bought" if is_new else "kept" for is_new in new.tolist()], pa.string()),
        ],
        schema=_PURCHASES,
    )
