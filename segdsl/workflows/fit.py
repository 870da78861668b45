"""`fit`: the segments that plugins find, kept as text beside the spec."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics, Span
from segdsl.diagnostics.codes import PLUGIN_TROUBLE
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.execution import RunInputs
from segdsl.engines.arrow.execution.plugin_calls import PluginCalls
from segdsl.engines.arrow.execution.state import Progress, silent
from segdsl.engines.arrow.reading import DataFile
from segdsl.model.model import Model
from segdsl.plan import Plan
from segdsl.plugin.registry import LoadedPlugins
from segdsl.record import dataclass, replace
from segdsl.runs.inputs import Files, InputFile, identify, refuse_stand_ins, resolve_inputs, store_tables
from segdsl.runs.plugin_files import plugin_files
from segdsl.workflows.fitted.carrying import Carrying
from segdsl.workflows.fitted.labels import Labelled
from segdsl.workflows.fitted.origins import FilesRead, Json, origin_of, rests_on
from segdsl.workflows.fitted.staleness import Data, Judged, judge, shown
from segdsl.workflows.fitted.writing import WrittenFit, write_fitted
from segdsl.workflows.fitting import Search, find_all, rows_plan
from segdsl.workflows.loading import NOTHING_SET, Loaded, load, with_fitted
from segdsl.workflows.plugin_calls import bounded_cost, plugin_calls

_NOTHING = "SEG703"
_OUTSIDE = "SEG304"
_REFUSED = "SEG506"
_NO_TABLES: Mapping[str, pa.Table] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FitRequest:
    """What is to be fitted, and on what.

    `only` names segmentations (empty: all that plugins find). With `check` nothing is fitted or written: only what is
    stale is told. The rest is as for a run.
    """

    argument: Path
    root: Path | None = None
    settings: Mapping[str, str] = NOTHING_SET
    elsewhere: Mapping[str, str] = NOTHING_SET
    tables: Mapping[str, pa.Table] = _NO_TABLES
    only: tuple[str, ...] = ()
    check: bool = False
    max_cost: str | None = None
    plugins: LoadedPlugins | None = None
    on_progress: Progress = silent


@dataclass(frozen=True, slots=True)
class FittedScheme:
    """A segmentation that was fitted. `edited`: rules that somebody had changed were found anew."""

    name: str
    plugin: str
    population: str
    rows: int
    labelled: Labelled
    edited: bool


@dataclass(frozen=True, slots=True)
class Fitting:
    """What came of a fit.

    `file` and `lock` are the files that were written, None where none was. `judged` says of each segmentation whether
    it was stale before.
    """

    loaded: Loaded
    schemes: tuple[FittedScheme, ...]
    judged: tuple[Judged, ...]
    file: Path | None
    lock: Path | None
    diagnostics: Diagnostics
    spec_was_good: bool


@dataclass(frozen=True, slots=True)
class _Ready:
    """A good spec, the segmentations to be fitted, and how to get at the data."""

    request: FitRequest
    loaded: Loaded
    names: tuple[str, ...]
    today: date
    data: Data
    stored: Files
    calls: PluginCalls

    def read(self, plan: Plan) -> RunInputs | Diagnostics:
        """The data that a plan reads."""
        request, loaded = self.request, self.loaded
        files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, request.elsewhere, request.tables)
        return unresolved or RunInputs({**files, **self.stored}, calls=self.calls, on_progress=request.on_progress)


def fit(request: FitRequest, today: date | None = None) -> Fitting:
    """Finds segments and writes them with their lock, both or neither; or says which are stale."""
    loaded = load(request.argument, request.root, request.settings, request.plugins)
    found = loaded.diagnostics
    if loaded.model is None or any(one.is_error and one.code not in PLUGIN_TROUBLE for one in found):
        return _stopped(loaded, found, spec_was_good=False)
    names, refused = _chosen(request, loaded, loaded.model)
    most = None if request.max_cost is None else bounded_cost(loaded.model, request.max_cost)
    wrong = (*refused, *((most,) if isinstance(most, Diagnostic) else ()))
    if wrong or isinstance(most, Diagnostic):
        return _stopped(loaded, (*found, *wrong), spec_was_good=False)
    with TemporaryDirectory(prefix="segdsl-") as folder:
        stored, tables = store_tables(request.tables, loaded.model.sources, Path(folder))
        named, unnamed = plugin_files(loaded.project, loaded.files, loaded.model)
        if unnamed:
            return _stopped(loaded, (*found, *unnamed), spec_was_good=True)
        data = Data(request.elsewhere, tables, named.identities)
        calls = plugin_calls(loaded, named.paths, most)
        ready = _Ready(request, loaded, names, today or date.today(), data, stored, calls)
        judged = tuple(one for one in judge(loaded, ready.today, data) if one.scheme in names)
        if request.check:
            return Fitting(loaded, (), judged, None, None, found, spec_was_good=True)
        return _carry_out(ready, judged)


def _stopped(loaded: Loaded, found: Diagnostics, spec_was_good: bool) -> Fitting:
    return Fitting(loaded, (), (), None, None, loaded.accept(found), spec_was_good)


def _chosen(request: FitRequest, loaded: Loaded, model: Model) -> tuple[tuple[str, ...], Diagnostics]:
    """The segmentations to be fitted, and what is wrong with the request."""
    wrong = list(refuse_stand_ins(model.sources, (*request.elsewhere, *request.tables), "--source"))
    found = [name for name, scheme in model.schemes.items() if scheme.plugin is not None]
    if not found:
        wanted = "a segmentation that a plugin finds, as in `segmentation tiers for customers using value { ... }`"
        wrong.append(Diagnostic(_NOTHING, f"`{loaded.name}` declares nothing to fit", expected=wanted))
    for name in request.only:
        if name not in found:
            near = closest(name, found)
            mend = f"did you mean `{near}`?" if near else f"the spec has {', '.join(f'`{one}`' for one in found)}"
            message = f"`--only {name}`: the spec has no segmentation of that name that a plugin finds"
            wrong.append(Diagnostic(_REFUSED, message, help=mend))
    names = tuple(_with_needed(request, loaded, found))
    return names, tuple(wrong)


def _with_needed(request: FitRequest, loaded: Loaded, found: list[str]) -> Iterator[str]:
    """The segmentations that were asked for, and others that those build on and that have no text yet."""
    needed: set[str] = set().union(*(rests_on(loaded, name).names for name in request.only if name in found))
    for name in found:
        if not request.only or name in request.only or (name in needed and name not in loaded.bodies):
            yield name


def _carry_out(ready: _Ready, judged: tuple[Judged, ...]) -> Fitting:
    loaded = ready.loaded
    start = _without(loaded, ready.names)
    carrying = Carrying(loaded.fitted, ready.today, ready.read)
    search = find_all(start, ready.today, ready.read, ready.names, carrying)
    after, failures = search.loaded, search.failures
    diagnostics = loaded.accept((*loaded.diagnostics, *failures))
    if search.mistakes:
        wrong = tuple(_of_gone(loaded, search, carrying.labelled))
        return _stopped(loaded, (*diagnostics, *wrong), spec_was_good=False)
    missing = [name for name in ready.names if name not in carrying.labelled]
    if failures or missing or after.model is None:
        why = () if failures else _left_out(start, missing)
        return _stopped(loaded, (*diagnostics, *(one for one in why if one not in diagnostics)), spec_was_good=True)
    origins, unread = _origins(ready, after, after.model)
    if unread:
        return _stopped(loaded, (*diagnostics, *unread), spec_was_good=True)
    labelled = {name: carrying.labelled[name] for name in ready.names}
    written = write_fitted(loaded, labelled, origins)
    if not isinstance(written, WrittenFit):
        return _stopped(loaded, (*diagnostics, *written), spec_was_good=True)
    edited = {one.scheme for one in judged if one.edited}
    schemes = tuple(_fitted(name, one, origins[name], name in edited) for name, one in labelled.items())
    return Fitting(written.loaded, schemes, judged, written.file, written.lock, diagnostics, spec_was_good=True)


def _of_gone(loaded: Loaded, search: Search, labelled: Mapping[str, Labelled]) -> Iterator[Diagnostic]:
    """The spec's mistakes; where it names a segment that is no more, that is said instead."""
    said: set[Span | None] = set()
    for scheme, mistakes in search.mistakes.items():
        now = [one.name for one in labelled[scheme].segments]
        for one in (each for each in mistakes if each.span not in said):
            said.add(one.span)
            name = "" if one.span is None else loaded.texts[one.span.file].slice(one.span).strip('"')
            if one.code != _OUTSIDE or name not in labelled[scheme].gone:
                yield replace(one, notes=(*one.notes, "nothing was written"))
                continue
            found = ", ".join(f"`{each}`" for each in now)
            message = f"`{name}` is gone: the new fit of `{scheme}` found {found}. The spec still names it here"
            mend = "take it out here and fit again; then name one of the new segments"
            yield replace(one, message=message, help=mend, notes=("nothing was written",))


