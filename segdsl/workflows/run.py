"""`run`: from a spec and its data to members, scores and lists."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.engines.arrow.execution import RunInputs
from segdsl.engines.arrow.execution.executor import carry_out, outcome
from segdsl.engines.arrow.execution.plugin_calls import PluginCalls
from segdsl.engines.arrow.execution.state import Progress, State, silent
from segdsl.engines.arrow.reading import DataFile
from segdsl.engines.arrow.results import RunTables
from segdsl.language.formatter import format_tree
from segdsl.model.model import Model
from segdsl.plan import Plan, build_plan, clock_of, json_value
from segdsl.plugin.registry import LoadedPlugins
from segdsl.project import Project
from segdsl.record import dataclass, replace
from segdsl.report.layout import UNBOUNDED
from segdsl.report.run_report import RunReport, report_run
from segdsl.report.terminal import Canvas, render_report
from segdsl.runs.folder import Figures, Written, write_folder
from segdsl.runs.inputs import (
    Files,
    InputFile,
    identify,
    refuse_stand_ins,
    resolve_inputs,
    store_tables,
)
from segdsl.runs.manifest import Json, Origin, SpecFile, as_text, learned_part, reproducible_part, run_part
from segdsl.runs.names import file_stem, run_name
from segdsl.runs.plugin_files import plugin_files
from segdsl.runs.sections import MadeSection, make_sections, section_markdown
from segdsl.runs.staging import place_anew, place_over, refuse_linked, refuse_place, staged, unwritable
from segdsl.workflows.evaluations import take_evaluations
from segdsl.workflows.fitted.staleness import Data, stale_warnings
from segdsl.workflows.fitting import FoundSegments, Reading, find_all
from segdsl.workflows.hypotheses import take_hypotheses
from segdsl.workflows.loading import NOTHING_SET, Loaded, load
from segdsl.workflows.plan import plan_loaded
from segdsl.workflows.plugin_calls import bounded_cost, has_new_failures, plugin_calls, without_failed

_NO_TABLES: Mapping[str, pa.Table] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be run, and on what.

    `settings` are parameters as written; `elsewhere` paths of sources seen from the present folder; `tables` sources
    in memory. `max_cost` is the most that plugins may pay, as written. `out` is the run folder to write, None: a new
    one under the project's `runs`. Nothing is written unless `write`. `plugins` stand in for those that are installed.
    """

    argument: Path
    root: Path | None = None
    settings: Mapping[str, str] = NOTHING_SET
    elsewhere: Mapping[str, str] = NOTHING_SET
    tables: Mapping[str, pa.Table] = _NO_TABLES
    out: Path | None = None
    max_cost: str | None = None
    plugins: LoadedPlugins | None = None
    write: bool = True
    on_progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a run.

    `tables`, `report` and `manifest` are None where it did not come to its end; `folder` is None where nothing was
    written.
    `spec_was_good` tells a mistake in the spec or in the request from one in the data.
    """

    loaded: Loaded
    tables: RunTables | None
    report: RunReport | None
    manifest: Json | None
    folder: Path | None
    diagnostics: Diagnostics
    spec_was_good: bool


@dataclass(frozen=True, slots=True)
class _Ready:
    """A plan, the data it is to be carried out on, and the segments that plugins found."""

    loaded: Loaded
    plan: Plan
    files: Files
    calls: PluginCalls
    segments: tuple[FoundSegments, ...]
    origin: Origin
    started: datetime


def run(request: Request) -> Finished:
    """Carries out everything that a spec declares, and writes the run folder, all of it or nothing."""
    started = datetime.now(UTC)
    planned = plan_loaded(load(request.argument, request.root, request.settings, request.plugins), date.today())
    loaded, plan, found = planned.loaded, planned.plan, planned.diagnostics
    if plan is None or loaded.model is None:
        return _stopped(loaded, found, spec_was_good=False)
    refused = _refuse(request, loaded.model, loaded.project)
    most = None if request.max_cost is None else bounded_cost(loaded.model, request.max_cost)
    if refused or isinstance(most, Diagnostic):
        wrong = (*refused, *((most,) if isinstance(most, Diagnostic) else ()))
        return _stopped(loaded, (*found, *wrong), spec_was_good=False)
    with TemporaryDirectory(prefix="segdsl-") as folder:
        stored, tables = store_tables(request.tables, loaded.model.sources, Path(folder))
        files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, request.elsewhere, request.tables)
        named, unnamed = plugin_files(loaded.project, loaded.files, loaded.model)
        calls = plugin_calls(loaded, named.paths, most)
        search = find_all(loaded, date.today(), _reading(request, loaded, stored, calls))
        loaded, segments, unfound = search.loaded, search.segments, search.failures
        if search.mistakes:
            return _stopped(loaded, (*found, *unfound, *search.wrong_in_the_spec), spec_was_good=False)
        if segments and loaded.model is not None:
            plan = build_plan(loaded.model, clock_of(loaded.model, date.today()))
            files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, request.elsewhere, request.tables)
        origin, unread = _origin(request, loaded, files, (*tables, *named.identities))
        if unresolved or unnamed or unread:
            return _stopped(loaded, (*found, *unresolved, *unnamed, *unread), spec_was_good=True)
        assert loaded.model is not None
        data = Data(request.elsewhere, tables, named.identities, origin.inputs)
        stale = stale_warnings(loaded, date.today(), data)
        ready = _Ready(loaded, plan, {**files, **stored}, calls, segments, origin, started)
        return _carry_out(request, ready, loaded.model, (*found, *unfound, *stale))


def _reading(request: Request, loaded: Loaded, stored: Files, calls: PluginCalls) -> Reading:
    """How a plan gets at its data while segments are found."""

    def read(plan: Plan) -> RunInputs | Diagnostics:
        files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, request.elsewhere, request.tables)
        return unresolved or RunInputs({**files, **stored}, calls=calls, on_progress=request.on_progress)

    return read


def _stopped(loaded: Loaded, found: Diagnostics, spec_was_good: bool) -> Finished:
    return Finished(loaded, None, None, None, None, loaded.accept(found), spec_was_good)


def _refuse(request: Request, model: Model, project: Project) -> Diagnostics:
    """What is wrong with the request itself, told before any work is done."""
    named = refuse_stand_ins(model.sources, (*request.elsewhere, *request.tables), "--source")
    place = None
    if request.write:
        place = refuse_linked(project.runs, project.root) if request.out is None else refuse_place(request.out)
    return named if place is None else (*named, place)


def _origin(
    request: Request, loaded: Loaded, files: Files, tables: tuple[InputFile, ...]
) -> tuple[Origin, Diagnostics]:
    """What exactly the run rests on. Every file is read once here, so one that can't be read is told early."""
    root = loaded.project.root
    specs, unread = identify({name: (_shown(path, root),) for name, path in loaded.files.items()})
    lists, unlisted = identify({name: (_shown(one.path, root),) for name, one in loaded.lists.items()})
    inputs, lost = identify(files)
    own = {} if loaded.fitted is None else {loaded.fitted.name: (_shown(loaded.fitted.path, root),)}
    fitted, unfit = identify(own)
    origin = Origin(
        tuple(SpecFile(one.reader, one.file, one.sha256) for one in specs),
        lists,
        (*inputs, *tables),
        request.settings,
        next((SpecFile(one.reader, one.file, one.sha256) for one in fitted), None),
    )
    return origin, (*unread, *unlisted, *lost, *unfit)


