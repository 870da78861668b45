"""From terms as written to typed expressions."""

from decimal import Decimal
from itertools import takewhile
from typing import assert_never

from segdsl.diagnostics import Span
from segdsl.language import terms as t
from segdsl.language.terms import Term
from segdsl.model.calls import check_call
from segdsl.model.constant_conditions import refuse_constants, refuse_empty_text, value_beside_missing
from segdsl.model.constants import check_member, propose_quotes
from segdsl.model.context import Context
from segdsl.model.expression import (
    And,
    Arithmetic,
    Branch,
    Call,
    Case,
    Coalesce,
    Compare,
    Comparison,
    Expr,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    Literal,
    Negate,
    Not,
    Operator,
    Or,
    TextMatch,
    TextTest,
    Unresolved,
)
from segdsl.model.missing import is_zero, made_known, made_known_if_not, may_miss
from segdsl.model.patterns import refuse_pattern
from segdsl.model.references import check_reference, propose_any
from segdsl.model.scope import Scope, unresolved
from segdsl.model.undecided import refuse_undecided
from segdsl.model.units import Mismatch, arithmetic_type, comparable, merge
from segdsl.model.written import as_written, in_backquotes
from segdsl.record import replace
from segdsl.types import BOOL, INT, UNKNOWN, Duration, Kind, Type, Value

_COMPARISONS = frozenset(c.value for c in Comparison)
_COMPARE_IT = 'compare it with something: `... > 0`, `... == "text"`, `... is known`'


def check_term(scope: Scope, term: Term, context: Context) -> Expr:
    """The typed expression of a term on a row of the context; mistakes are reported and stand as unresolved."""
    match term:
        case t.Constant():
            return Literal(term.value, term.type, term.span)
        case t.ListConstant():
            scope.report("SEG208", "A list can't stand here", term.span, "use `in (...)` or `has any (...)`")
            return unresolved(term.span)
        case t.Reference():
            return check_reference(scope, term, context)
        case t.Parenthesised(inner=inner):
            return check_term(scope, inner, context)
        case t.Signed():
            return _signed(scope, term, context)
        case t.Negated():
            return _negated(scope, term, context)
        case t.Operation() if term.sign in _COMPARISONS:
            return _comparison(scope, term, context)
        case t.Operation() if term.sign == "??":
            return _coalesce(scope, term, context)
        case t.Operation():
            return _arithmetic(scope, term, context)
        case t.Chain():
            return _chain(scope, term, context)
        case t.Between():
            return _between(scope, term, context)
        case t.Membership():
            return _membership(scope, term, context)
        case t.Presence():
            return _presence(scope, term, context)
        case t.TextCondition():
            return _text_condition(scope, term, context)
        case t.Has():
            return _has(scope, term, context)
        case t.Within():
            return _within(scope, term, context)
        case t.CaseTerm():
            return _case(scope, term, context)
        case t.CallTerm():
            return check_call(scope, term, context, check_term)
        case _:
            assert_never(term)


def check_condition(scope: Scope, term: Term, context: Context) -> Expr:
    """A term that must be a condition."""
    expr = check_term(scope, term, context)
    return _as_condition(scope, expr, term, context)


def _as_condition(scope: Scope, expr: Expr, term: Term, context: Context) -> Expr:
    if expr.type.is_unknown:
        return expr
    if expr.type.kind is not Kind.BOOL:
        scope.report("SEG302", f"A condition is needed, and this is {_plain(expr)}", term.span, _COMPARE_IT)
        return unresolved(term.span)
    if _is_atom(term) and context.unknown_as_false and may_miss(expr, context.known):
        return KnownTrue(expr, span=expr.span)
    return expr


def _is_atom(term: Term) -> bool:
    return isinstance(term, t.Reference | t.CallTerm | t.CaseTerm)


def _plain(expr: Expr) -> str:
    return f"`{expr.type.or_missing(False)}`"


def _typed(type_: Type, *operands: Expr, context: Context) -> Type:
    return type_.or_missing(any(may_miss(o, context.known) for o in operands))


def _atom(expr: Expr, context: Context) -> Expr:
    """A comparison as its block wants it: with `unknown as false` it is never unknown."""
    if context.unknown_as_false and may_miss(expr, context.known):
        return KnownTrue(expr, span=expr.span)
    return expr


