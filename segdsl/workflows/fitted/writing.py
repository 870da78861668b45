"""A fitted file and its lock, written together: both or neither."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from segdsl.diagnostics import Diagnostics, SourceText
from segdsl.language import syntax as s
from segdsl.language.parser import parse
from segdsl.model.dependencies import fingerprint
from segdsl.project.fitted_files import fitted_place, lock_place
from segdsl.project.texts import name_beside
from segdsl.record import dataclass, replace
from segdsl.runs.fitted_lock import lock_value
from segdsl.runs.manifest import as_text
from segdsl.runs.placing import place_texts
from segdsl.workflows.fitted.labels import Labelled
from segdsl.workflows.fitted.origins import Json
from segdsl.workflows.fitted.staleness import lock_of, rules_print
from segdsl.workflows.fitted.text import fitted_text, section, sections_of
from segdsl.workflows.loading import FittedFile, Loaded, with_fitted


@dataclass(frozen=True, slots=True)
class WrittenFit:
    """The spec with its new fitted file, and where that and its lock stand."""

    loaded: Loaded
    file: Path
    lock: Path


def write_fitted(
    loaded: Loaded, labelled: Mapping[str, Labelled], origins: Mapping[str, Json]
) -> WrittenFit | Diagnostics:
    """Writes the segmentations that were fitted, beside those that were not; or says why nothing is written.

    `loaded` is the spec as it was read; what it is with the new text is checked before anything is written.
    """
    assert loaded.spec is not None and loaded.model is not None
    text = fitted_text(loaded.spec.name, _sections(loaded, labelled, origins))
    place, lock = fitted_place(loaded.spec), lock_place(loaded.spec)
    written, wrong = _read_again(loaded, place, text)
    if written is None:
        return wrong
    entries = {**_kept_entries(loaded, labelled), **_entries(written, labelled, origins)}
    ordered = {name: entries[name] for name in loaded.model.schemes if name in entries}
    value = lock_value(loaded.spec.name, place.name, sha256(text.encode()).hexdigest(), ordered)
    failure = place_texts({place: text, lock: as_text(value)})
    return WrittenFit(written, place, lock) if failure is None else (failure,)


def _sections(loaded: Loaded, labelled: Mapping[str, Labelled], origins: Mapping[str, Json]) -> list[str]:
    """The segmentations in the order of the spec; those that were not fitted now stand as they stood."""
    assert loaded.model is not None and loaded.spec is not None
    spec = loaded.spec.name
    before = {} if loaded.fitted is None else sections_of(loaded.fitted, spec)
    sections = []
    for name, scheme in loaded.model.schemes.items():
        if name in labelled:
            sections.append(section(labelled[name], origins[name], scheme.population))
        elif name in before:
            sections.append(before[name])
    return sections


def _read_again(loaded: Loaded, place: Path, text: str) -> tuple[Loaded | None, Diagnostics]:
    """The spec with the text that is about to be written, read as it will be; none where it doesn't check."""
    assert loaded.spec is not None
    name = name_beside(loaded.name, loaded.spec.parent, place)
    source = SourceText(name, text)
    tree, mistakes = parse(source)
    bodies = {one.name.text: one for one in tree.declarations if isinstance(one, s.SegmentationDecl)}
    fitted = FittedFile(name, place, source, tree, MappingProxyType(bodies))
    model, checked = with_fitted(loaded, bodies)
    texts = MappingProxyType({**loaded.texts, name: source})
    again = replace(loaded, texts=texts, model=model, fitted=fitted, outside=replace(loaded.outside, fitted=bodies))
    return (None if model is None else again), (*mistakes, *(one for one in checked if one.is_error))


def _kept_entries(loaded: Loaded, labelled: Mapping[str, Labelled]) -> Json:
    """What is known of segmentations that stand as they stood."""
    kept = loaded.bodies.keys() - labelled.keys()
    return {name: entry for name, entry in lock_of(loaded).entries.items() if name in kept}


def _entries(written: Loaded, labelled: Mapping[str, Labelled], origins: Mapping[str, Json]) -> Json:
    return {name: _entry(written, name, one, origins[name]) for name, one in labelled.items()}


def _entry(written: Loaded, name: str, one: Labelled, origin: Json) -> Json:
    assert written.model is not None
    plugin, body = written.model.schemes[name].plugin, written.bodies[name]
    assert plugin is not None
    texts = {option.name: written.texts[option.span.file] for option in plugin.options}
    options = {
        option.name: _value(texts[option.name].text[option.span.start : option.span.end]) for option in plugin.options
    }
    return {
        "plugin": origin["plugin"],
        "options": options,
        "rows": one.found.rows,
        **origin,
        "notes": [" ".join(note.split()) for note in one.found.notes],
        "rules": rules_print(body),
        "text": fingerprint(body),
    }


def _value(written: str) -> str:
    """What stands behind the colon of an option."""
    return " ".join(written.partition(":")[2].split())
