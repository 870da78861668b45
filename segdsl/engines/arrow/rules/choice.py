"""Which kernels suit the work: NumPy's at first, Numba's once a program has run so long that loading them pays."""

from functools import cache
from importlib.util import find_spec

from segdsl.engines.arrow.rules.kernels import Kernels
from segdsl.engines.arrow.rules.numpy_kernels import NUMPY
from segdsl.engines.arrow.rules.program import RuleProgram

# Rows times rules. About two seconds of NumPy; Numba takes one second to load, and four where it compiles anew.
_ENOUGH_WORK = 5_000_000_000


def choose_kernels(program: RuleProgram, rows: int) -> Kernels:
    """The kernels for `rows` more rows. Results don't depend on them."""
    program.effort.spent += rows * len(program.conditions)
    if program.effort.spent < _ENOUGH_WORK:
        return NUMPY
    return _load_compiled() or NUMPY


@cache
def _load_compiled() -> Kernels | None:
    """The compiled kernels; None without the `fast` extra. The one late import: Numba takes half a second."""
    if find_spec("numba") is None:
        return None
    from segdsl.engines.arrow.rules.numba_kernels import NUMBA  # noqa: PLC0415

    return NUMBA
