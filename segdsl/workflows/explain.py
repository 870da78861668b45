"""`explain`: why an account is where it is, and how little would put it elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, Diagnostics, has_errors
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.execution import RunInputs
from segdsl.engines.arrow.execution.executor import carry_out
from segdsl.engines.arrow.execution.plugin_calls import PluginCalls
from segdsl.engines.arrow.execution.state import Frame, Progress, silent
from segdsl.engines.arrow.explaining import Account, find_by_key, find_by_name, key_texts
from segdsl.model.expression import REMAINING, Column, Expr, SegmentOf, TableAggregate
from segdsl.model.model import Audience, Matching, Model, OutputColumn, Scheme
from segdsl.model.source import Source
from segdsl.plan import Clock, Target, build_plan, clock_of
from segdsl.plan.needs import conditions_of
from segdsl.plan.personal import personal_names
from segdsl.plan.steps import ListAudience, Plan, Skipped
from segdsl.plan.traversal import externals
from segdsl.record import dataclass
from segdsl.runs.inputs import refuse_stand_ins, resolve_inputs
from segdsl.types import CATEGORY, Type, list_of
from segdsl.workflows.explainer import Explainer
from segdsl.workflows.explanation import Explanation
from segdsl.workflows.fitted.staleness import Data, stale_warnings
from segdsl.workflows.fitting import Reading, find_all
from segdsl.workflows.loading import NOTHING_SET, Loaded, load
from segdsl.workflows.plugin_calls import free_calls

_NOT_FOUND = "SEG702"
_NAME_WORDS = ("name", "company", "account", "customer", "title", "organisation", "organization", "client", "domain")
_WANTED = "what explain shows"
_LIST = Target("audience", _WANTED)


@dataclass(frozen=True, slots=True)
class Question:
    """Which account is asked about, in which spec.

    `scheme` restricts the answer to one segmentation; `table` says in which source the account is looked for (None: the
    one of the segmentations). `settings` and `elsewhere` are as for a run.
    """

    account: str
    argument: Path
    scheme: str | None = None
    table: str | None = None
    root: Path | None = None
    settings: Mapping[str, str] = NOTHING_SET
    elsewhere: Mapping[str, str] = NOTHING_SET
    on_progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Answer:
    """The explanation, or None with the reason among the diagnostics."""

    loaded: Loaded
    explanation: Explanation | None
    diagnostics: Diagnostics
    spec_was_good: bool


def explain(question: Question, today: date | None = None) -> Answer:
    """Explains one account. The data is read and computed as in a run; nothing is written."""
    loaded = load(question.argument, question.root, question.settings)
    found = loaded.diagnostics
    if loaded.model is None or has_errors(found):
        return Answer(loaded, None, found, spec_was_good=False)
    if not loaded.model.sources:
        return Answer(loaded, None, (*found, _nothing(loaded.name)), spec_was_good=False)
    clock = clock_of(loaded.model, today or date.today())
    refused = _refuse(loaded.model, question)
    if refused:
        return Answer(loaded, None, (*found, *refused), spec_was_good=False)
    calls, unnamed = free_calls(loaded, loaded.model)
    search = find_all(loaded, today or date.today(), _reading(loaded, question, calls))
    loaded = search.loaded
    if search.mistakes:
        wrong = (*search.failures, *search.wrong_in_the_spec)
        return Answer(loaded, None, (*found, *loaded.accept(wrong)), spec_was_good=False)
    stale = stale_warnings(loaded, today or date.today(), Data(question.elsewhere))
    found = (*found, *loaded.accept((*search.failures, *stale)))
    model = loaded.model
    assert model is not None
    if unnamed:
        return Answer(loaded, None, (*found, *unnamed), spec_was_good=True)
    table = question.table or _default_table(model, question.scheme)
    targets = tuple(_targets(model, table, question.scheme))
    skipped = tuple(s for s in build_plan(model, clock, targets).skipped if Target(s.kind, s.name) in targets)
    alike = tuple(_alike(model, table, question.scheme, clock))
    plan = build_plan(_widened(model, table, targets, skipped, alike), clock, (*targets, _LIST))
    files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, question.elsewhere)
    if unresolved:
        return Answer(loaded, None, (*found, *unresolved), spec_was_good=True)
    inputs = RunInputs(files, calls=calls, on_progress=question.on_progress)
    state = carry_out(_without_list(plan), model.sources, inputs)
    broken = loaded.accept((*calls.failures, *state.diagnostics))
    if has_errors(broken):
        return Answer(loaded, None, (*found, *broken), spec_was_good=True)
    row = _find(state.frames[table], question.account)
    if isinstance(row, Diagnostic):
        holder = _other_holder(loaded, model, table, question, clock, calls)
        if holder is not None:
            row = replace(row, help=f"`{holder}` has it: say `--table {holder}`")
        return Answer(loaded, None, (*found, row), spec_was_good=True)
    schemes = [model.schemes[t.name] for t in targets if t.kind == "segmentation"]
    explainer = Explainer(model, Account(state, table, row, personal_names(model)), loaded.texts, skipped)
    explanation = explainer.explain((*schemes, *alike), _name_of(model.sources[table]))
    return Answer(loaded, explanation, found, spec_was_good=True)


def _reading(loaded: Loaded, question: Question, calls: PluginCalls) -> Reading:
    """How a plan gets at its data while segments are found."""

    def read(plan: Plan) -> RunInputs | Diagnostics:
        files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, question.elsewhere)
        return unresolved or RunInputs(files, calls=calls, on_progress=question.on_progress)

    return read


def _nothing(name: str) -> Diagnostic:
    return Diagnostic("SEG703", f"`{name}` declares no source", expected="a source that holds the account")


def _refuse(model: Model, question: Question) -> Diagnostics:
    """What is wrong with the question itself."""
    named = refuse_stand_ins(model.sources, question.elsewhere, "--source")
    found = list(named)
    for option, name, known in (
        ("--scheme", question.scheme, model.schemes),
        ("--table", question.table, model.sources),
    ):
        if name is not None and name not in known:
            near = closest(name, known)
            listed = ", ".join(f"`{one}`" for one in known) or "none"
            mend = f"did you mean `{near}`?" if near else f"the spec has {listed}"
            found.append(Diagnostic("SEG506", f"`{option} {name}`: the spec has no such name", help=mend))
    return tuple(found)


def _default_table(model: Model, scheme: str | None) -> str:
    """The source that the segmentation, else the first segmentation, score or population, is about."""
    if scheme is not None:
        return model.schemes[scheme].source
    groups = (model.schemes.values(), model.scores.values(), model.populations.values())
    return next((one.source for group in groups for one in group), next(iter(model.sources)))


def _targets(model: Model, table: str, scheme: str | None) -> Iterator[Target]:
    """What concerns rows of a table; segmentations that classify it as rows like their own come with the columns."""
    for kind, group in (("population", model.populations), ("score", model.scores), ("segmentation", model.schemes)):
        for name, one in group.items():
            if one.source == table and (kind != "segmentation" or scheme in (None, name)):
                yield Target(kind, name)


def _widened(
    model: Model, table: str, targets: Iterable[Target], skipped: Iterable[Skipped], alike: Iterable[Scheme]
) -> Model:
    """The model with a list of everything that explain shows, so that the plan computes and keeps it."""
    source = model.sources[table]
    left_out = {(one.kind, one.name) for one in skipped}
    exprs: dict[Expr, None] = {}
    for name in _name_columns(source):
        exprs[Column(name, _column_type(source, name))] = None
    for target in targets:
        if (target.kind, target.name) not in left_out:
            exprs.update(dict.fromkeys(_read_by(model, target)))
    for scheme in alike:
        exprs.update(dict.fromkeys(_read_as_alike(scheme)))
    kept = (e for e in exprs if not (isinstance(e, TableAggregate) and e.table == REMAINING))
    return _with_list(model, table, kept)


def _with_list(model: Model, table: str, exprs: Iterable[Expr]) -> Model:
    columns = tuple(OutputColumn(f"column {place}", expr) for place, expr in enumerate(exprs))
    span = model.sources[table].span
    listed = Audience(_WANTED, "", table, table, None, (), (), None, None, None, columns, None, span)
    return replace(model, audiences=MappingProxyType({_WANTED: listed}))


def _alike(model: Model, table: str, wanted: str | None, clock: Clock) -> Iterator[Scheme]:
    """The segmentations of a source that this one is like, as far as they can be carried out on its rows."""
    for scheme in model.schemes.values():
        same = model.sources[scheme.source].row_type == model.sources[table].row_type
        if scheme.source != table and same and wanted in (None, scheme.name):
            tried = _with_list(model, table, _read_as_alike(scheme))
            if not build_plan(tried, clock, (_LIST,)).skipped:
                yield scheme


def _read_as_alike(scheme: Scheme) -> Iterator[Expr]:
    type_ = list_of(CATEGORY) if scheme.matching is Matching.OVERLAPPING else CATEGORY
    yield SegmentOf(scheme.name, False, type_.or_missing())
    yield from externals((*conditions_of(scheme.segments), *(m.value for m in scheme.measures)))


def _read_by(model: Model, target: Target) -> Iterator[Expr]:
    match target.kind:
        case "population":
            yield from externals(rule.condition for rule in model.populations[target.name].rules)
        case "score":
            parts = (p for t in model.scores[target.name].terms for p in (t.amount, t.condition) if p is not None)
            yield from externals(parts)
        case _:
            scheme = model.schemes[target.name]
            yield from externals((*conditions_of(scheme.segments), *(m.value for m in scheme.measures)))


def _without_list(plan: Plan) -> Plan:
    """The plan without the list itself: it was there for what it reads."""
    return replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, ListAudience)))


def _name_columns(source: Source) -> list[str]:
    """Text columns that look like names, the likeliest first."""
    texts = [c.name for c in source.columns if c.type.is_textual and not c.is_key]
    ranked = [(word, name) for word in _NAME_WORDS for name in texts if word in name.casefold()]
    return list(dict.fromkeys(name for _, name in ranked))


def _name_of(source: Source) -> Expr | None:
    names = _name_columns(source)
    return Column(names[0], _column_type(source, names[0])) if names else None


def _column_type(source: Source, name: str) -> Type:
    column = source.column(name)
    assert column is not None
    return column.type


def _find(frame: Frame, written: str) -> int | Diagnostic:
    row = find_by_key(frame, written)
    if row is not None:
        return row
    named = find_by_name(frame, _name_columns(frame.source), written)
    if len(named) == 1:
        return named[0]
    table, key = frame.source.name, "/".join(frame.source.key)
    if named:
        keys = [] if _has_personal_key(frame.source) else key_texts(frame)
        listed = ", ".join(f"`{keys[row]}`" for row in named[:5] if row < len(keys))
        message = f"{len(named):,} rows of `{table}` are called `{written}`"
        return Diagnostic(
            _NOT_FOUND, message, expected=f"a key, `{key}`", help=f"name one of {listed}" if listed else ""
        )
    return _unknown(frame, written, table, key)


def _other_holder(
    loaded: Loaded, model: Model, table: str, question: Question, clock: Clock, calls: PluginCalls
) -> str | None:
    """Another source about whose rows there is something to explain, and that has the key; only keys are read.

    A source that can't be read is passed over: what is wrong with it is told once it is asked for.
    """
    for name, source in model.sources.items():
        told = (*_targets(model, name, question.scheme), *_alike(model, name, question.scheme, clock))
        if name == table or not source.key or not told:
            continue
        keys = [Column(key, _column_type(source, key)) for key in source.key]
        plan = build_plan(_with_list(model, name, keys), clock, (_LIST,))
        files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, question.elsewhere)
        if unresolved or plan.skipped:
            continue
        state = carry_out(_without_list(plan), model.sources, RunInputs(files, calls=calls))
        if not has_errors(state.diagnostics) and find_by_key(state.frames[name], question.account) is not None:
            return name
    return None


def _unknown(frame: Frame, written: str, table: str, key: str) -> Diagnostic:
    # Keys that are personal data, such as e-mails, are not told to who doesn't know them.
    keys = [] if _has_personal_key(frame.source) else key_texts(frame)
    near = closest(written, keys)
    if near is None:
        near = next((one for one in keys if one.casefold().startswith(written.casefold())), None)
    example = f"a key of `{table}`" + (f", such as `{keys[0]}`" if keys else "")
    mend = f"did you mean `{near}`?" if near is not None else f"keys are in the column `{key}`"
    return Diagnostic(_NOT_FOUND, f"`{table}` has no row `{written}`", expected=example, help=mend)


def _has_personal_key(source: Source) -> bool:
    return any(column.pii for column in source.columns if column.is_key)
