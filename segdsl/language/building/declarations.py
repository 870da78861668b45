"""Nodes of small declarations, properties and types."""

from decimal import Decimal

from segdsl.diagnostics import Diagnostic, Label
from segdsl.language import syntax as s
from segdsl.language import terms as t
from segdsl.language.building.places import Child, Children, Places
from segdsl.language.token import Token
from segdsl.types import UNKNOWN
from segdsl.types.value import Duration


def negative_constant(at: Places, c: Children) -> t.Constant:
    constant: t.Constant = c[1]
    span = at.span(c[0], constant)
    value = constant.value
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Duration):
        if not constant.type.is_unknown:
            at.found.append(
                Diagnostic("SEG105", f"`{constant.text}` has no negative", (Label(span),), help="leave the minus out")
            )
        return t.Constant(None, UNKNOWN, "-" + constant.text, span)
    return t.Constant(-value, constant.type, "-" + constant.text, span)


def list(at: Places, c: Children) -> t.ListConstant:
    items = tuple(x for x in c[1:-1] if x is not None)
    return t.ListConstant(items, at.span(c[0], c[-1]))


def start(at: Places, c: Children) -> tuple[s.Declaration, ...]:
    return tuple(c)


def about(at: Places, c: Children) -> s.AboutDecl:
    return s.AboutDecl(tuple(c[1:-1]), at.span(c[0], c[-1]))


def import_(at: Places, c: Children) -> s.ImportDecl:
    return s.ImportDecl(at.quoted(c[1]), at.span(c[0], c[1]))


def param(at: Places, c: Children) -> s.ParamDecl:
    return s.ParamDecl(at.head(c[1]), c[2], c[3], at.span(c[0], c[3]))


def set_(at: Places, c: Children) -> s.SetDecl:
    return s.SetDecl(at.head(c[1]), tuple(c[2:-1]), None, at.span(c[0], c[-1]))


def set_from(at: Places, c: Children) -> s.SetDecl:
    return s.SetDecl(at.name(c[1]), (), at.quoted(c[3]), at.span(c[0], c[3]))


def property(at: Places, c: Children) -> s.Property:
    return s.Property(at.head(c[0]), tuple(c[1:]), at.span(c[0], c[-1]))


def range_closed(at: Places, c: Children) -> s.RangeValue:
    return s.RangeValue(c[0], c[1], at.span(c[0], c[1]))


def range_from(at: Places, c: Children) -> s.RangeValue:
    return s.RangeValue(c[0], None, at.span(c[0], c[1]))


def range_to(at: Places, c: Children) -> s.RangeValue:
    return s.RangeValue(None, c[1], at.span(c[0], c[1]))


def cost(at: Places, c: Children) -> s.CostValue:
    return s.CostValue(c[0], at.name(c[2]), None, None, at.span(c[0], c[2]))


def cost_of_time(at: Places, c: Children) -> s.CostValue:
    return s.CostValue(c[0], at.name(c[2]), c[4], at.name(c[6]), at.span(c[0], c[6]))


def cost_flat(at: Places, c: Children) -> s.CostValue:
    return s.CostValue(c[0], at.name(c[1]), None, None, at.span(c[0], c[1]))


def type(at: Places, c: Children) -> s.TypeTerm:
    name, arguments, mark = c
    last = mark if mark is not None else arguments[1] if arguments is not None else name
    inner = arguments[0] if arguments is not None else ()
    return s.TypeTerm(at.name(name), inner, mark is not None, at.span(name, last))


def type_arguments(at: Places, c: Children) -> tuple[tuple[Child, ...], Token]:
    return tuple(c[:-1]), c[-1]
