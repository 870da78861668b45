"""Rules at the edges: no rows, no rules, many rules, odd lengths, long dictionaries, long sets, many cut-points."""

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.rules import all_matches, compile_rules, first_match, member_lists
from segdsl.engines.arrow.rules.kernels import Kernels
from segdsl.engines.arrow.rules.numba_kernels import NUMBA
from segdsl.engines.arrow.rules.numpy_kernels import NUMPY
from segdsl.model.expression import Column, Compare, Comparison, Expr, InValues, IsMissing, Literal, Not
from segdsl.types import BOOL, CATEGORY, COUNT, INT, NUMBER, TEXT, money

SIZE = Column("employees", COUNT.or_missing())
GROWTH = Column("growth", NUMBER.or_missing())
INDUSTRY = Column("industry", CATEGORY.or_missing())
UNKNOWN = BOOL.or_missing()

both_kernels = pytest.mark.parametrize("kernels", [NUMPY, NUMBA], ids=lambda kernels: kernels.name)


def at_least(column: Column, value: int | Decimal) -> Expr:
    return Compare(Comparison.AT_LEAST, column, Literal(value, column.type.or_missing(False)), UNKNOWN)


@both_kernels
def test_no_rows_match_nothing(kernels: Kernels) -> None:
    batch = Batch(0, {SIZE: pa.array([], pa.int64())})
    program = compile_rules([at_least(SIZE, 1)])
    assert first_match(program, batch, undecided=True, kernels=kernels).index.tolist() == []
    found = all_matches(program, batch, measure=pa.array([], pa.float64()), keep_bits=True, kernels=kernels)
    assert found.counts.tolist() == [0]
    assert found.totals is not None and found.totals.sums == (Fraction(0),)
    assert found.bits is not None and member_lists(found.bits, ["a"], 0).to_pylist() == []


@both_kernels
def test_without_rules_no_row_matches(kernels: Kernels) -> None:
    batch = Batch(3, {SIZE: pa.array([1, None, 3], pa.int64())})
    assert first_match(compile_rules([]), batch, kernels=kernels).index.tolist() == [-1, -1, -1]
    found = all_matches(compile_rules([]), batch, keep_bits=True, kernels=kernels)
    assert found.bits is not None and member_lists(found.bits, [], 3).to_pylist() == [[], [], []]


@both_kernels
@pytest.mark.parametrize("length", [1, 7, 8, 9, 63, 64, 65, 4095, 4096, 4097])
def test_bits_past_the_last_row_are_never_counted(kernels: Kernels, length: int) -> None:
    batch = Batch(length, {SIZE: pa.array([None] * length, pa.int64())})
    rules = [at_least(SIZE, 1), Not(at_least(SIZE, 1), UNKNOWN), IsMissing(SIZE), Not(IsMissing(SIZE))]
    found = first_match(compile_rules(rules), batch, undecided=True, kernels=kernels)
    assert found.index.tolist() == [2] * length
    assert found.undecided is not None and found.undecided.tolist() == [length, length, 0, 0]
    assert all_matches(compile_rules(rules), batch, kernels=kernels).counts.tolist() == [0, 0, length, 0]


@both_kernels
def test_a_thousand_rules_with_a_thousand_cut_points_find_each_value_its_own_rule(kernels: Kernels) -> None:
    values = np.random.default_rng(5).integers(-100, 1_100, 20_000)
    batch = Batch(len(values), {SIZE: pa.array(values)})
    rules = [at_least(SIZE, 999 - i) for i in range(1_000)]
    found = first_match(compile_rules(rules), batch, kernels=kernels)
    assert found.index.tolist() == [-1 if v < 0 else max(0, 999 - v) for v in values.tolist()]
    assert all_matches(compile_rules(rules), batch, kernels=kernels).counts.tolist() == [
        int((values >= 999 - i).sum()) for i in range(1_000)
    ]


@both_kernels
@pytest.mark.parametrize("spread", [1.0, 3.0, 12.0])
@pytest.mark.parametrize("shift", [0.0, -40.0])
def test_many_cut_points_on_uneven_numbers_are_exact(kernels: Kernels, spread: float, shift: float) -> None:
    values = np.random.default_rng(6).lognormal(2.0, spread, 5_000) + shift
    values[::7] = np.round(values[::7])
    cuts = sorted(values[:300].tolist())
    batch = Batch(len(values), {GROWTH: pa.array(values)})
    rules = [at_least(GROWTH, Decimal(repr(cut))) for cut in cuts]
    counts = all_matches(compile_rules(rules), batch, kernels=kernels).counts.tolist()
    assert counts == [sum(v >= cut for v in values.tolist()) for cut in cuts]


@both_kernels
@pytest.mark.parametrize("coded", [True, False])
def test_long_dictionaries_and_long_sets_of_texts(kernels: Kernels, coded: bool) -> None:
    texts = [f"company {i}" for i in range(3_000)]
    rows = [texts[i * 7 % 3_000] if i % 5 else None for i in range(9_000)]
    array = pa.array(rows, pa.string())
    batch = Batch(len(rows), {INDUSTRY: array.dictionary_encode() if coded else array})
    sets = [tuple(texts[k::3]) for k in range(3)] + [(texts[k],) for k in range(400)]
    rules: list[Expr] = [InValues(INDUSTRY, values, UNKNOWN) for values in sets]
    rules.append(Not(InValues(INDUSTRY, sets[0], UNKNOWN), UNKNOWN))
    expected = [sum(row in members for row in rows) for members in map(set, sets)]
    expected.append(sum(row is not None and row not in set(sets[0]) for row in rows))
    assert all_matches(compile_rules(rules), batch, kernels=kernels).counts.tolist() == expected


