"""A score against the ranking of stakeholders."""

from collections.abc import Iterator

import numpy as np

from segdsl.evidence.kendall import kendall
from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.evidence.rank_correlation import LEAST_ROWS, RankCorrelation, correlate
from segdsl.plugin import FieldName, Kind, MeasureCall, Measured, Refused, amount_text
from segdsl_schemes.disagreements import (
    Ranking,
    account_name,
    account_table,
    accounts_apart,
    push_of,
    rank_accounts,
    term_table,
    terms_without,
)
from segdsl_schemes.words import accounts

FIGURES = ("low", "high", "kendall", "kendall_low", "kendall_high", "accounts")
_NUMBERS = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY})
# Leaving out a term is worth a word if the rank correlation gains so much by it.
_GAIN = 0.02
_NAMED = 3


def measure(call: MeasureCall) -> Measured:
    """Spearman's rank correlation of the score with the stakeholders' ranking, over the accounts that they ranked."""
    wanted = _wanted(call)
    score = call.score.to_numpy(zero_copy_only=False).astype(np.float64)
    found = correlate(wanted, score)
    ranked = int((np.isfinite(wanted) & np.isfinite(score)).sum())
    figures: dict[str, float | None] = {**dict.fromkeys(FIGURES), "accounts": float(ranked)}
    if found is None:
        return Measured(None, figures=figures, notes=(_why_not(wanted, score, ranked),))
    figures |= {"low": found.low, "high": found.high}
    pairs = kendall(wanted, score)
    if pairs is not None:
        figures |= {"kendall": pairs.tau, "kendall_low": pairs.low, "kendall_high": pairs.high}
    ranking = rank_accounts(call, wanted, score)
    most = call.options.get("disagreements", 10)
    assert isinstance(most, int)
    apart = accounts_apart(ranking, most)
    tables = {"disagreements": account_table(call, ranking, apart), "terms": term_table(ranking, found.rho)}
    notes = (*_notes(found, figures), *_term_notes(ranking, found.rho), *_account_notes(call, ranking, apart[:_NAMED]))
    return Measured(found.rho, tables=tables, figures=figures, notes=notes)


def _wanted(call: MeasureCall) -> Floats:
    """What the stakeholders think of each account, the more the better; NaN where they ranked none."""
    option = call.options["rank"]
    assert isinstance(option, FieldName)
    type_ = call.types[option.name]
    if type_.kind not in _NUMBERS:
        raise Refused(
            f"`{option.name}` is {type_.or_missing(False)}, which is no ranking",
            "rank",
            expected="a number: 1 for the best account, 2 for the next",
        )
    values, known = plain_numbers(call.fields[option.name])
    return np.where(known, values if call.options.get("higher") else -values, np.nan)


# ---- notes


def _why_not(wanted: Floats, score: Floats, ranked: int) -> str:
    if ranked < LEAST_ROWS:
        return f"{accounts(ranked)} ranked by the stakeholders have a score, too few to compare the rankings."
    same = np.isfinite(wanted) & np.isfinite(score)
    what = "The score" if len(np.unique(score[same])) < 2 else "The stakeholders' rank"
    return f"{what} is the same for all {ranked:,} accounts that are ranked, so there is nothing to compare."


def _notes(found: RankCorrelation, figures: dict[str, float | None]) -> Iterator[str]:
    pairs = figures["kendall"]
    also = (
        f"; Kendall's tau-b is {pairs:.2f} ({figures['kendall_low']:.2f} to {figures['kendall_high']:.2f})"
        if pairs is not None
        else ""
    )
    yield (
        f"Over {found.n:,} accounts that the stakeholders ranked, the rank correlation with the score is"
        f" {found.rho:.2f} (95 % interval {found.low:.2f} to {found.high:.2f}){also}."
    )
    if found.high < 0:
        yield "The score ranks the other way round: write `higher: true` if a higher number in `rank` is better."


def _term_notes(ranking: Ranking, rho: float) -> Iterator[str]:
    without = {name: one - rho for name, one in terms_without(ranking).items() if one is not None}
    better = sorted((name for name, gain in without.items() if gain >= _GAIN), key=lambda name: -without[name])
    if better:
        listed = ", ".join(f"`{name}` ({rho + without[name]:.2f})" for name in better[:_NAMED])
        yield f"The score would agree better without {listed}: ask the stakeholders what these terms are worth to them."


def _account_notes(call: MeasureCall, ranking: Ranking, apart: list[int]) -> Iterator[str]:
    for place in apart:
        ours, theirs = ranking.ours[place], ranking.theirs[place]
        name = account_name(call, ranking, place)
        text = f"Account {name} is {ours:g} of {len(ranking.rows):,} by the score, {theirs:g} by the stakeholders"
        push = push_of(ranking, place)
        if push is None:
            yield f"{text}."
            continue
        term, own, beyond = push
        side = "above" if beyond > 0 else "below"
        away = f"{amount_text(abs(beyond), call.score_type)} {side}"
        yield f"{text}: `{term}` is {amount_text(own, call.score_type)}, {away} that of accounts they rank alike."
