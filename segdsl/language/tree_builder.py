"""Makes the nodes of the tree while Lark parses: one method for each rule or alias of the grammar.

Lark calls a method with the children of its rule: tokens, nodes already made, and None for an optional part that is
absent. Nothing is resolved here; a literal without a value is noted as a diagnostic and stands as unknown.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from lark import Token

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.language import syntax as s
from segdsl.language import terms as t
from segdsl.language.keywords import normal_name
from segdsl.language.literals import READERS, NotALiteral
from segdsl.types import TEXT, UNKNOWN
from segdsl.types.value import Duration

# What Lark hands over: tokens, nodes, None.
Child = Any
Children = list[Child]


class TreeBuilder:
    """Builds nodes for one text at a time; `start_text` sets which."""

    __slots__ = ("comments", "file", "found", "offset", "text")

    def start_text(self, file: str, text: str, offset: int) -> None:
        """Begin a text that stands at a character offset of a file."""
        self.file = file
        self.text = text
        self.offset = offset
        self.found: list[Diagnostic] = []
        self.comments: list[s.Comment] = []

    # ---- places

    def _span(self, first: Child, last: Child) -> Span:
        start = first.start_pos + self.offset if isinstance(first, Token) else first.span.start
        end = last.end_pos + self.offset if isinstance(last, Token) else last.span.end
        return Span(self.file, start, end)

    def _whole(self, c: Children) -> Span:
        last = next(x for x in reversed(c) if x is not None)
        return self._span(c[0], last)

    def _name(self, token: Token) -> t.Name:
        return t.Name(normal_name(str(token)), self._span(token, token))

    def _head(self, token: Token) -> t.Name:
        """The name in a token such as `name:` or `name =`."""
        written = token[:-1].rstrip()
        start = token.start_pos + self.offset if token.start_pos is not None else self.offset
        return t.Name(normal_name(written), Span(self.file, start, start + len(written)))

    def _names(self, tokens: Children) -> tuple[t.Name, ...]:
        return tuple(self._name(token) for token in tokens)

    def comment(self, token: Token) -> Token:
        start = token.start_pos or 0
        before = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        comment = s.Comment(token.rstrip(), not before.strip(), self._span(token, token))
        self.comments.append(comment)
        return token

    # ---- literals

    def literal(self, c: Children) -> t.Constant:
        token = c[0]
        span = self._span(token, token)
        text = str(token)
        if token.type in ("MONEY", "DURATION", "PERCENT"):
            text = " ".join(text.split())
        try:
            value, kind = READERS[token.type](text)
        except NotALiteral as refused:
            self.found.append(
                Diagnostic(
                    refused.code, refused.found[:1].upper() + refused.found[1:], (Label(span),), help=refused.mend
                )
            )
            return t.Constant(None, UNKNOWN, text, span)
        return t.Constant(value, kind, text, span)

    def negative_constant(self, c: Children) -> t.Constant:
        constant: t.Constant = c[1]
        span = self._span(c[0], constant)
        value = constant.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal | Duration):
            if not constant.type.is_unknown:
                self.found.append(
                    Diagnostic(
                        "SEG105", f"`{constant.text}` has no negative", (Label(span),), help="leave the minus out"
                    )
                )
            return t.Constant(None, UNKNOWN, "-" + constant.text, span)
        return t.Constant(-value, constant.type, "-" + constant.text, span)

    def list(self, c: Children) -> t.ListConstant:
        items = tuple(x for x in c[1:-1] if x is not None)
        return t.ListConstant(items, self._span(c[0], c[-1]))

    def _string(self, token: Token | None) -> t.Constant | None:
        return None if token is None else self._text(token)

    def _text(self, token: Token) -> t.Constant:
        constant = self.literal([token])
        return replace(constant, value="", type=TEXT) if constant.value is None else constant

    def _texts(self, tokens: Children) -> tuple[t.Constant, ...]:
        return tuple(self._text(token) for token in tokens)

    # ---- file and small declarations

    def start(self, c: Children) -> tuple[s.Declaration, ...]:
        return tuple(c)

    def about(self, c: Children) -> s.AboutDecl:
        return s.AboutDecl(tuple(c[1:-1]), self._span(c[0], c[-1]))

    def import_(self, c: Children) -> s.ImportDecl:
        return s.ImportDecl(self._text(c[1]), self._span(c[0], c[1]))

    def param(self, c: Children) -> s.ParamDecl:
        return s.ParamDecl(self._head(c[1]), c[2], c[3], self._span(c[0], c[3]))

    def set_(self, c: Children) -> s.SetDecl:
        return s.SetDecl(self._head(c[1]), tuple(c[2:-1]), None, self._span(c[0], c[-1]))

    def set_from(self, c: Children) -> s.SetDecl:
        return s.SetDecl(self._name(c[1]), (), self._text(c[3]), self._span(c[0], c[3]))

    # ---- properties

    def property(self, c: Children) -> s.Property:
        return s.Property(self._head(c[0]), tuple(c[1:]), self._span(c[0], c[-1]))

    def range_closed(self, c: Children) -> s.RangeValue:
        return s.RangeValue(c[0], c[1], self._span(c[0], c[1]))

    def range_from(self, c: Children) -> s.RangeValue:
        return s.RangeValue(c[0], None, self._span(c[0], c[1]))

    def range_to(self, c: Children) -> s.RangeValue:
        return s.RangeValue(None, c[1], self._span(c[0], c[1]))

    def cost(self, c: Children) -> s.CostValue:
        return s.CostValue(c[0], self._name(c[2]), None, None, self._span(c[0], c[2]))

    def cost_of_time(self, c: Children) -> s.CostValue:
        return s.CostValue(c[0], self._name(c[2]), c[4], self._name(c[6]), self._span(c[0], c[6]))

    def cost_flat(self, c: Children) -> s.CostValue:
        return s.CostValue(c[0], self._name(c[1]), None, None, self._span(c[0], c[1]))

    def type(self, c: Children) -> s.TypeTerm:
        name, arguments, mark = c
        last = mark if mark is not None else arguments[1] if arguments is not None else name
        inner = arguments[0] if arguments is not None else ()
        return s.TypeTerm(self._name(name), inner, mark is not None, self._span(name, last))

    def type_arguments(self, c: Children) -> tuple[tuple[Child, ...], Token]:
        return tuple(c[:-1]), c[-1]

    # ---- sources

    def source(self, c: Children) -> s.SourceDecl:
        _, name, _, like, _, origin, *items, brace = c
        path = self._text(origin[0]) if origin and origin[0].type == "STRING" else None
        parents = self._names(origin) if origin and path is None else ()
        like_name = None if like is None else self._name(like)
        span = self._span(c[0], brace)
        return s.SourceDecl(self._name(name), like_name, path, parents, self._with_modifiers(items), span)

    def origin(self, c: Children) -> Children:
        return c

    def _with_modifiers(self, items: Children) -> tuple[s.SourceItem, ...]:
        """Clauses are parsed as items of their own; here they join the column before them."""
        joined: list[s.SourceItem] = []
        modifiers: list[s.ColumnModifier] = []
        for item in items:
            if not isinstance(item, s.ColumnModifier):
                _flush(joined, modifiers)
                joined.append(item)
            elif joined and isinstance(joined[-1], s.ColumnDecl):
                modifiers.append(item)
            else:
                self.found.append(
                    Diagnostic(
                        "SEG102",
                        f"`{item.word.replace('_', ' ')}` stands before any column",
                        (Label(item.span),),
                        expected="a column to which it belongs",
                        help="put it behind the column's type: `name : text key`",
                    )
                )
        _flush(joined, modifiers)
        return tuple(joined)

    def column(self, c: Children) -> s.ColumnDecl:
        return s.ColumnDecl(self._head(c[0]), c[1], (), self._span(c[0], c[1]))

    def _modifier(self, word: str, c: Children, values: Children) -> s.ColumnModifier:
        return s.ColumnModifier(word, tuple(values), self._whole(c))

    def key(self, c: Children) -> s.ColumnModifier:
        return self._modifier("key", c, [])

    def pii(self, c: Children) -> s.ColumnModifier:
        return self._modifier("pii", c, [])

    def lenient(self, c: Children) -> s.ColumnModifier:
        return self._modifier("lenient", c, [])

    def from_(self, c: Children) -> s.ColumnModifier:
        return self._modifier("from", c, [self._name(c[1])])

    def range_between(self, c: Children) -> s.ColumnModifier:
        return self._modifier("range", c, [s.RangeValue(c[1], c[2], self._span(c[1], c[2]))])

    def range_above(self, c: Children) -> s.ColumnModifier:
        return self._modifier("range", c, [s.RangeValue(c[1], None, self._span(c[1], c[2]))])

    def range_below(self, c: Children) -> s.ColumnModifier:
        return self._modifier("range", c, [s.RangeValue(None, c[2], self._span(c[1], c[2]))])

    def empty(self, c: Children) -> s.ColumnModifier:
        return self._modifier("empty", c, list(self._texts(c[1:])))

    def replace(self, c: Children) -> s.ColumnModifier:
        pairs = [text for pair in c[1:] for text in pair]
        return s.ColumnModifier("replace", tuple(pairs), self._span(c[0], pairs[-1]))

    def replacement(self, c: Children) -> Children:
        return [self._text(c[0]), self._text(c[2])]

    def scale(self, c: Children) -> s.ColumnModifier:
        return self._modifier("scale", c, [c[1]])

    def split(self, c: Children) -> s.ColumnModifier:
        return self._modifier("split", c, [self._text(c[1])])

    def known_after(self, c: Children) -> s.ColumnModifier:
        return self._modifier("known_after", c, [self._name(c[1])])

    def other_as_missing(self, c: Children) -> s.ColumnModifier:
        return self._modifier("other_as_missing", c, [])

    def default(self, c: Children) -> s.ColumnModifier:
        return self._modifier("default", c, [c[0]])

    def convert(self, c: Children) -> s.ColumnModifier:
        return self._modifier("convert", c, [self._name(c[1]), self._name(c[3]), self._name(c[5])])

    def read(self, c: Children) -> s.ReadBlock:
        return s.ReadBlock(tuple(c[1:-1]), self._span(c[0], c[-1]))

    def links(self, c: Children) -> s.LinksClause:
        return s.LinksClause(self._names(c[1:-2]), self._name(c[-1]), self._span(c[0], c[-1]))

    def known_from(self, c: Children) -> s.KnownFromClause:
        return s.KnownFromClause(self._name(c[1]), self._span(c[0], c[1]))

    def without(self, c: Children) -> s.WithoutClause:
        return s.WithoutClause(self._names(c[1:]), self._span(c[0], c[-1]))

    def on_duplicate(self, c: Children) -> s.PolicyClause:
        return s.PolicyClause("duplicate", str(c[3]), self._name(c[5]), self._span(c[0], c[5]))

    def on_broken(self, c: Children) -> s.PolicyClause:
        return s.PolicyClause("broken", "", None, self._span(c[0], c[-1]))

    def on_orphan(self, c: Children) -> s.PolicyClause:
        return s.PolicyClause("orphan", "", None, self._span(c[0], c[-1]))

    def on_missing_key(self, c: Children) -> s.PolicyClause:
        return s.PolicyClause("missing_key", "", None, self._span(c[0], c[-1]))

    # ---- collecting

    def provider(self, c: Children) -> s.ProviderDecl:
        return s.ProviderDecl(self._name(c[1]), self._string(c[2]), tuple(c[3:-1]), self._span(c[0], c[-1]))

    def enrich(self, c: Children) -> s.EnrichDecl:
        return s.EnrichDecl(self._name(c[1]), self._name(c[3]), tuple(c[4:-1]), self._span(c[0], c[-1]))

    def enrich_column(self, c: Children) -> s.EnrichColumn:
        return s.EnrichColumn(self._name(c[0]), self._name(c[2]), self._span(c[0], c[2]))

    # ---- fields, populations, scores

    def derive(self, c: Children) -> s.DeriveDecl:
        return s.DeriveDecl(self._name(c[1]), tuple(c[2:-1]), self._span(c[0], c[-1]))

    def field(self, c: Children) -> s.FieldDecl:
        return s.FieldDecl(self._head(c[0]), c[1], self._span(c[0], c[1]))

    def unknown(self, c: Children) -> s.UnknownAsFalse:
        return s.UnknownAsFalse(self._span(c[0], c[-1]))

    def population(self, c: Children) -> s.PopulationDecl:
        _, name, title, _, parent, *items, brace = c
        span = self._span(c[0], brace)
        return s.PopulationDecl(self._name(name), self._string(title), self._name(parent), tuple(items), span)

    def keep(self, c: Children) -> s.RuleDecl:
        return s.RuleDecl(True, self._text(c[1]), c[3], self._span(c[0], c[3]))

    def drop(self, c: Children) -> s.RuleDecl:
        return s.RuleDecl(False, self._text(c[1]), c[3], self._span(c[0], c[3]))

    def score(self, c: Children) -> s.ScoreDecl:
        _, name, title, _, population, *items, brace = c
        span = self._span(c[0], brace)
        return s.ScoreDecl(self._name(name), self._string(title), self._name(population), tuple(items), span)

    def base_term(self, c: Children) -> s.TermDecl:
        return s.TermDecl("base", None, c[1], c[2], self._whole(c))

    def signed_term(self, c: Children) -> s.TermDecl:
        return s.TermDecl(str(c[0]), self._text(c[1]), c[2], c[3], self._whole(c))

    def when(self, c: Children) -> t.Term:
        term: t.Term = c[1]
        return term

    def missing_terms(self, c: Children) -> s.MissingTermsAsZero:
        span = self._span(c[0], c[3])
        if c[3] != "0":
            mend = "write `missing terms as 0`, or give the amount a value with `??`"
            self.found.append(
                Diagnostic("SEG102", f"Missing terms can't stand as `{c[3]}`", (Label(span),), "`0`", mend)
            )
        return s.MissingTermsAsZero(span)

    def grade_custom(self, c: Children) -> s.GradeClause:
        return s.GradeClause(self._name(c[1]), (), self._span(c[0], c[1]))

    def grade_steps(self, c: Children) -> s.GradeClause:
        share, steps, rest = c[2]
        first = s.GradeStep(self._name(c[1]), "top", share, self._span(c[1], share))
        last = () if rest is None else (s.GradeStep(self._name(rest[0]), "rest", None, self._span(*rest)),)
        allsteps = (first, *steps, *last)
        return s.GradeClause(None, allsteps, self._span(c[0], allsteps[-1]))

    def grade_rest(self, c: Children) -> Children:
        share = self.literal([c[1]])
        name, word = c[-2:]
        return [share, tuple(c[2:-2]), None if name is None else (name, word)]

    def grade_next(self, c: Children) -> s.GradeStep:
        return s.GradeStep(self._name(c[0]), "next", self.literal([c[2]]), self._span(c[0], c[2]))

    # ---- hypotheses

    def hypothesis(self, c: Children) -> s.HypothesisDecl:
        return s.HypothesisDecl(self._name(c[1]), self._string(c[2]), tuple(c[3:-1]), self._span(c[0], c[-1]))

    def direction(self, c: Children) -> Token:
        token: Token = c[0]
        return token

    def expect_measure(self, c: Children) -> s.ExpectClause:
        return s.ExpectClause(str(c[1]), c[2], (), str(c[4]), self._name(c[5]), self._span(c[0], c[5]))

    def expect_proxies(self, c: Children) -> s.ExpectClause:
        proxies = c[2].proxies
        return s.ExpectClause(str(c[1]), None, proxies, str(c[4]), self._name(c[5]), self._span(c[0], c[5]))

    def expect_condition(self, c: Children) -> s.ExpectClause:
        return s.ExpectClause("", c[1], (), str(c[3]), self._name(c[4]), self._span(c[0], c[4]))

    def expect_separates(self, c: Children) -> s.ExpectClause:
        return s.ExpectClause("", c[1], (), "separates", self._name(c[3]), self._span(c[0], c[3]))

    def proxies(self, c: Children) -> s.ProxyClause:
        return s.ProxyClause(tuple(c[3:]), self._span(c[0], c[-1]))

    def proxy(self, c: Children) -> s.ProxyClause:
        clause: s.ProxyClause = c[0]
        return clause

    def because(self, c: Children) -> s.BecauseClause:
        return s.BecauseClause(self._text(c[1]), self._span(c[0], c[1]))

    def among(self, c: Children) -> s.AmongClause:
        return s.AmongClause(c[1], self._span(c[0], c[1]))

    def priority(self, c: Children) -> s.PriorityClause:
        return s.PriorityClause(self.literal([c[1]]), self._span(c[0], c[1]))

    # ---- segmentations

    def segmentation(self, c: Children) -> s.SegmentationDecl:
        _, name, title, _, population, mode, *items, brace = c
        word = "first" if mode is None else str(mode)
        span = self._span(c[0], brace)
        return s.SegmentationDecl(
            self._name(name), self._string(title), self._name(population), word, None, tuple(items), span
        )

    def mode(self, c: Children) -> Token:
        token: Token = c[0]
        return token

    def segmentation_using(self, c: Children) -> s.SegmentationDecl:
        _, name, title, _, population, _, plugin, *items, brace = c
        span = self._span(c[0], brace)
        names = (self._name(name), self._string(title), self._name(population))
        return s.SegmentationDecl(*names, "using", self._name(plugin), tuple(items), span)

    def segment(self, c: Children) -> s.SegmentDecl:
        _, name, title, membership, *items = c
        places, condition = membership if isinstance(membership, tuple) else ((), membership)
        if isinstance(condition, Token):
            condition = None
        last = next((x for x in reversed(items) if x is not None), None)
        end = last or (places[-1] if places else membership)
        inner = tuple(x for x in items[:-1] if x is not None)
        span = self._span(c[0], end)
        return s.SegmentDecl(self._name(name), self._string(title), condition, places, inner, span)

    def otherwise(self, c: Children) -> Token:
        token: Token = c[0]
        return token

    def places(self, c: Children) -> tuple[tuple[s.PlaceTerm, ...], None]:
        return tuple(c[1:]), None

    def place(self, c: Children) -> s.PlaceTerm:
        return s.PlaceTerm(self._name(c[0]), c[1], self._span(c[0], c[1]))

    def message(self, c: Children) -> s.MessageClause:
        channels = self._texts(c[4:]) if c[3] is not None else ()
        return s.MessageClause(self._head(c[1]), self._text(c[2]), channels, self._whole(c))

    def measure(self, c: Children) -> s.MeasureClause:
        return s.MeasureClause(c[1], c[2] is not None, c[4], self._span(c[0], c[4]))

    def evaluate(self, c: Children) -> s.EvaluateDecl:
        against = next(i for i, x in enumerate(c) if isinstance(x, Token) and x.type == "AGAINST")
        schemes, score, items = self._names(c[1:against]), self._name(c[against + 1]), tuple(c[against + 2 : -1])
        return s.EvaluateDecl(schemes, score, items, self._span(c[0], c[-1]))

    def each(self, c: Children) -> Token:
        token: Token = c[0]
        return token

    def require_sign(self, c: Children) -> s.RequireClause:
        _, measure, _, each, scheme, sign, bound = c
        names = (self._name(measure), each is not None, self._name(scheme))
        return s.RequireClause(*names, sign, bound, None, self._span(c[0], bound))

    def require_between(self, c: Children) -> s.RequireClause:
        _, measure, _, each, scheme, _, low, _, high = c
        names = (self._name(measure), each is not None, self._name(scheme))
        return s.RequireClause(*names, "between", low, high, self._span(c[0], high))

    # ---- audiences

    def audience(self, c: Children) -> s.AudienceDecl:
        _, name, title, _, table, *items, brace = c
        span = self._span(c[0], brace)
        return s.AudienceDecl(self._name(name), self._string(title), self._name(table), tuple(items), span)

    def where(self, c: Children) -> s.WhereClause:
        return s.WhereClause(c[1], self._span(c[0], c[1]))

    def except_(self, c: Children) -> s.ExceptClause:
        return s.ExceptClause(self._names(c[1:]), self._span(c[0], c[-1]))

    def order_by(self, c: Children) -> s.OrderClause:
        return s.OrderClause(tuple(c[2:]), self._span(c[0], c[-1]))

    def order(self, c: Children) -> s.OrderTerm:
        return s.OrderTerm(c[0], c[1] is not None and c[1].type == "DESC", self._whole(c))

    def take(self, c: Children) -> s.TakeClause:
        return s.TakeClause(self.literal([c[1]]), c[3], self._whole(c))

    def hold_out(self, c: Children) -> s.HoldOutClause:
        return s.HoldOutClause(self.literal([c[2]]), self._span(c[0], c[2]))

    def columns(self, c: Children) -> s.ColumnsClause:
        return s.ColumnsClause(tuple(c[1:]), self._span(c[0], c[-1]))

    def output(self, c: Children) -> s.OutputTerm:
        return s.OutputTerm(None, c[0], self._whole(c))

    def named_output(self, c: Children) -> s.OutputTerm:
        return s.OutputTerm(self._head(c[0]), c[1], self._whole(c))

    def to(self, c: Children) -> s.ToClause:
        return s.ToClause(self._text(c[1]), self._span(c[0], c[1]))

    # ---- tests

    def test(self, c: Children) -> s.TestDecl:
        return s.TestDecl(self._text(c[1]), tuple(c[2:-1]), self._span(c[0], c[-1]))

    def given(self, c: Children) -> s.GivenClause:
        return s.GivenClause(self._name(c[1]), tuple(c[2:]), self._whole(c))

    def given_none(self, c: Children) -> s.GivenClause:
        return s.GivenClause(self._name(c[1]), (), self._whole(c))

    def given_block(self, c: Children) -> s.GivenBlock:
        return s.GivenBlock(tuple(c[1:-1]), self._span(c[0], c[-1]))

    def given_value(self, c: Children) -> s.GivenField:
        return s.GivenField(self._head(c[0]), c[1], self._whole(c))

    def given_missing(self, c: Children) -> s.GivenField:
        return s.GivenField(self._head(c[0]), None, self._whole(c))

    def expect(self, c: Children) -> s.ExpectCondition:
        return s.ExpectCondition(c[1], self._whole(c))

    def expect_dropped(self, c: Children) -> s.ExpectDropped:
        return s.ExpectDropped(self._text(c[2]), self._whole(c))

    # ---- terms

    def any_of(self, c: Children) -> t.Chain:
        return t.Chain("or", tuple(c[::2]), self._whole(c))

    def all_of(self, c: Children) -> t.Chain:
        return t.Chain("and", tuple(c[::2]), self._whole(c))

    def negated(self, c: Children) -> t.Negated:
        return t.Negated(c[1], self._whole(c))

    def comparison_sign(self, c: Children) -> str:
        return str(c[0])

    def comparison(self, c: Children) -> t.Operation:
        return t.Operation(c[1], c[0], c[2], self._whole(c))

    def between(self, c: Children) -> t.Between:
        return t.Between(c[0], c[2], c[4], self._whole(c))

    def members(self, c: Children) -> tuple[tuple[t.Term, ...] | t.Name, Child]:
        if isinstance(c[0], Token) and c[0].type == "NAME":
            return self._name(c[0]), c[0]
        return tuple(c[1:-1]), c[-1]

    def in_(self, c: Children) -> t.Membership:
        values, last = c[2]
        return t.Membership(c[0], values, False, self._span(c[0], last))

    def not_in(self, c: Children) -> t.Membership:
        values, last = c[3]
        return t.Membership(c[0], values, True, self._span(c[0], last))

    def presence(self, c: Children) -> t.Presence:
        return t.Presence(c[0], c[2].type == "KNOWN", self._whole(c))

    def text_condition(self, c: Children) -> t.TextCondition:
        word = f"{c[1]} with" if len(c) == 4 else str(c[1])
        return t.TextCondition(word, c[0], c[-1], self._whole(c))

    def has(self, c: Children) -> t.Has:
        values, last = c[3]
        return t.Has(c[0], c[2].type == "ALL", values, self._span(c[0], last))

    def within(self, c: Children) -> t.Within:
        return t.Within(c[0], c[2], c[4], self._whole(c))

    def operation(self, c: Children) -> t.Operation:
        return t.Operation(str(c[1]), c[0], c[2], self._whole(c))

    def signed(self, c: Children) -> t.Signed:
        return t.Signed(c[1], self._whole(c))

    def parenthesised(self, c: Children) -> t.Parenthesised:
        return t.Parenthesised(c[1], self._whole(c))

    def call(self, c: Children) -> t.CallTerm:
        arguments = tuple(x for x in c[2:-1] if x is not None and not isinstance(x, t.Modifier))
        modifiers = tuple(x for x in c[2:-1] if isinstance(x, t.Modifier))
        return t.CallTerm(self._name(c[0]), arguments, modifiers, self._whole(c))

    def modifier(self, c: Children) -> t.Modifier:
        term = c[1]
        if isinstance(term, Token):
            name = self._name(term)
            term = t.Reference((name,), name.span)
        return t.Modifier(str(c[0]), term, self._whole(c))

    def case(self, c: Children) -> t.CaseTerm:
        branches = tuple(x for x in c if isinstance(x, t.When))
        return t.CaseTerm(branches, c[-2], self._whole(c))

    def branch(self, c: Children) -> t.When:
        return t.When(c[1], c[3], self._whole(c))

    def reference(self, c: Children) -> t.Reference:
        return t.Reference(self._names(c), self._whole(c))


def _flush(joined: list[s.SourceItem], modifiers: list[s.ColumnModifier]) -> None:
    """Hand the modifiers gathered so far to the column they stand behind."""
    if not modifiers:
        return
    column = joined[-1]
    assert isinstance(column, s.ColumnDecl)
    span = column.span.to(modifiers[-1].span)
    joined[-1] = replace(column, modifiers=tuple(modifiers), span=span)
    modifiers.clear()

