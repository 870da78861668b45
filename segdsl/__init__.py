"""Customer segmentation from a spec that people can read.

    import segdsl

    segdsl.check("customers.seg")                          # what is wrong with it: a tuple of Diagnostic
    result = segdsl.run("customers.seg", params={"as_of": "2026-06-30"}, out="results")
    result.members["fit"]                                  # pyarrow tables
    result.scores["quality"], result.attrition, result.audiences["top_100"]

The names below are loaded when they are used: importing segdsl is free.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segdsl.diagnostics import Diagnostic as Diagnostic
    from segdsl.workflows.notebook import Fit as Fit
    from segdsl.workflows.notebook import Result as Result
    from segdsl.workflows.notebook import SpecError as SpecError
    from segdsl.workflows.notebook import check as check
    from segdsl.workflows.notebook import explain as explain
    from segdsl.workflows.notebook import fit as fit
    from segdsl.workflows.notebook import format_text as format_text
    from segdsl.workflows.notebook import plan_of as plan_of
    from segdsl.workflows.notebook import run as run
    from segdsl.workflows.notebook import test as test

_NOTEBOOK = "segdsl.workflows.notebook"
_HOMES = {
    "Diagnostic": "segdsl.diagnostics",
    **dict.fromkeys(
        ("Fit", "Result", "SpecError", "check", "explain", "fit", "format_text", "plan_of", "run", "test"), _NOTEBOOK
    ),
}

__all__ = [
    "Diagnostic",
    "Fit",
    "Result",
    "SpecError",
    "check",
    "explain",
    "fit",
    "format_text",
    "plan_of",
    "run",
    "test",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"segdsl has no `{name}`; it has {', '.join(__all__)}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
