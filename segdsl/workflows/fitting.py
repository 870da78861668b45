"""Segments that plugins find: the plugin is called on the rows of the population, and gives text of the language.

The text takes the place of what the spec doesn't write, so that from then on a scheme that was found is one like any
other.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText, has_errors
from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.engines.arrow.reach import LARGEST, beyond_reach, within_reach
from segdsl.language import syntax as s
from segdsl.language.keywords import quote_word
from segdsl.language.parser import parse
from segdsl.model.model import Audience, Matching, Model, Scheme
from segdsl.model.plugin_use import PluginUse
from segdsl.plan import Plan, Target, build_plan, clock_of
from segdsl.plan.hidden_list import hidden_list
from segdsl.plugin import FitCall, Fitted
from segdsl.plugin.calling import Raised, attempt, broken, culprit, diagnose
from segdsl.record import dataclass, replace
from segdsl.workflows.directions import stated_directions
from segdsl.workflows.loading import Loaded, with_fitted

# The list by which a plan is asked for what a plugin reads; no spec can write such a name.
_ROWS = "rows for {}"


@dataclass(frozen=True, slots=True)
class FoundSegments:
    """A segmentation as a plugin found it in so many rows: the text, what it says, and what was learned."""

    scheme: str
    text: SourceText
    tree: s.Tree
    declared: s.SegmentationDecl
    notes: tuple[str, ...]
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """The spec with the segments that were found, and what went wrong on the way.

    `mistakes` are those of the spec that only show with the segments, by segmentation: what it says of segments that
    are not there. `failures` are all the rest: of plugins, and of the data.
    """

    loaded: Loaded
    segments: tuple[FoundSegments, ...]
    failures: Diagnostics
    mistakes: Mapping[str, Diagnostics] = MappingProxyType({})

    @property
    def wrong_in_the_spec(self) -> Diagnostics:
        """The spec's mistakes, each once."""
        return tuple(dict.fromkeys(one for found in self.mistakes.values() for one in found))


Reading = Callable[[Plan], RunInputs | Diagnostics]
# What becomes of segments before others build on them.
Finishing = Callable[[Loaded, FoundSegments], FoundSegments | Diagnostics]


def schemes_to_find(model: Model) -> tuple[Scheme, ...]:
    """The schemes whose segments a plugin is still to find."""
    return tuple(
        scheme
        for scheme in model.schemes.values()
        if scheme.matching is Matching.PLUGIN and scheme.plugin is not None and scheme.plugin.run is not None
    )


def find_segments(
    model: Model, names: tuple[str, ...], today: date, read: Reading
) -> tuple[tuple[FoundSegments, ...], Diagnostics]:
    """The segments of some schemes, as far as what they are found in can be computed; the rest is left for later.

    A plugin that fails is a diagnostic, and what is wrong with the data is told, too.
    """
    schemes = [model.schemes[name] for name in names]
    plan = rows_plan(model, schemes, today)
    left_out = {one.name for one in plan.skipped}
    ready = [one for one in schemes if _ROWS.format(one.name) not in left_out]
    if not ready:
        return (), ()
    inputs = read(plan)
    if not isinstance(inputs, RunInputs):
        return (), inputs
    tables, found = execute(plan, model.sources, inputs)
    if tables is None:
        return (), (*found, *inputs.calls.failures)
    lists = (tables.audiences[_ROWS.format(scheme.name)] for scheme in ready)
    made = [find_in(model, scheme, rows.table, rows.keys) for scheme, rows in zip(ready, lists, strict=True)]
    failures = tuple(one for one in made if isinstance(one, Diagnostic))
    return tuple(one for one in made if isinstance(one, FoundSegments)), failures


def rows_plan(model: Model, schemes: Sequence[Scheme], today: date) -> Plan:
    """The plan that gives, as lists, the rows in which plugins find the segments of these schemes."""
    asked = replace(model, audiences=MappingProxyType({_ROWS.format(one.name): _rows(one) for one in schemes}))
    return build_plan(asked, clock_of(asked, today), [Target("audience", _ROWS.format(one.name)) for one in schemes])


def _rows(scheme: Scheme) -> Audience:
    """The rows of the scheme's table with what its plugin reads, as a list."""
    return hidden_list(_ROWS.format(scheme.name), scheme.population, scheme.source, scheme.reads, scheme.span)


def find_in(model: Model, scheme: Scheme, rows: pa.Table, keys: pa.Table) -> FoundSegments | Diagnostic:
    """The segments that the scheme's plugin finds in some rows: the values of what it reads, and the keys."""
    assert scheme.plugin is not None
    fitted = _fitted(model, scheme, scheme.plugin, rows, keys)
    if isinstance(fitted, Diagnostic):
        return fitted
    return _read_back(scheme, scheme.plugin, fitted, keys.num_rows)


def _fitted(model: Model, scheme: Scheme, plugin: PluginUse, rows: pa.Table, keys: pa.Table) -> Fitted | Diagnostic:
    assert plugin.run is not None
    fields = {read.name: _array(rows.column(read.name)) for read in scheme.reads}
    call = FitCall(
        fields={name: within_reach(values) for name, values in fields.items()},
        types={read.name: read.value.type for read in scheme.reads},
        length=keys.num_rows,
        key=tuple(_array(column) for column in keys.columns),
        options=dict(plugin.values),
        directions=stated_directions(model, scheme),
    )
    left_out = tuple(_too_large(fields))
    fitted = attempt(plugin.run, call)
    if isinstance(fitted, Raised):
        failure = diagnose(fitted, culprit(plugin), _task(scheme))
        return replace(failure, notes=(*failure.notes, *left_out))
    if not isinstance(fitted, Fitted):
        return _broken(scheme, plugin, (f"it gave {type(fitted).__name__}",))
    return replace(fitted, notes=(*fitted.notes, *left_out))


