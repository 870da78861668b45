"""Conditions that no row decides: constants compared with one another, columns with empty text or with `NULL`."""

from segdsl.language import terms as t
from segdsl.language.keywords import quote_name
from segdsl.language.terms import Term
from segdsl.model.context import Context
from segdsl.model.expression import Column, Expr, Follow
from segdsl.model.references import names_of
from segdsl.model.scope import Scope
from segdsl.model.written import as_written, in_backquotes

# A missing value by the names that other languages, and conditions of this one, have for it.
_MISSING = frozenset({"missing", "na", "nan", "nil", "none", "null", "unknown"})


def refuse_constants(scope: Scope, term: Term, operands: tuple[Term, ...], context: Context) -> bool:
    """Whether a condition reads constants only, which is reported: SQL's quoted column names are mostly behind it.

    A parameter is no constant here: another run may give it another value.
    """
    constants = [_constant(operand) for operand in operands]
    written = [one for one in constants if one is not None]
    if len(written) < len(constants):
        return False
    field = next((found for one in written if (found := _field_named(scope, one, context))), None)
    if field is not None:
        mend = f"a column's name stands without quotes: write {in_backquotes(quote_name(field))}"
    elif any(isinstance(one.value, str) for one in written):
        mend = "name a column or field here, without quotes"
    else:
        mend = "name a column or field here"
    scope.report("SEG310", "This reads constants only, so it is the same for every row", term.span, mend)
    return True


def refuse_empty_text(scope: Scope, term: t.Operation, left: Expr, right: Expr, context: Context) -> bool:
    """Whether a column is compared with empty text, which is reported: where the data is empty it is missing.

    A text that is computed can be empty, as `trim` of blanks is.
    """
    if term.sign not in ("==", "!="):
        return False
    for side, other, expr in ((term.left, term.right, right), (term.right, term.left, left)):
        constant = _constant(side)
        if constant is not None and constant.value == "" and _is_read(scope, expr, context.row):
            word = "missing" if term.sign == "==" else "known"
            found = f"Empty text is missing, so `{term.sign}` is the same for every row"
            scope.report("SEG310", found, term.span, f"write {in_backquotes(f'{as_written(other)} is {word}')}")
            return True
    return False


def _is_read(scope: Scope, expr: Expr, row: str) -> bool:
    """Whether it is a column of the data, of the row or behind a link."""
    match expr:
        case Column(name=name):
            source = scope.sources.get(row)
            return source is not None and source.column(name) is not None
        case Follow(path=path, value=value):
            return _is_read(scope, value, path.parent)
        case _:
            return False


def value_beside_missing(scope: Scope, term: t.Operation, context: Context) -> Term | None:
    """What is compared with a missing value, as in `x == NULL`, which is reported; None where nothing is."""
    if term.sign not in ("==", "!="):
        return None
    for side, other in ((term.right, term.left), (term.left, term.right)):
        if _means_missing(scope, side, context):
            word = "missing" if term.sign == "==" else "known"
            assert isinstance(side, t.Reference)
            found = f"Found `{term.sign} {side.dotted}`"
            scope.report("SEG103", found, term.span, f"write {in_backquotes(f'{as_written(other)} is {word}')}")
            return other
    return None


def _means_missing(scope: Scope, term: Term, context: Context) -> bool:
    if not isinstance(term, t.Reference) or term.dotted.lower() not in _MISSING:
        return False
    source = scope.sources.get(context.row)
    return term.dotted not in scope.names and (source is None or term.dotted not in names_of(scope, source))


def _constant(term: Term) -> t.Constant | None:
    """The constant that a term is, its sign and its parentheses aside."""
    match term:
        case t.Constant():
            return term
        case t.Parenthesised(inner=inner):
            return _constant(inner)
        case t.Signed(operand=operand):
            return _constant(operand)
        case _:
            return None


def _field_named(scope: Scope, constant: t.Constant, context: Context) -> str | None:
    """The column or field of the row that a text names, or whose name in the file it is."""
    source = scope.sources.get(context.row)
    if source is None or not isinstance(constant.value, str):
        return None
    names = {**{c.header: c.name for c in reversed(source.columns)}, **{name: name for name in names_of(scope, source)}}
    wanted = constant.value.casefold()
    return next((name for shown, name in names.items() if shown.casefold() == wanted), None)