def _fitted(name: str, one: Labelled, origin: Json, edited: bool) -> FittedScheme:
    population = one.found.declared.population.text
    return FittedScheme(name, origin["plugin"]["name"], population, one.found.rows, one, edited)


def _without(loaded: Loaded, names: tuple[str, ...]) -> Loaded:
    """The spec in which some segmentations are to be found anew."""
    kept = MappingProxyType({name: body for name, body in loaded.bodies.items() if name not in names})
    model, found = with_fitted(loaded, kept)
    return replace(loaded, model=model, outside=replace(loaded.outside, fitted=kept), diagnostics=found)


def _left_out(loaded: Loaded, missing: list[str]) -> Diagnostics:
    """Why segments can't be found: a plugin that isn't there, be it that which made what they are found in."""
    errors = tuple(one for one in loaded.diagnostics if one.is_error)
    if errors:
        return errors
    message = f"the segments of {', '.join(f'`{name}`' for name in missing)} can't be found"
    return (Diagnostic(_NOTHING, message, help="look at `left out` of `segdsl plan`"),)


def _origins(ready: _Ready, loaded: Loaded, model: Model) -> tuple[dict[str, Json], Diagnostics]:
    """What each segmentation was learned from; every file is read once for all."""
    root = loaded.project.root
    lists, unlisted = identify({name: (shown(one.path, root),) for name, one in loaded.lists.items()})
    known: dict[tuple[str, str], InputFile] = {}
    origins: dict[str, Json] = {}
    found = list(unlisted)
    for name in ready.names:
        plan = rows_plan(model, [model.schemes[name]], ready.today)
        files, unresolved = resolve_inputs(
            loaded.project, loaded.files, plan, ready.data.elsewhere, ready.request.tables
        )
        new = {reader: _unknown(reader, own, known) for reader, own in files.items()}
        made, unread = identify(new)
        known |= {(one.reader, one.file): one for one in made}
        found += (*unresolved, *unread)
        inputs = [
            known[reader, one.shown] for reader, own in files.items() for one in own if (reader, one.shown) in known
        ]
        scanned = {step.source.name for step in plan.steps if hasattr(step, "source")}
        tables = [one for one in ready.data.tables if one.reader in scanned]
        read = FilesRead((*inputs, *tables), lists, ready.data.plugin_files or ())
        origins[name] = origin_of(loaded, model, name, read, ready.today)
    return origins, tuple(found)


def _unknown(
    reader: str, files: tuple[DataFile, ...], known: Mapping[tuple[str, str], InputFile]
) -> tuple[DataFile, ...]:
    return tuple(one for one in files if (reader, one.shown) not in known)
