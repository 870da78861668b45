"""Links as row numbers: which row of the parent each row points to."""

from dataclasses import dataclass

import pyarrow as pa

from segdsl.engines.arrow.execution.state import Chunk, Frame, pointer_slot
from segdsl.engines.arrow.reading.keys import match_keys
from segdsl.model.expression import LinkPath


@dataclass(frozen=True, slots=True)
class Pointers:
    """A link and the keys of its parent, in the parent's row order."""

    path: LinkPath
    keys: tuple[pa.Array, ...]

    def find(self, chunk: Chunk) -> pa.Array:
        """The parent's row of each row of the chunk, -1 for none; looked up once a chunk."""
        slot = pointer_slot(self.path)
        found = chunk.find(slot)
        if found is None:
            columns = [chunk.column(name) for name in self.path.columns]
            found = chunk.slots[slot] = pa.array(match_keys(columns, self.keys).places)
        return found


def pointers_to(parent: Frame, path: LinkPath) -> Pointers:
    return Pointers(path, tuple(parent.key()))
