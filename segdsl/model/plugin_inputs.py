"""Whether what is given to a plugin's output or function fits what it declares."""

from collections.abc import Iterable, Sequence

from segdsl.model.catalog import Input
from segdsl.record import dataclass
from segdsl.types import Type


@dataclass(frozen=True, slots=True)
class InputFault:
    """What doesn't fit: which one (None: their number), a clause on what was found, what was expected, and a mend."""

    place: int | None
    found: str
    expected: str
    help: str


def inputs_fault(wanted: Sequence[Input], types: Sequence[Type]) -> InputFault | None:
    """The first input that doesn't fit. An unknown type fits everywhere."""
    least = sum(one.required for one in wanted)
    most = None if wanted and wanted[-1].repeats else len(wanted)
    if len(types) < least or (most is not None and len(types) > most):
        return InputFault(None, f"is given {len(types)}", _how_many(least, most), "")
    for place, type_ in enumerate(types):
        one = wanted[min(place, len(wanted) - 1)]
        if not type_.is_unknown and type_.kind not in one.kinds:
            return InputFault(place, f"is given {type_}", f"the {one.name} as {_listed(one.kinds)}", one.doc)
    return None


def _how_many(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _listed(kinds: Iterable[str]) -> str:
    *most, last = sorted(kinds)
    return f"{', '.join(most)} or {last}" if most else last
