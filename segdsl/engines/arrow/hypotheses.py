"""Hypotheses tested on the rows of a run."""

from datetime import date, timedelta
from decimal import Decimal

from segdsl.engines.arrow.hypothesis_columns import HypothesisColumns
from segdsl.engines.arrow.hypothesis_result import (
    CutResult,
    EffectResult,
    HypothesisResult,
    MissingResult,
    SideResult,
)
from segdsl.engines.arrow.hypothesis_samples import Sample, lacking, sample
from segdsl.evidence.categories import Categories, compare_levels
from segdsl.evidence.middle import Turn, find_turn
from segdsl.evidence.rank_correlation import LEAST_ROWS, RankCorrelation, correlate
from segdsl.evidence.ranks import quantile, ranked
from segdsl.evidence.threshold import Side, choose_cut, two_sides
from segdsl.evidence.two_groups import TwoGroups, compare
from segdsl.evidence.verdicts import LEVEL, Finding, Judged, judge
from segdsl.model.expression import Expr
from segdsl.model.model import Hypothesis, HypothesisForm, Model
from segdsl.plan.wording import word_expr, word_value
from segdsl.types import Kind

_EPOCH = date(1970, 1, 1)
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP})

_Test = RankCorrelation | TwoGroups | Categories


def judge_hypotheses(model: Model, columns: HypothesisColumns) -> tuple[HypothesisResult, ...]:
    """The hypotheses in the order of the spec, those of which there are no rows left out.

    Verdicts are corrected over all hypotheses together.
    """
    samples = [sample(columns, hypothesis) for hypothesis in columns.tested()]
    tests = [_test(sample) for sample in samples]
    turns, missing = _turns(samples), lacking(samples)
    verdicts = iter(judge([_finding(s.hypothesis, t) for s, t in zip(samples, tests, strict=True) if t is not None]))
    return tuple(
        _result(model, sample, test, None if test is None else next(verdicts), (turn, lack))
        for sample, test, turn, lack in zip(samples, tests, turns, missing, strict=True)
    )


def _test(sample: Sample) -> _Test | None:
    match sample.hypothesis.form:
        case HypothesisForm.HIGHER | HypothesisForm.LOWER:
            return correlate(sample.values, sample.scores)
        case HypothesisForm.CONDITION:
            return compare(sample.values, sample.scores)
        case HypothesisForm.SEPARATES:
            return compare_levels(sample.values.codes, sample.scores)


def _finding(hypothesis: Hypothesis, test: _Test) -> Finding:
    above = hypothesis.score_higher is (hypothesis.form is not HypothesisForm.LOWER)
    match test:
        case RankCorrelation():
            return Finding(test.p, (test.rho > 0) is above, test.rho)
        case TwoGroups():
            return Finding(test.p, (test.effect > 0) is above, test.correlation)
        case Categories():
            return Finding(test.p, True, test.adjusted, test.levels)


def _turns(samples: list[Sample]) -> list[Turn | None]:
    """Turns that stand the correction over all measures of the spec."""
    ordered = (HypothesisForm.HIGHER, HypothesisForm.LOWER)
    found = [find_turn(s.values, s.scores) if s.hypothesis.form in ordered else None for s in samples]
    measures = sum(sample.hypothesis.form in ordered for sample in samples)
    none = [Finding(1.0, True, 0.0)] * (measures - sum(one is not None for one in found))
    judged = iter(judge([*(Finding(one.p, True, 0.0) for one in found if one is not None), *none]))
    return [one if one is not None and next(judged).p < LEVEL else None for one in found]


def _result(
    model: Model,
    sample: Sample,
    test: _Test | None,
    judged: Judged | None,
    besides: tuple[Turn | None, MissingResult | None],
) -> HypothesisResult:
    hypothesis, (turn, missing) = sample.hypothesis, besides
    return HypothesisResult(
        name=hypothesis.name,
        title=hypothesis.title,
        expectation=_expectation(hypothesis, sample.proxy),
        among="" if hypothesis.among is None else word_expr(hypothesis.among),
        score=hypothesis.score,
        score_type=model.scores[hypothesis.score].type,
        proxy=word_expr(sample.proxy),
        rows=sample.rows,
        n=sample.n,
        verdict="not tested" if judged is None else judged.verdict.value,
        reason=_reason(sample) if test is None else "",
        effect=None if test is None or judged is None else _effect(test, judged),
        needed=None if judged is None else judged.needed,
        difference=_difference(test),
        cut=_cut(sample) if test is not None else None,
        turn="" if turn is None else _value_text(turn.at, sample.proxy),
        turn_best=turn is not None and turn.best,
        rare=test.rare if isinstance(test, Categories) else 0,
        missing=missing,
        span=sample.proxy.span,
    )


def _expectation(hypothesis: Hypothesis, proxy: Expr) -> str:
    effect = f"{'higher' if hypothesis.score_higher else 'lower'} {hypothesis.score}"
    match hypothesis.form:
        case HypothesisForm.SEPARATES:
            return f"{word_expr(proxy)} separates {hypothesis.score}"
        case HypothesisForm.CONDITION:
            return f"{word_expr(proxy)} means {effect}"
        case form:
            return f"{form.value} {word_expr(proxy)} means {effect}"


def _reason(sample: Sample) -> str:
    values, scores = ranked(sample.values), ranked(sample.scores)
    if sample.n < LEAST_ROWS:
        return f"fewer than {LEAST_ROWS} rows have the proxy and the score"
    if scores.is_constant:
        return "the score is the same on all rows"
    if values.is_constant:
        return "the proxy is the same on all rows"
    return "each row has a category of its own"


def _effect(test: _Test, judged: Judged) -> EffectResult:
    match test:
        case RankCorrelation():
            return EffectResult("rank correlation", test.rho, test.low, test.high, test.p, judged.p, test.method.value)
        case TwoGroups():
            return EffectResult("rank-biserial", test.effect, test.low, test.high, test.p, judged.p, test.method.value)
        case Categories():
            return EffectResult(
                "epsilon-squared", test.effect, test.low, test.high, test.p, judged.p, test.method.value
            )


def _difference(test: _Test | None) -> tuple[float, float | None, float | None] | None:
    if not isinstance(test, TwoGroups):
        return None
    return test.difference, test.difference_low, test.difference_high


def _cut(sample: Sample) -> CutResult | None:
    match sample.hypothesis.form:
        case HypothesisForm.SEPARATES:
            return None
        case HypothesisForm.CONDITION:
            inside = (sample.values.values > 0)[sample.values.codes]
            top = quantile(sample.scores, 0.75)
            low, high = (_side(one) for one in two_sides(inside, sample.scores, top))
            return None if low is None or high is None else CutResult("", low, high)
        case _:
            cut = choose_cut(sample.values, sample.scores, sample.half)
            if cut is None:
                return None
            low, high = _side(cut.below), _side(cut.above)
            assert low is not None
            assert high is not None
            return CutResult(_value_text(cut.at, sample.proxy), low, high, float(cut.at))


def _side(side: Side | None) -> SideResult | None:
    return None if side is None else SideResult(side.n, side.mean, side.top)


def _value_text(value: float | Decimal, proxy: Expr) -> str:
    """A value of a measure as a plain number, a share as a spec writes it; a date or time by its day."""
    if proxy.type.kind in _MOMENTS:
        return (_EPOCH + timedelta(days=float(value))).isoformat()
    number = Decimal(str(value))
    return word_value(number, proxy.type) if proxy.type.kind is Kind.RATIO else f"{number.normalize():f}"
