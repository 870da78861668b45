"""What the compiler knows of plugins: their signatures, as values."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from segdsl.record import dataclass
from segdsl.types import Type


class PluginKind(StrEnum):
    ENRICHER = "enricher"
    SEGMENTER = "segmenter"
    EVALUATOR = "evaluator"


@dataclass(frozen=True, slots=True)
class PluginSignature:
    """A plugin by the name specs use, its kind, and the columns it can add with their types."""

    name: str
    kind: PluginKind
    columns: tuple[tuple[str, Type], ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """The plugins that are installed and allowed, by name."""

    plugins: Mapping[str, PluginSignature]


NO_PLUGINS = Catalog(MappingProxyType({}))