def _mismatch(scope: Scope, wrong: Mismatch, span: Span) -> Expr:
    scope.report(wrong.code, wrong.found[:1].upper() + wrong.found[1:], span, wrong.mend)
    return unresolved(span)


# ---- arithmetic


def _signed(scope: Scope, term: t.Signed, context: Context) -> Expr:
    operand = check_term(scope, term.operand, context)
    if operand.type.is_unknown:
        return unresolved(term.span)
    if not (operand.type.is_numeric or operand.type.kind in (Kind.MONEY, Kind.DURATION)):
        scope.report("SEG302", f"There is no minus {_plain(operand)}", term.span, "leave the minus out")
        return unresolved(term.span)
    kind = INT.or_missing(operand.type.optional) if operand.type.kind is Kind.COUNT else operand.type
    if isinstance(operand, Literal) and operand.value is not None:
        value = operand.value
        assert isinstance(value, int | Decimal | Duration)
        return Literal(-value, kind, term.span)
    return Negate(operand, kind, term.span)


_ARITHMETIC = ("+", "-", "*", "/", "of")


def _needs_parentheses(term: Term, signs: tuple[str, ...]) -> bool:
    return isinstance(term, t.Operation) and term.sign in signs


def _arithmetic(scope: Scope, term: t.Operation, context: Context) -> Expr:
    for side in (term.left, term.right):
        if _needs_parentheses(side, ("??",)):
            mend = "put the `??` and its two sides in parentheses"
            scope.report("SEG109", "It isn't clear how far `??` reaches here", term.span, mend)
            break
    left, right = check_term(scope, term.left, context), check_term(scope, term.right, context)
    if term.sign == "of" and not left.type.is_unknown and left.type.kind is not Kind.RATIO:
        mend = f"write `{_percent_of(left)}% of ...`, or use `*`" if isinstance(left, Literal) else "use `*`"
        scope.report("SEG302", f"`of` takes a ratio, and this is {_plain(left)}", term.left.span, mend)
        return unresolved(term.span)
    sign = Operator.MULTIPLY if term.sign == "of" else Operator(term.sign)
    kind = arithmetic_type(sign, left, right)
    if isinstance(kind, Mismatch):
        return _mismatch(scope, kind, term.span)
    if kind.is_unknown:
        return unresolved(term.span)
    if sign is Operator.DIVIDE and isinstance(right, Literal) and is_zero(right):
        scope.report("SEG307", "This divides by zero", term.span, "divide by something else")
        return unresolved(term.span)
    made = Arithmetic(sign, left, right, kind, term.span)
    return replace(made, type=kind.or_missing(may_miss(made, context.known)))


def _percent_of(literal: Literal) -> str:
    return str(literal.value)


# ---- conditions


def _negated(scope: Scope, term: t.Negated, context: Context) -> Expr:
    operand = check_condition(scope, term.operand, context)
    if operand.type.is_unknown:
        return unresolved(term.span)
    refuse_undecided(scope, "`not`", operand, term, context)
    return Not(operand, BOOL.or_missing(may_miss(operand, context.known)), term.span)


def _comparison(scope: Scope, term: t.Operation, context: Context) -> Expr:
    if refuse_constants(scope, term, (term.left, term.right), context):
        return unresolved(term.span)
    beside = value_beside_missing(scope, term, context)
    if beside is not None:
        check_term(scope, beside, context)
        return unresolved(term.span)
    before = len(scope.found)
    left, right = check_term(scope, term.left, context), check_term(scope, term.right, context)
    for written, beside_it, kind in ((term.right, term.left, left.type), (term.left, term.right, right.type)):
        if not isinstance(beside_it, t.Constant):
            propose_quotes(scope, before, written, kind)
        elif term.sign != "!=":
            # Whether `!=` is meant of one of many values or of all can't be known.
            propose_any(scope, before, term, written)
    wrong = comparable(left, right)
    if wrong is not None:
        return _mismatch(scope, wrong, term.span)
    if left.type.is_unknown or right.type.is_unknown:
        return unresolved(term.span)
    if refuse_empty_text(scope, term, left, right, context):
        return unresolved(term.span)
    if left.type.kind is Kind.BOOL and term.sign not in ("==", "!="):
        scope.report("SEG302", f"Conditions have no order for `{term.sign}`", term.span, "use `and`, `or` and `not`")
        return unresolved(term.span)
    _check_category(scope, left, right, term)
    if term.sign == "!=":
        for side in (left, right):
            if may_miss(side, context.known):
                refuse_undecided(scope, "`!=`", side, term, context)
                break
    made = Compare(Comparison(term.sign), left, right, _typed(BOOL, left, right, context=context), term.span)
    return _atom(made, context)


