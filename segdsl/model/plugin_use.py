"""A plugin as a spec uses it: with which options."""

from collections.abc import Callable
from typing import Any

from segdsl.diagnostics import Span
from segdsl.model.catalog import ColumnName, OptionValue
from segdsl.record import dataclass, field


@dataclass(frozen=True, slots=True)
class PluginOption:
    """An option that a plugin is called with. `is_path`: its texts name files or folders, seen from the spec.

    `currency` is that of its amounts, None where there are none.
    """

    name: str
    value: OptionValue
    is_path: bool
    span: Span
    currency: str | None = None

    @property
    def columns(self) -> tuple[ColumnName, ...]:
        """The columns that the option names."""
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return tuple(value for value in values if isinstance(value, ColumnName))


@dataclass(frozen=True, slots=True)
class PluginUse:
    """A plugin that a spec names. `values` are the options it is called with, defaults included.

    `run` carries it out, None where the plugin isn't there; `package` brings it.
    """

    plugin: str
    options: tuple[PluginOption, ...]
    values: tuple[tuple[str, OptionValue], ...]
    span: Span
    run: Callable[..., Any] | None = field(default=None, compare=False)
    package: str = ""

    @property
    def option_spans(self) -> dict[str, Span]:
        """Where each option stands."""
        return {option.name: option.span for option in self.options}
