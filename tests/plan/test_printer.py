"""A plan printed for people, for programs and as a graph."""

import json
import re
import subprocess
import sys

import jsonschema
import pytest

from segdsl.plan import dot_text, json_value, tree_text
from segdsl.plan.printer import SCHEMA
from tests.plan.specs import SHOP, plan_of

SMALL = """
param as_of : date = 2026-01-31
source accounts from "a.csv" { id : int key   size : count?   region : category   tools : list(category) }
population sized from accounts { drop "unknown" when size is missing }
score points "Points" for sized { base size   minus "far" 2 when region == "S"   missing terms as 0 }
segmentation kinds "Kinds" for sized {
  segment large when size between 10 and 50 or tools has any ("x") { segment north when region in ("N", "O") }
  segment small otherwise
}
audience few from sized {
  where kinds == "small"   order by points desc   take 2 per region   hold out 10%   columns id
}
"""

TREE = """\
plan as of 2026-01-31 (parameter as_of)
  1  scan accounts, held
       reads id, size, region, tools
       keeps id, region
       + filter sized from accounts
           drop "unknown" when size is missing
       + score points for sized
           base size
           minus "far" 2 when region == "S"
           missing terms as 0
       + classify accounts by kinds
           segment large when (size >= 10 and size <= 50) or tools has any ("x")
             segment north when region in ("N", "O")
           segment small otherwise
  2  rank points
  3  list few from sized
       where kinds == "small"
       order by points desc
       take 2 per region
       hold out 10.00%
       column id = id

columns read
  accounts: id, size, region, tools
"""


def test_the_tree_says_what_each_step_computes() -> None:
    assert tree_text(plan_of(SMALL)) == TREE


@pytest.mark.parametrize("spec", [SMALL, SHOP])
def test_the_json_keeps_to_its_schema(spec: str) -> None:
    value = json.loads(json.dumps(json_value(plan_of(spec))))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(value)


def test_the_json_says_which_steps_a_step_reads_from() -> None:
    steps = json_value(plan_of(SHOP))["steps"]
    assert all(need < step["number"] for step in steps for need in step["needs"])
    ranked = next(step for step in steps if step["step"] == "rank")
    (scored,) = (step for step in steps if step["step"] == "score")
    assert scored["number"] in ranked["needs"]


def test_the_graph_has_a_node_a_step_and_an_arrow_a_need() -> None:
    plan = plan_of(SHOP)
    text = dot_text(plan)
    needs = sum(len(step["needs"]) for step in json_value(plan)["steps"])
    assert len(re.findall(r"^  s\d+ \[label=", text, re.MULTILINE)) == len(plan.steps)
    assert len(re.findall(r"^  s\d+ -> s\d+;", text, re.MULTILINE)) == needs


def test_planning_imports_no_arrow() -> None:
    code = "import segdsl.plan, sys; sys.exit(any(m.split('.')[0] in ('pyarrow', 'numpy') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
