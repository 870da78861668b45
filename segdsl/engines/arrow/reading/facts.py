"""What a scan found out besides its rows."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from segdsl.diagnostics import Diagnostics

# No header or declared name looks like this by accident; it never leaves the engine.
ROW_COLUMN = "#row"


@dataclass(frozen=True, slots=True)
class Places:
    """Where rows stand: the files in order and the number (from 1, over all files) of the first row of each."""

    files: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()

    def locate(self, row: int) -> tuple[str, int]:
        """The file of a row and its number there, from 1; without files, an empty name and the row itself."""
        if not self.files:
            return "", row
        at = max(0, bisect_right(self.starts, row) - 1)
        return self.files[at], row - self.starts[at] + 1


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """Findings and counts of one source.

    `rows_read` are all data rows of the files; of these `rows_hidden` are later than the clock and `rows_dropped`
    were dropped by a policy. `missing` counts missing values by column (before defaults), `not_a_number` those of
    them that were NaN.
    """

    diagnostics: Diagnostics = ()
    rows_read: int = 0
    rows_hidden: int = 0
    rows_dropped: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    not_a_number: Mapping[str, int] = field(default_factory=dict)
    places: Places = Places()
