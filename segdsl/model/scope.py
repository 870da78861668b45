"""The names of a spec and what is already known of them while it is checked.

Declarations are resolved when they are first asked for, so their order in the text doesn't matter; one that is asked
for while it is being resolved closes a cycle.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar, assert_never

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.diagnostics.suggestion import Suggestions
from segdsl.language import syntax as s
from segdsl.language.terms import Constant, ListConstant, Name, Reference
from segdsl.model.catalog import Catalog, Output, PluginKind, PluginSignature
from segdsl.model.expression import Expr, LinkPath, Unresolved
from segdsl.model.model import ConstantSet, Field, Option, Param, Population, Scheme, Score
from segdsl.model.plugin_use import PluginOption
from segdsl.model.source import Source
from segdsl.record import dataclass
from segdsl.types import UNKNOWN, Type, Value

Resolved = TypeVar("Resolved")

# How many declarations may wait for one another while they are resolved; in the order of the text there is no bound.
MAX_CHAIN = 300

# The parameter, or without it the name, by which terms call the clock.
CLOCK = "as_of"

# Declarations of one name space, by the word that declares them.
KINDS = {
    s.ParamDecl: "param",
    s.SetDecl: "set",
    s.SourceDecl: "source",
    s.ProviderDecl: "provider",
    s.PopulationDecl: "population",
    s.ScoreDecl: "score",
    s.HypothesisDecl: "hypothesis",
    s.SegmentationDecl: "segmentation",
    s.AudienceDecl: "audience",
}


@dataclass(frozen=True, slots=True)
class FieldSite:
    """A derived field as written, and whether unknown counts as false in its block."""

    decl: s.FieldDecl
    unknown_as_false: bool


@dataclass(frozen=True, slots=True)
class EnrichBlock:
    """An `enrich` as written, the source it adds to, and its plugin, None where that isn't there."""

    number: int
    decl: s.EnrichDecl
    source: Source
    plugin: PluginSignature | None
    options: dict[str, PluginOption]


@dataclass(frozen=True, slots=True)
class EnrichSite:
    """One column of an `enrich` block, and the plugin's output that makes it, None where there is none."""

    block: EnrichBlock
    item: s.EnrichColumn
    output: Output | None


@dataclass(frozen=True, slots=True)
class Resolvers:
    """How what is declared is resolved by name; terms need these, and they need terms."""

    enriched: "Callable[[Scope, str, str, Span], Type | None]"
    field: "Callable[[Scope, str, str, Span], Field | None]"
    population: "Callable[[Scope, str, Span], Population | None]"
    score: "Callable[[Scope, str, Span], Score | None]"
    scheme: "Callable[[Scope, str, Span], Scheme | None]"


