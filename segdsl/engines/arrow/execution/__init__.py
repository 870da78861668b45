"""Carrying out a plan over Arrow tables."""

from segdsl.engines.arrow.execution.executor import execute
from segdsl.engines.arrow.execution.state import RunInputs

__all__ = ["RunInputs", "execute"]
