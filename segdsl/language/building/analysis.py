"""Nodes of fields, populations, scores and hypotheses."""

from segdsl.diagnostics import Diagnostic, Label
from segdsl.language import syntax as s
from segdsl.language import terms as t
from segdsl.language.building.places import Children, Places
from segdsl.language.token import Token


def derive(at: Places, c: Children) -> s.DeriveDecl:
    return s.DeriveDecl(at.name(c[1]), tuple(c[2:-1]), at.span(c[0], c[-1]))


def field(at: Places, c: Children) -> s.FieldDecl:
    return s.FieldDecl(at.head(c[0]), c[1], at.span(c[0], c[1]))


def unknown(at: Places, c: Children) -> s.UnknownAsFalse:
    return s.UnknownAsFalse(at.span(c[0], c[-1]))


def population(at: Places, c: Children) -> s.PopulationDecl:
    _, name, title, _, parent, *items, brace = c
    span = at.span(c[0], brace)
    return s.PopulationDecl(at.name(name), at.string(title), at.name(parent), tuple(items), span)


def keep(at: Places, c: Children) -> s.RuleDecl:
    return s.RuleDecl(True, at.quoted(c[1]), c[3], at.span(c[0], c[3]))


def drop(at: Places, c: Children) -> s.RuleDecl:
    return s.RuleDecl(False, at.quoted(c[1]), c[3], at.span(c[0], c[3]))


def score(at: Places, c: Children) -> s.ScoreDecl:
    _, name, title, _, population, *items, brace = c
    span = at.span(c[0], brace)
    return s.ScoreDecl(at.name(name), at.string(title), at.name(population), tuple(items), span)


def base_term(at: Places, c: Children) -> s.TermDecl:
    return s.TermDecl("base", None, c[1], c[2], at.whole(c))


def signed_term(at: Places, c: Children) -> s.TermDecl:
    return s.TermDecl(str(c[0]), at.quoted(c[1]), c[2], c[3], at.whole(c))


def when(at: Places, c: Children) -> t.Term:
    term: t.Term = c[1]
    return term


def missing_terms(at: Places, c: Children) -> s.MissingTermsAsZero:
    span = at.span(c[0], c[3])
    if c[3] != "0":
        mend = "write `missing terms as 0`, or give the amount a value with `??`"
        at.found.append(Diagnostic("SEG102", f"Missing terms can't stand as `{c[3]}`", (Label(span),), "`0`", mend))
    return s.MissingTermsAsZero(span)


def grade_custom(at: Places, c: Children) -> s.GradeClause:
    return s.GradeClause(at.name(c[1]), (), at.span(c[0], c[1]))


def grade_steps(at: Places, c: Children) -> s.GradeClause:
    share, steps, rest = c[2]
    first = s.GradeStep(at.name(c[1]), "top", share, at.span(c[1], share))
    last = () if rest is None else (s.GradeStep(at.name(rest[0]), "rest", None, at.span(*rest)),)
    allsteps = (first, *steps, *last)
    return s.GradeClause(None, allsteps, at.span(c[0], allsteps[-1]))


def grade_rest(at: Places, c: Children) -> Children:
    share = at.literal([c[1]])
    name, word = c[-2:]
    return [share, tuple(c[2:-2]), None if name is None else (name, word)]


def grade_next(at: Places, c: Children) -> s.GradeStep:
    return s.GradeStep(at.name(c[0]), "next", at.literal([c[2]]), at.span(c[0], c[2]))


def hypothesis(at: Places, c: Children) -> s.HypothesisDecl:
    return s.HypothesisDecl(at.name(c[1]), at.string(c[2]), tuple(c[3:-1]), at.span(c[0], c[-1]))


def direction(at: Places, c: Children) -> Token:
    token: Token = c[0]
    return token


def expect_measure(at: Places, c: Children) -> s.ExpectClause:
    return s.ExpectClause(str(c[1]), c[2], (), str(c[4]), at.name(c[5]), at.span(c[0], c[5]))


def expect_proxies(at: Places, c: Children) -> s.ExpectClause:
    proxies = c[2].proxies
    return s.ExpectClause(str(c[1]), None, proxies, str(c[4]), at.name(c[5]), at.span(c[0], c[5]))


def expect_condition(at: Places, c: Children) -> s.ExpectClause:
    return s.ExpectClause("", c[1], (), str(c[3]), at.name(c[4]), at.span(c[0], c[4]))


def expect_separates(at: Places, c: Children) -> s.ExpectClause:
    return s.ExpectClause("", c[1], (), "separates", at.name(c[3]), at.span(c[0], c[3]))


def proxies(at: Places, c: Children) -> s.ProxyClause:
    return s.ProxyClause(tuple(c[3:]), at.span(c[0], c[-1]))


def proxy(at: Places, c: Children) -> s.ProxyClause:
    clause: s.ProxyClause = c[0]
    return clause


def because(at: Places, c: Children) -> s.BecauseClause:
    return s.BecauseClause(at.quoted(c[1]), at.span(c[0], c[1]))


def among(at: Places, c: Children) -> s.AmongClause:
    return s.AmongClause(c[1], at.span(c[0], c[1]))


def priority(at: Places, c: Children) -> s.PriorityClause:
    return s.PriorityClause(at.literal([c[1]]), at.span(c[0], c[1]))