def _shown(path: Path, root: Path) -> DataFile:
    return DataFile(path, path.relative_to(root).as_posix())


def _carry_out(request: Request, ready: _Ready, model: Model, checked: Diagnostics) -> Finished:
    inputs = RunInputs(ready.files, calls=ready.calls, on_progress=request.on_progress)
    state = carry_out(ready.plan, model.sources, inputs)
    if has_new_failures(model, ready.calls):
        # What rests on a plugin that failed is left out; what the others gave is not asked for again.
        rest = without_failed(model, ready.calls)
        plan = build_plan(rest, clock_of(rest, ready.plan.clock))
        return _carry_out(request, replace(ready, plan=plan), rest, checked)
    told = tuple(one for one in ready.calls.failures if one not in checked)
    return _finish(request, ready, model, state, (*checked, *told))


def _finish(request: Request, ready: _Ready, model: Model, state: State, checked: Diagnostics) -> Finished:
    loaded = ready.loaded
    tables, found = outcome(state)
    found = (*checked, *found)
    if tables is None:
        return _stopped(loaded, found, spec_was_good=True)
    if model.hypotheses:
        request.on_progress("testing hypotheses", 0, 0)
    tables, tested = take_hypotheses(model, tables)
    declared = {one.scheme: one.declared for one in ready.segments}
    tables, evaluated = take_evaluations(loaded, model, state, tables, declared, request.on_progress)
    sections, unmade = make_sections(model.sections, tables, model.scores, ready.plan.clock)
    found = loaded.accept((*found, *tested.warnings, *evaluated.diagnostics, *unmade))
    manifest = reproducible_part(ready.origin, model, ready.plan, tables, loaded.texts, found)
    manifest["plugins"] = [
        {"name": one.name, "package": one.package, "version": one.version} for one in loaded.plugins.origins.values()
    ]
    manifest["learned"] = learned_part(model, loaded.bodies, declared)
    manifest["run"] = run_part(ready.started, datetime.now(UTC))
    report = report_run(
        model,
        ready.plan.clock,
        ready.plan.clock_from,
        tables,
        evaluated,
        sections,
        _learned(ready),
        (tested.hypotheses, tested.proxies),
    )
    told = (Figures(evaluated, tested.proxies, tested.hypotheses), sections, report)
    written = _write(request, ready, model, tables, told, manifest) if request.write else (None, ())
    if isinstance(written, Diagnostic):
        return _stopped(loaded, (*found, written), spec_was_good=True)
    folder, unwritten = written
    return Finished(loaded, tables, report, manifest, folder, (*found, *unwritten), spec_was_good=True)


