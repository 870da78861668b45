"""Nodes of segmentations, evaluations, audiences and tests."""

from segdsl.language import syntax as s
from segdsl.language.building.places import Children, Places
from segdsl.language.terms import Name
from segdsl.language.token import Token


def segmentation(at: Places, c: Children) -> s.SegmentationDecl:
    _, name, title, _, population, mode, *items, brace = c
    word = "first" if mode is None else str(mode)
    span = at.span(c[0], brace)
    return s.SegmentationDecl(at.name(name), at.string(title), at.name(population), word, None, tuple(items), span)


def mode(at: Places, c: Children) -> Token:
    token: Token = c[0]
    return token


def segmentation_using(at: Places, c: Children) -> s.SegmentationDecl:
    _, name, title, _, population, _, plugin, *items, brace = c
    span = at.span(c[0], brace)
    names = (at.name(name), at.string(title), at.name(population))
    return s.SegmentationDecl(*names, "using", at.name(plugin), tuple(items), span)


def segment(at: Places, c: Children) -> s.SegmentDecl:
    _, name, title, membership, *items = c
    places, condition = membership if isinstance(membership, tuple) else ((), membership)
    if isinstance(condition, Token):
        condition = None
    last = next((x for x in reversed(items) if x is not None), None)
    end = last or (places[-1] if places else membership)
    inner = tuple(x for x in items[:-1] if x is not None)
    span = at.span(c[0], end)
    return s.SegmentDecl(at.name(name), at.string(title), condition, places, inner, span)


def otherwise(at: Places, c: Children) -> Token:
    token: Token = c[0]
    return token


def places(at: Places, c: Children) -> tuple[tuple[s.PlaceTerm, ...], None]:
    return tuple(c[1:]), None


def place(at: Places, c: Children) -> s.PlaceTerm:
    return s.PlaceTerm(at.name(c[0]), c[1], at.span(c[0], c[1]))


def message(at: Places, c: Children) -> s.MessageClause:
    channels = at.texts(c[4:]) if c[3] is not None else ()
    return s.MessageClause(at.head(c[1]), at.quoted(c[2]), channels, at.whole(c))


def measure(at: Places, c: Children) -> s.MeasureClause:
    return s.MeasureClause(c[1], c[2] is not None, c[4], at.span(c[0], c[4]))


def evaluate(at: Places, c: Children) -> s.EvaluateDecl:
    against = next(i for i, x in enumerate(c) if isinstance(x, Token) and x.type == "AGAINST")
    schemes, score, items = at.names(c[1:against]), at.name(c[against + 1]), tuple(c[against + 2 : -1])
    return s.EvaluateDecl(schemes, score, items, at.span(c[0], c[-1]))


def each(at: Places, c: Children) -> Token:
    token: Token = c[0]
    return token


def measured(at: Places, c: Children) -> tuple[Name, Name | None]:
    measure, figure = c
    return at.name(measure), None if figure is None else at.name(figure)


def require_sign(at: Places, c: Children) -> s.RequireClause:
    _, (measure, figure), _, each, scheme, sign, bound = c
    names = (measure, figure, each is not None, at.name(scheme))
    return s.RequireClause(*names, sign, bound, None, at.span(c[0], bound))


def require_between(at: Places, c: Children) -> s.RequireClause:
    _, (measure, figure), _, each, scheme, _, low, _, high = c
    names = (measure, figure, each is not None, at.name(scheme))
    return s.RequireClause(*names, "between", low, high, at.span(c[0], high))


def audience(at: Places, c: Children) -> s.AudienceDecl:
    _, name, title, _, table, *items, brace = c
    span = at.span(c[0], brace)
    return s.AudienceDecl(at.name(name), at.string(title), at.name(table), tuple(items), span)


def where(at: Places, c: Children) -> s.WhereClause:
    return s.WhereClause(c[1], at.span(c[0], c[1]))


def except_(at: Places, c: Children) -> s.ExceptClause:
    return s.ExceptClause(at.names(c[1:]), at.span(c[0], c[-1]))


def order_by(at: Places, c: Children) -> s.OrderClause:
    return s.OrderClause(tuple(c[2:]), at.span(c[0], c[-1]))


def order(at: Places, c: Children) -> s.OrderTerm:
    return s.OrderTerm(c[0], c[1] is not None and c[1].type == "DESC", at.whole(c))


def take(at: Places, c: Children) -> s.TakeClause:
    return s.TakeClause(at.literal([c[1]]), c[3], at.whole(c))


def hold_out(at: Places, c: Children) -> s.HoldOutClause:
    return s.HoldOutClause(at.literal([c[2]]), at.span(c[0], c[2]))


def columns(at: Places, c: Children) -> s.ColumnsClause:
    return s.ColumnsClause(tuple(c[1:]), at.span(c[0], c[-1]))


def output(at: Places, c: Children) -> s.OutputTerm:
    return s.OutputTerm(None, c[0], at.whole(c))


def named_output(at: Places, c: Children) -> s.OutputTerm:
    return s.OutputTerm(at.head(c[0]), c[1], at.whole(c))


def to(at: Places, c: Children) -> s.ToClause:
    _, path, using, plugin, *block = c
    options = tuple(item for item in block if isinstance(item, s.Property))
    end = next((x for x in reversed(c) if x is not None), path)
    name = None if using is None else at.name(plugin)
    return s.ToClause(at.quoted(path), name, options, at.span(c[0], end))


def report(at: Places, c: Children) -> s.ReportDecl:
    return s.ReportDecl(at.name(c[2]), tuple(c[3:-1]), at.span(c[0], c[-1]))


def test(at: Places, c: Children) -> s.TestDecl:
    return s.TestDecl(at.quoted(c[1]), tuple(c[2:-1]), at.span(c[0], c[-1]))


def given(at: Places, c: Children) -> s.GivenClause:
    return s.GivenClause(at.name(c[1]), tuple(c[2:]), at.whole(c))


def given_none(at: Places, c: Children) -> s.GivenClause:
    return s.GivenClause(at.name(c[1]), (), at.whole(c))


def given_block(at: Places, c: Children) -> s.GivenBlock:
    return s.GivenBlock(tuple(c[1:-1]), at.span(c[0], c[-1]))


def given_value(at: Places, c: Children) -> s.GivenField:
    return s.GivenField(at.head(c[0]), c[1], at.whole(c))


def given_missing(at: Places, c: Children) -> s.GivenField:
    return s.GivenField(at.head(c[0]), None, at.whole(c))


def expect(at: Places, c: Children) -> s.ExpectCondition:
    return s.ExpectCondition(c[1], at.whole(c))


def expect_dropped(at: Places, c: Children) -> s.ExpectDropped:
    return s.ExpectDropped(at.quoted(c[2]), at.whole(c))
