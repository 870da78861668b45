"""Functions that are imported when they are first called, so that `check` knows a plugin without its libraries."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Later:
    """A function by its place, `package.module:function`; a call imports it."""

    place: str

    def __call__(self, *arguments: Any) -> Any:
        module, _, name = self.place.partition(":")
        return getattr(import_module(module), name)(*arguments)


def later(place: str) -> Callable[..., Any]:
    """The function at `package.module:function`, imported when it is first called."""
    return Later(place)
