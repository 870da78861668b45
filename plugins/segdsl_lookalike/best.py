"""Who the best customers are, by the target."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.evidence.regression_tree import Flags
from segdsl.plugin import FieldName, FitCall, Kind, Refused

_SCORES = {Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DURATION}
_EXPECTED = "a score, a number, a yes-or-no, or a grade: a category with a list of values, the best first"
_TOP = Decimal("0.25")
# With fewer rows of either kind nothing could be said of rows that aren't learned from.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Best:
    """Which rows have a known target, and which of these are the best. `said` is who these are, in words."""

    known: Flags
    wanted: Flags
    said: str


def find_best(call: FitCall) -> Best:
    """A row is among the best where fewer than the share `top` of the rows are strictly better, as in a grade.

    Where so many rows are equal that without them the best are nearer to that share, they are left out. Of a yes-or-no
    those are the best that have it. Raises Refused where there are fewer than ten rows of either kind.
    """
    target = call.options["target"]
    assert isinstance(target, FieldName)
    values, known = _values(call, target.name)
    values = values[known]
    top = call.options.get("top")
    if call.types[target.name].kind is Kind.BOOL:
        if top is not None:
            raise Refused(
                f"`{target.name}` is a yes-or-no, which says itself who the best are", "top", help="leave it out"
            )
        best = Best(known, values > 0, f"with `{target.name}`")
    else:
        share = _TOP if top is None else Decimal(str(top))
        wanted, tied = _first(values, share)
        said = f"the best {(share * 100).normalize():f}% by `{target.name}`{', equal ones together' if tied else ''}"
        best = Best(known, wanted, said)
    _check(target.name, best)
    return best


def _first(values: Floats, share: Decimal) -> tuple[Flags, bool]:
    """The rows with the highest values, and whether equal ones make them more or fewer than the share."""
    if not len(values):
        return np.zeros(0, np.bool_), False
    # Fewer than `place` rows are better than the one that stands there.
    place = max(1, ceil(share * len(values)))
    at = -np.partition(-values, place - 1)[place - 1]
    with_equal, better = values >= at, values > at
    more, fewer = int(with_equal.sum()) - place, place - int(better.sum())
    wanted = better if better.any() and fewer < more else with_equal
    return wanted, int(wanted.sum()) != place


def _check(target: str, best: Best) -> None:
    rows, wanted = len(best.wanted), int(best.wanted.sum())
    if rows > 1 and wanted in (0, rows):
        raise Refused(f"`{target}` is the same in all {rows:,} rows", "target", expected="one that varies")
    if min(wanted, rows - wanted) < FEWEST:
        few = f"of {rows:,} row{'' if rows == 1 else 's'} with a known `{target}`, {wanted:,} are {best.said}"
        raise Refused(few, "target", expected=f"at least {FEWEST} of these and {FEWEST} others")


def _values(call: FitCall, target: str) -> tuple[Floats, Flags]:
    """The target as numbers, the more the better, and where it is known."""
    array, type_ = call.fields[target], call.types[target]
    if type_.kind in _SCORES:
        return plain_numbers(array)
    if type_.kind is Kind.BOOL:
        return plain_numbers(array.cast(pa.uint8()))
    if type_.kind is Kind.CATEGORY and type_.values is not None:
        places, known = plain_numbers(pc.index_in(array, value_set=pa.array(type_.values, pa.string())))
        return -places, known
    raise Refused(f"`{target}` is {type_.or_missing(False)}", "target", expected=_EXPECTED)
