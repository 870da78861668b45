"""`init`: a first spec from data files."""

import os
from collections.abc import Sequence
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, has_errors
from segdsl.engines.arrow.profiling import profile_table
from segdsl.engines.arrow.reading import DataFile
from segdsl.record import dataclass
from segdsl.workflows.first_spec import SourceDraft, draft_source
from segdsl.workflows.first_spec.links import with_links
from segdsl.workflows.first_spec.loading import spec_that_loads
from segdsl.workflows.first_spec.tables import (
    DataTable,
    find_tables,
    refuse_outside,
    shown_from,
    spec_folder,
    spec_name,
    written_from,
)

_UNWRITABLE = "SEG701"
_UNFIT = "SEG611"
_ENDING = ".seg"


@dataclass(frozen=True, slots=True)
class Started:
    """The spec that was written: its path (None where there is none), its text and its sources with their rows.

    `beside_data` says that it stands with its data, as it could not read them from the present folder.
    """

    path: Path | None
    text: str
    sources: tuple[tuple[str, int], ...]
    diagnostics: Diagnostics
    beside_data: bool = False


def start(arguments: Sequence[Path], out: Path | None) -> Started:
    """Writes a spec for data files (a folder stands for those in it) into `out`, and never over another file.

    Without `out` it stands in the present folder, or where the files have theirs if they lie elsewhere.
    """
    tables = find_tables(arguments)
    if isinstance(tables, Diagnostic):
        return Started(None, "", (), (tables,))
    folder = spec_folder([file for table in tables for file in table.files], out)
    refused = refuse_outside(folder, tables)
    if refused is not None:
        return Started(None, "", (), (refused,))
    drafts: list[SourceDraft] = []
    for table in tables:
        profile = profile_table(tuple(DataFile(file, shown_from(file, folder)) for file in table.files))
        if isinstance(profile, Diagnostic):
            return Started(None, "", (), (profile,))
        if not profile.columns:
            return Started(None, "", (), (_empty(table),))
        drafts.append(draft_source(table.name, written_from(table, folder), profile))
    checked = spec_that_loads(with_links(tuple(drafts)))
    rows = tuple((draft.name, draft.profile.rows) for draft in checked.drafts)
    if has_errors(checked.diagnostics):
        return Started(None, checked.text, rows, checked.diagnostics)
    place = folder / f"{spec_name(arguments, tables, folder)}{_ENDING}"
    failure = write_new(place, checked.text)
    if failure:
        return Started(None, checked.text, rows, (failure,))
    return Started(place, checked.text, rows, (), beside_data=out is None and folder != Path.cwd())


def _empty(table: DataTable) -> Diagnostic:
    return Diagnostic(_UNFIT, f"`{table.files[0].name}` has no columns", expected="a header row with names of columns")


def write_new(place: Path, text: str) -> Diagnostic | None:
    """Writes a file that isn't there yet: beside, then linked to its name, so that no other file is ever replaced."""
    beside = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, place)
    except FileExistsError:
        mend = "move it away, or write into another folder with `--out DIR`"
        return Diagnostic(_UNWRITABLE, f"`{place}` exists already", help=mend)
    except OSError as failure:
        return Diagnostic(_UNWRITABLE, f"`{place}` can't be written: {(failure.strerror or 'unknown reason').lower()}")
    finally:
        beside.unlink(missing_ok=True)
    return None
