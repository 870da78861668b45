"""Corporate hierarchy: kinds, tops, levels, sizes and totals of groups, and circles of parents."""

from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import COUNT, TEXT, Asked, Call, ColumnName, Refused, money
from segdsl_firmographic.business import make_tables
from tests.plugins.firmographic.asking import ask_groups, output_type, texts

FIELDS = ("hierarchy", "ultimate_parent", "hierarchy_level", "group_size")


def groups(key: pa.Array, parent: pa.Array) -> list[tuple[Any, ...]]:
    columns = ask_groups(key, parent, *FIELDS).columns
    return list(zip(*(columns[name].to_pylist() for name in FIELDS), strict=True))  # type: ignore[union-attr]


def totals(key: pa.Array, parent: pa.Array, figures: pa.Array) -> pa.Array:
    found = ask_groups(key, parent, "group_total", total=figures).columns["group_total"]
    assert isinstance(found, pa.Array)
    return found


def test_a_chain_and_an_independent_account() -> None:
    assert groups(texts("a", "b", "c", "z"), texts(None, "a", "b", None)) == [
        ("parent", "a", 0, 3),
        ("subsidiary", "a", 1, 3),
        ("subsidiary", "a", 2, 3),
        ("independent", "z", 0, 1),
    ]


def test_accounts_with_one_outside_parent_are_a_group() -> None:
    assert groups(texts("a", "b", "c"), texts("Holding", "Holding", "Other")) == [
        ("subsidiary", "Holding", 1, 2),
        ("subsidiary", "Holding", 1, 2),
        ("subsidiary", "Other", 1, 1),
    ]


def test_no_parent_an_empty_one_and_oneself_are_all_a_top() -> None:
    assert groups(texts("a", "b", "c", "d"), texts("", "  ", "c", "c")) == [
        ("independent", "a", 0, 1),
        ("independent", "b", 0, 1),
        ("parent", "c", 0, 2),
        ("subsidiary", "c", 1, 2),
    ]


def test_keys_that_are_numbers() -> None:
    assert groups(pa.array([1, 2, 3]), pa.array([None, 1, 9])) == [
        ("parent", 1, 0, 2),
        ("subsidiary", 1, 1, 2),
        ("subsidiary", 9, 1, 1),
    ]
    assert groups(pa.array([1, 2]), texts(None, "1")) == [("parent", "1", 0, 2), ("subsidiary", "1", 1, 2)]


def test_circles_are_named_and_the_rest_goes_on() -> None:
    key, parent = texts("c", "b", "a", "below", "x", "y"), texts("b", "a", "c", "a", None, "x")
    made = ask_groups(key, parent, *FIELDS, "group_total", total=pa.array([1, 2, 3, 4, 5, 6]))
    for name in (*FIELDS, "group_total"):
        assert made.columns[name].to_pylist()[:4] == [None] * 4  # type: ignore[union-attr]
    assert made.columns["group_total"].to_pylist()[4:] == [11, 11]  # type: ignore[union-attr]
    (note,) = made.notes
    assert "`a -> c -> b -> a`" in note.message
    assert note.where.to_pylist() == [True] * 4 + [False] * 2


def test_the_first_of_several_circles_is_named() -> None:
    made = ask_groups(texts("d", "c", "b", "a"), texts("c", "d", "a", "b"), "hierarchy")
    assert "`a -> b -> a` and 1 more" in made.notes[0].message


def test_long_circles_are_shortened() -> None:
    names = [f"n{number:04d}" for number in range(5000)]
    made = ask_groups(pa.array(names), pa.array([*names[1:], names[0]]), "hierarchy")
    assert "`n0000 -> n0001 -> n0002 -> n0003 -> n0004 -> n0005 -> 4994 more -> n0000`" in made.notes[0].message


def test_totals_are_sums_of_what_is_known() -> None:
    key, parent = texts("a", "b", "c", "z", "o"), texts(None, "a", "a", None, None)
    assert totals(key, parent, pa.array([1, None, 5, None, 7])).to_pylist() == [6, 6, 6, None, 7]
    amounts = pa.array([Decimal("0.1"), Decimal("0.2"), None, None, Decimal(5)], pa.decimal128(19, 6))
    summed = totals(key, parent, amounts)
    assert summed.type == amounts.type
    assert summed.to_pylist() == [Decimal("0.3")] * 3 + [None, Decimal(5)]


def test_large_whole_numbers_are_added_exactly() -> None:
    big = 2**53 + 1
    assert totals(texts("a", "b"), texts(None, "a"), pa.array([big, 2])).to_pylist() == [big + 2] * 2


def test_totals_that_do_not_fit_are_missing_and_noted() -> None:
    most = Decimal("9999999999999.999999")
    amounts = pa.array([most, most, most], pa.decimal128(19, 6))
    made = ask_groups(texts("a", "b", "c"), texts(None, "a", None), "group_total", total=amounts)
    assert made.columns["group_total"].to_pylist() == [None, None, most]  # type: ignore[union-attr]
    assert [note.where.to_pylist() for note in made.notes] == [[True, True, False]]


