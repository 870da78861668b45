"""Scores: terms of one unit, and grades."""

from decimal import Decimal

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language.terms import CallTerm, Parenthesised, Reference, Term
from segdsl.model.context import Context
from segdsl.model.expression import Expr, Literal, Operator
from segdsl.model.missing import made_known
from segdsl.model.model import Grade, Score, ScoreTerm, TermSign
from segdsl.model.references import source_of_table
from segdsl.model.scope import Scope
from segdsl.model.terms import check_condition, check_term
from segdsl.model.units import Mismatch, arithmetic_type, with_unit
from segdsl.model.written import as_written, in_backquotes
from segdsl.types import NUMBER, UNKNOWN, Kind, Type

_CUSTOMARY = {
    "quartiles": tuple(zip("ABCD", [Decimal("0.25")] * 4, strict=True)),
    "deciles": tuple((str(n), Decimal("0.1")) for n in range(1, 11)),
}


def resolve_score(scope: Scope, name: str, span: Span) -> Score | None:
    decl = scope.names.get(name)
    if not isinstance(decl, s.ScoreDecl):
        return None
    return scope.resolve("score", name, span, lambda: _make_score(scope, decl))


def _make_score(scope: Scope, decl: s.ScoreDecl) -> Score | None:
    table = scope.look_up(decl.population, (s.SourceDecl, s.PopulationDecl), "population or source")
    source = None if table is None else source_of_table(scope, decl.population.text, decl.population.span)
    if source is None:
        return None
    span = decl.population.span
    if isinstance(table, s.PopulationDecl) and scope.resolvers.population(scope, decl.population.text, span) is None:
        return None
    unknown_as_false = any(isinstance(i, s.UnknownAsFalse) for i in decl.items)
    context = Context(source.name, unknown_as_false=unknown_as_false)
    written = [i for i in decl.items if isinstance(i, s.TermDecl)]
    terms = tuple(_term(scope, item, context) for item in written)
    _check_terms(scope, decl, written)
    score = Score(
        name=decl.name.text,
        title="" if decl.title is None else str(decl.title.value),
        population=decl.population.text,
        source=source.name,
        terms=terms,
        missing_terms_as_zero=any(isinstance(i, s.MissingTermsAsZero) for i in decl.items),
        grades=_grades(scope, decl),
        type=_unit(scope, terms, written),
        span=decl.name.span,
    )
    scope.scores[score.name] = score
    return score


def _check_terms(scope: Scope, decl: s.ScoreDecl, written: list[s.TermDecl]) -> None:
    if not written and decl.name.text not in scope.broken:
        scope.report("SEG205", f"The score `{decl.name.text}` has no terms", decl.name.span, "add `base` and an amount")
    labels: set[str] = set()
    for item in written:
        label = "base" if item.label is None else str(item.label.value)
        span = item.span if item.label is None else item.label.span
        if label in labels:
            what = "a second `base`" if item.label is None else f"a second term {item.label.text}"
            scope.report("SEG202", f"The score has {what}", span, "give each term a label of its own")
        labels.add(label)


def _term(scope: Scope, item: s.TermDecl, context: Context) -> ScoreTerm:
    condition: Expr | None = None
    inside = context
    if item.condition is not None:
        condition = check_condition(scope, item.condition, context)
        inside = Context(context.row, context.known | made_known(condition), context.unknown_as_false)
    amount = check_term(scope, item.amount, inside)
    label = "base" if item.label is None else str(item.label.value)
    return ScoreTerm(TermSign(item.sign), label, amount, condition, item.span)


def _unit(scope: Scope, terms: tuple[ScoreTerm, ...], written: list[s.TermDecl]) -> Type:
    """The one unit of all terms; the first that differs is reported."""
    first: s.TermDecl | None = None
    total: Expr | None = None
    kind: Type = UNKNOWN
    for term, item in zip(terms, written, strict=True):
        amount = term.amount
        if amount.type.is_unknown:
            continue
        if not amount.type.is_numeric and amount.type.kind not in (Kind.MONEY, Kind.DURATION):
            found = f"A term is a number or an amount, and this is `{amount.type.or_missing(False)}`"
            scope.report("SEG302", found, item.amount.span, "write `$500`, `tickets * $60` or `10% of acv`")
            continue
        if first is None or total is None:
            first, total, kind = item, amount, amount.type
            continue
        both = arithmetic_type(Operator.ADD, total, amount)
        if isinstance(both, Mismatch) and both.code == "SEG303":
            both = NUMBER
        if isinstance(both, Mismatch):
            found = f"This term is `{amount.type.or_missing(False)}`, and the score is `{kind.or_missing(False)}`"
            lacking = kind.is_numeric and not isinstance(total, Literal)
            mend = _give_units(first.amount, amount.type) if lacking else both.mend
            scope.report(both.code, found, item.amount.span, mend)
        elif both.kind is not kind.kind and both.is_numeric:
            kind = both
    return kind.or_missing(False)


def _give_units(number: Term, unit: Type) -> str:
    """How the terms before one with a unit, of which `number` is the first, get one: `tickets * $60`."""
    text = as_written(number)
    if not isinstance(number, Reference | CallTerm | Parenthesised):
        text = f"({text})"
    what = "an amount" if unit.kind is Kind.MONEY else "a duration"
    example = in_backquotes(f"{text} * {with_unit('1', unit)}")
    return f"multiply the terms before it by {what}, such as {example}"


def _grades(scope: Scope, decl: s.ScoreDecl) -> tuple[Grade, ...]:
    clauses = [i for i in decl.items if isinstance(i, s.GradeClause)]
    if len(clauses) > 1:
        scope.report("SEG209", "`grade` is given twice", clauses[1].span, "keep one of the two")
    if not clauses:
        return ()
    clause = clauses[0]
    if clause.custom is not None:
        customary = _CUSTOMARY.get(clause.custom.text)
        if customary is None:
            mend = "`grade quartiles`, `grade deciles`, or `grade A top 20%, B next 30%, C rest`"
            scope.unknown_name("grading", clause.custom.text, clause.custom.span, _CUSTOMARY, mend)
            return ()
        return tuple(Grade(name, share) for name, share in customary)
    return _grade_steps(scope, clause)


def _grade_steps(scope: Scope, clause: s.GradeClause) -> tuple[Grade, ...]:
    grades: list[Grade] = []
    total = Decimal(0)
    for step in clause.steps:
        if step.name.text in {g.name for g in grades}:
            scope.report("SEG202", f"Grade `{step.name.text}` stands twice", step.name.span, "give it another name")
        share = None if step.share is None else step.share.value
        if share is not None:
            assert isinstance(share, Decimal)
            total += share
        grades.append(Grade(step.name.text, share))
    if total > 1 or (total == 1 and grades[-1].share is None):
        scope.report(
            "SEG307",
            f"The grades add up to {total:%}".replace(".000000", ""),
            clause.span,
            "leave room within 100%",
        )
    elif total < 1 and grades[-1].share is not None:
        scope.report("SEG205", "The grades don't take all accounts", clause.span, "add a last one: `, D rest`")
    return tuple(grades)
