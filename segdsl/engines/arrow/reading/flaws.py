"""What can be wrong with one cell."""

from enum import IntEnum


class Flaw(IntEnum):
    """The first thing found wrong with a cell; a row's byte in the flaws of a column.

    NAN is no breach: it is a missing value that is counted apart.
    """

    NONE = 0
    NAN = 1
    WRONG_TYPE = 2
    INFINITE = 3
    TOO_LARGE = 4
    OUT_OF_RANGE = 5
    OUTSIDE = 6
    NO_RATE = 7
    BEYOND_CALENDAR = 8
