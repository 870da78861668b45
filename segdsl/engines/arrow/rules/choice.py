"""Which kernels suit the work."""

from segdsl.engines.arrow.rules.kernels import Kernels
from segdsl.engines.arrow.rules.numpy_kernels import NUMPY
from segdsl.engines.arrow.rules.program import RuleProgram


def choose_kernels(program: RuleProgram, rows: int) -> Kernels:
    return NUMPY