def _check_category(scope: Scope, left: Expr, right: Expr, term: t.Operation) -> None:
    """A text compared with a closed category must be one of its values."""
    for value, written, other in ((right, term.right, left), (left, term.left, right)):
        if isinstance(value, Literal) and isinstance(written, t.Constant):
            check_member(scope, written, other.type, other)


def _chain(scope: Scope, term: t.Chain, context: Context) -> Expr:
    known, operands = context.known, []
    for place, part in enumerate(term.operands):
        if term.word == "or" and place and _is_text(part):
            if not _is_text(term.operands[place - 1]):
                _report_texts(scope, term.operands[place - 1], tuple(takewhile(_is_text, term.operands[place:])))
            operands.append(unresolved(part.span))
            continue
        if isinstance(part, t.Chain):
            mend = "put the part joined by `and` in parentheses"
            scope.report("SEG109", "`and` and `or` are mixed here", part.span, mend)
        operand = check_condition(scope, part, replace(context, known=known))
        operands.append(operand)
        known = known | (made_known(operand) if term.word == "and" else made_known_if_not(operand))
    if any(o.type.is_unknown for o in operands):
        return unresolved(term.span)
    made = And(tuple(operands), BOOL, term.span) if term.word == "and" else Or(tuple(operands), BOOL, term.span)
    return replace(made, type=BOOL.or_missing(may_miss(made, context.known)))


def _is_text(term: Term) -> bool:
    return isinstance(term, t.Constant) and isinstance(term.value, str)


def _report_texts(scope: Scope, before: Term, texts: tuple[Term, ...]) -> None:
    """Texts where a condition is needed, as in `x == "a" or "b" or "c"`."""
    mend = _COMPARE_IT
    if isinstance(before, t.Operation) and before.sign == "==" and _is_text(before.right):
        listed = ", ".join(as_written(one) for one in (before.right, *texts))
        mend = f"write {in_backquotes(f'{as_written(before.left)} in ({listed})')}"
    scope.report("SEG302", "A condition is needed, and this is `text`", texts[0].span, mend)


def _between(scope: Scope, term: t.Between, context: Context) -> Expr:
    low = t.Operation(">=", term.operand, term.low, term.span)
    high = t.Operation("<=", term.operand, term.high, term.span)
    first = _comparison(scope, low, context)
    if first.type.is_unknown:
        return first
    second = _comparison(scope, high, context)
    if second.type.is_unknown:
        return second
    made = And((first, second), BOOL, term.span)
    return replace(made, type=BOOL.or_missing(may_miss(made, context.known)))


def _membership(scope: Scope, term: t.Membership, context: Context) -> Expr:
    values = () if isinstance(term.values, t.Name) else term.values
    if refuse_constants(scope, term, (term.operand, *values), context):
        return unresolved(term.span)
    before = len(scope.found)
    operand = check_term(scope, term.operand, context)
    if not term.negated:
        propose_any(scope, before, term, term.operand)
    if operand.type.kind is Kind.LIST:
        word = "has any"
        scope.report("SEG302", "`in` looks for one value, and this is a list", term.span, f"write `{word} (...)`")
        return unresolved(term.span)
    found = constants_of(scope, term.values, operand, context)
    if found is None or operand.type.is_unknown:
        return unresolved(term.span)
    if term.negated:
        refuse_undecided(scope, "`not in`", operand, term, context)
    kind = _typed(BOOL, operand, context=context)
    made = _atom(InValues(operand, found, kind, term.span), context)
    return Not(made, made.type, term.span) if term.negated else made


