"""A user's file of tools, put on top of a catalogue. Every mistake in it is refused with its line."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from segdsl.plugin import Refused
from segdsl_technographic.catalogue import Catalogue, Tool, index_tools, parts
from segdsl_technographic.names import fold
from segdsl_technographic.text_files import read_json, read_text

COLUMNS = ("tool", "category", "vendor", "deployment", "aliases", "is")
_DEPLOYMENTS = ("", "cloud", "on-premises", "either")
_OPTION = "catalogue"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the user's file: its file and line in words, and its cells by the names of `COLUMNS`."""

    place: str
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.cells["tool"]

    @property
    def names(self) -> tuple[str, ...]:
        """The tool's name and its aliases."""
        return (self.name, *parts(self.cells["aliases"]))

    @property
    def target(self) -> str:
        """The tool that this one counts as; empty if it is one of its own."""
        return self.cells["is"]


def add_own_tools(catalogue: Catalogue, path: Path) -> Catalogue:
    """The catalogue with the tools of a file. A tool it has already gets what the file states of it.

    A row with `is` makes its names stand for another tool. Raises `Refused` for a file that can't be read so, and for
    a name that would stand for two tools.
    """
    entries = tuple(read_entries(path))
    by_name = _entries_by_name(entries)
    tools = list(catalogue.tools)
    own = {fold(tool.name): place for place, tool in enumerate(tools)}
    for entry in entries:
        _refuse_name_of_other(entry, own)
        if not entry.target:
            place = own.get(fold(entry.name))
            if place is None:
                own[fold(entry.name)] = len(tools)
                tools.append(_tool(entry, None))
            else:
                tools[place] = _tool(entry, tools[place])
    places = index_tools(tools)
    places.update((fold(name), places[fold(e.name)]) for e in entries if not e.target for name in e.names)
    settled = Catalogue(tuple(tools), dict(places))
    for entry in entries:
        if entry.target:
            places.update((name, _target(settled, entry, by_name)) for name in _replaced(settled, entry))
    return Catalogue(settled.tools, places)


def read_entries(path: Path) -> Iterator[Entry]:
    """The rows of a CSV, TSV or JSON file, checked one by one."""
    rows = _json_rows(path) if path.suffix.lower() == ".json" else _delimited_rows(path)
    for place, cells in rows:
        entry = Entry(place, {column: cells.get(column, "").strip() for column in COLUMNS})
        if not entry.name:
            raise Refused(f"{place}: `tool` is empty", _OPTION, "the name of a tool")
        _check_cells(entry)
        yield entry


def _check_cells(entry: Entry) -> None:
    deployment = entry.cells["deployment"].casefold()
    if deployment not in _DEPLOYMENTS:
        raise Refused(
            f"{entry.place}: `{deployment}` is no deployment", _OPTION, "`cloud`, `on-premises`, `either` or nothing"
        )
    stated = [column for column in ("category", "vendor", "deployment") if entry.cells[column]]
    if entry.target and stated:
        raise Refused(
            f"{entry.place}: `{entry.name}` is `{entry.target}`, and yet has a {stated[0]} of its own",
            _OPTION,
            help=f"leave out `{stated[0]}`, or leave out `is`",
        )


def _tool(entry: Entry, before: Tool | None) -> Tool:
    """The tool of an entry; what its cells leave out is as before."""
    cells = entry.cells
    known = before or Tool(entry.name, (), "", "", ())
    categories = tuple(" ".join(part.casefold().split()) for part in parts(cells["category"]))
    return Tool(
        known.name,
        categories or known.categories,
        cells["vendor"] or known.vendor,
        cells["deployment"].casefold() or known.deployment,
        (*known.aliases, *entry.names[1:]),
    )


