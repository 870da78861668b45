"""Every option and figure of the built-in measures, written in a spec, on planted accounts."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

import segdsl

SPEC = """
source accounts from "accounts.csv" {
  account_id : text key
  seats      : count
  industry   : category?
  tools      : list(category) split ";"
  since      : date
  growth     : ratio?
  mrr        : number
}
population customers from accounts { keep "all" when true }
score quality for customers { base mrr }
hypothesis banks "Banks are better" { expect industry == "bank" means higher quality }
segmentation fit for customers {
  segment gold   when seats >= 500
  segment silver when seats >= 100
  segment crowd  otherwise
}
evaluate fit against quality {
  top:       20%
  folds:     4
  resamples: 200
  growth:    growth
  describe:  industry, tools
  most:      60%
  segments:  1 .. 2
  require lift of fit >= 1.5
  require lift.area of fit >= 0.6
  require separation of fit >= 20%
  require separation.differing of fit >= 0.9
  require profile of fit >= 10%
  require recommendation of fit >= 50%
  require recommendation.lift of fit >= 1.2
  require share of each segment in fit between 5% and 80%
  require concentration of quality <= 0.9
  require concentration.pareto of quality >= 5%
}
evaluate fit against quality {
  by:    since
  after: 2024-01-01
  require lift of fit between 1.5 and 4
}
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    draw = random.Random(4)
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["account_id", "seats", "industry", "tools", "since", "growth", "mrr"])
        for number in range(800):
            level = draw.choices([0, 1, 2], [0.6, 0.25, 0.15])[0]
            seats = [draw.randint(1, 99), draw.randint(100, 499), draw.randint(500, 900)][level]
            industry = draw.choice([["shop", "farm", "bank"], ["shop", "bank"], ["bank"]][level])
            since = date(2023, 1, 1) + timedelta(days=draw.randrange(730))
            worth = max(draw.gauss(100 + 90 * level, 50), 1)
            row = [
                f"A-{number}",
                seats,
                industry,
                "crm;mail" if level else "mail",
                since,
                f"{3 * level / 100}",
                f"{worth:.2f}",
            ]
            writer.writerow(row)
    (folder / "planted.seg").write_text(SPEC, encoding="utf-8")
    result = segdsl.run(folder / "planted.seg", out=folder / "out")
    assert [one.message for one in result.diagnostics if one.code == "SEG705"] == []
    return folder / "out"


def figures(out: Path) -> dict[tuple[str, str, str], list[float]]:
    found: dict[tuple[str, str, str], list[float]] = {}
    with (out / "evaluation.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["measure"], row["figure"], row["segment"]), []).append(float(row["value"]))
    return found


def test_every_figure_is_written(out: Path) -> None:
    found = figures(out)
    for name in ("lift", "separation", "profile", "recommendation", "concentration"):
        evaluator = __import__(f"segdsl_measures.{name}", fromlist=["EVALUATOR"]).EVALUATOR
        assert {figure for measure, figure, _ in found if measure == name} == {"", *evaluator.figures}
    assert sum(found["share", "", segment][0] for segment in ("gold", "silver", "crowd")) == pytest.approx(1)


def test_folds_and_a_split_in_time_are_different_figures(out: Path) -> None:
    by_folds, by_time = figures(out)["lift", "", ""]
    assert by_folds != by_time
    # The first evaluation takes the best 20 %, the second the best 25 %.
    assert figures(out)["lift", "caught", ""] == pytest.approx([by_folds * 0.2, by_time * 0.25])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_planted_is_in_the_tables(out: Path) -> None:
    segments = {row["segment"]: row for row in rows_of(out / "evaluation" / "fit.profile.segments.csv")}
    assert [float(segments[one]["growth"]) for one in ("gold", "silver", "crowd")] == [0.06, 0.03, 0]
    assert all(segments[one]["best_account"].startswith("A-") for one in segments)
    apart = rows_of(out / "evaluation" / "fit.profile.apart.csv")
    of_gold = {row["field"]: row["value"] for row in apart if row["segment"] == "gold"}
    assert of_gold["industry"] == "bank" and of_gold["tools"] == "crm" and of_gold["seats"] == ""
    chosen = rows_of(out / "evaluation" / "fit.recommendation.segments.csv")
    assert {row["segment"] for row in chosen if row["recommended"] == "true"} == {"gold", "silver"}
    pairs = rows_of(out / "evaluation" / "fit.separation.pairs.csv")
    assert [(row["segment"], row["other"], row["differ"]) for row in pairs if row["neighbours"] == "true"] == [
        ("gold", "silver", "true"),
        ("silver", "crowd", "true"),
    ]
