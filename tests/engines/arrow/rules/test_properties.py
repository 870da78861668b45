"""Rules as bit sets agree with three-valued logic, row by row, whatever the kernels and however the rows are cut."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.rules import all_matches, compile_rules, first_match, member_lists
from segdsl.engines.arrow.rules.kernels import Kernels
from segdsl.engines.arrow.rules.numba_kernels import NUMBA
from segdsl.engines.arrow.rules.numpy_kernels import NUMPY
from segdsl.engines.arrow.rules.totals import MOST_ROWS
from segdsl.model.expression import Expr
from tests.engines.arrow.rules.oracle import exact_sum, first_true, undecided, value_of
from tests.engines.arrow.rules.tables import Table, conditions, tables

RULES = st.lists(conditions(), max_size=12)
# Ranked from the first cut-point on, never ranked; one piece, many pieces.
KERNELS = st.builds(
    lambda kernels, rows, coded_from: replace(kernels, rows=rows, coded_from=coded_from),
    st.sampled_from([NUMPY, NUMBA]),
    st.sampled_from([64, 128, MOST_ROWS]),
    st.sampled_from([1, 12, 1 << 30]),
)
MEASURES = st.sampled_from([0.0, 1.0, -0.1, 1e-300, 5e-324, 1e300, -1e300, 1 / 3, 1000.5, 1e16, -1e16])


@given(tables(), RULES, KERNELS, st.sampled_from([1, 2]))
def test_first_match_takes_the_first_true_rule_and_counts_the_undecided(
    table: Table, rules: list[Expr], kernels: Kernels, threads: int
) -> None:
    found = first_match(compile_rules(rules), table.batch, undecided=True, kernels=kernels, threads=threads)
    expected = [first_true(rules, row) for row in table.rows]
    left_open = [rule for row in table.rows for rule in undecided(rules, row)]
    assert found.index.tolist() == expected
    assert found.counts.tolist() == [expected.count(i) for i in range(len(rules))]
    assert found.undecided is not None
    assert found.undecided.tolist() == [left_open.count(i) for i in range(len(rules))]


@given(tables(), RULES, KERNELS, st.sampled_from([1, 2]), st.data())
def test_all_matches_are_the_true_rules_with_exact_totals(
    table: Table, rules: list[Expr], kernels: Kernels, threads: int, data: st.DataObject
) -> None:
    length = len(table.rows)
    whole = data.draw(st.booleans())
    cell = st.none() | (st.integers(-(2**63), 2**63 - 1) if whole else MEASURES)
    scores = data.draw(st.lists(cell, min_size=length, max_size=length))
    measure = pa.array(scores, pa.int64() if whole else pa.float64())
    found = all_matches(
        compile_rules(rules), table.batch, measure=measure, keep_bits=True, kernels=kernels, threads=threads
    )
    expected = [[value_of(rule, row) is True for row in table.rows] for rule in rules]
    known = [[s for s, true in zip(scores, of_rule, strict=True) if true and s is not None] for of_rule in expected]
    assert found.bits is not None and found.totals is not None
    flags = np.unpackbits(found.bits, axis=1, count=length, bitorder="little")
    assert flags.astype(bool).tolist() == expected
    assert found.counts.tolist() == [sum(of_rule) for of_rule in expected]
    assert found.totals.known.tolist() == [len(values) for values in known]
    assert list(found.totals.sums) == [exact_sum(values) for values in known]
    names = [f"rule {i}" for i in range(len(rules))]
    lists = [[n for n, of_rule in zip(names, expected, strict=True) if of_rule[row]] for row in range(length)]
    assert member_lists(found.bits, names, length).to_pylist() == lists
