"""Which files are one table, and where a spec that reads them may stand."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from segdsl.diagnostics import Diagnostic, has_errors
from segdsl.engines.arrow.profiling.table import headers_of
from segdsl.engines.arrow.reading import DataFile
from segdsl.engines.arrow.reading.files import format_of
from segdsl.project.patterns import matching_files
from segdsl.project.project import find_project
from segdsl.record import dataclass
from segdsl.workflows.first_spec.names import identifier

_ENDING = ".seg"
# What tells the files of a series apart, as in `sales-2024-01.csv`.
_COUNTED = "0123456789-_. "


@dataclass(frozen=True, slots=True)
class DataTable:
    """Files of one shape in one folder, the name of their source, and the pattern that matches just them."""

    name: str
    files: tuple[Path, ...]
    pattern: str

    @property
    def folder(self) -> Path:
        return self.files[0].parent


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
        for table in _tables(group, taken):
            tables.append(table)
            taken.add(table.name)
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


def _tables(group: tuple[Path, ...], taken: set[str]) -> Iterator[DataTable]:
    """Files of one shape: one table where a pattern matches them and no other file, else a table for each."""
    pattern = _pattern_of(group) if len(group) > 1 else None
    if pattern is not None:
        literal = pattern.replace("*", "").replace("?", "").removesuffix(group[0].suffix).strip(_COUNTED)
        yield DataTable(_free(literal or group[0].absolute().parent.name, taken), group, pattern)
        return
    for path in group:
        yield DataTable(_free(path.name.split(".")[0], taken), (path,), glob.escape(path.name))


def _pattern_of(group: Sequence[Path]) -> str | None:
    """The widest of some patterns that matches these files of one folder and no other; None if none of them does."""
    folder, names = group[0].parent, [path.name for path in group]
    ending = glob.escape(group[0].suffix)
    start = _common_start(names)
    end = _common_start([name[::-1] for name in names])[::-1]
    same, left, right = (glob.escape(part) for part in (start.rstrip(_COUNTED), start, end))
    between = "?" * (len(names[0]) - len(start) - len(end))
    patterns = (
        f"*{ending}",
        f"{same}*{ending}",
        f"{left}*{ending}",
        f"*{right}",
        f"{left}*{right}",
        f"{left}{between}{right}",
    )
    return next((p for p in patterns if sorted(matching_files(folder, p)) == sorted(names)), None)


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


def written_from(table: DataTable, folder: Path) -> str:
    """The table's path or pattern as a spec in `folder` says it."""
    above = glob.escape(shown_from(table.files[0], folder)).rpartition("/")[0]
    return f"{above}/{table.pattern}" if above else table.pattern


def spec_name(arguments: Sequence[Path], tables: Sequence[DataTable], folder: Path) -> str:
    """The name of the only table, of the folder that was named, or of the folder that the spec stands in."""
    if len(tables) == 1:
        return tables[0].name
    named = arguments[0].resolve() if len(arguments) == 1 else folder
    return identifier((folder if named.name == "data" else named).name or "spec", (), "spec")
