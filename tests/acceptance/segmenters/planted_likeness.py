"""Accounts whose value rests on several fields, and how schemes rank those that they weren't learned from.

`python -m tests.acceptance.segmenters.planted_likeness [SEEDS]` prints the figures that docs/plugins/lookalike.md
states.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.plugin import BOOL, CATEGORY, COUNT, NUMBER, RATIO, FieldName, FitCall, Type, list_of
from segdsl_lookalike.fitting import fit
from tests.plugins.lookalike.scorecard_text import read_bands

Row = dict[str, Any]
Ranked = Sequence[float]

LEARNED, HELD_OUT = 1_000, 4_000
BANDS = (5, 10, 20)
INDUSTRIES = {
    "Software": (0.2, 0.7),
    "Banking": (0.15, 0.4),
    "Retail": (0.15, -0.3),
    "Healthcare": (0.12, -0.6),
    "Manufacturing": (0.12, 0.1),
    "Logistics": (0.1, 0.0),
    "Energy": (0.08, -0.2),
    "Education": (0.08, -0.1),
}
REGIONS = {"Americas": (0.4, 0.2), "Europe": (0.3, 0.0), "Asia": (0.2, -0.2), "Africa": (0.1, 0.1)}
TOOLS = {"crm": (0.5, 0.3), "cloud": (0.35, 0.6), "erp": (0.3, 0.0), "rival": (0.2, -0.5), "wiki": (0.15, 0.0)}
TYPES: dict[str, Type] = {
    "quality": NUMBER,
    "industry": CATEGORY,
    "region": CATEGORY,
    "employees": COUNT.or_missing(),
    "growth": RATIO.or_missing(),
    "tools": list_of(CATEGORY),
    "b2b": BOOL,
    "offices": COUNT,
}


def planted_accounts(seed: int, count: int) -> list[Row]:
    """Size counts up to a ceiling; two pairs of fields interact weakly; offices and two tools say nothing."""
    rng = np.random.default_rng(seed)
    industries, regions = (
        rng.choice(list(table), count, p=[share for share, _ in table.values()]) for table in (INDUSTRIES, REGIONS)
    )
    rows = []
    for industry, region in zip(industries, regions, strict=True):
        employees = max(1, int(rng.lognormal(4.6, 1.5)))
        growth, b2b = round(float(rng.normal(0.08, 0.15)), 3), bool(rng.random() < 0.6)
        tools = [tool for tool, (share, _) in TOOLS.items() if rng.random() < share]
        size = np.log10(employees)
        quality = np.clip(size - 2, -1.5, 1) + INDUSTRIES[industry][1] + REGIONS[region][1]
        quality += sum(TOOLS[tool][1] for tool in tools) + 0.5 * np.tanh(growth / 0.1) + 0.4 * b2b
        quality += 0.3 * (employees >= 200 and industry == "Banking") + 0.3 * (b2b and "cloud" in tools)
        rows.append(
            {
                "quality": float(quality + rng.normal(0, 1.3)),
                "industry": str(industry),
                "region": str(region),
                "employees": None if rng.random() < 0.1 else employees,
                "growth": None if rng.random() < 0.15 else growth,
                "tools": tools,
                "b2b": b2b,
                "offices": int(rng.integers(1, 20)),
            }
        )
    return rows


# ---- schemes: what each row is expected to be worth, by the mean of its segment in the rows that are learned from


def by_segments(place: Callable[[Row], Any], learned: Sequence[Row], rows: Sequence[Row]) -> Ranked:
    """Rows by the mean of their segment; a segment that none of the learned rows is in has the mean of all."""
    scores: defaultdict[Any, list[float]] = defaultdict(list)
    for row in learned:
        scores[place(row)].append(row["quality"])
    whole = float(np.mean([row["quality"] for row in learned]))
    means = {segment: float(np.mean(own)) for segment, own in scores.items()}
    return [means.get(place(row), whole) for row in rows]


def size_by_industry(row: Row) -> tuple[str, str]:
    employees = row["employees"]
    if employees is None:
        return "unknown", row["industry"]
    return next((name for name, below in (("s", 50), ("m", 250), ("l", 1_000)) if employees < below), "xl"), row[
        "industry"
    ]


def lookalike(learned: Sequence[Row], bands: int) -> Callable[[Row], str]:
    """The band of a row, by the text that the plugin gives."""
    arrays = {name: pa.array([row[name] for row in learned]) for name in TYPES}
    features = tuple(FieldName(name) for name in TYPES if name != "quality")
    options = {"target": FieldName("quality"), "features": features, "bands": bands}
    return read_bands(fit(FitCall(arrays, TYPES, len(learned), (), options)).body.splitlines()).place


def nearest_to_best(learned: Sequence[Row], rows: Sequence[Row]) -> Ranked:
    """How near a row is to the mean of the best rows, in standard deviations: a list of look-alikes by hand."""

    def numbers(some: Sequence[Row]) -> np.ndarray:
        return np.array(
            [
                [
                    np.log1p(row["employees"] or 100),
                    row["growth"] or 0.08,
                    np.log1p(row["offices"]),
                    row["b2b"],
                    *(tool in row["tools"] for tool in TOOLS),
                    *(row["industry"] == one for one in INDUSTRIES),
                    *(row["region"] == one for one in REGIONS),
                ]
                for row in some
            ],
            float,
        )

    own, score = numbers(learned), np.array([row["quality"] for row in learned])
    centre, spread = own[score >= np.quantile(score, 0.75)].mean(axis=0), own.std(axis=0)
    return list(-np.square((numbers(rows) - centre) / spread).sum(axis=1))


# ---- how good a ranking is


def lift_and_areas(ranked: Ranked, rows: Sequence[Row], share: float = 0.25) -> tuple[float, float, float]:
    """Lift at 25 %, the area under the gains curve, and that under the ROC curve; ties share their places evenly."""
    order = sorted(range(len(rows)), key=lambda place: -rows[place]["quality"])
    best = set(order[: int(share * len(rows))])
    groups: defaultdict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(ranked):
        groups[value].append(place)
    x, y, caught = 0.0, 0.0, None
    area = 0.0
    for value in sorted(groups, reverse=True):
        dx, dy = len(groups[value]) / len(rows), len(best & set(groups[value])) / len(best)
        if caught is None and x + dx >= share:
            caught = y + dy * (share - x) / dx
        area += dx * (y + dy / 2)
        x, y = x + dx, y + dy
    assert caught is not None
    # The gains curve mixes the ROC curve with the diagonal of the best themselves.
    return caught / share, area, (area - share / 2) / (1 - share)


def measure(seed: int) -> Mapping[str, tuple[float, float, float]]:
    rows = planted_accounts(seed, LEARNED + HELD_OUT)
    learned, held = rows[:LEARNED], rows[LEARNED:]
    found = {
        "size x industry": lift_and_areas(by_segments(size_by_industry, learned, held), held),
        "nearest to the best": lift_and_areas(nearest_to_best(learned, held), held),
    }
    for bands in BANDS:
        ranked = by_segments(lookalike(learned, bands), learned, held)
        found[f"lookalike, {bands} bands"] = lift_and_areas(ranked, held)
    return found


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    found = [measure(seed) for seed in range(seeds)]
    for scheme in found[0]:
        figures = np.array([one[scheme] for one in found])
        others = np.array([one["size x industry"] for one in found])
        for values, what in ((figures, "figures"), (figures - others, "less size x industry")):
            mean, half = values.mean(axis=0), 2.02 * values.std(axis=0, ddof=1) / np.sqrt(seeds)
            told = [f"{m:.4f} ({m - h:.4f} to {m + h:.4f})" for m, h in zip(mean, half, strict=True)]
            print(f"{scheme:22} {what:22} lift {told[0]}  gains {told[1]}  ROC {told[2]}")


if __name__ == "__main__":
    main()
