"""Every option and figure of the measures of whole schemes, written in a spec, on planted accounts."""

import csv
import math
import random
from collections import Counter
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from statistics import fmean

import pytest
from scipy import stats

import segdsl

SPEC = """
source accounts from "accounts.csv" {
  account_id : text key
  seats      : count
  industry   : category
  age        : int
  growth     : ratio?
  consent    : bool
  tools      : list(category) split ";"
  since      : date
  budget     : money(USD)?
  mrr        : money(USD)
  tickets    : count
}
source prospects like accounts from "prospects.csv" { without since, mrr, tickets }
source ranked from "ranked.csv" { account_id : text key  links account_id to accounts  place : count }
derive accounts { sales_rank = min(ranked.place) }
population customers from accounts { keep "all" when true }
score quality for customers { base mrr  minus "support" tickets * $10 }
hypothesis larger   { expect higher seats means higher quality }
hypothesis growing  { expect higher growth means higher quality }
hypothesis older    { expect higher age means higher quality }
hypothesis banks    { expect industry separates quality }
hypothesis twice    { expect higher budget means higher quality }
segmentation fit for customers {
  segment large  when seats >= 500
  segment medium when seats >= 100
  segment small  otherwise
}
segmentation found for customers using kmeans { features: seats  clusters: 3 }
evaluate fit against quality {
  regression:   true
  max_vif:      8
  significance: 1%
  folds:        4
  within:       industry
  require regression of quality >= 50%
  require regression.variables of quality between 2 and 3
}
evaluate fit, found against quality {
  refits: 5
  by:     since
  after:  2024-01-01
  require stability of found >= 0.5
  require stability.psi of fit <= 0.25
}
evaluate fit against quality {
  rank:          sales_rank
  disagreements: 3
  require agreement of quality between 0.2 and 0.95
}
evaluate fit against quality {
  prospects:   prospects
  penetration: 5% .. 15%
  potential:   budget
  wallet:      20%
  require sizing.low of fit > 0
  require sizing.wallet of fit > 0
}
evaluate fit against quality {
  needs:            tools, industry
  contact:          consent
  growth:           growth
  least_alike:      20%
  least_distinct:   100%
  least_share:      5%
  least_accounts:   20
  least_assignable: 95%
  least_reachable:  75%
  least_stable:     0.9
  least_growing:    10%
  most_variables:   1
  require criteria of fit >= 100%
  require criteria.reachable of fit >= 75%
}
"""
NAMES = ("small", "medium", "large")


def accounts() -> list[dict[str, object]]:
    """Six hundred accounts in three sizes; the score goes by seats and growth, and the budget is twice the seats."""
    draw = random.Random(11)
    rows: list[dict[str, object]] = []
    for number in range(600):
        level = draw.choices([0, 1, 2], [0.5, 0.3, 0.2])[0]
        seats = [draw.randint(1, 60), draw.randint(200, 300), draw.randint(600, 700)][level]
        growth = draw.gauss(0.05, 0.1)
        worth = 500 + seats + 500 * growth + draw.gauss(0, 100)
        rows.append(
            {
                "account_id": f"A-{number:03}",
                "seats": seats,
                "industry": draw.choice(["bank", "shop", "farm"]),
                "age": draw.randint(1, 50),
                "growth": f"{growth:.4f}" if number % 9 else "",
                "consent": "false" if number % 5 == 0 else "true",
                "tools": "crm;mail" if level else "mail",
                "since": date(2023, 1, 1) + timedelta(days=draw.randrange(730)),
                "budget": f"{20 * seats + draw.gauss(0, 30):.2f}" if number % 7 else "",
                "mrr": f"{max(worth, 0):.2f}",
                "tickets": 40 if number % 10 == 0 else draw.randint(0, 3),
            }
        )
    return rows


