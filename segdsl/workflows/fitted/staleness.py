"""Whether fitted segments still are what a fit would find: what they were learned from, against what there is now."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.engines.arrow.reading import DataFile
from segdsl.language import syntax as s
from segdsl.model.dependencies import fingerprint
from segdsl.model.model import Model
from segdsl.model.source import FileOrigin
from segdsl.project.fitted_files import lock_place
from segdsl.project.texts import name_beside
from segdsl.record import dataclass, replace
from segdsl.runs.fitted_lock import Lock, read_lock
from segdsl.runs.inputs import Files, InputFile, identify, resolve_sources
from segdsl.runs.plugin_files import plugin_files
from segdsl.workflows.fitted.origins import FilesRead, Json, changes_since, origin_of
from segdsl.workflows.loading import NOTHING_SET, Loaded

_STALE = "SEG710"
_UNKNOWN_ORIGIN = "SEG711"


class State(StrEnum):
    """What can be said of the segments of a segmentation that a plugin finds."""

    FRESH = "up to date"
    STALE = "stale"
    UNKNOWN = "of unknown origin"
    MISSING = "not fitted"


@dataclass(frozen=True, slots=True)
class Judged:
    """A segmentation that a plugin finds, what can be said of its segments, and why, a clause each.

    `edited`: somebody has changed who is in them since they were written.
    """

    scheme: str
    state: State
    reasons: tuple[str, ...] = ()
    edited: bool = False

    @property
    def is_fresh(self) -> bool:
        """Whether a fit would find the same."""
        return self.state is State.FRESH


@dataclass(frozen=True, slots=True)
class Data:
    """The data that a verb reads: paths in place of sources, tables in memory, and files that options of plugins name.

    `plugin_files` are None where they are still to be identified. `known` are files of sources that were identified
    already, so that none is read twice.
    """

    elsewhere: Mapping[str, str] = NOTHING_SET
    tables: tuple[InputFile, ...] = ()
    plugin_files: tuple[InputFile, ...] | None = None
    known: tuple[InputFile, ...] = ()


def lock_of(loaded: Loaded) -> Lock:
    """What is known of where the fitted segments of a spec come from."""
    assert loaded.spec is not None
    place = lock_place(loaded.spec)
    return read_lock(loaded.project, place, name_beside(loaded.name, loaded.spec.parent, place))


def stale_warnings(loaded: Loaded, today: date, data: Data | None) -> Diagnostics:
    """A warning for each segmentation whose fitted segments are stale, or may be. Without `data` the rest is judged."""
    if loaded.fitted is None or not loaded.fitted.bodies:
        return ()
    judged = (one for one in judge(loaded, today, data) if one.state in (State.STALE, State.UNKNOWN))
    return tuple(_warning(loaded, one) for one in judged)


def _warning(loaded: Loaded, one: Judged) -> Diagnostic:
    label = (Label(loaded.bodies[one.scheme].name.span),)
    if one.state is State.STALE:
        mend = f"fit anew with `segdsl fit {loaded.name}`"
        return Diagnostic(_STALE, f"the segments of `{one.scheme}` are stale", label, help=mend, notes=one.reasons)
    message = f"what the segments of `{one.scheme}` were learned from is not known: {'; '.join(one.reasons)}"
    return Diagnostic(_UNKNOWN_ORIGIN, message, label, help=f"fit anew with `segdsl fit {loaded.name}`")


def judge(loaded: Loaded, today: date, data: Data | None) -> tuple[Judged, ...]:
    """What can be said of each segmentation that a plugin finds, in the order of the spec."""
    assert loaded.model is not None
    lock = lock_of(loaded)
    schemes = [name for name, scheme in loaded.model.schemes.items() if scheme.plugin is not None]
    return tuple(_judge(loaded, loaded.model, name, lock, today, data) for name in schemes)


def _judge(loaded: Loaded, model: Model, name: str, lock: Lock, today: date, data: Data | None) -> Judged:
    body = loaded.bodies.get(name)
    if body is None:
        return Judged(name, State.MISSING)
    then = lock.entries.get(name)
    if then is None:
        return Judged(name, State.UNKNOWN, (lock.reason or f"`{lock.name}` does not tell of it",))
    edited = rules_print(body) != then["rules"]
    read, lost = _read_now(loaded, model, then, data)
    now = origin_of(loaded, model, name, read, today)
    if data is None:
        now |= {"inputs": then["inputs"], "files": then["files"]}
    finder = model.schemes[name].plugin
    if finder is None or finder.run is None:
        # Which fields a plugin that isn't there reads can't be told.
        now["directions"] = then["directions"]
    reasons = (*changes_since(then, now), *lost)
    return Judged(name, State.STALE if reasons else State.FRESH, reasons, edited)


def _read_now(loaded: Loaded, model: Model, then: Json, data: Data | None) -> tuple[FilesRead, tuple[str, ...]]:
    """The files that were read at the time, as they are now, and which of them can't be read."""
    root = loaded.project.root
    lists, unlisted = identify({name: (shown(one.path, root),) for name, one in loaded.lists.items()})
    if data is None:
        return FilesRead((), lists, ()), tuple(one.message for one in unlisted)
    named = dict.fromkeys(one["by"] for one in then["inputs"])
    sources = [one for name in named if (one := model.sources.get(name)) and isinstance(one.origin, FileOrigin)]
    tables = {one.reader: one for one in data.tables if one.reader in named}
    files, unresolved = resolve_sources(loaded.project, loaded.files, sources, data.elsewhere, tables)
    inputs, unread = _identify(files, data.known)
    own = data.plugin_files
    if own is None:
        own = plugin_files(loaded.project, loaded.files, model)[0].identities
    wrong = (*unlisted, *unresolved, *unread)
    return FilesRead((*inputs, *tables.values()), lists, own), tuple(one.message for one in wrong)


def shown(path: Path, root: Path) -> DataFile:
    return DataFile(path, path.relative_to(root).as_posix())


def _identify(files: Files, known: tuple[InputFile, ...]) -> tuple[tuple[InputFile, ...], Diagnostics]:
    there = {(one.reader, one.file): one for one in known}
    pairs = [(reader, file) for reader, own in files.items() for file in own]
    ready = tuple(there[reader, file.shown] for reader, file in pairs if (reader, file.shown) in there)
    rest: dict[str, tuple[DataFile, ...]] = {}
    for reader, file in pairs:
        if (reader, file.shown) not in there:
            rest[reader] = (*rest.get(reader, ()), file)
    made, unread = identify(rest)
    return (*ready, *made), unread


def rules_print(body: s.SegmentationDecl) -> str:
    """The SHA-256 of what decides who is in which segment: names, titles, texts and nested segments don't count."""

    def bare(one: s.SegmentDecl) -> s.SegmentDecl:
        return replace(one, name=replace(one.name, text="s"), title=None, items=())

    items = tuple(bare(item) if isinstance(item, s.SegmentDecl) else item for item in body.items)
    return fingerprint(replace(body, items=items))
