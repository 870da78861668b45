"""A batch is cut so that each thread has work, and no row is lost or looked at twice."""

import pytest

from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.rules.pieces import map_pieces

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("length", "threads", "pieces"),
    [(0, 2, 0), (100_000, 2, 1), (MILLION, 1, 1), (MILLION, 2, 2), (MILLION + 1, 2, 2), (3 * MILLION, 2, 3)],
)
def test_every_thread_has_a_piece_if_there_are_rows_enough(length: int, threads: int, pieces: int) -> None:
    found = map_pieces(Batch(length, {}), 1 << 20, lambda piece, start: (start, piece.length), threads)
    assert len(found) == pieces
    assert [start for start, _ in found] == [sum(size for _, size in found[:place]) for place in range(pieces)]
    assert sum(size for _, size in found) == length
    assert all(start % 64 == 0 for start, _ in found)
