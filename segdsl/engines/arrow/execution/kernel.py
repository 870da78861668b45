"""Row-wise work: what is done to the rows of a table one chunk at a time, while scanning or in memory."""

from collections.abc import Callable
from typing import Protocol

from segdsl.engines.arrow.execution.state import Chunk, Slot

Absorb = Callable[[], None]


class Kernel(Protocol):
    """One step of row-wise work.

    `run` may be called for several chunks at the same time: it puts what it computes for each row into the chunk's
    slots (those of `slots` are kept with the table) and returns what is to be added up, to be called for one chunk
    after the other. `finish` is called once all rows are through.
    """

    @property
    def slots(self) -> tuple[Slot, ...]: ...

    def run(self, chunk: Chunk) -> Absorb | None: ...

    def finish(self) -> None: ...
