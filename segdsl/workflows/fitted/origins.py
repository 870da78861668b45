"""What segments were learned from, as a lock holds it, and what of it has changed since."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from segdsl.language import syntax as s
from segdsl.model.dependencies import Dependencies, dependencies_of, fingerprint
from segdsl.model.model import Model
from segdsl.plan import clock_of
from segdsl.plan.wording import word_value
from segdsl.plugin.registry import InstalledPlugin
from segdsl.record import dataclass
from segdsl.runs.fitted_lock import file_read
from segdsl.runs.inputs import InputFile
from segdsl.workflows.directions import stated_directions
from segdsl.workflows.loading import Loaded

Json = dict[str, Any]
_PARAM = "param "
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class FilesRead:
    """What exactly was read: files of sources, files of sets, and files that options of plugins name."""

    inputs: tuple[InputFile, ...]
    lists: tuple[InputFile, ...]
    files: tuple[InputFile, ...]


def rests_on(loaded: Loaded, name: str) -> Dependencies:
    """What the segmentation of that name rests on."""
    return dependencies_of((loaded.trees[file] for file in loaded.files), name)


def origin_of(loaded: Loaded, model: Model, name: str, read: FilesRead, today: date) -> Json:
    """What a segmentation is learned from; `read` may hold more than concerns it, except for inputs.

    `loaded.outside.fitted` are the segments of other segmentations that it may build on.
    """
    own = rests_on(loaded, name)
    clock = clock_of(model, today)
    used = {plugin: one for plugin, one in loaded.plugins.origins.items() if plugin in own.names}
    finder = _finder(own.declarations[f"segmentation {name}"])
    bodies = {other: body for other, body in loaded.outside.fitted.items() if other in own.names and other != name}
    return {
        "plugin": _plugin(finder, used.pop(finder, None)),
        "clock": {"date": clock.day.isoformat(), "from": clock.parameter or None},
        "declarations": {key: fingerprint(one) for key, one in own.declarations.items() if not key.startswith(_PARAM)},
        "parameters": {
            param.name: word_value(param.value, param.type)
            for param in model.params.values()
            if f"{_PARAM}{param.name}" in own.declarations
        },
        "directions": dict(sorted(stated_directions(model, model.schemes[name]).items())),
        "plugins": [_plugin(plugin, one) for plugin, one in sorted(used.items())],
        "lists": [file_read(one) for one in read.lists if f"set {one.reader}" in own.declarations],
        "inputs": [file_read(one) for one in read.inputs],
        "files": [file_read(one) for one in read.files if one.reader in own.names],
        "segmentations": {other: fingerprint(body) for other, body in sorted(bodies.items())},
    }


def _finder(declared: s.Declaration) -> str:
    assert isinstance(declared, s.SegmentationDecl) and declared.plugin is not None
    return declared.plugin.text


def _plugin(name: str, origin: InstalledPlugin | None) -> Json:
    if origin is None:
        return {"name": name, "package": "", "version": ""}
    return {"name": name, "package": origin.package, "version": origin.version}


def changes_since(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """What has changed between two origins, a clause each; empty where nothing has."""
    return tuple(_changes(then, now))


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    spec = [f"`{key}`" for key in _differing(then["declarations"], now["declarations"])]
    if spec:
        more = f" and {len(spec) - _MOST_NAMED:,} more" if len(spec) > _MOST_NAMED else ""
        yield f"{', '.join(spec[:_MOST_NAMED])}{more} of the spec changed"
    yield from _parameters(then, now)
    for kind in ("lists", "inputs", "files"):
        yield from _files(then[kind], now[kind])
    yield from _plugins(then, now)
    if then["directions"] != now["directions"]:
        listed = ", ".join(f"`{field}`" for field in _differing(then["directions"], now["directions"]))
        yield f"hypotheses state another direction of {listed}"
    for other in _differing(then["segmentations"], now["segmentations"]):
        yield f"the segments of `{other}` changed"


def _parameters(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    before, after = then["parameters"], now["parameters"]
    both = before.keys() & after.keys()
    for name in sorted(name for name in both if before[name] != after[name]):
        yield f"the parameter `{name}` was {before[name]} and is {after[name]}"
    clock, other = then["clock"], now["clock"]
    # A clock that is the day of the fit passes with every day, which says nothing of the segments.
    if clock["from"] and other["from"] and clock["date"] != other["date"] and clock["from"] not in both:
        yield f"the clock was {clock['date']} and is {other['date']}"


def _files(then: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Files by what reads them: only what stands in them counts, not what they are called."""
    before, after = _by_reader(then), _by_reader(now)
    for reader in sorted(before.keys() | after.keys()):
        old, new = before.get(reader, []), after.get(reader, [])
        if Counter(one["sha256"] for one in old) != Counter(one["sha256"] for one in new):
            names = {one["file"] for one in (*old, *new)}
            only = next(iter(names)) if len(names) == 1 else None
            yield f"`{only}` changed" if only else f"the data of `{reader}` changed"


def _by_reader(files: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in files:
        found.setdefault(one["by"], []).append(one)
    return found


def _plugins(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    before = {one["name"]: one for one in (then["plugin"], *then["plugins"])}
    after = {one["name"]: one for one in (now["plugin"], *now["plugins"])}
    for name in sorted(before.keys() & after.keys()):
        old, new = (f"{one['package']} {one['version']}" for one in (before[name], after[name]))
        # A plugin that isn't installed any more is not needed, either.
        if old != new and after[name]["version"]:
            yield f"the plugin `{name}` was of {old} and is of {new}"


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))
