"""Nodes of terms."""

from segdsl.language import terms as t
from segdsl.language.building.places import Child, Children, Places
from segdsl.language.token import Token


def any_of(at: Places, c: Children) -> t.Chain:
    return t.Chain("or", tuple(c[::2]), at.whole(c))


def all_of(at: Places, c: Children) -> t.Chain:
    return t.Chain("and", tuple(c[::2]), at.whole(c))


def negated(at: Places, c: Children) -> t.Negated:
    return t.Negated(c[1], at.whole(c))


def comparison_sign(at: Places, c: Children) -> str:
    return str(c[0])


def comparison(at: Places, c: Children) -> t.Operation:
    return t.Operation(c[1], c[0], c[2], at.whole(c))


def between(at: Places, c: Children) -> t.Between:
    return t.Between(c[0], c[2], c[4], at.whole(c))


def members(at: Places, c: Children) -> tuple[tuple[t.Term, ...] | t.Name, Child]:
    if isinstance(c[0], Token) and c[0].type == "NAME":
        return at.name(c[0]), c[0]
    return tuple(c[1:-1]), c[-1]


def in_(at: Places, c: Children) -> t.Membership:
    values, last = c[2]
    return t.Membership(c[0], values, False, at.span(c[0], last))


def not_in(at: Places, c: Children) -> t.Membership:
    values, last = c[3]
    return t.Membership(c[0], values, True, at.span(c[0], last))


def presence(at: Places, c: Children) -> t.Presence:
    return t.Presence(c[0], c[2].type == "KNOWN", at.whole(c))


def text_condition(at: Places, c: Children) -> t.TextCondition:
    word = f"{c[1]} with" if len(c) == 4 else str(c[1])
    return t.TextCondition(word, c[0], c[-1], at.whole(c))


def has(at: Places, c: Children) -> t.Has:
    values, last = c[3]
    return t.Has(c[0], c[2].type == "ALL", values, at.span(c[0], last))


def within(at: Places, c: Children) -> t.Within:
    return t.Within(c[0], c[2], c[4], at.whole(c))


def operation(at: Places, c: Children) -> t.Operation:
    return t.Operation(str(c[1]), c[0], c[2], at.whole(c))


def signed(at: Places, c: Children) -> t.Signed:
    return t.Signed(c[1], at.whole(c))


def parenthesised(at: Places, c: Children) -> t.Parenthesised:
    return t.Parenthesised(c[1], at.whole(c))


def call(at: Places, c: Children) -> t.CallTerm:
    arguments = tuple(x for x in c[2:-1] if x is not None and not isinstance(x, t.Modifier))
    modifiers = tuple(x for x in c[2:-1] if isinstance(x, t.Modifier))
    return t.CallTerm(at.name(c[0]), arguments, modifiers, at.whole(c))


def modifier(at: Places, c: Children) -> t.Modifier:
    term = c[1]
    if isinstance(term, Token):
        name = at.name(term)
        term = t.Reference((name,), name.span)
    return t.Modifier(str(c[0]), term, at.whole(c))


def case(at: Places, c: Children) -> t.CaseTerm:
    branches = tuple(x for x in c if isinstance(x, t.When))
    return t.CaseTerm(branches, c[-2], at.whole(c))


def branch(at: Places, c: Children) -> t.When:
    return t.When(c[1], c[3], at.whole(c))


def reference(at: Places, c: Children) -> t.Reference:
    return t.Reference(at.names(c), at.whole(c))
