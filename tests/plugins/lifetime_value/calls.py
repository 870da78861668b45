"""Calls of the plugin as the engine makes them, from plain rows."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from segdsl.plugin import DATE, Asked, Call, ColumnName, Linked, Made, Type, money
from segdsl_lifetime_value import ENRICHER
from segdsl_lifetime_value.making import make

CLOCK = date(2026, 1, 31)
BUYERS = 150
USD = money("USD")
AMOUNT = pa.decimal128(19, 6)
PURCHASE_OUTPUTS = (
    "expected_purchases",
    "probability_alive",
    "expected_spend",
    "frequency",
    "recency",
    "monetary",
    "clv",
)


def type_of(name: str, types: Sequence[Type], options: Mapping[str, Any]) -> Type | str:
    """The type that the compiler gives an output for inputs of these types."""
    output = next(one for one in ENRICHER.outputs if one.name == name)
    return output.type if isinstance(output.type, Type) else output.type(types, options)


def purchases_call(
    customers: int,
    rows: Sequence[int | None] | None,
    dates: pa.Array,
    amounts: pa.Array,
    asked: Sequence[str] = PURCHASE_OUTPUTS,
    clock: date = CLOCK,
    **options: Any,
) -> Call:
    """A call for columns made from `orders.ordered_on, orders.amount`."""
    columns = (ColumnName("orders", "ordered_on"), ColumnName("orders", "amount"))
    pointers = None if rows is None else pa.array(rows, pa.int64())
    orders = Linked({"ordered_on": dates, "amount": amounts}, len(dates), pointers, ())
    return Call(
        tuple(Asked(name, name, _promised(name, options), columns, (dates, amounts)) for name in asked),
        customers,
        options,
        clock=clock,
        table="customers",
        tables={"orders": orders},
    )


def _promised(name: str, options: Mapping[str, Any]) -> Type:
    contractual = options.get("model") == "contractual"
    inputs = {"amount": USD, "date": DATE}
    kinds = ("date", "date", "amount") if contractual else ("date", "amount")
    found = type_of(name, [inputs[kind] for kind in kinds], options)
    assert isinstance(found, Type), found
    return found


def contracts_call(
    starts: Sequence[date | None],
    ends: Sequence[date | None],
    fees: Sequence[float | None],
    asked: Sequence[str] = ("residual_tenure", "renewal", "clv"),
    clock: date = CLOCK,
    **options: Any,
) -> Call:
    """A call for columns made from `started_on, ended_on` and, for `clv`, `fee`."""
    options = {"model": "contractual", **options}
    names = ("started_on", "ended_on", "fee")
    values = (pa.array(starts, pa.date32()), pa.array(ends, pa.date32()), as_money(fees))
    return Call(
        tuple(
            Asked(
                name,
                name,
                _promised(name, options),
                tuple(ColumnName("customers", column) for column in names[: 3 if name == "clv" else 2]),
                values[: 3 if name == "clv" else 2],
            )
            for name in asked
        ),
        len(starts),
        options,
        clock=clock,
        table="customers",
        columns=dict(zip(names, values, strict=True)),
    )


def days_of_buyers() -> list[list[date]]:
    """The days on which customers bought who buy at a rate of their own until they are gone."""
    random = Random(11)
    found = []
    for _ in range(BUYERS):
        rate, gone = random.gammavariate(1.5, 1 / 60), random.betavariate(1, 4)
        day, age, days = 0.0, random.randrange(100, 900), []
        while day <= age:
            days.append(CLOCK - timedelta(days=age - int(day)))
            if len(days) > 1 and random.random() < gone:
                break
            day += 1 + random.expovariate(rate)
        found.append(days)
    return found


def bought() -> tuple[list[int], pa.Array, pa.Array]:
    """Purchases of those customers: the row of the customer, the day, and the amount, about a level of their own."""
    random = Random(12)
    levels = [random.gammavariate(4, 15) for _ in range(BUYERS)]
    rows = [(row, day) for row, days in enumerate(days_of_buyers()) for day in days]
    amounts = [round(levels[row] * random.gammavariate(6, 1 / 6), 2) for row, _ in rows]
    return [row for row, _ in rows], as_dates([day for _, day in rows]), as_money(amounts)


def as_money(amounts: Sequence[float | None]) -> pa.Array:
    return pa.array(amounts, pa.float64()).cast(AMOUNT)


def as_dates(days: Sequence[date | None]) -> pa.Array:
    return pa.array(days, pa.date32())


def columns_of(call: Call) -> Mapping[str, list[Any]]:
    """The values of the columns that a call makes."""
    return {name: array.to_pylist() for name, array in make(call).columns.items()}  # type: ignore[union-attr]


def figures_of(made: Made) -> Mapping[tuple[str, str], float | str]:
    """The figures of the fitted models; where there is none, the remark."""
    rows = made.tables["model"].to_pylist()
    return {(row["model"], row["figure"]): row["remark"] if row["value"] is None else row["value"] for row in rows}