@both_kernels
def test_a_missing_text_inside_a_dictionary_is_missing(kernels: Kernels) -> None:
    codes = pa.array([0, 1, None, 1, 0], pa.int32())
    array = pa.DictionaryArray.from_arrays(codes, pa.array(["a", None], pa.string()))
    rules: list[Expr] = [Not(InValues(INDUSTRY, ("b",), UNKNOWN), UNKNOWN), IsMissing(INDUSTRY)]
    found = first_match(compile_rules(rules), Batch(5, {INDUSTRY: array}), kernels=kernels)
    assert found.index.tolist() == [0, 1, 1, 1, 0]


@both_kernels
def test_more_constants_than_are_compared_one_by_one(kernels: Kernels) -> None:
    odd = tuple(range(1, 2_001, 2))
    batch = Batch(2_000, {SIZE: pa.array(range(2_000))})
    rules: list[Expr] = [InValues(SIZE, odd, UNKNOWN), at_least(SIZE, 1_000)]
    assert all_matches(compile_rules(rules), batch, kernels=kernels).counts.tolist() == [1_000, 1_000]


@both_kernels
def test_missing_values_in_a_column_declared_without_are_seen(kernels: Kernels) -> None:
    name = Column("name", TEXT)
    batch = Batch(3, {name: pa.array(["a", None, "b"])})
    rules: list[Expr] = [InValues(name, ("a",)), IsMissing(name)]
    assert first_match(compile_rules(rules), batch, kernels=kernels).index.tolist() == [0, 1, -1]


@both_kernels
def test_sums_of_money_are_exact_beyond_floats_and_in_any_order(kernels: Kernels) -> None:
    amounts = [2**62, 1, -(2**62), 3, 2**53 + 1] * 1_000
    flag = Column("flag", BOOL)
    for order in (amounts, sorted(amounts), amounts[::-1]):
        batch = Batch(len(order), {flag: pa.array([True] * len(order))})
        found = all_matches(compile_rules([flag]), batch, measure=pa.array(order), kernels=kernels, threads=2)
        assert found.totals is not None and found.totals.sums == (Fraction(1_000 * (2**53 + 5)),)


@both_kernels
@pytest.mark.parametrize("rules", [1, 6, 7, 8, 9, 14, 15, 64, 65, 100])
@pytest.mark.parametrize("wild", [False, True])
def test_sums_of_floats_are_exact_for_few_and_many_rules(kernels: Kernels, rules: int, wild: bool) -> None:
    length = 10_007
    rng = np.random.default_rng(5)
    # Values of like size, and values of which hardly two can be added without loss.
    scores = rng.normal(1000.0, 400.0, length) * (2.0 ** rng.integers(-900, 900, length) if wild else 1.0)
    measure = pa.array(scores, mask=np.arange(length) % 7 == 3)
    place = rng.permutation(length)
    # From no row over a few to nearly all.
    cuts = [int(length * (i / rules) ** 2) for i in range(rules)]
    conditions = [Not(at_least(SIZE, cut), UNKNOWN) for cut in cuts]
    batch = Batch(length, {SIZE: pa.array(place)})
    found = all_matches(compile_rules(conditions), batch, measure=measure, kernels=kernels)
    values = measure.take(pa.array(np.argsort(place))).to_pylist()
    assert found.totals is not None
    assert found.totals.known.tolist() == [sum(v is not None for v in values[:cut]) for cut in cuts]
    steps = [0 if v is None else int(Fraction(v) * 2**1074) for v in values]
    assert [s * 2**1074 for s in found.totals.sums] == [sum(steps[:cut]) for cut in cuts]


@both_kernels
def test_comparisons_of_whole_numbers_with_amounts_beyond_64_bits_and_fractions(kernels: Kernels) -> None:
    column, amount = Column("n", INT.or_missing()), Column("amount", money("USD").or_missing())
    batch = Batch(3, {column: pa.array([2, 3, None]), amount: pa.array([2_500_000, 2_499_999, None])})
    big = Literal(Decimal(10**30), NUMBER)
    rules: list[Expr] = [
        Compare(Comparison.LESS, column, big, UNKNOWN),
        Compare(Comparison.MORE, column, big, UNKNOWN),
        Compare(Comparison.MORE, column, Literal(Decimal("2.5"), NUMBER), UNKNOWN),
        Compare(Comparison.EQUAL, column, Literal(Decimal("2.5"), NUMBER), UNKNOWN),
        Compare(Comparison.UNEQUAL, column, Literal(Decimal("2.5"), NUMBER), UNKNOWN),
        Compare(Comparison.AT_LEAST, amount, Literal(Decimal("2.5"), money("USD")), UNKNOWN),
        IsMissing(amount),
    ]
    assert all_matches(compile_rules(rules), batch, kernels=kernels).counts.tolist() == [2, 0, 1, 0, 2, 1, 1]


def test_the_rules_engine_does_not_load_numba_before_it_pays() -> None:
    code = """
import sys, pyarrow as pa
from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.rules import compile_rules, first_match
from segdsl.model.expression import Column
from segdsl.types import BOOL
flag = Column("flag", BOOL)
first_match(compile_rules([flag]), Batch(2, {flag: pa.array([True, False])}))
sys.exit("numba" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
