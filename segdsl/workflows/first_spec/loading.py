"""A spec that reads the data it was made from: what the data don't bear out is taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from segdsl.diagnostics import Diagnostics, SourceText, has_errors
from segdsl.engines.arrow.execution import RunInputs
from segdsl.engines.arrow.execution.executor import carry_out
from segdsl.language.formatter import format_tree
from segdsl.language.parser import parse
from segdsl.model.build import build_model
from segdsl.model.expression import Column
from segdsl.model.model import Audience, Model, OutputColumn
from segdsl.plan import Target, build_plan
from segdsl.plan.clock import Clock
from segdsl.record import dataclass
from segdsl.workflows.first_spec import SourceDraft, spec_text
from segdsl.workflows.first_spec.columns import ColumnDraft
from segdsl.workflows.first_spec.names import identifier

_ENDING = ".seg"
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class LoadingSpec:
    """Sources, the spec that they make, and what a run finds when it reads all of their data."""

    drafts: tuple[SourceDraft, ...]
    text: str
    diagnostics: Diagnostics


def spec_that_loads(drafts: tuple[SourceDraft, ...]) -> LoadingSpec:
    """The spec in canonical form, its proposals taken back where the data don't bear them out."""
    checked = _check(drafts)
    for _ in range(_ROUNDS):
        if not has_errors(checked.diagnostics):
            break
        milder = _milder(checked)
        if milder == checked.drafts:
            break
        checked = _check(milder)
    return checked


def _check(drafts: tuple[SourceDraft, ...]) -> LoadingSpec:
    name = f"spec{_ENDING}"
    written = SourceText(name, spec_text(drafts))
    tree, mistakes = parse(written)
    if has_errors(mistakes):
        return LoadingSpec(drafts, written.text, mistakes)
    text = format_tree(tree, written.text)
    tree, mistakes = parse(SourceText(name, text))
    model, wrong = build_model((tree,))
    if model is None or has_errors((*mistakes, *wrong)):
        return LoadingSpec(drafts, text, (*mistakes, *wrong))
    return LoadingSpec(drafts, text, _read_all(model, drafts))


def _read_all(model: Model, drafts: tuple[SourceDraft, ...]) -> Diagnostics:
    """What a run finds when it reads every column of every source and checks every link."""
    lists = {}
    for source in model.sources.values():
        columns = tuple(OutputColumn(c.name, Column(c.name, c.type)) for c in source.columns)
        lists[f"all {source.name}"] = Audience(
            f"all {source.name}", "", source.name, source.name, None, (), (), 1, None, None, columns, None, source.span
        )
    clock = Clock(date.max, "")
    wanted = replace(model, audiences=MappingProxyType(lists))
    plan = build_plan(wanted, clock, tuple(Target("audience", name) for name in lists))
    inputs = RunInputs({draft.name: draft.profile.files for draft in drafts})
    return tuple(carry_out(plan, model.sources, inputs).diagnostics)


def _milder(checked: LoadingSpec) -> tuple[SourceDraft, ...]:
    """The drafts with less asked of the columns that a finding points at."""
    tree, _ = parse(SourceText(f"spec{_ENDING}", checked.text))
    model, _ = build_model((tree,))
    if model is None:
        return checked.drafts
    drafts = {draft.name: draft for draft in checked.drafts}
    for found in checked.diagnostics:
        for source in model.sources.values():
            spans = {label.span for label in found.labels}
            named = [c.name for c in source.columns if c.span in spans]
            if found.is_error and (named or source.span in spans):
                drafts[source.name] = _milden(drafts[source.name], named, found.code)
    return tuple(drafts.values())


def _milden(draft: SourceDraft, named: Sequence[str], code: str) -> SourceDraft:
    if code in ("SEG606", "SEG607"):
        columns = tuple(replace(c, is_key=False) for c in draft.columns)
        row = ColumnDraft(
            identifier("row", {c.name for c in columns}, "row"), "", "int", is_key=True, modifiers=("from row_number",)
        )
        lines = tuple(line for line in draft.lines if not line.startswith("on duplicate"))
        return replace(draft, columns=(row, *columns), lines=lines)
    if code == "SEG608":
        return replace(draft, lines=tuple(line for line in draft.lines if not line.startswith(("links", "on orphan"))))
    for column in draft.columns:
        if column.name in named:
            plain = replace(column, optional=True) if code == "SEG605" else _as_text(column)
            draft = draft.with_column(plain)
    return draft


def _as_text(column: ColumnDraft) -> ColumnDraft:
    kept = tuple(m for m in column.modifiers if m == "pii" or m.startswith("empty"))
    return replace(column, type="text", modifiers=kept, notes=())