def _learned(ready: _Ready) -> Mapping[str, tuple[str, ...]]:
    """What is to be said of segments that weren't written by hand, by segmentation."""
    learned: dict[str, tuple[str, ...]] = {}
    if ready.loaded.fitted is not None:
        learned = dict.fromkeys(ready.loaded.bodies, (f"segments of {ready.loaded.fitted.path.name}",))
    return learned | {one.scheme: one.notes for one in ready.segments}


def _write(
    request: Request,
    ready: _Ready,
    model: Model,
    tables: RunTables,
    told: tuple[Figures, Iterable[MadeSection], RunReport],
    manifest: Json,
) -> tuple[Path, Diagnostics] | Diagnostic:
    """The run folder, in its place, with what an exporter couldn't write; or why there is none."""
    figures, sections, report = told
    texts = {f"spec/{one.file}": _formatted(ready.loaded, one.name) for one in ready.origin.specs}
    if ready.loaded.fitted is not None and ready.origin.fitted is not None:
        fitted = ready.loaded.fitted
        texts[f"spec/{ready.origin.fitted.file}"] = format_tree(fitted.tree, fitted.text.text)
    texts |= {f"spec/{file_stem(one.scheme)}.found.seg": format_tree(one.tree, one.text.text) for one in ready.segments}
    texts |= {f"sections/{file_stem(one.plugin)}.md": section_markdown(one.text) for one in sections}
    texts["plan.json"] = as_text(json_value(ready.plan))
    texts["report.txt"] = render_report(report, Canvas(UNBOUNDED, unicode=True, colour=False))
    written = Written(texts, as_text(manifest))
    place = request.out
    parent = ready.loaded.project.runs if place is None else place.parent
    request.on_progress("writing the results", 0, 0)
    try:
        with staged(parent) as folder:
            found = write_folder(folder, tables, model.scores, figures, written)
            if place is None:
                return place_anew(folder, run_name(ready.started, manifest["digest"])), found
            return place_over(folder, place), found
    except OSError as failure:
        return unwritable(parent if place is None else place, failure)


def _formatted(loaded: Loaded, name: str) -> str:
    return format_tree(loaded.trees[name], loaded.texts[name].text)
