"""What a model says of the rows of a call, and the table that tells how it was fitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.plugin import Note

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a fitted model: a parameter with its standard error, a count, or with a remark why there is none."""

    model: str
    name: str
    value: float | None = None
    error: float | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Predicted:
    """Values by the name of the column, NaN for missing; notes; figures of the models, and further tables."""

    columns: Mapping[str, Numbers]
    notes: tuple[Note, ...]
    figures: tuple[Figure, ...]
    tables: Mapping[str, pa.Table]


_SCHEMA = pa.schema(
    [
        ("made_from", pa.string()),
        ("model", pa.string()),
        ("figure", pa.string()),
        ("value", pa.float64()),
        ("standard_error", pa.float64()),
        ("remark", pa.string()),
    ]
)


def figures_table(made_from: str, figures: Sequence[Figure]) -> pa.Table:
    """The figures as a table; `made_from` names the columns that the models were fitted to."""
    rows = [
        {
            "made_from": made_from,
            "model": one.model,
            "figure": one.name,
            "value": one.value,
            "standard_error": one.error,
            "remark": one.remark,
        }
        for one in figures
    ]
    return pa.Table.from_pylist(rows, _SCHEMA)


def fitted_figures(
    model: str, names: Sequence[str], values: Sequence[float], errors: Sequence[float], log_likelihood: float
) -> tuple[Figure, ...]:
    """The parameters of a model with their standard errors, and its log-likelihood."""
    parameters = (Figure(model, *one) for one in zip(names, values, errors, strict=True))
    return (*parameters, Figure(model, "log-likelihood", log_likelihood))


def note_rows(message: str, rows: npt.NDArray[np.int64], length: int, help: str = "") -> tuple[Note, ...]:
    """A note on these rows of the call; none without rows."""
    if not len(rows):
        return ()
    where = np.zeros(length, np.bool_)
    where[rows] = True
    return (Note(message, pa.array(where), help=help),)


def spread(values: Numbers, rows: npt.NDArray[np.int64], length: int) -> Numbers:
    """The values at their rows, NaN elsewhere."""
    whole = np.full(length, np.nan)
    whole[rows] = values
    return whole