def _too_large(fields: Mapping[str, pa.Array]) -> Iterator[str]:
    for name, values in fields.items():
        if count := beyond_reach(values):
            yield f"`{name}`: {count:,} values beyond {LARGEST:g} are too large to learn from, and count as missing"


def _array(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.cast(whole.type.value_type) if pa.types.is_dictionary(whole.type) else whole


def _read_back(scheme: Scheme, plugin: PluginUse, fitted: Fitted, rows: int) -> FoundSegments | Diagnostic:
    """The text that was found, parsed: it must be one segmentation and nothing else."""
    mode = " nearest" if fitted.nearest else ""
    head = f"segmentation {quote_word(scheme.name)} for {quote_word(scheme.population)}{mode}"
    notes = "".join(f"# {' '.join(note.split())}\n" for note in fitted.notes)
    text = SourceText(f"{scheme.name} as found by {plugin.plugin}", f"{notes}{head} {{\n{fitted.body}\n}}\n")
    tree, mistakes = parse(text)
    declared = tree.declarations[0] if len(tree.declarations) == 1 else None
    if has_errors(mistakes) or not isinstance(declared, s.SegmentationDecl):
        reasons = tuple(one.message for one in mistakes) or ("its text is more than the body of a segmentation",)
        return _broken(scheme, plugin, reasons)
    return FoundSegments(scheme.name, text, tree, declared, fitted.notes, rows)


def _broken(scheme: Scheme, plugin: PluginUse, reasons: tuple[str, ...]) -> Diagnostic:
    return broken(culprit(plugin), _task(scheme), *reasons)


def _task(scheme: Scheme) -> str:
    return f"find the segments of `{scheme.name}`"


def as_found(_: Loaded, one: FoundSegments) -> FoundSegments:
    """Segments are taken as the plugin gives them."""
    return one


def find_all(
    loaded: Loaded,
    today: date,
    read: Reading,
    only: Container[str] | None = None,
    finish: Finishing = as_found,
) -> Search:
    """The spec with the segments of every scheme found that has none, those first that others build on.

    What can't be found stays as it is, so that what rests on it is left out. `only` these schemes are looked for; each
    is finished before others build on it.
    """
    found: dict[str, FoundSegments] = {}
    failures: list[Diagnostic] = []
    mistakes: dict[str, Diagnostics] = {}
    tried: set[str] = set()
    while loaded.model is not None:
        waiting = (one.name for one in schemes_to_find(loaded.model) if only is None or one.name in only)
        names = tuple(name for name in waiting if name not in tried)
        made, wrong = _find_each(loaded.model, names, today, read)
        failures += (one for one in wrong if one not in failures)
        if not made:
            break
        tried.update(one.scheme for one in made)
        for one in made:
            finished = finish(loaded, one)
            if not isinstance(finished, FoundSegments):
                failures += finished
                continue
            taken = _taken_in(loaded, finished)
            if isinstance(taken, Loaded):
                loaded = taken
                found[one.scheme] = finished
            elif isinstance(taken, Diagnostic):
                failures.append(taken)
            else:
                mistakes[one.scheme] = taken
    return Search(loaded, tuple(found.values()), tuple(failures), MappingProxyType(mistakes))


def _find_each(
    model: Model, names: tuple[str, ...], today: date, read: Reading
) -> tuple[tuple[FoundSegments, ...], Diagnostics]:
    """The segments of these schemes, found together; where one spoils it for all, each by itself."""
    if not names:
        return (), ()
    made, wrong = find_segments(model, names, today, read)
    if made or not wrong or len(names) == 1:
        return made, wrong
    alone = [find_segments(model, (name,), today, read) for name in names]
    return tuple(one for found, _ in alone for one in found), tuple(one for _, faults in alone for one in faults)


def _taken_in(loaded: Loaded, one: FoundSegments) -> Loaded | Diagnostic | Diagnostics:
    """The spec with one more scheme found.

    What doesn't check in the text is the plugin's fault, one finding; what the spec says of segments that are not
    there are the spec's own mistakes. Either way the scheme is left out.
    """
    bodies = MappingProxyType({**loaded.outside.fitted, one.scheme: one.declared})
    model, checked = with_fitted(loaded, bodies)
    if model is None:
        assert loaded.model is not None
        scheme = loaded.model.schemes[one.scheme]
        assert scheme.plugin is not None
        errors = tuple(each for each in checked if each.is_error and each not in loaded.diagnostics)
        own = tuple(each.message for each in errors if each.span is not None and each.span.file == one.text.file)
        if own:
            return _broken(scheme, scheme.plugin, own)
        note = f"the segments of `{one.scheme}` were found; without what is named here the spec is good"
        return tuple(replace(each, notes=(*each.notes, note)) for each in errors)
    texts = MappingProxyType({**loaded.texts, one.text.file: one.text})
    return replace(loaded, model=model, texts=texts, outside=replace(loaded.outside, fitted=bodies))