def written(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemes")
    rows = accounts()
    written(folder / "accounts.csv", rows)
    prospects = [{k: v for k, v in row.items() if k not in ("since", "mrr", "tickets")} for row in rows[:200]]
    written(folder / "prospects.csv", prospects)
    best = sorted(rows[:60], key=lambda row: -float(str(row["mrr"])))
    written(
        folder / "ranked.csv", [{"account_id": row["account_id"], "place": at} for at, row in enumerate(best, start=1)]
    )
    (folder / "planted.seg").write_text(SPEC, encoding="utf-8")
    result = segdsl.run(folder / "planted.seg", out=folder / "out")
    assert [one.message for one in result.diagnostics if one.is_error] == []
    return folder / "out"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(out: Path, scheme: str = "fit") -> dict[tuple[str, str], float | None]:
    return {
        (row["measure"], row["figure"]): float(row["value"]) if row["value"] else None
        for row in rows_of(out / "evaluation.csv")
        if row["scheme"] in (scheme, "")
    }


def segment(row: dict[str, object]) -> str:
    return "large" if int(str(row["seats"])) >= 500 else "medium" if int(str(row["seats"])) >= 100 else "small"


def score(row: dict[str, object]) -> float:
    return float(str(row["mrr"])) - 10 * int(str(row["tickets"]))


def test_every_figure_is_written(out: Path) -> None:
    found = figures(out)
    for name in ("regression", "stability", "agreement", "sizing", "criteria"):
        module = "segdsl_regression" if name == "regression" else f"segdsl_schemes.{name}"
        assert {figure for measure, figure in found if measure == name} == {
            "",
            *import_module(module).EVALUATOR.figures,
        }


def test_the_regression_keeps_one_of_two_that_are_the_same_and_drops_what_says_nothing(out: Path) -> None:
    lines = rows_of(out / "evaluation" / "quality.regression.coefficients.csv")
    whole = {row["proxy"]: float(row["coefficient"]) for row in lines if not row["within"]}
    assert ("seats" in whole) != ("budget" in whole)
    assert whole["growth"] == pytest.approx(500, rel=0.2)
    assert "age" not in whole and "industry" not in whole
    assert {row["within"] for row in lines} == {"", "bank", "shop", "farm"}
    steps = rows_of(out / "evaluation" / "quality.regression.steps.csv")
    assert [row["why"] for row in steps if not row["within"]][:2] == ["all proxies", "collinear"]


def test_stability_is_of_learned_segments_and_psi_of_the_two_years(out: Path) -> None:
    assert figures(out)["stability", ""] == 1
    found = figures(out, "found")["stability", ""]
    assert found is not None and found > 0.8
    sides = [
        Counter(segment(row) for row in accounts() if (row["since"] < date(2024, 1, 1)) == early)
        for early in (True, False)
    ]  # type: ignore[operator]
    shares = [{name: side[name] / side.total() for name in NAMES} for side in sides]
    psi = sum((shares[1][n] - shares[0][n]) * math.log(shares[1][n] / shares[0][n]) for n in NAMES)
    assert figures(out)["stability", "psi"] == pytest.approx(psi)


def test_agreement_is_over_ranked_accounts_and_support_stands_against_it(out: Path) -> None:
    rows = accounts()[:60]
    rho = stats.spearmanr([float(str(row["mrr"])) for row in rows], [score(row) for row in rows]).statistic
    assert figures(out)["agreement", ""] == pytest.approx(rho)
    assert figures(out)["agreement", "accounts"] == 60
    terms = {row["term"]: row for row in rows_of(out / "evaluation" / "quality.agreement.terms.csv")}
    assert float(terms["support"]["agreement_without"]) == pytest.approx(1)
    apart = rows_of(out / "evaluation" / "quality.agreement.disagreements.csv")
    assert len({row["key"] for row in apart}) == 3
    assert all(int(row["key"][2:]) % 10 == 0 for row in apart), "those with many tickets"


def test_sizing_is_prospects_times_score_times_chance(out: Path) -> None:
    rows = accounts()
    means = {name: fmean(score(row) for row in rows if segment(row) == name) for name in NAMES}
    size = sum(means[segment(row)] * 0.1 for row in rows[:200])
    assert figures(out)["sizing", ""] == pytest.approx(size)
    wallet = 0.2 * sum(float(str(row["budget"])) for row in rows[:200] if row["budget"])
    assert figures(out)["sizing", "wallet"] == pytest.approx(wallet)
    assert figures(out)["sizing", "prospects"] == 200


def test_criteria_are_all_met(out: Path) -> None:
    table = rows_of(out / "evaluation" / "fit.criteria.criteria.csv")
    assert {row["criterion"]: row["met"] for row in table} == dict.fromkeys(
        ("alike", "distinct", "substantial", "assignable", "reachable", "stable", "growing", "variables"), "true"
    )
    assert {row["criterion"]: float(row["bound"]) for row in table} == pytest.approx(
        {
            "alike": 0.2,
            "distinct": 1,
            "substantial": 0.05,
            "assignable": 0.95,
            "reachable": 0.75,
            "stable": 0.9,
            "growing": 0.1,
            "variables": 1,
        }
    )
    assert figures(out)["criteria", "reachable"] == pytest.approx(0.8)
