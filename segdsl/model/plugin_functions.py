"""Calls of functions that plugins bring."""

from collections.abc import Sequence

from segdsl.language.terms import CallTerm
from segdsl.model.catalog import PluginSignature
from segdsl.model.expression import Call, Expr
from segdsl.model.plugin_inputs import inputs_fault
from segdsl.model.scope import Scope, unresolved
from segdsl.types import Type


def check_plugin_function(scope: Scope, plugin: PluginSignature, term: CallTerm, arguments: Sequence[Expr]) -> Expr:
    """A call of a plugin's function: a missing argument makes it missing."""
    usage = f"`{plugin.name}({', '.join(one.name for one in plugin.arguments)})`"
    types = [argument.type for argument in arguments]
    if any(type_.is_unknown for type_ in types) or plugin.result is None:
        return unresolved(term.span)
    fault = inputs_fault(plugin.arguments, types)
    if fault is not None:
        span = term.span if fault.place is None else term.arguments[fault.place].span
        scope.report("SEG306", f"{usage} {fault.found}", span, fault.help, expected=fault.expected)
        return unresolved(term.span)
    kind = plugin.result if isinstance(plugin.result, Type) else plugin.result(types, {})
    if isinstance(kind, str):
        scope.report("SEG306", kind[:1].upper() + kind[1:], term.span)
        return unresolved(term.span)
    optional = kind.optional or any(type_.optional for type_ in types)
    return Call(plugin.name, tuple(arguments), kind.or_missing(optional), term.span, plugin.run, plugin.package)
