"""Makes the columns of `technographic` for one `enrich` block."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.plugin import Asked, Call, ColumnName, Made, Note, Refused
from segdsl_technographic.catalogue import Catalogue, shipped_catalogue
from segdsl_technographic.categories import as_column
from segdsl_technographic.detected import make_detected
from segdsl_technographic.mentions import Bools, Mentions, read_mentions
from segdsl_technographic.own_catalogue import add_own_tools
from segdsl_technographic.stacks import (
    Sets,
    as_counts,
    as_lists,
    deployment,
    has_any,
    keep_items,
    regroup,
    seen_day,
    used_tools,
)
from segdsl_technographic.unknown_tools import count_unknown, note_unknown

_RIVALS = {
    "competitor_in_use": "competitors",
    "competitors_in_use": "competitors",
    "complement_in_use": "complements",
    "complements_in_use": "complements",
}


def make(call: Call) -> Made:
    """The columns asked for. Columns made from the same inputs share the work; so do equal names of tools.

    Raises `Refused` for options that can't be worked with.
    """
    catalogue = _catalogue(call)
    named = {option: _places(call, option, catalogue) for option in ("competitors", "complements")}
    columns: dict[str, Any] = {}
    notes: list[Note] = []
    tables: dict[str, pa.Table] = {}
    unknown: list[pa.Table] = []
    for group in _by_inputs(call.asked):
        if group[0].output == "detected":
            made = make_detected(call, group, catalogue)
            columns |= made.columns
            notes += made.notes
            tables |= made.tables
            continue
        mentions = read_mentions(call, group[0], catalogue)
        used = used_tools(mentions)
        columns |= {asked.name: _make_column(asked, mentions, used, catalogue, named) for asked in group}
        if mentions.unknown.any():
            notes.append(note_unknown(group[0].name, mentions, used))
            if call.personal.isdisjoint(group[0].columns):
                unknown.append(count_unknown(_source(group[0].columns[0], call.table), mentions, used))
    if unknown:
        tables["unknown_tools"] = pa.concat_tables(unknown)
    return Made(columns, tuple(notes), tables)


def _catalogue(call: Call) -> Catalogue:
    paths = call.paths.get("catalogue", ())
    return add_own_tools(shipped_catalogue(), paths[0]) if paths else shipped_catalogue()


def _places(call: Call, option: str, catalogue: Catalogue) -> frozenset[int]:
    """The places in the catalogue of the tools that an option names."""
    value = call.options.get(option, ())
    names = value if isinstance(value, tuple) else (value,)
    return frozenset(_place(str(name), option, catalogue) for name in names)


def _place(name: str, option: str, catalogue: Catalogue) -> int:
    place = catalogue.find(name)
    if place is None:
        raise Refused(f"`{name}` isn't in the catalogue", option, "a tool of the catalogue", catalogue.suggest(name))
    return place


def _by_inputs(asked: Sequence[Asked]) -> list[list[Asked]]:
    """Columns by what they are made from, detection apart."""
    groups: dict[tuple[bool, tuple[ColumnName, ...]], list[Asked]] = {}
    for one in asked:
        groups.setdefault((one.output == "detected", one.columns), []).append(one)
    return list(groups.values())


def _source(column: ColumnName, table: str) -> str:
    return column.column if column.table == table else f"{column.table}.{column.column}"


def _make_column(
    asked: Asked, mentions: Mentions, used: Sets, catalogue: Catalogue, named: Mapping[str, frozenset[int]]
) -> Any:
    match asked.output:
        case "stack":
            return as_lists(used)
        case "breadth":
            return as_counts(used)
        case "categories":
            return as_lists(regroup(used, _categories(mentions, catalogue)))
        case "category_breadth":
            return as_counts(regroup(used, _categories(mentions, catalogue)))
        case "vendors":
            return as_lists(regroup(used, _vendors(mentions, catalogue)))
        case "deployment":
            return deployment(used, _deployments(mentions, catalogue))
        case "competitor_in_use" | "complement_in_use":
            return has_any(used, _are(mentions, named[_RIVALS[asked.output]]))
        case "competitors_in_use" | "complements_in_use":
            return as_lists(keep_items(used, _are(mentions, named[_RIVALS[asked.output]])))
        case "first_seen" | "last_seen":
            everything = np.ones(len(mentions.names), bool)
            return seen_day(mentions, everything, last=asked.output == "last_seen")
        case _:
            return _make_starred(asked, mentions, used, catalogue)


def _make_starred(asked: Asked, mentions: Mentions, used: Sets, catalogue: Catalogue) -> Any:
    """A column whose name says a category or a tool: `uses_crm`, `first_seen_crm`, `last_seen_salesforce`."""
    for start in ("uses_", "first_seen_", "last_seen_"):
        if asked.output.startswith(start):
            break
    word = asked.output.removeprefix(start)
    in_category = {
        place
        for place, tool in enumerate(catalogue.tools)
        if any(as_column(category) == word for category in tool.categories)
    }
    if start == "uses_":
        if not in_category:
            raise Refused(f"`{asked.output}`: no tool of the catalogue has the category `{word}`", "catalogue")
        return has_any(used, _are(mentions, in_category))
    place = catalogue.find(word.replace("_", " "))
    if not in_category and place is None:
        raise Refused(
            f"`{asked.output}`: the catalogue has no category and no tool `{word}`", help=catalogue.suggest(word)
        )
    return seen_day(mentions, _are(mentions, in_category or {place}), last=start == "last_seen_")


def _are(mentions: Mentions, places: frozenset[int] | set[int | None] | set[int]) -> Bools:
    return np.array([place in places for place in mentions.places.tolist()], bool)


def _categories(mentions: Mentions, catalogue: Catalogue) -> list[tuple[str, ...]]:
    return [catalogue.tools[place].categories if place >= 0 else () for place in mentions.places.tolist()]


def _vendors(mentions: Mentions, catalogue: Catalogue) -> list[tuple[str, ...]]:
    """A vendor each; none for an unknown tool or one that belongs to nobody."""
    vendors = [catalogue.tools[place].vendor if place >= 0 else "" for place in mentions.places.tolist()]
    return [(vendor,) if vendor else () for vendor in vendors]


def _deployments(mentions: Mentions, catalogue: Catalogue) -> list[str]:
    return [catalogue.tools[place].deployment if place >= 0 else "" for place in mentions.places.tolist()]
