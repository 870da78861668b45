"""Prints the planted figures of a project folder, as README.md of the quickstart states them.

python -m tests.acceptance.quickstart.measure [FOLDER]
"""

import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean

from scipy.stats import spearmanr

from tests.acceptance.quickstart.oracle import Expected, compute

# Hypothesis: (field, sign of what it claims)
PROXIES = {
    "larger": ("employees", 1),
    "hiring": ("headcount_growth", 1),
    "broad_stack": ("tool_count", 1),
    "many_offices": ("offices", 1),
    "well_known": ("web_visits", 1),
    "big_budget": ("it_budget", 1),
    "remote_b2b": ("remote_share", 1),
    "older": ("founded", -1),
    "awarded": ("awards", 1),
    "promoters": ("nps", 1),
}
DECOYS = {"offices": "employees", "web_visits": "headcount_growth", "it_budget": "tool_count"}


def rank_correlation(expected: Expected, field: str, among: str | None = None) -> tuple[float, int, float]:
    """Spearman's rho with the score, the number of accounts where the field is known, and the p-value."""
    pairs = [
        (float(row[field]), float(expected.quality[account].total))
        for account in expected.customers
        if (row := expected.accounts[account])[field] is not None and _is_among(row["business_model"], among)
    ]
    rho, p = spearmanr([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    return float(rho), len(pairs), float(p)


def proxy_correlation(expected: Expected, field: str, other: str) -> float:
    rows = [expected.accounts[account] for account in expected.customers]
    pairs = [(float(row[field]), float(row[other])) for row in rows if None not in (row[field], row[other])]
    return float(spearmanr([pair[0] for pair in pairs], [pair[1] for pair in pairs])[0])


def missing_share(expected: Expected, field: str) -> float:
    return mean(expected.accounts[account][field] is None for account in expected.customers)


def middle_gap(expected: Expected, field: str) -> tuple[float, float, float]:
    """Mean score in the lowest fifth, the middle three and the highest fifth of a field."""
    pairs = sorted(
        (float(row[field]), float(expected.quality[account].total))
        for account in expected.customers
        if (row := expected.accounts[account])[field] is not None
    )
    fifth = len(pairs) // 5
    parts = (pairs[:fifth], pairs[fifth:-fifth], pairs[-fifth:])
    low, middle, high = (mean(score for _, score in part) for part in parts)
    return low, middle, high


def lift(expected: Expected, share: float = 0.25) -> float:
    """Apparent lift of `fit`: segments in the order of their mean score; ties share places evenly."""
    count = len(expected.customers) * share
    best = {account for account, scored in expected.quality.items() if scored.grade == "A"}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for account, (segment, _) in expected.fit.items():
        members[segment].append(account)
    caught, places = 0.0, count
    for segment in sorted(members, key=lambda name: -expected.expected_by_fit[name]):
        part = min(1.0, places / len(members[segment]))
        caught += part * len(best & set(members[segment]))
        places -= part * len(members[segment])
        if places <= 0:
            break
    return caught / len(best) / share


def _is_among(model: str, among: str | None) -> bool:
    return among is None or (model == "b2b") == (among == "b2b")


def main() -> None:
    project = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[3] / "specs" / "quickstart"
    expected = compute(project)
    print("attrition", *expected.attrition, sep="\n  ")
    for name, (field, _) in PROXIES.items():
        for among in ("b2b", "others", None) if name == "remote_b2b" else (None,):
            rho, count, p = rank_correlation(expected, field, among)
            empty = missing_share(expected, field)
            print(
                f"{name:13} {field:17} {among or 'all':7} rho {rho:+.3f}  n {count:5}  p {p:.1e}  missing {empty:.1%}"
            )
    for decoy, proxy in DECOYS.items():
        print(f"{decoy} with {proxy}: rho {proxy_correlation(expected, decoy, proxy):+.3f}")
    print(
        "founded: mean score low, middle, high",
        *(f"{value:,.0f}" for value in middle_gap(expected, "founded")),
    )
    totals = [float(scored.total) for scored in expected.quality.values()]
    print(f"score: mean {mean(totals):,.0f}, least {min(totals):,.0f}, most {max(totals):,.0f}")
    sizes = defaultdict(list)
    for account, (segment, _) in expected.fit.items():
        sizes[segment].append(expected.quality[account])
    for segment, scored in sorted(sizes.items(), key=lambda item: -expected.expected_by_fit[item[0]]):
        share = len(scored) / len(totals)
        best = mean(one.grade == "A" for one in scored)
        average = float(expected.expected_by_fit[segment])
        print(f"{segment:16} {len(scored):5} {share:6.1%}  mean {average:9,.0f}  A {best:.0%}")
    print(f"lift of fit at 25 %: {lift(expected):.2f}")
    for name, ids in expected.audiences.items():
        print(name, len(ids), *ids[:3])


if __name__ == "__main__":
    main()
