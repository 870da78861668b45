"""What hypotheses expect reaches the plugin that finds segments."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from segdsl.plugin import FitCall, Fitted, Segmenter
from segdsl.workflows.run import Finished, Request, run
from segdsl_tree import TREE
from tests.workflows.inline_plugins import inline

SPEC = """
source accounts from "accounts.csv" {
  id : int key  seats : count  tickets : count?  age : duration?  public : bool?  sector : category  mrr : number
}
derive accounts { twice = seats * 2 }
score quality for accounts { base mrr  grade quartiles }
score other for accounts { base seats * 1.0 }
HYPOTHESES
segmentation found for accounts using tree { target: TARGET  features: seats, tickets, age, public, sector, twice }
"""
ROWS = [
    f"{i},{i % 50},{i % 7},{i % 90} days,{'true' if i % 3 else 'false'},s{i % 4},{(i % 50) * -3}" for i in range(200)
]


def ran(folder: Path, hypotheses: str, target: str = "quality") -> tuple[Finished, FitCall]:
    """The run, and what the tree was asked."""
    calls: list[FitCall] = []

    def watched(call: FitCall) -> Fitted:
        calls.append(call)
        return TREE.fit(call)

    header = "id,seats,tickets,age,public,sector,mrr"
    (folder / "accounts.csv").write_text("\n".join([header, *ROWS, ""]), encoding="utf-8")
    spec = SPEC.replace("HYPOTHESES", hypotheses).replace("TARGET", target)
    (folder / "spec.seg").write_text(spec, encoding="utf-8")
    watcher = Segmenter(TREE.name, TREE.title, watched, TREE.options)
    finished = run(Request(folder / "spec.seg", plugins=inline(watcher)))
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    return finished, calls[0]


@pytest.mark.parametrize(
    ("expected", "directions"),
    [
        ("higher seats means higher quality", {"seats": 1}),
        ("lower seats means higher quality", {"seats": -1}),
        ("higher seats means lower quality", {"seats": -1}),
        ("lower seats means lower quality", {"seats": 1}),
        ("higher age means higher quality", {"age": 1}),
        ("higher twice means lower quality", {"twice": -1}),
        ("public means higher quality", {"public": 1}),
        ("public means lower quality", {"public": -1}),
        ("not (public ?? false) means lower quality", {}),
        ("higher proxy any of seats, tickets means higher quality", {"seats": 1, "tickets": 1}),
        ("higher seats + 1 means higher quality", {}),
        ("seats > 10 means higher quality", {}),
        ('sector == "s1" means higher quality', {}),
        ("sector separates quality", {}),
        ("higher seats means higher other", {}),
    ],
)
def test_a_field_goes_the_way_that_a_hypothesis_on_the_target_expects(
    tmp_path: Path, expected: str, directions: Mapping[str, int]
) -> None:
    _, call = ran(tmp_path, f"hypothesis one {{ expect {expected} }}")
    assert call.directions == directions


@pytest.mark.parametrize(
    ("target", "directions"),
    [
        ("quality.grade", {"seats": 1}),
        ("quality.percentile", {"seats": 1}),
        # The best has rank 1.
        ("quality.rank", {"seats": -1}),
        ("mrr", {}),
        ("other", {}),
    ],
)
def test_parts_of_a_score_go_with_it(tmp_path: Path, target: str, directions: Mapping[str, int]) -> None:
    _, call = ran(tmp_path, "hypothesis one { expect higher seats means higher quality }", target)
    assert call.directions == directions


def test_part_of_the_rows_and_two_ways_are_no_direction(tmp_path: Path) -> None:
    hypotheses = """
    hypothesis one   { expect higher seats means higher quality  among sector == "s1" }
    hypothesis two   { expect higher tickets means higher quality }
    hypothesis three { expect lower tickets means higher quality }
    hypothesis four  { expect higher age means higher quality }
    hypothesis five  { expect lower age means lower quality }
    """
    _, call = ran(tmp_path, hypotheses)
    assert call.directions == {"age": 1}


def test_a_refuted_hypothesis_still_says_the_way_and_can_be_left_out(tmp_path: Path) -> None:
    hypothesis = "hypothesis one { expect higher seats means higher quality }"
    finished, _ = ran(tmp_path, hypothesis)
    text = next(one.text for name, one in finished.loaded.texts.items() if " as found by " in name)
    # The more seats, the less quality, so the tree takes what nobody expected anything of.
    assert "as hypotheses expect, `quality` only rises with `seats`" in text
    assert "when seats" not in text
    assert "first splits that go against a hypothesis, so not tried: `seats` at 25" in text
    free, _ = ran(tmp_path, hypothesis, "quality  directions: none")
    text = next(one.text for name, one in free.loaded.texts.items() if " as found by " in name)
    assert "when seats < " in text
    assert "as hypotheses expect" not in text
