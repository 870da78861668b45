"""Nearest prototypes of numbers, categories and yes-or-no, against the distance written out in plain Python."""

from fractions import Fraction
from math import log1p
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.arrow.execution.running import model_of, run

SPEC = """
source accounts from "accounts.csv" {
  id : text key  sector : category?  plan : category("free", "team")?  public : bool?  size : count?  fee : money(USD)?
}
segmentation shape for accounts nearest {
  measure sector   scale 0.6
  measure size log scale 1.5
  measure public   scale 0.5
  measure fee      scale 200
  measure plan     scale 2
  segment a at size 1,    sector "Banks",  fee $100,   public true,  plan "free"
  segment b at size 40,   sector "Banks",  fee $100,   public false, plan "team"
  segment c at size 40.5, sector "Été \\"x\\"", fee $300, public false, plan "free"
  segment d at size 40.5, sector "Été \\"x\\"", fee $300, public false, plan "free"
}
"""
MODEL = model_of(SPEC)
PLACES = {
    "a": (1, "Banks", 100, True, "free"),
    "b": (40, "Banks", 100, False, "team"),
    "c": (40.5, 'Été "x"', 300, False, "free"),
}


def expected(row: dict[str, Any]) -> str | None:
    if any(value is None for value in row.values()):
        return None

    def distance(name: str) -> float:
        size, sector, fee, public, plan = PLACES[name]
        return (
            (row["sector"] != sector) / 0.6**2
            + ((log1p(row["size"]) - log1p(size)) / 1.5) ** 2
            + (row["public"] != public) / 0.5**2
            + ((float(row["fee"]) - fee) / 200) ** 2
            + (row["plan"] != plan) / 2**2
        )

    return min(PLACES, key=distance)


ROWS = st.fixed_dictionaries(
    {
        "sector": st.sampled_from(["Banks", 'Été "x"', "never in a prototype", "banks", None]),
        "size": st.none() | st.integers(0, 300),
        "public": st.none() | st.booleans(),
        "fee": st.none() | st.integers(-200, 900).map(lambda n: Fraction(n * 2 + 1, 2)),
        "plan": st.sampled_from(["free", "team", None]),
    }
)


@given(st.lists(ROWS, max_size=30))
def test_each_row_goes_where_the_distance_is_least(rows: list[dict[str, Any]]) -> None:
    tables = run(MODEL, {"accounts": [{"id": f"A{place:02}", **row} for place, row in enumerate(rows)]})
    assert tables.members["shape"].column("segment").to_pylist() == [expected(row) for row in rows]


@pytest.mark.parametrize("flag", [True, False])
def test_a_yes_or_no_alone_is_a_measure(flag: bool) -> None:
    model = model_of("""
    source accounts from "accounts.csv" { id : text key  public : bool }
    segmentation shape for accounts nearest {
      measure public scale 1
      segment yes at public true
      segment no  at public false
    }
    """)
    tables = run(model, {"accounts": [{"id": "A", "public": flag}]})
    assert tables.members["shape"].column("segment").to_pylist() == ["yes" if flag else "no"]
