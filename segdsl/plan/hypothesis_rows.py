"""What a hypothesis is tested on: the rows of its score, with score, grade, proxies and `among`, as a list."""

from types import MappingProxyType

from segdsl.model.expression import ScoreOf, ScorePart
from segdsl.model.model import Audience, Hypothesis, Model, OutputColumn
from segdsl.plan.hidden_list import hidden_list
from segdsl.record import replace
from segdsl.types import category

SCORE = "score"
GRADE = "grade"
AMONG = "among"


def rows_name(hypothesis: str) -> str:
    """The list's name, which no spec can write."""
    return f"rows to test {hypothesis}"


def proxy_column(number: int) -> str:
    """The column of a hypothesis' proxy, from 0 on."""
    return f"proxy {number + 1}"


def with_rows(model: Model) -> Model:
    """The model with such a list for each hypothesis."""
    rows = {rows_name(name): _rows(model, one) for name, one in model.hypotheses.items()}
    return replace(model, audiences=MappingProxyType({**model.audiences, **rows})) if rows else model


def _rows(model: Model, hypothesis: Hypothesis) -> Audience:
    score = model.scores[hypothesis.score]
    among = () if hypothesis.among is None else (OutputColumn(AMONG, hypothesis.among),)
    proxies = (OutputColumn(proxy_column(place), proxy) for place, proxy in enumerate(hypothesis.proxies))
    value = ScoreOf(score.name, ScorePart.VALUE, score.type, hypothesis.span)
    names = category(*(grade.name for grade in score.grades)).or_missing()
    grade = (OutputColumn(GRADE, ScoreOf(score.name, ScorePart.GRADE, names)),) if score.grades else ()
    columns = (OutputColumn(SCORE, value), *grade, *among, *proxies)
    return hidden_list(rows_name(hypothesis.name), score.population, score.source, columns, hypothesis.span)
