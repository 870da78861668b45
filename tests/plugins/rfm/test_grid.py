"""The grid of all 125 combinations of scores, against the published table and the page of the documentation."""

import csv
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import Refused
from segdsl_rfm.boxes import cover
from segdsl_rfm.grid import customary_grid, own_grid

# The table that goes round among analysts as code, recency first, then frequency: its expressions as published.
PUBLISHED = {
    r"[1-2][1-2]": "Hibernating",
    r"[1-2][3-4]": "At risk",
    r"[1-2]5": "Cannot lose them",
    r"3[1-2]": "About to sleep",
    r"33": "Need attention",
    r"[3-4][4-5]": "Loyal",
    r"41": "Promising",
    r"51": "New customers",
    r"[4-5][2-3]": "Potential loyalists",
    r"5[4-5]": "Champions",
}
COMBINATIONS = list(product(range(1, 6), repeat=3))


def published(recency: int, second: int) -> str:
    (title,) = [title for pattern, title in PUBLISHED.items() if re.fullmatch(pattern, f"{recency}{second}")]
    return title


@pytest.mark.parametrize(("r", "f", "m"), COMBINATIONS)
def test_every_combination_has_the_published_segment(r: int, f: int, m: int) -> None:
    by_frequency, by_both = customary_grid(with_monetary=False), customary_grid(with_monetary=True)
    assert by_frequency.titles[by_frequency.segments[r, f, m]] == published(r, f)
    mean = {0: f, 1: (f + m) // 2}[int(f != m)] + (f + m) % 2
    assert by_both.titles[by_both.segments[r, f, m]] == published(r, mean)


def test_the_whole_mapping_is_in_the_documentation(repository: Path) -> None:
    with (repository / "docs" / "plugins" / "rfm_mapping.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(int(row["r"]), int(row["f"]), int(row["m"])) for row in rows] == COMBINATIONS
    for row, combination in zip(rows, COMBINATIONS, strict=True):
        for column, with_monetary in (("rf", False), ("rfm", True)):
            grid = customary_grid(with_monetary=with_monetary)
            assert row[column] == grid.titles[grid.segments[combination]]


def test_the_first_line_that_fits_counts() -> None:
    grid = own_grid(["5 4-5 2 Stars", "* 5 * Busy", "* * * Others", "1 1 1 Nobody"])
    told = {combination: grid.titles[place] for combination, place in grid.segments.items()}
    assert told[5, 5, 2] == "Stars" and told[5, 5, 3] == "Busy" and told[1, 1, 1] == "Others"


@pytest.mark.parametrize("line", ["5 5 Stars", "6 5 5 Stars", "5 5-4 1 Stars", "a b c Stars", "", "5 5 5"])
def test_a_line_that_cannot_be_read_is_shown(line: str) -> None:
    with pytest.raises(Refused, match="three scores and a segment"):
        own_grid([line, "* * * Others"])


def test_combinations_without_a_line_are_counted() -> None:
    with pytest.raises(Refused, match="the scores R 1, F 1, M 1 and 23 more"):
        own_grid(["2-5 * * Others", "1 1 5 One"])


@given(st.lists(st.integers(0, 3), min_size=60, max_size=60))
def test_boxes_taken_in_order_give_every_cell_its_segment(values: list[int]) -> None:
    cells = np.array(values).reshape(5, 4, 3)
    given_to = np.full(cells.shape, -1)
    segments = sorted(set(values))
    for place, segment in enumerate(segments):
        for box in cover(cells, segment, segments[:place]):
            part = given_to[box.cells]
            part[part == -1] = segment
    assert (given_to == cells).all()
