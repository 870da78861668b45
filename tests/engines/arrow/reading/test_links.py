"""Links: each row's parent by a plain dictionary's answer, orphans told or dropped."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.reading import check_links
from segdsl.model.expression import LinkPath
from segdsl.model.source import BreachPolicies
from segdsl.types import INT, TEXT
from tests.engines.arrow.reading.contracts import column, read_files, source_of

LINK = LinkPath("deals", ("account",), "accounts")
DEALS = source_of(column("account", TEXT.or_missing()), column("line", INT.or_missing()), name="deals", links=(LINK,))

keys = st.sampled_from(["a", "b", "c", "d", ""])


@given(st.lists(st.none() | keys), st.lists(keys, unique=True), st.booleans(), st.booleans())
def test_each_row_finds_its_parent(
    values: list[str | None], parents: list[str], coded: bool, coded_parent: bool
) -> None:
    child = pa.array(values, pa.string())
    parent = pa.array(parents, pa.string())
    table = pa.table({"account": child.dictionary_encode() if coded else child})
    match, _ = check_links(DEALS, table, LINK, [parent.dictionary_encode() if coded_parent else parent])
    place = {key: at for at, key in enumerate(parents)}
    assert match.parent_rows.tolist() == [place.get(v, -1) if v is not None else -1 for v in values]


@given(
    st.lists(st.tuples(st.none() | keys, st.none() | st.integers(-3, 3))),
    st.lists(st.tuples(keys, st.integers(-3, 3)), unique=True),
)
def test_a_link_of_several_columns_finds_its_parent(
    values: list[tuple[str | None, int | None]], parents: list[tuple[str, int]]
) -> None:
    link = LinkPath("deals", ("account", "line"), "accounts")
    table = pa.table(
        {"account": pa.array([v[0] for v in values], pa.string()), "line": pa.array([v[1] for v in values], pa.int64())}
    )
    parent = [pa.array([p[0] for p in parents], pa.string()), pa.array([p[1] for p in parents], pa.int64())]
    match, found = check_links(DEALS, table, link, parent)
    place = {key: at for at, key in enumerate(parents)}
    assert match.parent_rows.tolist() == [place.get(v, -1) for v in values]  # type: ignore[call-overload]
    assert bool(found) == any(None not in v and v not in place for v in values)


def test_links_are_found_across_chunks() -> None:
    child = pa.chunked_array([["a", "b"], [], ["z", None]], pa.string())
    parent = pa.chunked_array([["b"], ["a"]], pa.string())
    match, _ = check_links(DEALS, pa.table({"account": child}), LINK, [parent])
    assert match.parent_rows.tolist() == [1, 0, -1, -1]


def test_orphans_are_told_with_their_rows_by_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("account,line\na,1\nz,2\n,3\nz,4\n")
    (tmp_path / "b.csv").write_text("account,line\ny,1\na,2\n")
    table, facts = read_files(DEALS, tmp_path / "a.csv", tmp_path / "b.csv", number_rows=True)
    match, found = check_links(DEALS, table, LINK, [pa.array(["a"])], facts.places)
    assert [d.code for d in found] == ["SEG608"]
    assert [(r.file, r.count, r.rows, r.values) for r in found[0].rows] == [
        ("a.csv", 2, (2,), ("z",)),
        ("b.csv", 1, (1,), ("y",)),
    ]
    assert match.kept is None


def test_orphans_are_dropped_where_the_spec_says_so() -> None:
    dropping = replace(DEALS, policies=BreachPolicies(drop_orphans=True))
    table = pa.table({"account": ["a", "z", None]})
    match, found = check_links(dropping, table, LINK, [pa.array(["a"])])
    assert [d.code for d in found] == ["SEG613"]
    assert found[0].message.startswith("1 row")
    assert match.kept is not None
    assert match.kept.tolist() == [True, False, True]


@pytest.mark.parametrize("values", [[], [None, None]])
def test_no_parent_at_all_makes_orphans_only_of_known_values(values: list[str | None]) -> None:
    match, found = check_links(
        DEALS, pa.table({"account": pa.array(values, pa.string())}), LINK, [pa.array([], pa.string())]
    )
    assert (match.parent_rows.tolist(), found) == ([-1] * len(values), ())
