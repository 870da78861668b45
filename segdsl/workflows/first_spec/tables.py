"""Which files are one table, and where a spec that reads them may stand."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from segdsl.diagnostics import Diagnostic, has_errors
from segdsl.engines.arrow.profiling.table import headers_of
from segdsl.engines.arrow.reading import DataFile
from segdsl.engines.arrow.reading.files import format_of
from segdsl.project.project import find_project
from segdsl.record import dataclass
from segdsl.workflows.first_spec.names import identifier

_ENDING = ".seg"


@dataclass(frozen=True, slots=True)
class DataTable:
    """Files of one shape, the name of their source, and their path or pattern."""

    name: str
    files: tuple[Path, ...]
    pattern: Path


def find_tables(arguments: Sequence[Path]) -> tuple[DataTable, ...] | Diagnostic:
    groups: list[tuple[Path, ...]] = []
    single: list[Path] = []
    for argument in arguments:
        if argument.is_dir():
            found = _readable(argument)
            single.extend(found)
            groups.extend(group for folder in _subfolders(argument) if (group := tuple(_readable(folder))))
            if not found and not groups:
                return Diagnostic("SEG501", f"`{argument}` holds no data files", help="name a file")
        elif not argument.exists():
            return Diagnostic("SEG501", f"`{argument}` doesn't exist", help="name a data file, or a folder of them")
        else:
            single.append(argument)
    taken: set[str] = set()
    tables: list[DataTable] = []
    for group in (*_together(single), *(g for folder in groups for g in _together(folder))):
        tables.append(_table(group, taken))
        taken.add(tables[-1].name)
    return tuple(tables)


def _readable(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and format_of(p) is not None and p.name[0] != ".")


def _subfolders(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] != ".")


def _together(found: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    """Files of one folder and one ending whose columns are the same are one table."""
    shapes: dict[tuple[Path, str, tuple[str, ...]], list[Path]] = {}
    for path in dict.fromkeys(found):
        headers = _headers(path)
        key = (path.parent, path.suffix, headers or (path.name,))
        shapes.setdefault(key, []).append(path)
    yield from (tuple(paths) for paths in shapes.values())


def _headers(path: Path) -> tuple[str, ...]:
    return headers_of(DataFile(path, str(path)))


def _table(group: tuple[Path, ...], taken: set[str]) -> DataTable:
    first = group[0]
    if len(group) == 1:
        stem = first.name.split(".")[0]
        name = _free(identifier(stem, (), "data"), taken)
        return DataTable(name, group, first)
    same = _common_start([p.name for p in group]).rstrip("0123456789-_. ")
    ending = "".join(first.suffixes[-1:])
    alone = set(_readable(first.parent)) == set(group)
    name = _free(identifier(first.parent.name if alone else same or first.parent.name, (), "data"), taken)
    return DataTable(name, group, first.parent / (f"*{ending}" if alone else f"{same}*{ending}"))


def _common_start(names: Sequence[str]) -> str:
    low, high = min(names), max(names)
    same = next((at for at, char in enumerate(low) if high[at : at + 1] != char), len(low))
    return low[:same]


def _free(name: str, taken: set[str]) -> str:
    return identifier(name, taken, "data")


# ---- where the spec stands


def spec_folder(found: Sequence[Path], out: Path | None) -> Path:
    if out is not None:
        return Path(os.path.abspath(out))
    here = Path.cwd()
    real = [Path(os.path.realpath(p)) for p in found]
    root = find_project(here / f"spec{_ENDING}")[0].root
    if all(p.is_relative_to(Path(os.path.realpath(root))) for p in real):
        return here
    return Path(os.path.commonpath([p.parent for p in real]))


def refuse_outside(folder: Path, tables: Iterable[DataTable]) -> Diagnostic | None:
    """A spec reads only what lies in its project."""
    project, found = find_project(folder / f"spec{_ENDING}")
    root = Path(os.path.realpath(project.root))
    if has_errors(found):
        return next(one for one in found if one.is_error)
    for table in tables:
        for file in table.files:
            if not Path(os.path.realpath(file)).is_relative_to(root):
                mend = "name a folder above the files with `--out`, or put a segdsl.toml into one above both"
                return Diagnostic("SEG502", f"a spec in `{folder}` may not read `{file}`", help=mend)
    return None


def shown_from(path: Path, folder: Path) -> str:
    real = Path(os.path.realpath(path.parent)) / path.name
    return Path(os.path.relpath(real, os.path.realpath(folder))).as_posix()


def spec_name(arguments: Sequence[Path], tables: Sequence[DataTable], folder: Path) -> str:
    """The name of the only table, of the folder that was named, or of the folder that the spec stands in."""
    if len(tables) == 1:
        return tables[0].name
    named = arguments[0].resolve() if len(arguments) == 1 else folder
    return identifier((folder if named.name == "data" else named).name or "spec", (), "spec")
