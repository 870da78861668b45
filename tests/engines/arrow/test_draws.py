"""Random numbers of rows rest on nothing but the keys, and are spread evenly."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.draws import draws

MASK = 2**64 - 1


def mixed(state: int) -> int:
    """splitmix64, as its authors write it."""
    z = state = (state + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def draw(*key: int | str) -> float:
    """The same row by row."""
    state = 0
    for part in key:
        if isinstance(part, int):
            state = mixed(state ^ (part & MASK))
            continue
        data = part.encode()
        state = mixed(state ^ len(data))
        for start in range(0, len(data), 8):
            state = mixed(state ^ int.from_bytes(data[start : start + 8], "little"))
    return (state >> 11) / 2**53


def test_the_mixing_is_splitmix64() -> None:
    # The first numbers from the seed 1234567, as published with the generator.
    states = [(1234567 + step * 0x9E3779B97F4A7C15) & MASK for step in range(3)]
    assert [mixed(one) for one in states] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.text(max_size=40)), max_size=30))
def test_draws_are_those_of_row_by_row(rows: list[tuple[int, str]]) -> None:
    table = pa.table(
        {"a": pa.array([a for a, _ in rows], pa.int64()), "b": pa.array([b for _, b in rows], pa.string())}
    )
    assert draws(table).tolist() == [draw(*row) for row in rows]


def test_slices_chunks_and_dictionaries_change_nothing() -> None:
    names = pa.array([f"account {i}" * (i % 4) for i in range(50)])
    whole = draws(pa.table({"k": names}))
    assert draws(pa.table({"k": names.slice(7)})).tolist() == whole[7:].tolist()
    assert draws(pa.table({"k": pa.chunked_array([names[:9], names[9:]])})).tolist() == whole.tolist()
    assert draws(pa.table({"k": names.dictionary_encode()})).tolist() == whole.tolist()


@pytest.mark.parametrize(
    "values",
    [
        pa.array([date(2026, 1, 1), date(2026, 1, 2)]),
        pa.array([1, 2], pa.timestamp("us", "UTC")),
        pa.array([1, 2], pa.duration("us")),
        pa.array([True, False]),
        pa.array([1.5, 2.5]),
        pa.array([Decimal("1.10"), Decimal("2.20")]),
        pa.array([1, 2], pa.int32()),
    ],
    ids=lambda one: str(one.type),
)
def test_every_kind_of_key_has_a_draw(values: Any) -> None:
    first, second = draws(pa.table({"k": values})).tolist()
    assert first != second
    assert 0 <= first < 1


@pytest.mark.parametrize("keys", [list(range(100_000)), [f"A-{i:06}" for i in range(100_000)]])
def test_neighbouring_keys_are_spread_evenly(keys: list[Any]) -> None:
    found = draws(pa.table({"k": keys}))
    counts = np.bincount((found * 100).astype(int), minlength=100)
    # Chi-square with 99 degrees of freedom: below 160 but in one of ten thousand; and neighbours don't go together.
    assert ((counts - 1_000) ** 2 / 1_000).sum() < 160
    assert abs(np.corrcoef(found[1:], found[:-1])[0, 1]) < 0.015
