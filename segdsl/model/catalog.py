"""What the compiler knows of plugins: their signatures, as values. Nothing here runs a plugin or looks for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from segdsl.record import dataclass
from segdsl.types import Kind, Type, Value


class PluginKind(StrEnum):
    FUNCTION = "function"
    ENRICHER = "enricher"
    SEGMENTER = "segmenter"
    EVALUATOR = "evaluator"
    READER = "source reader"
    EXPORTER = "exporter"
    SECTION = "report section"


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column that an option names, of the table that is enriched or of another one."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field, or score, of the rows that segments are found in; named as the spec writes it."""

    name: str


@dataclass(frozen=True, slots=True)
class TableName:
    """A source or population that an option names: rows of the same kind as those that are measured."""

    name: str


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """What an option that names a provider hands over: its name, its price, and how old its records are.

    `price` is the cost of one record in `currency`; None where the spec states no price (an effort, a flat fee).
    """

    name: str
    price: Value
    currency: str | None
    accuracy: Value
    age: Value


OptionValue: TypeAlias = "Value | ColumnName | FieldName | TableName | ProviderTerms | tuple[OptionValue, ...]"
Options: TypeAlias = Mapping[str, OptionValue]

# The type of a column by the types of what it is made from and by the options; a text says why these don't fit.
TypeRule: TypeAlias = "Callable[[Sequence[Type], Options], Type | str]"


@dataclass(frozen=True, slots=True)
class Input:
    """Something an output or a function is made from: its name in messages, and the kinds it may have.

    Only the last inputs of a list may be optional (`required` False) or stand any number of times (`repeats`).
    """

    name: str
    kinds: frozenset[Kind]
    doc: str = ""
    required: bool = True
    repeats: bool = False


class Scope(StrEnum):
    """How much an output rests on: the inputs of its own row, or whole tables."""

    ROW = "row"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Output:
    """A column that an enricher can add.

    `name` may hold one `*`, which stands for any text: `uses_*`. `also` are columns that come with it unasked; a `*`
    in their names stands for the name of the column made. An output of scope ROW rests on the inputs of its own row
    alone, so that equal rows are worked on once; its inputs are columns of the enriched table. An output of scope
    TABLE sees whole tables, and may read columns of other sources.
    """

    name: str
    doc: str
    inputs: tuple[Input, ...]
    type: Type | TypeRule
    scope: Scope = Scope.ROW
    also: tuple[tuple[str, Type], ...] = ()


@dataclass(frozen=True, slots=True)
class OptionFault:
    """What is wrong with one option (or, with an empty name, with all of them together), and a mend."""

    option: str
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class PluginSignature:
    """A plugin by the name specs use, and what can be asked of it without running it.

    `options` is the JSON Schema of its options (draft 2020-12, an object); `check_options` finds what breaks it,
    given the options as JSON values. `outputs` are an enricher's, `arguments` and `result` a function's; `each_segment`
    says that an evaluator measures segments one by one, `of_score` that it measures the score, and `figures` are the
    further figures that it gives. `run` is what carries it out, which the compiler never calls;
    `package` says what brings it, with its version.
    """

    name: str
    kind: PluginKind
    options: Mapping[str, object] = MappingProxyType({})
    check_options: Callable[[Mapping[str, object]], tuple[OptionFault, ...]] = lambda options: ()
    outputs: tuple[Output, ...] = ()
    arguments: tuple[Input, ...] = ()
    result: Type | TypeRule | None = None
    run: Callable[..., Any] | None = None
    package: str = ""
    each_segment: bool = False
    of_score: bool = False
    figures: tuple[str, ...] = ()

    def output(self, name: str) -> Output | None:
        """The output that makes a column of that name: one of just that name, else one whose pattern fits."""
        exact = next((output for output in self.outputs if output.name == name), None)
        return exact or next((output for output in self.outputs if _fits(output.name, name)), None)


def _fits(pattern: str, name: str) -> bool:
    head, star, tail = pattern.partition("*")
    long_enough = len(name) > len(head) + len(tail)
    return bool(star) and long_enough and name.startswith(head) and name.endswith(tail)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The plugins that a spec names and that may be used, by name.

    `installed` are all names there are; `refused` those of which it is said already why they can't be used.
    """

    plugins: Mapping[str, PluginSignature]
    installed: tuple[str, ...] = ()
    refused: frozenset[str] = frozenset()


NO_PLUGINS = Catalog(MappingProxyType({}))
