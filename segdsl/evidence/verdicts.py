"""What tests of several hypotheses say together."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import optimize, special

from segdsl.evidence.multiplicity import false_discovery

LEVEL = 0.05
POWER = 0.8
_MOST_ROWS = 10**12


class Verdict(StrEnum):
    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Finding:
    """A test that was made.

    `agrees`: the effect runs as expected. `effect`, which `rows_needed` takes, is a correlation of ranks, or with
    `levels` categories a share of the ranks' variance.
    """

    p: float
    agrees: bool
    effect: float
    levels: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, with the p-value corrected over all tests; `needed` rows would decide what is inconclusive.

    `needed` is None where there is nothing to decide, or no effect at all to be found.
    """

    p: float
    verdict: Verdict
    needed: int | None


def judge(tests: Sequence[Finding]) -> tuple[Judged, ...]:
    """Verdicts at a false discovery rate of 5 % (Benjamini & Hochberg 1995); p-values are two-sided.

    The rows needed are for a power of 80 % at the level that one more finding would have to reach.
    """
    if not tests:
        return ()
    corrected = false_discovery(np.array([one.p for one in tests]))
    found = int(np.count_nonzero(corrected < LEVEL))
    level = LEVEL * min(found + 1, len(tests)) / len(tests)
    return tuple(_judge(one, float(p), level) for one, p in zip(tests, corrected, strict=True))


def _judge(one: Finding, p: float, level: float) -> Judged:
    if p < LEVEL:
        return Judged(p, Verdict.SUPPORTED if one.agrees else Verdict.REFUTED, None)
    return Judged(p, Verdict.INCONCLUSIVE, rows_needed(one.effect, level, one.levels))


def rows_needed(effect: float, level: float = LEVEL, levels: int | None = None) -> int | None:
    """Rows with which a two-sided test at that level finds the effect four times out of five; None: no effect.

    An effect that only a trillion rows could tell from none is none.

    Of a rank correlation by Fisher's z with Bonett and Wright's variance (2000); between categories by the noncentral
    chi-squared distribution.
    """
    if levels is None:
        if effect == 0 or abs(effect) >= 1:
            return None if effect == 0 else 4
        reach = special.ndtri(POWER) - special.ndtri(level / 2)
        return _within_reach(3 + (1 + effect**2 / 2) * (reach / np.arctanh(abs(effect))) ** 2)
    if effect <= 0:
        return None
    beyond = special.chdtri(levels - 1, level)
    noncentrality = optimize.brentq(
        lambda at: 1 - special.chndtr(beyond, levels - 1, at) - POWER, 1e-6, 1e4 + 10 * levels
    )
    return _within_reach(max(levels + 1, noncentrality * (1 - min(effect, 0.999)) / effect))


def _within_reach(rows: float) -> int | None:
    return int(np.ceil(rows)) if rows <= _MOST_ROWS else None