class Scope:
    """Everything known so far. One is made for each check and thrown away with it."""

    def __init__(
        self,
        trees: Iterable[s.Tree],
        catalog: Catalog,
        lists: Mapping[str, tuple[str, ...]],
        resolvers: Resolvers,
        today: date | None = None,
        fitted: Mapping[str, s.SegmentationDecl] = MappingProxyType({}),
        unnamed: frozenset[str] = frozenset(),
    ) -> None:
        self.fitted = fitted
        self.unnamed = unnamed
        self.today = today
        self.trees = tuple(trees)
        self.catalog = catalog
        self.resolvers = resolvers
        self.lists = lists
        self.found: list[Diagnostic] = []
        self.suggestions = Suggestions()
        self.names: dict[str, Any] = {}
        self.broken: set[str] = set()
        self.unlinked: set[str] = set()  # sources with a link that couldn't be resolved
        self.field_sites: dict[str, dict[str, FieldSite]] = {}
        self.enrich_blocks: list[EnrichBlock] = []
        self.enrich_sites: dict[str, dict[str, EnrichSite]] = {}
        self.params: dict[str, Param] = {}
        self.sets: dict[str, ConstantSet] = {}
        self.sources: dict[str, Source] = {}
        self.fields: dict[tuple[str, str], Field] = {}
        self.populations: dict[str, Population] = {}
        self.scores: dict[str, Score] = {}
        self.schemes: dict[str, Scheme] = {}
        self.links: list[LinkPath] = []
        self.order: list[tuple[str, str]] = []
        self.used: set[str] = set()
        self._headers: dict[str, dict[str, str]] = {}
        self._missing_plugins: set[str] = set()
        self._in_progress: list[tuple[str, str, Span]] = []
        self._closed: set[tuple[str, str]] = set()
        self._made: dict[tuple[str, str], Any] = {}

    # ---- diagnostics

    def report(
        self, code: str, message: str, span: Span, help: str = "", expected: str = "", first: Span | None = None
    ) -> None:
        """Note a mistake; `first` is the place of what the one at `span` repeats."""
        labels = (Label(span),) if first is None else (Label(span, "again here"), Label(first, "first here"))
        self.found.append(Diagnostic(code, message, labels, expected=expected, help=help))

    def unknown_name(self, what: str, name: str, span: Span, candidates: Iterable[str], help: str = "") -> None:
        """Report a name that isn't there, with the one that was probably meant."""
        near = self.suggestions.closest(name, candidates)
        mend = f"did you mean `{near}`?" if near is not None else help
        self.report("SEG201", f"There is no {what} `{name}`", span, mend)

    def column_headed(self, source: Source, header: str) -> str | None:
        """The name of the column that has this header in the file of a source."""
        if source.name not in self._headers:
            self._headers[source.name] = {column.header: column.name for column in source.columns}
        return self._headers[source.name].get(header)

    # ---- declarations

    def body_of(self, decl: s.SegmentationDecl) -> s.SegmentationDecl:
        """The segmentation with its segments: what a plugin found stands in for what the spec doesn't write."""
        return decl if decl.plugin is None else self.fitted.get(decl.name.text, decl)

    def of_kind(self, kind: type) -> list[Any]:
        """The declarations of a kind, in the order of the text."""
        return [d for tree in self.trees for d in tree.declarations if isinstance(d, kind)]

    def look_up(self, name: Name, kinds: tuple[type, ...], what: str) -> Any:
        """The declaration of that name, if it is of one of the kinds; else a diagnostic and None.

        A broken declaration gives None without a word.
        """
        self.used.add(name.text)
        decl = self.names.get(name.text)
        if isinstance(decl, kinds):
            return decl
        if name.text in self.broken:
            return None
        if decl is None:
            candidates = (n for n, d in self.names.items() if isinstance(d, kinds))
            self.unknown_name(what, name.text, name.span, candidates, f"declare it, or correct the name of the {what}")
        else:
            found = f"`{name.text}` is a {KINDS[type(decl)]}, not a {what}"
            self.report("SEG206", found, name.span, f"name a {what} here")
        return None

    def plugin(self, name: Name, kind: PluginKind) -> PluginSignature | None:
        """The signature of a plugin; one that isn't there is reported once."""
        known = self.catalog.plugins.get(name.text)
        if known is None:
            if name.text not in self._missing_plugins and name.text not in self.catalog.refused:
                self._missing_plugins.add(name.text)
                near = self.suggestions.closest(name.text, (*self.catalog.plugins, *self.catalog.installed))
                mend = f"did you mean `{near}`?" if near else "install a package that brings it, or correct its name"
                self.report("SEG401", f"No plugin `{name.text}` is installed", name.span, mend)
            return None
        if known.kind is not kind:
            self.report(
                "SEG402",
                f"`{name.text}` is a plugin of the kind {known.kind}",
                name.span,
                f"name {_article(kind)} {kind} here",
            )
            return None
        return known

    # ---- resolving on demand

    def resolve(self, kind: str, name: str, span: Span, make: Callable[[], Resolved | None]) -> Resolved | None:
        """What `make` gives for a declaration, made once; None where it can't be, or within a cycle.

        The order in which declarations are finished is an order in which they can be computed.
        """
        here = (kind, name)
        if here in self._closed:
            return self._made.get(here)
        if any(step[:2] == here for step in self._in_progress):
            self._report_cycle(here, span)
            return None
        if len(self._in_progress) >= MAX_CHAIN:
            mend = "declare what others build on before them"
            self.report("SEG107", f"More than {MAX_CHAIN} declarations wait for one another", span, mend)
            return None
        self._in_progress.append((kind, name, span))
        made = make()
        self._in_progress.pop()
        self._closed.add(here)
        if made is not None:
            self._made[here] = made
            self.order.append(here)
        return made

    def _report_cycle(self, here: tuple[str, str], span: Span) -> None:
        steps = [step[:2] for step in self._in_progress]
        loop = [name for _, name in steps[steps.index(here) :]]
        chain = " -> ".join(f"`{name}`" for name in [*loop, here[1]])
        self.report("SEG203", f"These need each other: {chain}", span, "let one of them stand on its own")


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def check_properties(
    scope: Scope,
    properties: Iterable[s.Property],
    allowed: Iterable[str],
    where: str,
    open_ended: bool = False,
) -> dict[str, s.Property]:
    """Properties by name; unknown and repeated ones are reported.

    `open_ended`: any name is fine that isn't a misspelling of an allowed one.
    """
    names = tuple(allowed)
    found: dict[str, s.Property] = {}
    for item in properties:
        name = item.name.text
        near = None if name in names else scope.suggestions.closest(name, names)
        if name not in names and (near is not None or not open_ended):
            mend = f"did you mean `{near}`?" if near else f"one of {', '.join(f'`{a}`' for a in names)}"
            scope.report("SEG204", f"{where} has no property `{name}`", item.name.span, mend)
        elif name in found:
            scope.report("SEG209", f"`{name}` is given twice", item.name.span, "keep one of the two")
        else:
            found[name] = item
    return found


def plain_values(item: s.Property) -> tuple[Value, ...]:
    """The values of a property as constants; names stand as their text, a range as its two ends."""
    return tuple(value for part in item.values for value in _plain(part))


def _plain(part: s.PropertyValue) -> tuple[Value, ...]:
    match part:
        case s.RangeValue():
            return tuple(None if end is None else end.value for end in (part.low, part.high))
        case s.CostValue():
            return (part.amount.value,)
        case Reference():
            return (part.dotted,)
        case ListConstant():
            return (tuple(str(item.value) for item in part.items),)
        case Constant():
            return (part.value,)
        case _:
            assert_never(part)


def options_of(properties: Iterable[s.Property]) -> tuple[Option, ...]:
    """Properties as options of a plugin, checked later against its schema."""
    return tuple(Option(p.name.text, plain_values(p), p.span) for p in properties)


def unresolved(span: Span) -> Expr:
    return Unresolved(UNKNOWN, span)
