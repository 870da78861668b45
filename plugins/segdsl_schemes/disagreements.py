"""Accounts on which a score and the stakeholders disagree, and the terms of the score that make it so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segdsl.evidence.measures import Floats
from segdsl.evidence.rank_correlation import correlate
from segdsl.evidence.ranks import rank
from segdsl.plugin import MeasureCall
from segdsl_schemes.refitting import Places
from segdsl_schemes.words import rounded

_TERMS_SHOWN = 3
# A term departs from what goes with a rank by no more than this part of it: rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Ranking:
    """The accounts that have a score and a rank, by their place among them; `rows` are their rows in the call.

    `theirs` and `ours` are the places that the stakeholders and the score give them, 1 for the best, ties sharing;
    `wanted` what the stakeholders think of them, the more the better. `terms` are the amounts of each term, 0 where it
    doesn't apply; `beyond` how far each amount is from what is usual at the stakeholders' rank, and `off` the same for
    the score.
    """

    rows: Places
    wanted: Floats
    score: Floats
    theirs: Floats
    ours: Floats
    terms: Mapping[str, Floats]
    beyond: Mapping[str, Floats]
    off: Floats


def rank_accounts(call: MeasureCall, wanted: Floats, score: Floats) -> Ranking:
    """What is usual at a rank is a line of least squares through the amounts, by the stakeholders' ranks."""
    rows = np.flatnonzero(np.isfinite(wanted) & np.isfinite(score))
    theirs, ours = rank(-wanted[rows]).ranks, rank(-score[rows]).ranks
    terms = {
        name: np.nan_to_num(array.fill_null(0.0).to_numpy(zero_copy_only=False)[rows])
        for name, array in call.terms.items()
    }
    beyond = {name: _beyond(amounts, theirs) for name, amounts in terms.items()}
    return Ranking(rows, wanted[rows], score[rows], theirs, ours, terms, beyond, _beyond(score[rows], theirs))


def accounts_apart(ranking: Ranking, most: int) -> list[int]:
    """The accounts with the largest difference in rank, largest first; of equals the one that stakeholders rank first.

    Accounts on whose rank they agree are not among them.
    """
    apart = np.abs(ranking.ours - ranking.theirs)
    order = np.lexsort((ranking.rows, ranking.theirs, -apart))
    return [int(place) for place in order[:most] if apart[place] > 0]


def push_of(ranking: Ranking, place: int) -> tuple[str, float, float] | None:
    """The term that moves an account most to where the score has it: its amount, and how far that is beyond."""
    pushes = _pushes(ranking, place)
    return pushes[0] if pushes else None


def terms_without(ranking: Ranking) -> Mapping[str, float | None]:
    """The rank correlation if a term were left out of the score; None where the score would be the same for all."""
    found = {}
    for name, amounts in ranking.terms.items():
        made = correlate(ranking.wanted, _rounded(ranking.score - amounts, ranking.score))
        found[name] = None if made is None else made.rho
    return found


def term_table(ranking: Ranking, rho: float) -> pa.Table:
    """For each term its share of the disagreement, and the rank correlation without it.

    The disagreement is the variance of how far the score is from what is usual at a rank. A term's share is its
    covariance with that (A. F. Shorrocks, Econometrica 50, 1982): the shares of all terms add up to 1, and one that
    makes the score agree more has a negative share.
    """
    whole = float((ranking.off**2).sum())
    without = terms_without(ranking)
    names = list(ranking.terms)
    shares = [float((ranking.beyond[name] * ranking.off).sum()) / whole if whole else None for name in names]
    return pa.table(
        {
            "term": pa.array(names, pa.string()),
            "share_of_disagreement": pa.array(shares, pa.float64()),
            "agreement": pa.array([rho] * len(names), pa.float64()),
            "agreement_without": pa.array([without[name] for name in names], pa.float64()),
        }
    )


def account_table(call: MeasureCall, ranking: Ranking, apart: list[int]) -> pa.Table:
    """A line for each account and each of up to three terms that move it to where the score has it.

    `usual` is the amount of the term at the rank that the stakeholders give the account.
    """
    lines: list[tuple[int, str | None, float | None, float | None]] = []
    for place in apart:
        pushes = _pushes(ranking, place)[:_TERMS_SHOWN]
        lines += [(place, *push) for push in pushes] if pushes else [(place, None, None, None)]
    places = [line[0] for line in lines]
    rows = pa.array(ranking.rows[places], pa.int64())
    usual = [None if amount is None or beyond is None else amount - beyond for _, _, amount, beyond in lines]

    def shown(amounts: Sequence[float | None]) -> pa.Array:
        return pa.array(rounded(np.array(amounts, np.float64), call.score_type), from_pandas=True)

    names = ("key",) if len(call.key) == 1 else tuple(f"key_{number}" for number in range(1, len(call.key) + 1))
    return pa.table(
        {
            **{name: column.take(rows) for name, column in zip(names, call.key, strict=True)},
            "by_stakeholders": pa.array(ranking.theirs[places]),
            "by_score": pa.array(ranking.ours[places]),
            "score": shown(ranking.score[places].tolist()),
            "term": pa.array([line[1] for line in lines], pa.string()),
            "amount": shown([line[2] for line in lines]),
            "usual": shown(usual),
        }
    )


def account_name(call: MeasureCall, ranking: Ranking, place: int) -> str:
    """The key of an account."""
    return ", ".join(str(column[int(ranking.rows[place])].as_py()) for column in call.key)


def _pushes(ranking: Ranking, place: int) -> list[tuple[str, float, float]]:
    """Terms by how far they move an account up, where the score ranks it too high, or down."""
    up = ranking.ours[place] < ranking.theirs[place]
    found = [
        (name, float(ranking.terms[name][place]), float(beyond[place]))
        for name, beyond in ranking.beyond.items()
        if (beyond[place] > 0) == up
        and abs(beyond[place]) > _ROUNDING * float(np.abs(ranking.terms[name]).max(initial=0))
    ]
    return sorted(found, key=lambda one: -abs(one[2]))


def _beyond(amounts: Floats, ranks: Floats) -> Floats:
    centred = ranks - ranks.mean()
    slope = float((centred * amounts).sum() / (centred**2).sum())
    found: Floats = amounts - amounts.mean() - slope * centred
    return found


def _rounded(values: Floats, like: Floats) -> Floats:
    """Differences of doubles that ought to be equal are made equal: ranks would else tell rounding apart."""
    top = float(np.abs(like).max(initial=0))
    return values if top == 0 else np.round(values / top, 12)
