"""What segdsl.toml says: where results go, the main spec, connections, and which plugins are allowed."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from segdsl.diagnostics import Diagnostic, Diagnostics, Label, SourceText, Span
from segdsl.diagnostics.suggestion import closest
from segdsl.project.toml_places import Key, key_places, place_of_error
from segdsl.record import dataclass, field

SETTINGS_FILE = "segdsl.toml"
MAX_SETTINGS = 64 * 1024

_TABLES = ("project", "connections", "plugins")
_PROJECT = ("main", "runs")
_CONNECTION = ("kind", "url_env")
_PLUGINS = ("allow", "pins")
_SECRETS = frozenset({"dsn", "key", "password", "secret", "token", "uri", "url", "user"})
# A key of more parts than any setting has; the standard reader takes quadratic time and memory for thousands.
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{20,}}+")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4299,}+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Connection:
    """A database that sources may query; the environment variable `url_env` holds its address and secrets."""

    name: str
    kind: str
    url_env: str


@dataclass(frozen=True, slots=True)
class Settings:
    """`runs` is the folder of results, seen from the root; `main` is the spec that stands for the project.

    `allow` names the plugins that specs may use (None: any that is installed); `pins` are (plugin, version)
    pairs.
    """

    runs: str = "runs"
    main: str | None = None
    connections: tuple[Connection, ...] = ()
    allow: tuple[str, ...] | None = None
    pins: tuple[tuple[str, str], ...] = ()


def read_settings(text: SourceText) -> tuple[Settings, Diagnostics]:
    """The settings in a segdsl.toml, with every mistake in it. A setting that is wrong keeps its default."""
    deep = _DEEP_KEY.search(text.text)
    if deep is not None:
        return Settings(), (_too_deep(text, (Label(Span(text.file, *deep.span())),)),)
    try:
        content = tomllib.loads(text.text)
    except RecursionError:
        return Settings(), (_too_deep(text),)
    except tomllib.TOMLDecodeError as failure:
        return Settings(), (_broken(text, str(failure)),)
    except ValueError:  # the one thing else that the standard reader refuses
        return Settings(), (_long_number(text),)
    reader = _Reader(text.file, key_places(text))
    reader.refuse_unknown(content, (), _TABLES)
    project = reader.table(content, ("project",))
    plugins = reader.table(content, ("plugins",))
    reader.refuse_unknown(project, ("project",), _PROJECT)
    reader.refuse_unknown(plugins, ("plugins",), _PLUGINS)
    settings = Settings(
        runs=reader.value(project, ("project", "runs"), _inner_path) or "runs",
        main=reader.value(project, ("project", "main"), _inner_path),
        connections=tuple(_connections(reader, reader.table(content, ("connections",)))),
        allow=reader.value(plugins, ("plugins", "allow"), _names),
        pins=tuple(_pins(reader, reader.table(plugins, ("plugins", "pins")))),
    )
    return settings, tuple(reader.found)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A value that won't do, and what would have."""

    expected: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """Looks up settings and collects the mistakes on the way."""

    file: str
    places: Mapping[Key, Span]
    found: list[Diagnostic] = field(default_factory=list)

    def report(self, key: Key, message: str, expected: str = "", mend: str = "") -> None:
        around = (key[:length] for length in range(len(key), 0, -1))
        place = next((self.places[part] for part in around if part in self.places), None)
        labels = () if place is None else (Label(place),)
        self.found.append(Diagnostic("SEG504", message, labels, expected, mend))

    def refuse_unknown(self, table: Mapping[str, object], where: Key, known: tuple[str, ...]) -> None:
        for name in table:
            if name in known:
                continue
            here = f"`[{'.'.join(where)}]` has no setting `{name}`" if where else f"`[{name}]` isn't known here"
            suggestion = closest(name, known)
            mend = f"did you mean `{suggestion}`?" if suggestion else ""
            self.report((*where, name), here, f"one of {', '.join(f'`{one}`' for one in known)}", mend)

    def table(self, content: Mapping[str, object], key: Key) -> Mapping[str, object]:
        """The table at the last part of `key` in `content`; empty where there is none."""
        found = content.get(key[-1], {})
        if isinstance(found, dict):
            return found
        self.report(key, f"`{'.'.join(key)}` holds a value", f"a table: `[{'.'.join(key)}]` on a line of its own")
        return {}

    def value(self, table: Mapping[str, object], key: Key, check: Callable[[object], T | _Wrong]) -> T | None:
        """The checked value at the last part of `key` in `table`; None where it is missing or wrong."""
        if key[-1] not in table:
            return None
        checked = check(table[key[-1]])
        if isinstance(checked, _Wrong):
            self.report(key, f"`{key[-1]}` is {_describe(table[key[-1]])}", checked.expected)
            return None
        return checked


