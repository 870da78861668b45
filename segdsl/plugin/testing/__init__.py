"""What an author tests a plugin with: `check_plugin("name", ...)` in a test of pytest holds it to its whole contract.

This package may import large libraries; plugins import it in their tests only.
"""

from segdsl.plugin.testing.checks import check_declaration, check_plugin
from segdsl.plugin.testing.examples import (
    EnrichExample,
    ExportExample,
    FitExample,
    FunctionExample,
    MeasureExample,
    ReadExample,
    SectionExample,
    TableExample,
)
from segdsl.plugin.testing.faults import ContractBroken, Fault

__all__ = [
    "ContractBroken",
    "EnrichExample",
    "ExportExample",
    "Fault",
    "FitExample",
    "FunctionExample",
    "MeasureExample",
    "ReadExample",
    "SectionExample",
    "TableExample",
    "check_declaration",
    "check_plugin",
]
