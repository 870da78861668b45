"""Hypotheses: proxies, direction, score, and the rows they are about."""

from segdsl.language import syntax as s
from segdsl.language.terms import Name, Reference, Term
from segdsl.model.context import Context
from segdsl.model.expression import Expr
from segdsl.model.model import Hypothesis, HypothesisForm, Score
from segdsl.model.references import check_reference
from segdsl.model.scope import Scope
from segdsl.model.terms import check_condition, check_term
from segdsl.types import Kind
from segdsl.types.column_type import ORDERED, TEXTUAL


def make_hypothesis(scope: Scope, decl: s.HypothesisDecl) -> Hypothesis | None:
    expects = [i for i in decl.items if isinstance(i, s.ExpectClause)]
    if len(expects) != 1:
        if decl.name.text not in scope.broken:
            message = "says nothing to expect" if not expects else "expects two things"
            mend = "write `expect higher x means higher score`" if not expects else "make two hypotheses of it"
            scope.report("SEG205", f"The hypothesis `{decl.name.text}` {message}", decl.name.span, mend)
        return None
    expect = expects[0]
    score = _score(scope, expect.score)
    if score is None:
        return None
    unknown_as_false = any(isinstance(i, s.UnknownAsFalse) for i in decl.items)
    context = Context(score.source, unknown_as_false=unknown_as_false)
    form = _form(expect)
    proxies = _proxies(scope, decl, expect, context, form)
    among = next((i for i in decl.items if isinstance(i, s.AmongClause)), None)
    because = next((i for i in decl.items if isinstance(i, s.BecauseClause)), None)
    return Hypothesis(
        name=decl.name.text,
        title="" if decl.title is None else str(decl.title.value),
        form=form,
        proxies=proxies,
        score=score.name,
        score_higher=expect.effect == "higher",
        because="" if because is None else str(because.text.value),
        among=None if among is None else check_condition(scope, among.condition, context),
        priority=_priority(scope, decl),
        span=decl.name.span,
    )


def _score(scope: Scope, name: Name) -> Score | None:
    if scope.look_up(name, (s.ScoreDecl,), "score") is None:
        return None
    return scope.resolvers.score(scope, name.text, name.span)


def _form(expect: s.ExpectClause) -> HypothesisForm:
    if expect.effect == "separates":
        return HypothesisForm.SEPARATES
    return HypothesisForm(expect.direction) if expect.direction else HypothesisForm.CONDITION


def _proxies(
    scope: Scope, decl: s.HypothesisDecl, expect: s.ExpectClause, context: Context, form: HypothesisForm
) -> tuple[Expr, ...]:
    terms: list[Term] = list(expect.proxies) if expect.term is None else [expect.term]
    for clause in (i for i in decl.items if isinstance(i, s.ProxyClause)):
        terms.extend(clause.proxies)
    found: list[Expr] = []
    for term in terms:
        if form is HypothesisForm.CONDITION:
            expr = check_condition(scope, term, context)
        elif isinstance(term, Reference):
            expr = check_reference(scope, term, context)
        else:
            expr = check_term(scope, term, context)
        _check_proxy(scope, expr, form)
        if expr not in found:
            found.append(expr)
    return tuple(found)


def _check_proxy(scope: Scope, expr: Expr, form: HypothesisForm) -> None:
    kind = expr.type.kind
    if kind is Kind.UNKNOWN or expr.span is None:
        return
    if form in (HypothesisForm.HIGHER, HypothesisForm.LOWER) and kind not in ORDERED - TEXTUAL:
        found = f"Higher and lower need a measure, and this is `{expr.type.or_missing(False)}`"
        mend = 'write a condition, as in `expect industry == "Tech" means higher ...`, or `separates`'
        scope.report("SEG302", found, expr.span, mend)
    if form is HypothesisForm.SEPARATES and kind not in TEXTUAL | {
        Kind.BOOL,
        Kind.COUNT,
        Kind.INT,
        Kind.LIST,
    }:
        found = f"`separates` needs categories, and this is `{expr.type.or_missing(False)}`"
        scope.report("SEG302", found, expr.span, "band it: `band(x, 10, 50)`, or expect higher or lower")


def _priority(scope: Scope, decl: s.HypothesisDecl) -> int:
    clause = next((i for i in decl.items if isinstance(i, s.PriorityClause)), None)
    if clause is None:
        return 1
    value = clause.value.value
    if not isinstance(value, int) or value < 1:
        scope.report("SEG307", "A priority is a whole number from 1 on", clause.value.span, "write `priority 3`")
        return 1
    return value
