"""How long the lifetime values of a million customers take, from their purchases.

`python -m tests.benchmarks.lifetime [--customers N]` prints the seconds and the peak memory of the models and of the
whole plugin. Customers are made up by the story that the models tell; they are the same at every run.
"""

import argparse
from collections.abc import Callable
from datetime import date
from time import perf_counter, process_time

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.evidence.buying import Histories, expected_purchases, fit_buying
from segdsl.evidence.likelihood import Unfitted
from segdsl.plugin import NUMBER, Asked, Call, ColumnName, Linked, Made
from segdsl_lifetime_value import ENRICHER
from tests.benchmarks.enriching import memory

CLOCK = date(2026, 1, 31)
FLOOR_SECONDS = 20.0
MOST_MEMORY = 2_000.0
OUTPUTS = ("clv", "expected_purchases", "probability_alive", "expected_spend", "frequency", "recency", "monetary")

Places = npt.NDArray[np.int64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="few customers, to see that all works")
    options = parser.parse_args()
    customers = 20_000 if options.quick else options.customers
    rows, ago = make_purchases(customers)
    histories = summarise(rows, ago, customers)
    call = make_call(rows, ago, customers)
    print(f"{customers:,} customers with {len(rows):,} purchases", flush=True)
    before = memory("VmRSS", reset=True)
    seconds = timed("BG/NBD: fit and expected purchases of a year", lambda: fitted(histories))
    print(f"  floor {FLOOR_SECONDS:.0f} s: {'met' if seconds < FLOOR_SECONDS else 'MISSED'}", flush=True)
    timed("the whole plugin: both models and all outputs, from purchases", lambda: enriched(call))
    peak = memory("VmHWM") - before
    print(
        f"  peak {peak:,.0f} MB over the purchases: {'within' if peak < MOST_MEMORY else 'OVER'} {MOST_MEMORY:,.0f} MB"
    )


def timed(name: str, work: Callable[[], object]) -> float:
    """Print and give the seconds of processor time."""
    wall, processor = perf_counter(), process_time()
    work()
    spent = process_time() - processor
    print(f"  {perf_counter() - wall:8.2f} s, processor {spent:8.2f} s  {name}", flush=True)
    return spent


def fitted(histories: Histories) -> None:
    model = fit_buying(histories)
    assert not isinstance(model, Unfitted), model.reason
    expected_purchases(model, histories, 365 / 7)


def enriched(call: Call) -> Made:
    made = ENRICHER.make(call)
    assert all(made.columns[name].null_count == 0 for name in OUTPUTS)  # type: ignore[union-attr]
    return made


def make_purchases(customers: int) -> tuple[Places, Places]:
    """The customer of each purchase, and how many days ago it was."""
    random = np.random.default_rng(20260131)
    rate, gone = random.gamma(0.8, 1 / 84, customers), random.beta(0.8, 4, customers)
    age = random.integers(1, 1500, customers)
    who, time = np.arange(customers), np.zeros(customers)
    rows, ago = [who], [age]
    while len(who):
        time = time + random.exponential(1 / rate[who])
        buys = time <= age[who]
        who, time = who[buys], time[buys]
        rows.append(who)
        ago.append(age[who] - time.astype(np.int64))
        stays = random.random(len(who)) >= gone[who]
        who, time = who[stays], time[stays]
    return np.concatenate(rows), np.concatenate(ago)


def summarise(rows: Places, ago: Places, customers: int) -> Histories:
    """Days of purchase, in weeks; the purchases of a day are one."""
    places = np.unique(rows * 2048 + ago)
    row, days = places // 2048, places % 2048
    first = np.zeros(customers)
    np.maximum.at(first, row, days)
    last = np.full(customers, 2048.0)
    np.minimum.at(last, row, days)
    return Histories(np.bincount(row, minlength=customers) - 1.0, (first - last) / 7, first / 7)


def make_call(rows: Places, ago: Places, customers: int) -> Call:
    """The plugin's call for all outputs that purchases give, with amounts about each customer's own level."""
    random = np.random.default_rng(20260201)
    level = 6 / random.gamma(4, 1 / 15, customers)
    amounts = pa.array(np.round(level[rows] * random.gamma(6, 1 / 6, len(rows)) + 0.01, 2))
    today = np.datetime64(CLOCK, "D")
    dates = pa.array(today - ago.astype("timedelta64[D]"), pa.date32())
    columns = (ColumnName("orders", "ordered_on"), ColumnName("orders", "amount"))
    orders = Linked({"ordered_on": dates, "amount": amounts}, len(rows), pa.array(rows), ())
    asked = tuple(Asked(name, name, NUMBER.or_missing(), columns, (dates, amounts)) for name in OUTPUTS)
    return Call(asked, customers, clock=CLOCK, table="customers", tables={"orders": orders})


if __name__ == "__main__":
    main()
