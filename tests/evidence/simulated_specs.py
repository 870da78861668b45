"""Simulated specs of 20 hypotheses: how often noise is taken for an effect, and how often an effect is found.

`python -m tests.evidence.simulated_specs [--specs N]` prints the share of specs of pure noise with a supported null,
and for planted effects the power and the share of nulls that came out supported, by size of the effect and rows.
"""

import argparse
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segdsl.evidence.categories import compare_levels
from segdsl.evidence.rank_correlation import correlate
from segdsl.evidence.two_groups import compare
from segdsl.evidence.verdicts import Finding, Verdict, judge

Floats = npt.NDArray[np.float64]

SEED = 20260630
HYPOTHESES, PLANTED = 20, 5
_SHARES, _LEVELS = (0.5, 0.3, 0.2, 0.6), (3, 5, 4, 3)


@dataclass(frozen=True, slots=True)
class Simulated:
    """Shares over specs: of those with a supported null, of planted effects found, and of nulls that were supported."""

    any_null: float
    power: float
    nulls: float


def simulate(specs: int, rows: int, effect: float) -> Simulated:
    """Specs of twelve measures (four with ties), four conditions and four categories against a skewed score with ties.

    The first five measures have about that correlation of ranks with the score; with no effect all are noise.
    """
    rng = np.random.default_rng(SEED)
    planted = PLANTED if effect else 0
    found = np.array([_supported(rng, rows, effect) for _ in range(specs)])
    nulls = found[:, planted:]
    return Simulated(
        float(nulls.any(axis=1).mean()),
        float(found[:, :planted].mean()) if planted else 0.0,
        float(nulls.mean()),
    )


def _supported(rng: np.random.Generator, rows: int, effect: float) -> list[bool]:
    quality = rng.standard_normal(rows)
    score = np.round(10 * np.exp(quality))
    # Pearson's correlation of normal variables that has this rank correlation (Pearson 1907).
    rho = 2 * np.sin(np.pi * effect / 6)
    measures: list[Floats] = [
        rho * quality + np.sqrt(1 - rho * rho) * rng.standard_normal(rows) for _ in range(PLANTED if effect else 0)
    ]
    measures += [rng.standard_normal(rows) for _ in range(8 - len(measures))]
    measures += [rng.poisson(1, rows).astype(np.float64) for _ in range(4)]
    tests = [Finding(one.p, one.rho > 0, one.rho) for m in measures if (one := correlate(m, score)) is not None]
    conditions = (compare(rng.random(rows) < share, score) for share in _SHARES)
    tests += [Finding(one.p, one.effect > 0, one.correlation) for one in conditions if one is not None]
    categories = (compare_levels(rng.integers(0, levels, rows), score) for levels in _LEVELS)
    tests += [Finding(one.p, True, one.adjusted, one.levels) for one in categories if one is not None]
    assert len(tests) == HYPOTHESES
    return [one.verdict is Verdict.SUPPORTED for one in judge(tests)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=1_000)
    specs = parser.parse_args().specs
    noise = simulate(specs, 60, 0.0)
    print(
        f"{specs:,} specs of noise, 60 rows: {noise.any_null:.1%} with a supported hypothesis (at most 7%)", flush=True
    )
    print(f"{PLANTED} planted effects of {HYPOTHESES} hypotheses")
    print("  rank correlation   rows   found   nulls supported")
    for effect in (0.15, 0.3, 0.5):
        for rows in (60, 200, 600, 1_500):
            one = simulate(specs, rows, effect)
            print(f"  {effect:16.2f} {rows:6,} {one.power:7.1%} {one.nulls:17.2%}", flush=True)


if __name__ == "__main__":
    main()
