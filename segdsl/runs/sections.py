"""Sections that plugins add to the report, and their text in the run folder."""

from collections.abc import Iterable, Mapping
from datetime import date

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.engines.arrow.results import RunTables
from segdsl.model.model import Score
from segdsl.model.plugin_use import PluginUse
from segdsl.plugin import SectionCall, SectionText
from segdsl.plugin.calling import Raised, attempt, broken, culprit, diagnose
from segdsl.record import dataclass
from segdsl.runs.cells import cell_texts
from segdsl.runs.figures import attrition_table, segment_table

_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class MadeSection:
    """What a plugin wrote, by the name of the plugin."""

    plugin: str
    text: SectionText


def make_sections(
    uses: Iterable[PluginUse], tables: RunTables, scores: Mapping[str, Score], clock: date
) -> tuple[tuple[MadeSection, ...], Diagnostics]:
    """The sections in the order of the spec; one that fails is a diagnostic, and the others are there."""
    told = _tables(tables, scores)
    made: list[MadeSection] = []
    found: list[Diagnostic] = []
    for use in uses:
        if use.run is None:
            continue
        section = _made(use, SectionCall(told, clock, dict(use.values)))
        if isinstance(section, Diagnostic):
            found.append(section)
        else:
            made.append(MadeSection(use.plugin, section))
    return tuple(made), tuple(found)


def _tables(tables: RunTables, scores: Mapping[str, Score]) -> dict[str, pa.Table]:
    """The tables of a run by the names they have in its folder."""
    groups = {"members": tables.members, "scores": tables.scores, "enriched": tables.enriched}
    named = {f"{group}/{name}": table for group, found in groups.items() for name, table in found.items()}
    lists = {f"audiences/{name}": found.table for name, found in tables.audiences.items()}
    return {**named, **lists, "attrition": attrition_table(tables), "segments": segment_table(tables, scores)}


def _made(use: PluginUse, call: SectionCall) -> SectionText | Diagnostic:
    assert use.run is not None
    section = attempt(use.run, call)
    if isinstance(section, Raised):
        return diagnose(section, culprit(use), "write its section")
    if not isinstance(section, SectionText):
        return _broken(use, f"it gave {type(section).__name__} instead of SectionText")
    if not all(isinstance(table, pa.Table) for table in section.tables.values()):
        return _broken(use, "not all of its tables are Arrow tables")
    return section


def _broken(use: PluginUse, reason: str) -> Diagnostic:
    return broken(culprit(use), "write its section", reason)


def section_cells(table: pa.Table) -> tuple[tuple[str, ...], list[list[str]]]:
    """The heads and the first rows of a table as texts."""
    shown = table.slice(0, _MOST_ROWS)
    columns = [cell_texts(column).to_pylist() for column in shown.columns]
    return tuple(shown.column_names), [list(row) for row in zip(*columns, strict=True)]


def section_markdown(section: SectionText) -> str:
    """The section as Markdown: title, paragraphs, tables. Nothing of it can act as markup."""
    lines = [f"# {_inert(section.title)}", ""]
    for paragraph in section.paragraphs:
        lines += [_inert(paragraph), ""]
    for title, table in section.tables.items():
        heads, rows = section_cells(table)
        lines += [f"## {_inert(title)}", ""]
        lines += [f"| {' | '.join(map(_inert, heads))} |", f"|{'---|' * len(heads)}"]
        lines += [f"| {' | '.join(map(_inert, row))} |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def _inert(text: str) -> str:
    plain = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        plain = plain.replace(sign, f"\\{sign}")
    return plain
