"""Builds models by hand, as the checker would make them of a spec."""

from dataclasses import dataclass, field
from types import MappingProxyType

from segdsl.diagnostics import Span
from segdsl.model.expression import (
    And,
    Arithmetic,
    Column,
    Compare,
    Comparison,
    Expr,
    InValues,
    LinkAggregate,
    LinkPath,
    Literal,
    Operator,
    Parameter,
    TableAggregate,
)
from segdsl.model.model import (
    About,
    Audience,
    Field,
    Grade,
    Matching,
    Model,
    OutputColumn,
    Param,
    Population,
    PopulationRule,
    Scheme,
    Score,
    ScoreTerm,
    Segment,
    SortKey,
    TermSign,
)
from segdsl.model.source import BreachPolicies, ColumnContract, DerivedOrigin, FileOrigin, ReadOptions, Source
from segdsl.types import BOOL, CATEGORY, COUNT, DATE, DURATION, INT, TEXT, Duration, Type, money

SPAN = Span("test.seg", 0, 1)
USD = money("USD")


def segment(name: str, condition: Expr | None, *children: Segment) -> Segment:
    return Segment(name, "", condition, (), (), (), tuple(children), SPAN)


@dataclass
class Draft:
    """A model in the making."""

    params: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)
    fields: dict = field(default_factory=dict)
    populations: dict = field(default_factory=dict)
    scores: dict = field(default_factory=dict)
    schemes: dict = field(default_factory=dict)
    audiences: dict = field(default_factory=dict)

    def model(self) -> Model:
        frozen = MappingProxyType
        links = tuple(path for source in self.sources.values() for path in source.links)
        clock = "as_of" if "as_of" in self.params else None
        none = frozen({})
        return Model(
            file="test.seg",
            about=About(()),
            clock=clock,
            params=frozen(self.params),
            sets=none,
            sources=frozen(self.sources),
            fields=frozen(self.fields),
            enrichments=(),
            populations=frozen(self.populations),
            scores=frozen(self.scores),
            schemes=frozen(self.schemes),
            hypotheses=none,
            providers=none,
            evaluations=(),
            audiences=frozen(self.audiences),
            tests=(),
            links=links,
            order=(),
        )
