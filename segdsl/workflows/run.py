"""`run`: from a spec and its data to members, scores and lists."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from segdsl.diagnostics import Diagnostics, has_errors
from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.engines.arrow.execution.state import Progress, silent
from segdsl.engines.arrow.results import RunTables
from segdsl.language.formatter import format_tree
from segdsl.plan import Plan, json_value
from segdsl.record import dataclass
from segdsl.runs.folder import Written, write_folder
from segdsl.runs.inputs import (
    DataFile,
    Files,
    InputFile,
    identify,
    identify_table,
    refuse_stand_ins,
    resolve_inputs,
)
from segdsl.runs.manifest import Json, Origin, SpecFile, as_text, reproducible_part, run_part
from segdsl.runs.names import run_name
from segdsl.runs.staging import place_anew, place_over, refuse_place, staged, unwritable
from segdsl.workflows.loading import NOTHING_SET, Loaded, load
from segdsl.workflows.plan import plan_loaded

_NO_TABLES: Mapping[str, pa.Table] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be run, and on what.

    `settings` are parameters as written; `elsewhere` paths of sources seen from the present folder; `tables` sources
    in memory. `out` is the run folder to write, None: a new one under the project's `runs`. Nothing is written unless
    `write`.
    """

    argument: Path
    root: Path | None = None
    settings: Mapping[str, str] = NOTHING_SET
    elsewhere: Mapping[str, str] = NOTHING_SET
    tables: Mapping[str, pa.Table] = _NO_TABLES
    out: Path | None = None
    write: bool = True
    on_progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a run.

    `tables` and `manifest` are None where it did not come to its end; `folder` is None where nothing was written.
    `spec_was_good` tells a mistake in the spec or in the request from one in the data.
    """

    loaded: Loaded
    tables: RunTables | None
    manifest: Json | None
    folder: Path | None
    diagnostics: Diagnostics
    spec_was_good: bool


def run(request: Request) -> Finished:
    """Carries out everything that a spec declares, and writes the run folder, all of it or nothing."""
    started = datetime.now(UTC)
    loaded = load(request.argument, request.root, request.settings)
    planned = plan_loaded(loaded, started.date())
    refused = _refuse(request, planned.loaded)
    if planned.plan is None or refused:
        return _stopped(loaded, (*planned.diagnostics, *refused), good=False)
    files, unresolved = resolve_inputs(loaded.project, loaded.files, planned.plan, request.elsewhere, request.tables)
    origin, unread = _origin(request, loaded, files)
    if unresolved or unread:
        return _stopped(loaded, (*planned.diagnostics, *unresolved, *unread), good=True)
    assert loaded.model is not None
    inputs = RunInputs(files, request.tables, on_progress=request.on_progress)
    tables, found = execute(planned.plan, loaded.model.sources, inputs)
    found = (*planned.diagnostics, *found)
    if tables is None:
        return _stopped(loaded, found, good=True)
    manifest = reproducible_part(origin, loaded.model, planned.plan, tables, loaded.texts, found)
    finish = partial(Finished, loaded, tables)
    if not request.write:
        return finish(manifest, None, found, True)
    ...
