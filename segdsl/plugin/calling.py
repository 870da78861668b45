"""Calling the code of strangers: whatever it raises is a value, and told to the user. Nothing else catches so much."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import ParamSpec, TypeVar

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.model.plugin_use import PluginUse
from segdsl.plugin.enriching import Refused
from segdsl.record import dataclass

P = ParamSpec("P")
T = TypeVar("T")

FAILED = "SEG408"
REFUSED = "SEG409"


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that a plugin's code raised."""

    failure: Exception | SystemExit

    @property
    def reason(self) -> str:
        return f"{type(self.failure).__name__}: {self.failure}"

    @property
    def place(self) -> str:
        """The file and line that raised it."""
        last = traceback.extract_tb(self.failure.__traceback__)[-1]
        return f"raised in {Path(last.filename).name}, line {last.lineno}"


def attempt(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T | Raised:
    """What a function of a plugin gives, or what it raises; one that ends the program only ends itself."""
    try:
        return function(*arguments, **named)
    except (Exception, SystemExit) as failure:  # noqa: BLE001  (code of strangers: it may raise anything)
        return Raised(failure)


@dataclass(frozen=True, slots=True)
class Culprit:
    """Whom a failure is put down to: a plugin, the package that brings it, and where the spec names it."""

    plugin: str
    package: str
    span: Span | None
    options: Mapping[str, Span] = MappingProxyType({})

    @property
    def named(self) -> str:
        return f"`{self.plugin}` of {self.package}" if self.package else f"`{self.plugin}`"


def culprit(use: PluginUse) -> Culprit:
    """The plugin that a spec uses."""
    return Culprit(use.plugin, use.package, use.span, use.option_spans)


def diagnose(raised: Raised, whose: Culprit, failed_to: str, mend: str = "") -> Diagnostic:
    """What a user reads of an exception; `failed_to` says what didn't come about: "read `x.txt`".

    A refusal points at the option that it is about. A library that isn't installed is named with the way to get it.
    """
    failure = raised.failure
    if isinstance(failure, Refused):
        place = _label(whose.options.get(failure.option, whose.span))
        message = f"`{whose.plugin}`: {failure.message}"
        return Diagnostic(REFUSED, message, place, failure.expected, failure.help or mend)
    if isinstance(failure, ModuleNotFoundError) and _is_no_library_there(failure.name or ""):
        ours = whose.package.startswith("segdsl ")
        install = "pip install 'segdsl[enrich]'" if ours else f"pip install {failure.name}"
        return broken(whose, failed_to, f"it needs the library `{failure.name}`", mend=install)
    return broken(whose, failed_to, raised.reason, raised.place, mend=mend)


def _is_no_library_there(module: str) -> bool:
    """Whether a library isn't installed at all, rather than lacking the module: that is the plugin's own mistake."""
    root = module.partition(".")[0]
    return bool(root) and find_spec(root) is None


def broken(whose: Culprit, failed_to: str, *reasons: str, mend: str = "") -> Diagnostic:
    """A plugin that failed or broke its promise."""
    message = f"The plugin {whose.named} failed to {failed_to}"
    help_ = mend or f"tell the authors of {whose.package or whose.plugin}"
    return Diagnostic(FAILED, message, _label(whose.span), help=help_, notes=reasons)


def _label(span: Span | None) -> tuple[Label, ...]:
    return () if span is None else (Label(span),)
