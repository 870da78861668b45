"""File names made from names in specs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.runs.names import distinct_stems, file_stem, run_name


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("fit", "fit"),
        ("Annual Revenue", "Annual_Revenue"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c:d", "a_b_c_d"),
        ("クラス", "クラス"),
        ("con", "_con"),
        ("nul.x", "_nul.x"),
        ("...", "_"),
        ("", "_"),
        ("a\x00b\x1b[31m", "a_b_31m"),
    ],
)
def test_stem_holds_nothing_that_a_file_system_minds(name: str, stem: str) -> None:
    assert file_stem(name) == stem


@given(st.text())
def test_any_name_gives_a_plain_file_name(name: str) -> None:
    stem = file_stem(name)
    assert stem not in ("", ".", "..")
    assert not set(stem) & set('/\\:*?"<>|\0')
    assert len(stem.encode()) <= 101


@given(st.lists(st.sampled_from(["a", "A", "a-2", "a b", "a_b", "b"])))
def test_stems_differ_also_without_regard_to_case(names: list[str]) -> None:
    stems = distinct_stems(names)
    assert len(stems) == len(names)
    assert len({stem.casefold() for stem in stems}) == len(names)


def test_run_is_named_by_time_and_digest() -> None:
    started = datetime(2026, 7, 15, 9, 15, 0, 999, UTC)
    assert run_name(started, "1a2b3c4d" + "f" * 56) == "2026-07-15T091500Z-1a2b3c4d"
