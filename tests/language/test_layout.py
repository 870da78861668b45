"""Widths, and the breaking of pieces over lines."""

import pytest

from segdsl.language.layout import CLOSE_LIST, LINE, SOFT, STEP, WIDTH, display_width, group, lay_out


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("plain", 5), ("größe", 5), ("全角", 4), ("ﾊﾝｶｸ", 4), ("e\u0301", 1), ("🙂", 2), ("a全b", 4)],
)
def test_width_is_that_of_a_terminal(text: str, columns: int) -> None:
    assert display_width(text) == columns


def listed(items: list[str]) -> list[str]:
    parts = [part for item in items for part in (",", LINE, item)][2:]
    return lay_out(group(["(", SOFT, *parts, CLOSE_LIST, ")"], STEP), 0)


def test_pieces_stay_on_one_line_up_to_the_width() -> None:
    # Two brackets, a comma and a space stand beside the two items.
    half = (WIDTH - 4) // 2
    assert listed(["a" * half, "b" * half]) == [f"({'a' * half}, {'b' * half})"]
    assert listed(["a" * half, "b" * (half + 1)]) == ["(", f"  {'a' * half},", f"  {'b' * (half + 1)},", ")"]


def test_inner_pieces_stay_whole_when_the_outer_are_broken() -> None:
    inner = group(["[", SOFT, "1,", LINE, "2", CLOSE_LIST, "]"], STEP)
    outer = group(["(", SOFT, inner, ",", LINE, "x" * WIDTH, CLOSE_LIST, ")"], STEP)
    assert lay_out(outer, 2) == ["  (", "    [1, 2],", f"    {'x' * WIDTH},", "  )"]


def test_room_is_kept_for_what_stands_behind() -> None:
    piece = group(["(", SOFT, "x" * (WIDTH - 4), CLOSE_LIST, ")"], STEP)
    assert len(lay_out(piece, 0, trail=2)) == 1
    assert len(lay_out(piece, 0, trail=3)) == 3
