"""The catalogue of tools: which tool a name stands for, and what is known of it."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from segdsl_technographic.names import fold, spellings

_SHIPPED = Path(__file__).with_name("tools.csv")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; `vendor` and `deployment` are empty where they don't apply, as for a language.

    `deployment` is where it runs: `cloud`, `on-premises`, or `either`.
    """

    name: str
    categories: tuple[str, ...]
    vendor: str
    deployment: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Tools, and the place of each by all its names, folded."""

    tools: tuple[Tool, ...]
    places: Mapping[str, int]

    def find(self, name: str) -> int | None:
        """The place of the tool that a name stands for, however it is written; None if none is known."""
        return next((self.places[spelling] for spelling in spellings(name) if spelling in self.places), None)

    def suggest(self, name: str) -> str:
        """A mend for a name that isn't known."""
        near = get_close_matches(fold(name)[:100], self.places, n=1, cutoff=0.75)
        if near:
            return f"did you mean `{self.tools[self.places[near[0]]].name}`?"
        return "add it to a file of your own, and name that with the option `catalogue`"


def index_tools(tools: Iterable[Tool]) -> dict[str, int]:
    """The place of each tool by its name and aliases, and by its vendor followed by its name, where that is free."""
    listed = tuple(tools)
    places = {fold(tool.name): place for place, tool in enumerate(listed)}
    for place, tool in enumerate(listed):
        for alias in tool.aliases:
            places.setdefault(fold(alias), place)
    for place, tool in enumerate(listed):
        if tool.vendor:
            places.setdefault(fold(f"{tool.vendor} {tool.name}"), place)
    return places


def parts(cell: str) -> tuple[str, ...]:
    """The names in a cell, parted by semicolons or bars."""
    return tuple(part for part in (piece.strip() for piece in cell.replace("|", ";").split(";")) if part)


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue that comes with the plugin."""
    with _SHIPPED.open(encoding="utf-8", newline="") as file:
        tools = tuple(
            Tool(row["tool"], parts(row["category"]), row["vendor"], row["deployment"], parts(row["aliases"]))
            for row in csv.DictReader(file)
        )
    return Catalogue(tools, index_tools(tools))
