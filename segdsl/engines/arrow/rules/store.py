"""Memory that a program uses again from piece to piece."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

# Slots stand in memory an odd number of cache lines apart, or they would all compete for the same few places in
# the cache.
_LINE = 8


@dataclass(frozen=True, slots=True)
class SlotStore:
    """Memory for slots, used again from piece to piece: fresh memory costs as much as what is done in it."""

    _spare: list[npt.NDArray[np.uint64]] = field(default_factory=list)

    def borrow(self, slots: int, words: int) -> npt.NDArray[np.uint64]:
        """`slots` rows of `words` words with any content."""
        stride = (words + _LINE - 1) // _LINE | 1
        try:
            held = self._spare.pop()
        except IndexError:
            held = np.empty(0, np.uint64)
        if held.size < slots * stride * _LINE:
            held = np.empty(slots * stride * _LINE, np.uint64)
        return held[: slots * stride * _LINE].reshape(slots, stride * _LINE)[:, :words]

    def give_back(self, slots: npt.NDArray[np.uint64]) -> None:
        whole = slots
        while isinstance(whole.base, np.ndarray):
            whole = whole.base
        self._spare.append(whole)
