"""Fingerprints of technologies, read from files in the Wappalyzer JSON format that the user supplies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segdsl.plugin import Refused
from segdsl_technographic.patterns import Pattern, read_pattern, refuse_pattern
from segdsl_technographic.selectors import Selector, read_selectors
from segdsl_technographic.text_files import read_json

_OPTION = "rules"
_EXPECTED = "a JSON object of technologies by name, as in the Wappalyzer format"

# Where a pattern looks: in values by their names, or in texts of one kind.
_BY_NAME = {"headers": "header", "cookies": "cookie", "meta": "meta"}
_PLAIN = {"html": "html", "scriptSrc": "script source", "script": "script source", "scripts": "script", "url": "url"}
# What says something else of a technology than how to detect it.
_SILENT = frozenset(
    "cats cpe description icon website pricing saas oss implies requires requiresCategory excludes".split()
)
_APART = frozenset({"categories.json", "groups.json"})


@dataclass(frozen=True, slots=True)
class Check:
    """A pattern and where on a page it looks: `where` is the kind of text, `name` that of a header, cookie or meta tag.

    With `selectors`, it looks at the elements that one of them means: at the attribute `name`, or at the text.
    """

    where: str
    name: str
    pattern: Pattern
    selectors: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class Technology:
    """A technology: how it is detected, and what its presence says of others. `implies` has a confidence each."""

    name: str
    checks: tuple[Check, ...]
    implies: tuple[tuple[str, int], ...]
    requires: tuple[str, ...]
    requires_categories: tuple[int, ...]
    excludes: tuple[str, ...]
    categories: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unused:
    """A part of the rules that is not used, and why."""

    technology: str
    field: str
    pattern: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Technologies by name, and what of the files isn't used."""

    technologies: Mapping[str, Technology]
    unused: tuple[Unused, ...]


def read_rules(path: Path) -> Rules:
    """The rules of a file, or of a folder with a file for each letter, in it or in its folder `technologies`.

    A pattern that can't be run in linear time, and what isn't supported, is listed in `unused`. Raises `Refused` for
    a file that isn't JSON or isn't of this format.
    """
    technologies: dict[str, Technology] = {}
    unused: list[Unused] = []
    for file in _files(path):
        for name, fields in _technologies(file):
            checks: list[Check] = []
            for found in _read_checks(name, fields):
                if isinstance(found, Unused):
                    unused.append(found)
                else:
                    checks.append(found)
            technologies[name] = _technology(name, fields, tuple(checks))
    return Rules(technologies, tuple(unused))


def _files(path: Path) -> tuple[Path, ...]:
    if not path.exists():
        raise Refused(f"there is no file or folder `{path.name}`", _OPTION, "rules in the Wappalyzer format on disk")
    if not path.is_dir():
        return (path,)
    inner = path / "technologies"
    folder = inner if inner.is_dir() and not inner.is_symlink() else path
    files = sorted(f for f in folder.glob("*.json") if f.name not in _APART and f.is_file() and not f.is_symlink())
    if not files:
        raise Refused(f"the folder `{path.name}` holds no rules", _OPTION, "files such as `technologies/a.json`")
    return tuple(files)


def _technologies(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    content = read_json(file, _OPTION)
    for key in ("technologies", "apps"):
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
            break
    if not isinstance(content, dict):
        raise Refused(f"`{file.name}` holds no object of technologies", _OPTION, _EXPECTED)
    for name, fields in content.items():
        if not isinstance(fields, dict):
            raise Refused(f"`{file.name}`: `{name}` is no object", _OPTION, _EXPECTED)
        yield name, fields


def _technology(name: str, fields: Mapping[str, Any], checks: tuple[Check, ...]) -> Technology:
    implied = tuple(read_pattern(text) for text in _texts(fields.get("implies")))
    return Technology(
        name,
        checks,
        tuple((pattern.text, pattern.confidence) for pattern in implied),
        tuple(read_pattern(text).text for text in _texts(fields.get("requires"))),
        _numbers(fields.get("requiresCategory")),
        tuple(read_pattern(text).text for text in _texts(fields.get("excludes"))),
        _numbers(fields.get("cats")),
    )


def _read_checks(name: str, fields: Mapping[str, Any]) -> Iterator[Check | Unused]:
    for field, value in fields.items():
        if field in _SILENT:
            continue
        if field in _BY_NAME:
            yield from _by_name(name, field, value)
        elif field in _PLAIN:
            for text in _texts(value):
                yield _check(name, field, text, _PLAIN[field], "")
        elif field == "dom":
            yield from _of_elements(name, value)
        else:
            yield Unused(name, field, "", "this field isn't supported")


def _by_name(technology: str, field: str, value: object) -> Iterator[Check | Unused]:
    if not isinstance(value, dict):
        yield Unused(technology, field, "", "not an object of patterns by name")
        return
    for name, patterns in value.items():
        for text in _texts(patterns):
            yield _check(technology, field, text, _BY_NAME[field], name.lower())


def _of_elements(technology: str, value: object) -> Iterator[Check | Unused]:
    """Checks of `dom`: a selector, a list of them, or an object of what is asked of each."""
    asked: Mapping[str, object] = value if isinstance(value, dict) else {text: {"exists": ""} for text in _texts(value)}
    for written, conditions in asked.items():
        selectors = read_selectors(written)
        if selectors is None:
            yield Unused(
                technology, "dom", written, "only a single element is supported: tag, #id, .class, [attribute]"
            )
            continue
        for condition, patterns in (conditions if isinstance(conditions, dict) else {"text": conditions}).items():
            match condition, patterns:
                case "exists" | "text", _:
                    for text in _texts(patterns):
                        where = "element" if condition == "exists" else "text of element"
                        yield _check(technology, "dom", text, where, "", selectors)
                case "attributes", dict():
                    for name, of_attribute in patterns.items():
                        for text in _texts(of_attribute):
                            yield _check(technology, "dom", text, "attribute", name.lower(), selectors)
                case _:
                    yield Unused(technology, "dom", written, f"`{condition}` isn't supported")


def _check(
    technology: str, field: str, written: str, where: str, name: str, selectors: tuple[Selector, ...] = ()
) -> Check | Unused:
    pattern = read_pattern(written)
    reason = refuse_pattern(pattern.text)
    return Unused(technology, field, pattern.text, reason) if reason else Check(where, name, pattern, selectors)


def _texts(value: object) -> tuple[str, ...]:
    """The texts in a value that is a text or a list of them; others say nothing."""
    values = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, str))


def _numbers(value: object) -> tuple[int, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, int))
