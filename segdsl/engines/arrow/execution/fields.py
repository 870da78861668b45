"""Row-wise fields, and values brought along links."""

from dataclasses import dataclass

import pyarrow as pa

from segdsl.engines.arrow.execution.binding import compute_array
from segdsl.engines.arrow.execution.kernel import Absorb
from segdsl.engines.arrow.execution.pointers import Pointers
from segdsl.engines.arrow.execution.state import Chunk, Slot, State, column_slot, node_slot
from segdsl.engines.arrow.physical import arrow_type
from segdsl.model.expression import Follow
from segdsl.plan.steps import Compute, Named
from segdsl.plan.traversal import External, externals


@dataclass(frozen=True, slots=True)
class ComputeFields:
    """Computes fields one after the other; a later one may read an earlier one."""

    state: State
    fields: tuple[tuple[Named, tuple[External, ...]], ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(column_slot(field.name) for field, _ in self.fields)

    def run(self, chunk: Chunk) -> Absorb | None:
        for field, reads in self.fields:
            chunk.slots[column_slot(field.name)] = compute_array(self.state, chunk, field.value, reads)
        return None

    def finish(self) -> None:
        """Nothing is left to do: the values are with the rows."""


def compute_fields(state: State, step: Compute) -> ComputeFields:
    return ComputeFields(state, tuple((field, externals((field.value,))) for field in step.fields))


@dataclass(frozen=True, slots=True)
class BringValues:
    """Brings values of the linked rows; missing where a row points to none."""

    pointers: Pointers
    values: tuple[tuple[Follow, pa.Array], ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(node_slot(node) for node, _ in self.values)

    def run(self, chunk: Chunk) -> Absorb | None:
        rows = self.pointers.find(chunk).to_numpy()
        places = pa.array(rows, mask=rows < 0)
        for node, values in self.values:
            taken = values.take(places) if len(values) else pa.nulls(chunk.length, arrow_type(node.type))
            chunk.slots[node_slot(node)] = taken
        return None

    def finish(self) -> None:
        """Nothing is left to do: the values are with the rows."""