def constants_of(
    scope: Scope, values: tuple[Term, ...] | t.Name, operand: Expr, context: Context, of: Expr | None = None
) -> tuple[Value, ...] | None:
    """The constants of a list or of a named set, as values to compare with the operand; None after a mistake.

    `of` is the list that holds the operand, where it is an item of one.
    """
    if isinstance(values, t.Name):
        return _set_values(scope, values, operand)
    found: list[Value] = []
    for term in values:
        before = len(scope.found)
        expr = check_term(scope, term, context)
        propose_quotes(scope, before, term, operand.type)
        if expr.type.is_unknown:
            return None
        if not isinstance(expr, Literal):
            scope.report("SEG208", "Only constants can stand in this list", term.span, "compare with `==` and `or`")
            return None
        wrong = comparable(operand, expr)
        if wrong is not None:
            _mismatch(scope, wrong, term.span)
            return None
        if isinstance(term, t.Constant):
            check_member(scope, term, operand.type, of or operand)
        found.append(expr.value)
    return tuple(dict.fromkeys(found))


def _set_values(scope: Scope, name: t.Name, operand: Expr) -> tuple[Value, ...] | None:
    scope.used.add(name.text)
    known = scope.sets.get(name.text)
    if known is None:
        if name.text not in scope.broken:
            mend = f'to compare with a text, write `== "{name.text}"`'
            scope.unknown_name("set", name.text, name.span, scope.sets, mend)
        return None
    if not known.values:
        return ()
    wrong = comparable(operand, Literal(known.values[0], known.type))
    if wrong is not None:
        _mismatch(scope, wrong, name.span)
        return None
    outside = [v for v in known.values if operand.type.values is not None and v not in operand.type.values]
    if outside:
        listed = ", ".join(f'"{v}"' for v in outside[:5])
        found = f"The set `{name.text}` holds values that aren't in the category: {listed}"
        scope.report("SEG304", found, name.span, "correct the set, or add them to the category")
    return known.values


def _presence(scope: Scope, term: t.Presence, context: Context) -> Expr:
    if refuse_constants(scope, term, (term.operand,), context):
        return unresolved(term.span)
    operand = check_term(scope, term.operand, context)
    if operand.type.is_unknown:
        return unresolved(term.span)
    missing = IsMissing(operand, span=term.span)
    return Not(missing, span=term.span) if term.known else missing


def _text_condition(scope: Scope, term: t.TextCondition, context: Context) -> Expr:
    if refuse_constants(scope, term, (term.operand, term.pattern), context):
        return unresolved(term.span)
    before = len(scope.found)
    operand, pattern = check_term(scope, term.operand, context), check_term(scope, term.pattern, context)
    propose_quotes(scope, before, term.pattern, operand.type)
    propose_any(scope, before, term, term.operand)
    if operand.type.is_unknown or pattern.type.is_unknown:
        return unresolved(term.span)
    if operand.type.kind is Kind.LIST and term.word == "contains":
        scope.report("SEG302", "`contains` looks into a text, and this is a list", term.span, "write `has any (...)`")
        return unresolved(term.span)
    if not operand.type.is_textual:
        mend = "this test is for texts and categories"
        scope.report("SEG302", f"`{term.word}` needs a text, and this is {_plain(operand)}", term.operand.span, mend)
        return unresolved(term.span)
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        mend = "write the text itself, in double quotes"
        scope.report("SEG208", f"Behind `{term.word}` stands a constant text", term.pattern.span, mend)
        return unresolved(term.span)
    match = TextMatch(term.word)
    if match is TextMatch.MATCHES:
        refused = refuse_pattern(pattern.value)
        if refused is not None:
            reason, mend = refused
            scope.report("SEG308", f"This pattern is refused: {reason}", term.pattern.span, mend)
            return unresolved(term.span)
    kind = _typed(BOOL, operand, context=context)
    return _atom(TextTest(match, operand, pattern.value, kind, term.span), context)


def _has(scope: Scope, term: t.Has, context: Context) -> Expr:
    operand = check_term(scope, term.operand, context)
    if operand.type.is_unknown:
        return unresolved(term.span)
    if operand.type.kind is not Kind.LIST or operand.type.element is None:
        mend = "write `in (...)` for a single value"
        scope.report("SEG302", f"`has` looks into a list, and this is {_plain(operand)}", term.operand.span, mend)
        return unresolved(term.span)
    item = Literal(None, operand.type.element, term.operand.span)
    values = constants_of(scope, term.values, item, context, operand)
    if values is None:
        return unresolved(term.span)
    kind = _typed(BOOL, operand, context=context)
    return _atom(HasValues(operand, values, term.every, kind, term.span), context)


