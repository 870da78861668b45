"""Equal rows are found once, in the order in which they appear."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.distinct_rows import distinct_rows

CELLS = (st.sampled_from([None, "", "a", "b"]), st.sampled_from([None, -1, 0, 1 << 62]), st.booleans() | st.none())
TYPES = (pa.string(), pa.int64(), pa.bool_())


@given(st.lists(st.tuples(*CELLS), max_size=30), st.integers(0, 3), st.booleans())
def test_each_row_has_the_place_of_its_first_like(
    rows: list[tuple[str | None, int | None, bool | None]], width: int, coded: bool
) -> None:
    columns = [pa.array([row[i] for row in rows], TYPES[i]) for i in range(width)]
    if coded and columns:
        columns[0] = columns[0].dictionary_encode()
    first, place = distinct_rows(columns, len(rows))
    seen: dict[tuple[object, ...], int] = {}
    expected = [seen.setdefault(row[:width], len(seen)) for row in rows]
    assert (list(range(len(rows))) if place is None else place.tolist()) == expected
    assert [rows[i][:width] for i in first.tolist()] == list(seen)
    assert first.tolist() == [next(i for i, e in enumerate(expected) if e == p) for p in range(len(seen))]


def test_rows_that_all_differ_need_no_places() -> None:
    first, place = distinct_rows([pa.array(["a", "a"]), pa.array([1, 2])], 2)
    assert first.tolist() == [0, 1] and place is None
    first, place = distinct_rows([pa.array(["a", None])], 2)
    assert first.tolist() == [0, 1] and place is not None and place.tolist() == [0, 1]


def test_more_combinations_than_a_number_holds_are_still_told_apart() -> None:
    # Nine columns of 300 values have more than 2^62 combinations.
    column = pa.array([i % 300 for i in range(600)])
    first, place = distinct_rows([column] * 9, 600)
    assert first.tolist() == list(range(300))
    assert place is not None and place.tolist() == [i % 300 for i in range(600)]
