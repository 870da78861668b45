"""Executable examples: given rows and what is expected of them."""

from segdsl.language import syntax as s
from segdsl.model.columns import resolve_source
from segdsl.model.constants import constant_value
from segdsl.model.context import Context
from segdsl.model.model import Expectation, Given, GivenRow, SpecTest
from segdsl.model.references import names_of, own_column
from segdsl.model.scope import Scope
from segdsl.model.source import Source
from segdsl.model.terms import check_condition
from segdsl.types import Value


def make_test(scope: Scope, decl: s.TestDecl) -> SpecTest | None:
    givens = [g for i in decl.items if isinstance(i, s.GivenClause) and (g := _given(scope, i)) is not None]
    subject = next((g for g in givens if len(g.rows) == 1), None)
    written = [i for i in decl.items if isinstance(i, s.GivenClause)]
    if not written:
        mend = "write `given accounts { ... }`"
        scope.report("SEG205", "The test gives no row", decl.title.span, mend)
        return None
    expectations = []
    for item in decl.items:
        if isinstance(item, s.ExpectCondition) and subject is not None:
            condition = check_condition(scope, item.condition, Context(subject.source))
            expectations.append(Expectation(condition, None, item.span))
        elif isinstance(item, s.ExpectDropped):
            _check_reason(scope, item)
            expectations.append(Expectation(None, str(item.reason.value), item.span))
    if not any(isinstance(i, s.ExpectCondition | s.ExpectDropped) for i in decl.items):
        scope.report("SEG205", "The test expects nothing", decl.title.span, 'write `expect fit == "other"`')
    if subject is None and givens and len(givens) == len(written):
        scope.report("SEG205", "The test gives no single row to classify", decl.title.span, "give one row of one table")
    return SpecTest(str(decl.title.value), tuple(givens), tuple(expectations), decl.span)


def _check_reason(scope: Scope, item: s.ExpectDropped) -> None:
    """The reason must be that of some rule that drops."""
    reasons = [
        str(rule.reason.value)
        for decl in scope.of_kind(s.PopulationDecl)
        for rule in decl.items
        if isinstance(rule, s.RuleDecl)
    ]
    if str(item.reason.value) not in reasons and not scope.broken:
        scope.unknown_name("population rule", str(item.reason.value), item.reason.span, reasons)


def _given(scope: Scope, item: s.GivenClause) -> Given | None:
    source = resolve_source(scope, item.source)
    if source is None:
        return None
    return Given(source.name, tuple(_row(scope, source, block) for block in item.rows), item.span)


def _row(scope: Scope, source: Source, block: s.GivenBlock) -> GivenRow:
    values: dict[str, Value] = {}
    for field in block.fields:
        name = field.name.text
        if name in values:
            scope.report("SEG209", f"`{name}` is given twice", field.name.span, "keep one of the two")
            continue
        column = own_column(scope, source, field.name)
        if column is None:
            if source.name not in scope.broken and source.row_type not in scope.broken:
                known = names_of(scope, source)
                scope.unknown_name(f"column or field of `{source.name}`", name, field.name.span, known)
            continue
        value = None if field.value is None else constant_value(scope, field.value, column.type)
        values[name] = value
    return GivenRow(tuple(values.items()), block.span)
