"""Growth from a history of records: figures worked out by hand."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import TEXT, Asked, Call, ColumnName, Duration, Refused
from segdsl_firmographic.business import make_tables
from tests.plugins.firmographic.asking import ask_growth

YEARS = {year: date(year, 12, 31) for year in range(2015, 2027)}


def rates(*args: object, **options: object) -> list[float | None]:
    found: list[float | None] = ask_growth(*args, **options).columns["growth"].to_pylist()  # type: ignore[arg-type,union-attr]
    return found


def test_growth_over_a_year() -> None:
    days = [YEARS[2023], YEARS[2024], YEARS[2025]]
    assert rates([0, 0, 0], pa.array([80, 100, 125]), days, 1) == [pytest.approx(0.25, abs=1e-12)]


def test_growth_over_three_years_is_compound() -> None:
    days = [YEARS[2022], YEARS[2024], YEARS[2025]]
    found = rates([0, 0, 0], pa.array([1000, 1, 1331]), days, 1, growth_over=Duration(months=36))
    assert found == [pytest.approx(0.10, abs=1e-12)]


def test_the_time_between_records_counts_not_the_time_asked_for() -> None:
    # 18 months apart: (1.5 ** (1 / 1.5)) - 1.
    found = rates([0, 0], pa.array([100.0, 150.0]), [date(2024, 6, 1), date(2025, 12, 1)], 1)
    assert found == [pytest.approx(1.5 ** (1 / 1.5) - 1)]


def test_records_after_the_clock_are_not_known() -> None:
    days = [YEARS[2023], YEARS[2024], YEARS[2025]]
    assert rates([0, 0, 0], pa.array([80, 100, 999]), days, 1, clock=date(2025, 6, 30)) == [pytest.approx(0.25)]


def test_the_nearest_record_within_the_tolerance_is_the_start() -> None:
    days = [date(2024, 3, 1), date(2024, 11, 1), date(2025, 12, 1)]
    # A year before 2025-12-01 is 2024-12-01; 2024-11-01 is nearest, 13 months before the end.
    assert rates([0] * 3, pa.array([1, 100, 200]), days, 1) == [pytest.approx(2 ** (12 / 13) - 1)]
    assert rates([0] * 3, pa.array([1, 100, 200]), days, 1, growth_tolerance=Duration(seconds=20 * 86_400)) == [None]


def test_of_two_records_equally_near_the_earlier_is_the_start() -> None:
    days = [date(2024, 12, 21), date(2025, 1, 10), date(2025, 12, 31)]
    years = 1 + 10 / 365.2425
    assert rates([0] * 3, pa.array([50, 75, 100]), days, 1) == [pytest.approx(2 ** (1 / years) - 1)]


def test_too_few_or_too_old_records_give_none() -> None:
    rows = [0, 1, 1, None]
    days = [YEARS[2025], YEARS[2018], YEARS[2019], YEARS[2025]]
    assert rates(rows, pa.array([1, 1, 2, 3]), days, 3) == [None, None, None]


def test_missing_figures_and_days_are_left_out() -> None:
    rows = [0, 0, 0, 0]
    days = [YEARS[2024], YEARS[2025], YEARS[2025], None]
    assert rates(rows, pa.array([100, 110, None, 7]), days, 1) == [pytest.approx(0.1)]


def test_figures_that_start_at_zero_or_below_are_noted() -> None:
    rows = [0, 0, 1, 1, 2, 2, 3, 3]
    days = [YEARS[2024], YEARS[2025]] * 4
    made = ask_growth(rows, pa.array([0, 5, -5, 5, 5, -1, 5, 0]), days, 4)
    assert made.columns["growth"].to_pylist() == [None, None, None, -1.0]  # type: ignore[union-attr]
    assert [note.where.to_pylist() for note in made.notes] == [[True, True, True, False]]


def test_two_values_for_one_day_are_noted() -> None:
    days = [YEARS[2024], YEARS[2025], YEARS[2025]]
    made = ask_growth([0, 0, 0], pa.array([100, 110, 120]), days, 1)
    assert made.columns["growth"].to_pylist() == [None]  # type: ignore[union-attr]
    assert [note.where.to_pylist() for note in made.notes] == [[True]]
    twice = ask_growth([0, 0, 0], pa.array([100, 110, 110]), days, 1)
    assert twice.columns["growth"].to_pylist() == [pytest.approx(0.1)]  # type: ignore[union-attr]


def test_money_grows_too() -> None:
    figures = pa.array([Decimal("100.00"), Decimal("250.00")], pa.decimal128(19, 6))
    assert rates([0, 0], figures, [YEARS[2024], YEARS[2025]], 1) == [pytest.approx(1.5)]


def test_growth_beyond_all_numbers_is_missing() -> None:
    assert rates([0, 0], pa.array([1e-300, 1e300]), [YEARS[2024], YEARS[2025]], 1) == [None]


def test_without_a_clock_no_record_is_too_old() -> None:
    days = [YEARS[2017], YEARS[2018]]
    assert rates([0, 0], pa.array([100, 150]), days, 1, clock=date.max) == [pytest.approx(0.5)]


def test_an_empty_history() -> None:
    assert rates([], pa.array([], pa.int64()), [], 2) == [None, None]
    assert rates([], pa.array([], pa.int64()), [], 0) == []


def test_figures_must_come_from_a_table_that_links_here() -> None:
    columns = (ColumnName("accounts", "revenue"), ColumnName("accounts", "as_of"))
    asked = Asked("growth", "growth", TEXT, columns, (pa.array([1]), pa.array([YEARS[2024]])))
    with pytest.raises(Refused, match="links to `accounts`"):
        make_tables(Call((asked,), 1, table="accounts"), (asked,))


records = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 500), st.dates(date(2022, 1, 1), date(2026, 3, 1))), max_size=25
)


@given(records, st.randoms(use_true_random=False))
def test_growth_agrees_with_a_search_of_all_records(found: list[tuple[int, int, date]], shuffle: object) -> None:
    unique = list({(row, day): (row, figure, day) for row, figure, day in found}.values())
    clock = date(2026, 1, 1)
    expected = [by_search([r[1:] for r in unique if r[0] == account], clock) for account in range(4)]
    shuffle.shuffle(unique)  # type: ignore[attr-defined]
    rows, figures, days = zip(*unique, strict=True) if unique else ((), (), ())
    assert rates(list(rows), pa.array(figures, pa.int64()), list(days), 4, clock=clock) == expected


def by_search(records: list[tuple[int, date]], clock: date) -> object:
    known = sorted((day, figure) for figure, day in records if day <= clock)
    if not known:
        return None
    (end, after), earlier = known[-1], known[:-1]
    wanted = back(end, 12)
    near = [r for r in earlier if back(wanted, 6) <= r[0] and back(r[0], 6) <= wanted]
    if end < back(clock, 18) or not near:
        return None
    start, before = min(near, key=lambda r: (abs((r[0] - wanted).days), r[0]))
    years = (end.year - start.year) + (end.month - start.month) / 12 + (end.day - start.day) / 365.2425
    return pytest.approx((after / before) ** (1 / years) - 1)


def back(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 - months
    for last in range(day.day, 27, -1):
        try:
            return date(month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    return date(month // 12, month % 12 + 1, day.day)