def test_sums_beyond_all_numbers_are_missing_and_noted() -> None:
    made = ask_groups(texts("a", "b"), texts(None, "a"), "group_total", total=pa.array([1.7e308, 1.7e308]))
    assert made.columns["group_total"].to_pylist() == [None, None]  # type: ignore[union-attr]
    assert len(made.notes) == 1


def test_the_type_is_that_of_what_is_added_or_named() -> None:
    assert output_type("group_total", [TEXT, money("USD")]) == money("USD").or_missing()
    assert output_type("group_total", [TEXT, COUNT]) == COUNT.or_missing()
    assert output_type("ultimate_parent", [TEXT]) == TEXT.or_missing()


def test_an_empty_table() -> None:
    assert groups(texts(), texts()) == []


def test_a_key_of_two_columns_is_refused() -> None:
    asked = Asked("hierarchy", "hierarchy", TEXT, (ColumnName("accounts", "parent"),), (texts("a"),))
    with pytest.raises(Refused, match="has 2"):
        make_tables(Call((asked,), 1, table="accounts", key=(texts("a"), texts("b"))), (asked,))


def climb(parents: dict[str, str | None], start: str) -> list[str] | None:
    """From an account to the top of its group, step by step; None if that never ends."""
    path = [start]
    while (up := parents.get(path[-1])) not in (None, path[-1]):
        if up in path:
            return None
        path.append(up)  # type: ignore[arg-type]
    return path


names = st.sampled_from([f"k{n}" for n in range(12)])


@given(st.dictionaries(names, st.one_of(st.none(), names, st.just("outside"))), st.randoms(use_true_random=False))
def test_groups_agree_with_climbing_step_by_step(parents: dict[str, str | None], order: Random) -> None:
    keys = list(parents)
    order.shuffle(keys)
    found = groups(texts(*keys), texts(*(parents[key] for key in keys)))
    paths = {key: climb(parents, key) for key in keys}
    tops = {key: path[-1] for key, path in paths.items() if path is not None}
    for key, one in zip(keys, found, strict=True):
        path = paths[key]
        if path is None:
            assert one == (None, None, None, None)
            continue
        owning = any(parents[other] == key for other in keys if other != key)
        kind = "subsidiary" if len(path) > 1 else "parent" if owning else "independent"
        assert one == (kind, path[-1], len(path) - 1, sum(top == path[-1] for top in tops.values()))


@given(
    st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=2, max_size=20), st.randoms(use_true_random=False)
)
def test_totals_do_not_depend_on_the_order_of_rows(figures: list[float | None], order: Random) -> None:
    rows = [(f"k{n}", "top", figure) for n, figure in enumerate(figures)]
    keys, parents, given_figures = zip(*rows, strict=True)
    first = totals(pa.array(keys), pa.array(parents), pa.array(given_figures, pa.float64()))
    order.shuffle(rows)
    keys, parents, shuffled = zip(*rows, strict=True)
    again = totals(pa.array(keys), pa.array(parents), pa.array(shuffled, pa.float64()))
    assert first[0].as_py() == again[0].as_py()


@given(st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9))))
def test_totals_of_whole_numbers_and_amounts_are_exact(rows: list[tuple[int, int | None]]) -> None:
    """Group 0 is a circle; amounts in millionths of up to 19 digits, some of them beyond 64 bits."""
    keys = texts(*(f"k{n}" for n in range(len(rows))), "c", "d")
    parents = texts(*("c" if group == 0 else f"top {group}" for group, _ in rows), "d", "c")
    for scale, most, times in ((0, 10**18 - 1, 1), (6, 10**19 - 1, 1), (6, 10**19 - 1, 10**9)):
        figures = [None if one is None else max(-most, min(most, one * times)) for _, one in rows] + [1, 2]
        type_ = pa.decimal128(19, scale) if scale else pa.int64()
        given_figures = [None if one is None else Decimal(one).scaleb(-scale) if scale else one for one in figures]
        by_group: dict[int, list[int]] = {group: [] for group, _ in rows}
        for (group, _), figure in zip(rows, figures, strict=False):
            by_group[group] += [] if figure is None else [figure]
        sums = {group: sum(found) for group, found in by_group.items()}
        expected = [
            Decimal(sums[group]).scaleb(-scale) if group and by_group[group] and abs(sums[group]) <= most else None
            for group, _ in rows
        ]
        assert totals(keys, parents, pa.array(given_figures, type_)).to_pylist() == [*expected, None, None]


@pytest.mark.slow
def test_chains_of_a_hundred_thousand_owners() -> None:
    count, length = 1_000_000, 100_000
    rows = np.arange(count)
    parent = pa.array(rows - 1, mask=rows % length == 0)
    made = ask_groups(pa.array(rows), parent, "hierarchy_level", "group_size", "ultimate_parent")
    assert made.columns["hierarchy_level"].to_numpy().tolist() == (rows % length).tolist()  # type: ignore[union-attr]
    assert set(made.columns["group_size"].to_pylist()) == {length}  # type: ignore[union-attr]
    assert made.columns["ultimate_parent"].to_numpy().tolist() == (rows - rows % length).tolist()  # type: ignore[union-attr]