def _within(scope: Scope, term: t.Within, context: Context) -> Expr:
    """`D within X before A`: after A - X, up to and including A."""
    day = check_term(scope, term.operand, context)
    length = check_term(scope, term.duration, context)
    anchor = check_term(scope, term.anchor, context)
    for expr, part, kinds in (
        (day, term.operand, (Kind.DATE, Kind.TIMESTAMP)),
        (length, term.duration, (Kind.DURATION,)),
        (anchor, term.anchor, (Kind.DATE, Kind.TIMESTAMP)),
    ):
        if not expr.type.is_unknown and expr.type.kind not in kinds:
            wanted = "a duration such as `12 months`" if Kind.DURATION in kinds else "a date"
            scope.report(
                "SEG302",
                f"{wanted.capitalize()} is needed here, and this is {_plain(expr)}",
                part.span,
                wanted,
            )
            return unresolved(term.span)
    if day.type.is_unknown or length.type.is_unknown or anchor.type.is_unknown:
        return unresolved(term.span)
    if day.type.kind is not anchor.type.kind:
        # Whole days are compared, as a reader of "within 30 days before a date" does.
        day, anchor = _as_day(day), _as_day(anchor)
    start_type = _typed(anchor.type.or_missing(False), anchor, length, context=context)
    start = Arithmetic(Operator.SUBTRACT, anchor, length, start_type, term.span)
    kind = _typed(BOOL, day, start, context=context)
    after = Compare(Comparison.MORE, day, start, kind, term.span)
    until = Compare(Comparison.AT_MOST, day, anchor, _typed(BOOL, day, anchor, context=context), term.span)
    return _atom(And((after, until), kind, term.span), context)


def _as_day(expr: Expr) -> Expr:
    if expr.type.kind is Kind.DATE:
        return expr
    return Call("date", (expr,), Type(Kind.DATE, expr.type.optional), expr.span)


# ---- values by condition


def _coalesce(scope: Scope, term: t.Operation, context: Context) -> Expr:
    for side in (term.left, term.right):
        if _needs_parentheses(side, _ARITHMETIC):
            mend = "put the arithmetic, or the `??` with its two sides, in parentheses"
            scope.report("SEG109", "It isn't clear how far `??` reaches here", term.span, mend)
            break
    operand, fallback = check_term(scope, term.left, context), check_term(scope, term.right, context)
    kind = merge(operand, fallback)
    if isinstance(kind, Mismatch):
        return _mismatch(scope, kind, term.span)
    if operand.type.is_unknown or fallback.type.is_unknown:
        return unresolved(term.span)
    return Coalesce(operand, fallback, kind.or_missing(may_miss(fallback, context.known)), term.span)


def _case(scope: Scope, term: t.CaseTerm, context: Context) -> Expr:
    known, branches, failed = context.known, [], False
    for written in term.branches:
        condition = check_condition(scope, written.condition, replace(context, known=known))
        inside = replace(context, known=known | made_known(condition))
        value = check_term(scope, written.value, inside)
        failed = failed or condition.type.is_unknown or value.type.is_unknown
        branches.append(Branch(condition, value))
        known = known | made_known_if_not(condition)
    if term.otherwise is None:
        otherwise: Expr = Literal(None, UNKNOWN, term.span)
    else:
        otherwise = check_term(scope, term.otherwise, replace(context, known=known))
        failed = failed or otherwise.type.is_unknown
    if failed:
        return unresolved(term.span)
    whole: Expr = branches[0].value
    for value in (*(b.value for b in branches[1:]), *(() if term.otherwise is None else (otherwise,))):
        both = merge(whole, value)
        if isinstance(both, Mismatch):
            return _mismatch(scope, both, value.span or term.span)
        whole = Unresolved(both, term.span)
    kind = whole.type
    if term.otherwise is None:
        otherwise = Literal(None, kind.or_missing(), term.span)
    made = Case(tuple(branches), otherwise, kind, term.span)
    return replace(made, type=kind.or_missing(may_miss(made, context.known)))
