"""What the tests of hypotheses say: for people and for programs. Their proxies by grade are in `proxies`."""

from collections.abc import Iterator, Sequence
from typing import Any

from segdsl.diagnostics.display import escape
from segdsl.engines.arrow.hypothesis_result import CutResult, HypothesisResult, MissingResult, SideResult
from segdsl.report.amounts import NOTHING, amount_text, count_text, share_text
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.report.wrapping import wrap

Json = dict[str, Any]

_LEAST_P = 0.001
_LONGEST_PLAIN = 4


def hypothesis_lines(found: Sequence[HypothesisResult], columns: int) -> Iterator[Line]:
    """A table with a verdict for each hypothesis, then what else is worth a sentence."""
    yield (Piece("hypotheses", Tone.QUIET),)
    heads = (
        Column("hypothesis", name=True),
        Column("expectation", cuttable=True),
        Column("n", right=True),
        Column("known", right=True, optional=True),
        Column("effect", right=True),
        Column("95% interval", right=True),
        Column("p", right=True),
        Column("verdict"),
    )
    yield from table_lines(heads, [_row(one) for one in found], columns)
    for one in found:
        for sentence in _sentences(one):
            yield from ((Piece(f"  {line}"),) for line in wrap(escape(sentence), columns - 2))


def _row(one: HypothesisResult) -> tuple[str, ...]:
    effect = one.effect
    figures = (NOTHING, NOTHING, NOTHING)
    if effect is not None:
        # A share of variance has no direction.
        sign = "" if effect.measure == "epsilon-squared" else "+"
        bounds = f"{effect.low:{sign}z.2f} to {effect.high:{sign}z.2f}"
        figures = (f"{effect.value:{sign}z.2f}", bounds, _p_text(effect.corrected))
    expectation = f"{one.expectation} among {one.among}" if one.among else one.expectation
    return (one.name, expectation, count_text(one.n), share_text(one.coverage), *figures, one.verdict)


def _p_text(p: float) -> str:
    return f"<{_LEAST_P}" if p < _LEAST_P else f"{p:.3f}"


def _sentences(one: HypothesisResult) -> Iterator[str]:
    name = f"`{one.name}`"
    if one.reason:
        yield f"{name} was not tested: {one.reason}"
    if one.needed is not None and not one.turn:
        needed, there = count_text(one.needed), count_text(one.n)
        yield f"{name}: it would take about {needed} rows to settle an effect this small; there are {there}"
    if one.turn:
        where = "best" if one.turn_best else "worst"
        yield f"{name}: `{one.score}` is {where} in the middle of `{one.proxy}`, around {one.turn}"
    if one.cut is not None and one.verdict in ("supported", "refuted"):
        yield f"{name}: {_cut_text(one, one.cut)}"


def _cut_text(one: HypothesisResult, cut: CutResult) -> str:
    condition = f"`{one.proxy} >= {_grouped(cut.at)}`" if cut.at else f"`{one.proxy}`"
    means = f"mean {_mean(one, cut.high)} against {_mean(one, cut.low)}"
    shares = (
        f"{share_text(cut.high.top)} of {condition} are in the top quarter, {share_text(cut.low.top)} of the others"
    )
    # A cut is chosen on one half of the rows and told of the other; a condition is given, and told of all.
    told_of = (
        f"of the {count_text(cut.high.rows + cut.low.rows)} rows that the cut was not chosen by, " if cut.at else ""
    )
    return f"{told_of}{shares}; {means}"


def _grouped(figure: str) -> str:
    """A long whole number as a spec may write it: `1_400_000`."""
    return f"{int(figure):_}" if figure.isdecimal() and len(figure) > _LONGEST_PLAIN else figure


def _mean(one: HypothesisResult, side: SideResult) -> str:
    return amount_text(side.mean, one.score_type)


def hypothesis_facts(one: HypothesisResult) -> Json:
    """A result as JSON values; amounts in the score's unit."""
    effect, cut = one.effect, one.cut
    return {
        "name": one.name,
        "title": one.title,
        "expectation": one.expectation,
        "among": one.among or None,
        "score": one.score,
        "proxy": one.proxy,
        "rows": one.rows,
        "n": one.n,
        "coverage": one.coverage,
        "effect": None
        if effect is None
        else {"measure": effect.measure, "value": effect.value, "low": effect.low, "high": effect.high},
        "p": None if effect is None else effect.p,
        "corrected_p": None if effect is None else effect.corrected,
        "method": None if effect is None else effect.method,
        "verdict": one.verdict,
        "reason": one.reason or None,
        "rows_needed": one.needed,
        "difference": None
        if one.difference is None
        else dict(zip(("mean", "low", "high"), one.difference, strict=True)),
        "sides": None if cut is None else {"at": cut.at or None, "low": _side(cut.low), "high": _side(cut.high)},
        "middle": {"at": one.turn, "best": one.turn_best} if one.turn else None,
        "rare_categories": one.rare,
        "missing": None if one.missing is None else _missing(one.missing),
    }


def _missing(found: MissingResult) -> Json:
    return {
        "rows": found.rows,
        "mean_where_known": found.mean_known,
        "mean_where_missing": found.mean_missing,
        "rank_biserial": found.effect,
        "p": found.p,
        "corrected_p": found.corrected,
    }


def _side(side: SideResult) -> Json:
    return {"rows": side.rows, "mean": side.mean, "top_quartile_share": side.top}
