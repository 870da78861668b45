"""Integer programs: equal to trying all solutions, also where floats can't tell sums apart."""

import itertools
import random

from segdsl.collecting.binary_program import BinaryProgram, Row, minimise, total


def tried(program: BinaryProgram, goal: dict[int, int]) -> int | None:
    sums = [
        total(goal, solution)
        for solution in itertools.product((0, 1), repeat=program.size)
        if all(row.holds(solution) for row in program.rows)
    ]
    return min(sums, default=None)


def test_least_sum_is_found_for_coefficients_of_any_size() -> None:
    for seed in range(40):
        rng = random.Random(seed)
        size = rng.randint(1, 8)
        scale = rng.choice([1, 10**3, 10**6, 10**9, 10**12])
        costs = {place: rng.randint(1, 9) * scale + rng.randint(0, 2) for place in range(size)}
        budget = {place: rng.randint(1, 9) * scale + rng.randint(0, 2) for place in range(size)}
        limit = sum(budget.values()) // 2
        least = rng.randint(0, size // 2)
        program = BinaryProgram(size, (Row(budget, None, limit), Row(dict.fromkeys(range(size), 1), least, None)))
        found = minimise(program, costs)
        expected = tried(program, costs)
        if expected is None:
            assert found is None
            continue
        assert found is not None, seed
        assert all(row.holds(found) for row in program.rows), seed
        assert total(costs, found) == expected, seed


def test_there_may_be_no_solution() -> None:
    assert minimise(BinaryProgram(2, (Row({0: 1, 1: 1}, 3, None),)), {0: 1}) is None
    assert minimise(BinaryProgram(0, ()), {}) == ()
