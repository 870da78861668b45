"""The columns that models of behaviour add, of the types that the spec was promised."""

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa

from segdsl.plugin import Asked, Call, ColumnName, Kind, Made
from segdsl_lifetime_value.contractual import predict_contracts
from segdsl_lifetime_value.non_contractual import predict_purchases
from segdsl_lifetime_value.predicted import Numbers, Predicted, figures_table
from segdsl_lifetime_value.settings import Settings, read_settings

_MICROSECONDS = 86_400_000_000


def make(call: Call) -> Made:
    """The asked columns, and the tables `model` (parameters and log-likelihood) and, of contracts, `retention`.

    Columns that are made from the same ones share a fit.
    """
    settings = read_settings(call)
    columns: dict[str, pa.Array] = {}
    parts = [(made_from, _predict(call, group, settings)) for made_from, group in _groups(call, settings).items()]
    types = {asked.name: asked for asked in call.asked}
    for _, part in parts:
        columns |= {name: _as_array(types[name], values) for name, values in part.columns.items()}
    return Made(
        columns,
        tuple(note for _, part in parts for note in part.notes),
        _tables(parts),
    )


def _groups(call: Call, settings: Settings) -> Mapping[str, tuple[Asked, ...]]:
    """What is asked for by the columns that the fit rests on: of contracts, not the amount."""
    groups: dict[str, tuple[Asked, ...]] = {}
    for asked in call.asked:
        fitted_to = asked.columns[:2] if settings.contractual else asked.columns
        made_from = ", ".join(_written(column, call.table) for column in fitted_to)
        groups[made_from] = (*groups.get(made_from, ()), asked)
    return groups


def _written(column: ColumnName, table: str) -> str:
    return column.column if column.table == table else f"{column.table}.{column.column}"


def _predict(call: Call, group: tuple[Asked, ...], settings: Settings) -> Predicted:
    if settings.contractual:
        return predict_contracts(call, group, settings)
    return predict_purchases(call, group, settings)


def _tables(parts: Iterable[tuple[str, Predicted]]) -> Mapping[str, pa.Table]:
    """The tables of all fits, each with the columns that it was made from."""
    tables: dict[str, list[pa.Table]] = {}
    for made_from, part in parts:
        tables.setdefault("model", []).append(figures_table(made_from, part.figures))
        for name, table in part.tables.items():
            tables.setdefault(name, []).append(
                table.add_column(0, "made_from", pa.array([made_from] * len(table), pa.string()))
            )
    return {name: pa.concat_tables(several) for name, several in tables.items()}


def _as_array(asked: Asked, values: Numbers) -> pa.Array:
    """Values as the type that was promised: money to the cent, times to the day; missing where there is no number."""
    fine = np.isfinite(values)
    match asked.type.kind:
        case Kind.COUNT:
            return pa.array(np.where(fine, values, 0).astype(np.int64), mask=~fine)
        case Kind.DURATION:
            days = np.rint(np.where(fine, values, 0)).astype(np.int64)
            return pa.array(days * _MICROSECONDS, pa.duration("us"), mask=~fine)
        case Kind.MONEY:
            type_ = asked.inputs[-1].type
            fine &= np.abs(np.where(fine, values, 0)) < 10.0 ** (type_.precision - type_.scale)
            return pa.array(np.round(np.where(fine, values, 0), 2), mask=~fine).cast(type_)
        case _:
            return pa.array(np.where(fine, values, 0), mask=~fine)
