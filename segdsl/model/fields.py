"""Derived fields."""

from segdsl.diagnostics import Span
from segdsl.model.context import Context
from segdsl.model.model import Field
from segdsl.model.scope import Scope
from segdsl.model.terms import check_term


def resolve_field(scope: Scope, source: str, name: str, span: Span) -> Field | None:
    """The field of a source, typed; None within a cycle."""
    return scope.resolve("field", f"{source}.{name}", span, lambda: _make_field(scope, source, name))


def _make_field(scope: Scope, source: str, name: str) -> Field:
    site = scope.field_sites[source][name]
    context = Context(source, unknown_as_false=site.unknown_as_false)
    field = Field(name, source, check_term(scope, site.decl.term, context), site.decl.name.span)
    scope.fields[source, name] = field
    return field
