"""Populations."""

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.model.context import Context
from segdsl.model.model import Population, PopulationRule
from segdsl.model.references import source_of_table
from segdsl.model.scope import Scope
from segdsl.model.terms import check_condition


def resolve_population(scope: Scope, name: str, span: Span) -> Population | None:
    decl = scope.names.get(name)
    if not isinstance(decl, s.PopulationDecl):
        return None
    return scope.resolve("population", name, span, lambda: _make_population(scope, decl))


def _make_population(scope: Scope, decl: s.PopulationDecl) -> Population | None:
    parent = scope.look_up(decl.parent, (s.SourceDecl, s.PopulationDecl), "source or population")
    if parent is None:
        return None
    if isinstance(parent, s.PopulationDecl) and resolve_population(scope, decl.parent.text, decl.parent.span) is None:
        return None
    source = source_of_table(scope, decl.parent.text, decl.parent.span)
    if source is None:
        return None
    unknown_as_false = any(isinstance(i, s.UnknownAsFalse) for i in decl.items)
    context = Context(source.name, unknown_as_false=unknown_as_false, remaining=True)
    rules = []
    reasons: dict[str, Span] = {}
    for item in decl.items:
        if not isinstance(item, s.RuleDecl):
            continue
        reason = str(item.reason.value)
        if reason in reasons:
            scope.report(
                "SEG202",
                f"Two rules have the reason {item.reason.text}",
                item.reason.span,
                "say what differs",
                first=reasons[reason],
            )
        reasons.setdefault(reason, item.reason.span)
        rules.append(PopulationRule(item.keep, reason, check_condition(scope, item.condition, context), item.span))
    population = Population(
        name=decl.name.text,
        title="" if decl.title is None else str(decl.title.value),
        source=source.name,
        parent=decl.parent.text if isinstance(parent, s.PopulationDecl) else None,
        rules=tuple(rules),
        span=decl.name.span,
    )
    scope.populations[population.name] = population
    return population
