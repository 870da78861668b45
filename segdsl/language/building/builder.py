"""The functions that make nodes, under the names of their rules."""

from functools import partial
from types import FunctionType
from typing import Any

from segdsl.language.building import analysis, declarations, schemes, sources, term_nodes
from segdsl.language.building.places import Places


def node_functions(places: Places) -> dict[str, Any]:
    """For each rule or alias of the grammar the function of that name, which takes its children."""
    made: dict[str, Any] = {"literal": places.literal}
    for module in (declarations, sources, analysis, schemes, term_nodes):
        for name, function in vars(module).items():
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                made[name] = partial(function, places)
    return made