def _entries_by_name(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Entries by all their names; refuses a name that two entries have."""
    by_name: dict[str, Entry] = {}
    for entry in entries:
        for name in entry.names:
            other = by_name.setdefault(fold(name), entry)
            if other is not entry:
                raise Refused(
                    f"{entry.place}: `{name}` stands for `{entry.name}`, and for `{other.name}` in {other.place}",
                    _OPTION,
                    help="let each name stand in one row only",
                )
    return by_name


def _refuse_name_of_other(entry: Entry, own: Mapping[str, int]) -> None:
    """Refuses an alias that is the very name of a tool of the catalogue, which then would have no name."""
    for alias in entry.names[1:]:
        if fold(alias) in own and fold(alias) != fold(entry.name):
            raise Refused(
                f"{entry.place}: the alias `{alias}` of `{entry.name}` is a tool of its own in the catalogue",
                _OPTION,
                help=f"write a row for `{alias}` whose `is` says `{entry.name}`",
            )


def _target(catalogue: Catalogue, entry: Entry, by_name: Mapping[str, Entry]) -> int:
    """The place of the tool that an entry counts as, through other such entries; refuses a circle."""
    chain = [entry]
    while chain[-1].target:
        after = by_name.get(fold(chain[-1].target))
        if after is None:
            place = catalogue.find(chain[-1].target)
            if place is None:
                unknown = chain[-1].target
                raise Refused(
                    f"{chain[-1].place}: `is` names `{unknown}`, which isn't in the catalogue",
                    _OPTION,
                    help=catalogue.suggest(unknown),
                )
            return place
        if after in chain:
            circle = " is ".join(f"`{e.name}`" for e in (*chain[chain.index(after) :], after))
            raise Refused(
                f"{after.place}: the file goes round in a circle: {circle}", _OPTION, help="leave out one `is`"
            )
        chain.append(after)
    return catalogue.places[fold(chain[-1].name)]


def _replaced(catalogue: Catalogue, entry: Entry) -> Iterator[str]:
    """The names, folded, that an entry with `is` takes: its own, and all of a tool of the catalogue that it names."""
    yield from map(fold, entry.names)
    place = catalogue.places.get(fold(entry.name))
    if place is not None and fold(catalogue.tools[place].name) == fold(entry.name):
        yield from (name for name, other in catalogue.places.items() if other == place)


def _json_rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    expected = "a list of objects: " + '[{"tool": "Our CRM", "category": "crm"}]'
    entries = read_json(path, _OPTION)
    if not isinstance(entries, list):
        raise Refused(f"`{path.name}` holds no list of tools", _OPTION, expected)
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise Refused(f"`{path.name}`, entry {number} is no object", _OPTION, expected)
        place = f"`{path.name}`, entry {number}"
        _refuse_columns(place, tuple(entry))
        yield place, {column: _cell(place, column, value) for column, value in entry.items()}


def _cell(place: str, column: str, value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(part, str) for part in value):
            return ";".join(value)
        case _:
            raise Refused(f"{place}: `{column}` is neither text nor a list of texts", _OPTION)


def _delimited_rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    text = read_text(path, _OPTION)
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t;,", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: tuple[str, ...] | None = None
    line = 1
    try:
        for row in reader:
            place = f"`{path.name}`, line {line}"
            line = reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = tuple(cell.strip().casefold() for cell in row)
                _refuse_columns(place, columns)
                continue
            if len(row) > len(columns):
                mend = 'put quotes around a cell that holds the delimiter: "GA; GA4"'
                raise Refused(f"{place} has {len(row)} cells, and the header {len(columns)}", _OPTION, help=mend)
            yield place, dict(zip(columns, row, strict=False))
    except csv.Error as wrong:
        raise Refused(f"`{path.name}`, line {line} is no CSV: {wrong}", _OPTION, "a CSV, TSV or JSON file") from wrong
    if columns is None:
        raise Refused(f"`{path.name}` is empty", _OPTION, f"columns {', '.join(COLUMNS)}")


def _refuse_columns(place: str, columns: Sequence[str]) -> None:
    """Refuses names of columns that have no meaning here, stand twice, or lack `tool`."""
    expected = f"`tool`, and any of {', '.join(f'`{column}`' for column in COLUMNS[1:])}"
    unknown = [column for column in columns if column not in COLUMNS]
    twice = [column for column in columns if columns.count(column) > 1]
    if unknown:
        raise Refused(f"{place}: `{unknown[0]}` is no column of a catalogue", _OPTION, expected)
    if twice:
        raise Refused(f"{place}: the column `{twice[0]}` stands twice", _OPTION, expected)
    if "tool" not in columns:
        raise Refused(f"{place}: there is no column `tool`", _OPTION, expected)