def _connections(reader: _Reader, table: Mapping[str, object]) -> Iterator[Connection]:
    for name in table:
        where = ("connections", name)
        entry = reader.table(table, where)
        if entry is not table[name]:
            continue
        for secret in sorted(_SECRETS.intersection(entry)):
            message = f"`{secret}` of connection `{name}` would put a secret into the project"
            mend = f'write `url_env = "{name.upper()}_URL"` and set that variable where the spec is run'
            reader.report((*where, secret), message, "the name of an environment variable", mend)
        rest = {key: value for key, value in entry.items() if key not in _SECRETS}
        reader.refuse_unknown(rest, where, _CONNECTION)
        for needed in _CONNECTION:
            if needed not in entry and not _SECRETS.intersection(entry):
                reader.report(where, f"connection `{name}` has no `{needed}`", "`kind` and `url_env`")
        kind = reader.value(entry, (*where, "kind"), _text)
        url_env = reader.value(entry, (*where, "url_env"), _variable)
        if kind is not None and url_env is not None:
            yield Connection(name, kind, url_env)


def _pins(reader: _Reader, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for plugin in table:
        version = reader.value(table, ("plugins", "pins", plugin), _version)
        if version is not None:
            yield plugin, version


def _text(value: object) -> str | _Wrong:
    return value if isinstance(value, str) and value.strip() else _Wrong("a text in quotes")


def _inner_path(value: object) -> str | _Wrong:
    wrong = _Wrong("a path inside the project, with `/`, relative to segdsl.toml")
    if not isinstance(value, str) or not value.strip() or "\\" in value or "\0" in value:
        return wrong
    path = PurePosixPath(value)
    return wrong if path.is_absolute() or ".." in path.parts or re.match("[A-Za-z]:", value) else value


def _names(value: object) -> tuple[str, ...] | _Wrong:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(value)
    return _Wrong('a list of plugin names, as in `["kmeans", "tree"]`')


def _version(value: object) -> str | _Wrong:
    return value if isinstance(value, str) and value.strip() else _Wrong('a version in quotes, as in `"1.2.0"`')


def _variable(value: object) -> str | _Wrong:
    if isinstance(value, str) and _VARIABLE.fullmatch(value):
        return value
    return _Wrong("the name of an environment variable: letters, digits and `_`")


def _describe(value: object) -> str:
    match value:
        case str():
            return f"`{value}`" if value.strip() else "an empty text"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or a time"


def _too_deep(text: SourceText, labels: tuple[Label, ...] = ()) -> Diagnostic:
    mend = "no setting lies deeper than `[plugins.pins]` and its names"
    return Diagnostic("SEG107", f"`{text.file}` is nested too deeply", labels, help=mend)


def _long_number(text: SourceText) -> Diagnostic:
    labels = tuple(Label(Span(text.file, *number.span())) for number in _LONG_NUMBER.finditer(text.text))[:1]
    mend = "no setting is such a number; a version or a name stands in quotes"
    return Diagnostic("SEG504", "This number has thousands of digits", labels, help=mend)


def _broken(text: SourceText, message: str) -> Diagnostic:
    place, reason = place_of_error(text, message)
    mend = 'settings are `name = "value"` lines under `[project]`, `[connections.NAME]` or `[plugins]`'
    reason = reason[:1].lower() + reason[1:]
    return Diagnostic("SEG504", f"`{text.file}` isn't valid TOML: {reason}", (Label(place),), help=mend)
