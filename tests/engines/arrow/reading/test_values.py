"""Cells read by contract: every expected value is written down by hand or computed by Python's own exact types."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.reading.cells import Cells, rounded_units
from segdsl.engines.arrow.reading.columns import read_cells
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.numbers import lenient_decimal, real, units, whole
from segdsl.engines.arrow.reading.rule import rule_of
from segdsl.model.source import ReadOptions
from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    Kind,
    Type,
    category,
    list_of,
    money,
)
from tests.engines.arrow.reading.contracts import codes, column, read_files, read_text, source_of

USD = money("USD")
MONTH = 2_629_746


def cell(text: object, kind: Type, read: ReadOptions = ReadOptions(), **contract: object) -> object:
    """What one cell becomes: a physical value, None if missing, or its flaw."""
    array = text if isinstance(text, pa.Array) else pa.array([text], pa.string())
    cells = read_cells(array, rule_of(column("x", kind, **contract), read))
    if cells.flaws is not None and cells.flaws[0]:
        assert cells.array[0].as_py() is None
        return Flaw(int(cells.flaws[0]))
    return cells.array.cast(pa.int64())[0].as_py() if pa.types.is_duration(cells.array.type) else cells.array[0].as_py()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1234", INT, 1234),
        ("-12", INT, -12),
        ("+7", INT, 7),
        ("1e5", INT, 100_000),
        ("1017.0", INT, 1017),
        (" 5 ", INT, 5),
        ("\u00a05", INT, 5),
        ("9223372036854775807", INT, 2**63 - 1),
        ("9223372036854775808", INT, Flaw.TOO_LARGE),
        ("1e999", INT, Flaw.TOO_LARGE),
        ("0x1F", INT, Flaw.WRONG_TYPE),
        ("1.5", INT, Flaw.WRONG_TYPE),
        ("1,200", INT, Flaw.WRONG_TYPE),
        ("1_000", INT, Flaw.WRONG_TYPE),
        ("-1", COUNT, Flaw.WRONG_TYPE),
        ("0", COUNT, 0),
        ("", INT, None),
        ("   ", INT, None),
        ("-12.5", NUMBER, -12.5),
        (".5", NUMBER, 0.5),
        ("5.", NUMBER, 5.0),
        ("1e5", NUMBER, 1e5),
        ("nan", NUMBER, Flaw.NAN),
        ("NaN", USD, Flaw.NAN),
        ("inf", NUMBER, Flaw.INFINITE),
        ("-Infinity", NUMBER, Flaw.INFINITE),
        ("1e400", NUMBER, Flaw.INFINITE),
        ("inf", USD, Flaw.INFINITE),
        ("abc", NUMBER, Flaw.WRONG_TYPE),
        ("12%", RATIO, Flaw.WRONG_TYPE),
        ("0.12", RATIO, 0.12),
        ("12.50", USD, 12_500_000),
        ("41.9136", USD, 41_913_600),
        ("0.0000005", USD, 0),
        ("0.0000015", USD, 2),
        ("-0.0000025", USD, -2),
        ("0.00000150000000000000000001", USD, 2),
        ("0.00000250000000000000000001", USD, 3),
        ("9223372036854.775807", USD, 2**63 - 1),
        ("9223372036854.775808", USD, Flaw.TOO_LARGE),
        ("1e40", USD, Flaw.TOO_LARGE),
        ("123456789012.345678", USD, 123456789012345678),
        ("1200", money("JPY"), 1_200_000),
        ("2026-01-31", DATE, date(2026, 1, 31)),
        ("2026-01-31 00:00:00", DATE, date(2026, 1, 31)),
        ("2026-01-31T09:00:00", DATE, Flaw.WRONG_TYPE),
        ("2026-02-30", DATE, Flaw.WRONG_TYPE),
        ("2026-1-31", DATE, Flaw.WRONG_TYPE),
        ("31/01/2026", DATE, Flaw.WRONG_TYPE),
        ("2026-01-31T09:00:00Z", TIMESTAMP, datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31T09:00:00+02:00", TIMESTAMP, datetime(2026, 1, 31, 7, tzinfo=UTC)),
        ("2026-01-31 09:00", TIMESTAMP, datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31", TIMESTAMP, datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T09:00:00.123456789Z", TIMESTAMP, datetime(2026, 1, 31, 9, 0, 0, 123456, tzinfo=UTC)),
        ("2026-01-31T25:00:00Z", TIMESTAMP, Flaw.WRONG_TYPE),
        ("0001-01-01", DATE, date(1, 1, 1)),
        ("9999-12-31", DATE, date(9999, 12, 31)),
        ("0000-12-31", DATE, Flaw.BEYOND_CALENDAR),
        ("0000-12-31 00:00", DATE, Flaw.BEYOND_CALENDAR),
        ("0000-12-31", TIMESTAMP, Flaw.BEYOND_CALENDAR),
        ("0000-12-31 9:00", TIMESTAMP, Flaw.BEYOND_CALENDAR),
        ("0001-01-01T00:00:00+05:00", TIMESTAMP, Flaw.BEYOND_CALENDAR),
        ("9999-12-31T23:59:59.999999Z", TIMESTAMP, datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
        ("9999-12-31T23:59:59-01:00", TIMESTAMP, Flaw.BEYOND_CALENDAR),
        ("90 days", DURATION, 90 * 86_400_000_000),
        ("1 year 3 months", DURATION, 15 * MONTH * 1_000_000),
        ("P1Y3M", DURATION, 15 * MONTH * 1_000_000),
        ("PT5M", DURATION, 300_000_000),
        ("-2 hours", DURATION, -7_200_000_000),
        ("90", DURATION, Flaw.WRONG_TYPE),
        ("Yes", BOOL, True),
        ("f", BOOL, False),
        ("1", BOOL, True),
        ("maybe", BOOL, Flaw.WRONG_TYPE),
        (" Acme ", TEXT, "Acme"),
        ("NaN", TEXT, "NaN"),
        ("gold", category("gold", "silver"), "gold"),
        ("Gold", category("gold", "silver"), Flaw.OUTSIDE),
    ],
)
def test_a_cell_of_text_is_read_strictly(text: str, kind: Type, value: object) -> None:
    assert cell(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("$1,200", USD, 1_200_000_000),
        ("1,200.50 USD", USD, 1_200_500_000),
        ("USD 1 200", USD, 1_200_000_000),
        ("18.3 MM", USD, 18_300_000_000_000),
        ("18.3k", USD, 18_300_000_000),
        ("2.5bn", NUMBER, 2.5e9),
        ("$0.125", USD, 125_000),
        ("$1.234.567", USD, Flaw.WRONG_TYPE),
        ("(350)", USD, -350_000_000),
        ("($1,350.25)", USD, -1_350_250_000),
        ("-$5", USD, -5_000_000),
        ("$-5", USD, -5_000_000),
        ("350-", USD, -350_000_000),
        ("1'234'567", COUNT, 1_234_567),
        ("1\u202f234", COUNT, 1_234),
        ("12 %", RATIO, 0.12),
        ("12.5%", RATIO, 0.125),
        ("1234", COUNT, 1234),
        ("€5", USD, Flaw.WRONG_TYPE),
        ("5 EUR", USD, Flaw.WRONG_TYPE),
        ("12 %", USD, Flaw.WRONG_TYPE),
        ("1,2", USD, Flaw.WRONG_TYPE),
        ("1,20,000", USD, Flaw.WRONG_TYPE),
        ("(350", USD, Flaw.WRONG_TYPE),
        ("-(350)", USD, Flaw.WRONG_TYPE),
        ("12 apples", COUNT, Flaw.WRONG_TYPE),
        ("1.5", COUNT, Flaw.WRONG_TYPE),
        ("1.5k", COUNT, 1500),
    ],
)
def test_lenient_reads_numbers_as_people_write_them(text: str, kind: Type, value: object) -> None:
    assert cell(text, kind, lenient=True) == value


@pytest.mark.parametrize(
    ("text", "lenient", "value"),
    [
        ("1.200,50", True, 1_200_500_000),
        ("1 200,50 €", True, 1_200_500_000),
        ("1200,5", False, 1_200_500_000),
        ("1200", False, 1_200_000_000),
        ("1.200,50", False, Flaw.WRONG_TYPE),
        ("1.5", False, Flaw.WRONG_TYPE),
        ("1.200", True, 1_200_000_000),
        ("1,200.50", True, Flaw.WRONG_TYPE),
    ],
)
def test_a_decimal_comma_is_read_where_the_file_has_one(text: str, lenient: bool, value: object) -> None:
    assert cell(text, money("EUR"), ReadOptions(decimal=","), lenient=lenient) == value


@pytest.mark.parametrize(
    ("text", "pattern", "value"),
    [
        ("11/9/2023", "M/D/YYYY", date(2023, 11, 9)),
        ("9/11/2023", "D/M/YYYY", date(2023, 11, 9)),
        ("09/11/2023", "DD/MM/YYYY", date(2023, 11, 9)),
        ("9/11/2023", "DD/MM/YYYY", Flaw.WRONG_TYPE),
        ("31.12.2023", "DD.MM.YYYY", date(2023, 12, 31)),
        ("20231231", "YYYYMMDD", date(2023, 12, 31)),
        ("1/2/23", "M/D/YYYY", Flaw.WRONG_TYPE),
        ("13/1/2023", "M/D/YYYY", Flaw.WRONG_TYPE),
        ("2023-12-31", "M/D/YYYY", Flaw.WRONG_TYPE),
    ],
)
def test_dates_follow_the_pattern_of_the_file(text: str, pattern: str, value: object) -> None:
    assert cell(text, DATE, ReadOptions(dates=pattern)) == value


def test_a_timestamp_follows_the_pattern_too() -> None:
    read = ReadOptions(dates="M/D/YYYY")
    assert cell("1/31/2026 9:05 PM", TIMESTAMP, read) == datetime(2026, 1, 31, 21, 5, tzinfo=UTC)
    assert cell("1/31/2026 12:05 AM", TIMESTAMP, read) == datetime(2026, 1, 31, 0, 5, tzinfo=UTC)


def test_empty_texts_come_before_replacements_and_these_apply_in_order() -> None:
    rules = {"empty": ("n/a",), "replace": (("a", "b"), ("b", "c"), ("n/a", "never"), ("gone", ""))}
    assert [cell(t, CATEGORY, **rules) for t in ("a", "b", " n/a ", "gone", "z")] == ["c", "c", None, None, "z"]


def test_a_scale_multiplies_exactly() -> None:
    assert cell("1100.04", USD, scale=Decimal(1_000_000)) == 1_100_040_000 * 10**6
    assert cell("0.1", USD, scale=Decimal("0.0000001")) == 0
    assert cell("1.5", COUNT, scale=Decimal(1000)) == 1500
    assert cell("1.5", NUMBER, scale=Decimal(1000)) == 1500.0


def test_a_list_is_split_trimmed_and_rid_of_empty_items() -> None:
    tools = {"split": "|", "empty": ("n/a",), "replace": (("js", "javascript"),)}
    kind = list_of(CATEGORY)
    assert cell("java| js |", kind, **tools) == ["java", "javascript"]
    assert cell(None, kind, **tools) == []
    assert cell("java|n/a", kind, **tools) == ["java"]
    assert cell("n/a", kind.or_missing(), **tools) is None


def test_one_broken_number_leaves_its_neighbours_alone() -> None:
    cells = read_cells(pa.array(["1", "x", None, "2.50", "nan"]), rule_of(column("x", USD), ReadOptions()))
    assert cells.array.to_pylist() == [1_000_000, None, None, 2_500_000, None]
    assert cells.flaws is not None
    assert cells.flaws.tolist() == [0, Flaw.WRONG_TYPE, 0, 0, Flaw.NAN]


decimals = st.decimals(-(10**12), 10**12, allow_nan=False, places=None).filter(
    lambda d: abs(d.as_tuple().exponent) < 30
)


@given(st.lists(decimals, min_size=1, max_size=20))
def test_money_of_text_is_rounded_half_even_from_its_exact_digits(values: list[Decimal]) -> None:
    cells = read_cells(pa.array([f"{v:f}" for v in values]), rule_of(column("x", USD), ReadOptions()))
    assert cells.array.to_pylist() == [round(Fraction(v) * 10**6) for v in values]


dressed = st.from_regex(r"[(\-]?[$€]?[\-]?[0-9]{1,4}(,[0-9]{2,3}){0,3}(\.[0-9]{0,3})?[kM%)]?", fullmatch=True)


@given(st.lists(dressed, min_size=1, max_size=20), st.sampled_from([USD, COUNT, INT, NUMBER]))
def test_a_lenient_column_means_what_its_cells_mean_one_by_one(texts: list[str], kind: Type) -> None:
    rule = rule_of(column("x", kind, lenient=True), ReadOptions())
    cells = read_cells(pa.array(texts), rule)
    for text, value, flaw in zip(texts, cells.array.to_pylist(), flaws_of(cells), strict=True):
        number = lenient_decimal(text, ".", kind.currency, kind == NUMBER)
        match kind.kind:
            case Kind.MONEY:
                meant: object = units(number, None, 6)
            case Kind.NUMBER:
                meant = real(number, None)
            case _:
                meant = whole(number, None, kind == COUNT)
        assert (value, flaw) == ((None, meant) if isinstance(meant, Flaw) else (meant, Flaw.NONE)), text


def flaws_of(cells: Cells) -> list[int]:
    return [0] * len(cells.array) if cells.flaws is None else cells.flaws.tolist()


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=20), st.sampled_from(["USD", "JPY"]))
def test_money_of_floats_is_what_their_shortest_digits_say(values: list[float], currency: str) -> None:
    places = 6 if currency == "USD" else 3
    cells = read_cells(pa.array(values), rule_of(column("x", money(currency)), ReadOptions()))
    assert cells.array.to_pylist() == [round(Fraction(Decimal(repr(v))) * 10**places) for v in values]


@given(st.lists(st.integers(-(2**49), 2**49).map(lambda n: (n + 0.5) / 1e6), min_size=1, max_size=20))
def test_a_float_near_a_half_is_never_rounded_by_guess(values: list[float]) -> None:
    array, doubtful = rounded_units(pa.array(values), 10**6)
    for at, value in enumerate(values):
        exact = round(Fraction(Decimal(repr(value))) * 10**6)
        assert array[at].as_py() == exact or (doubtful is not None and doubtful[at])


@pytest.mark.parametrize(
    ("array", "kind", "value"),
    [
        (pa.array([7], pa.int8()), INT, 7),
        (pa.array([2**63], pa.uint64()), INT, Flaw.TOO_LARGE),
        (pa.array([1017.0]), INT, 1017),
        (pa.array([1017.5]), INT, Flaw.WRONG_TYPE),
        (pa.array([-3]), COUNT, Flaw.WRONG_TYPE),
        (pa.array([7]), NUMBER, 7.0),
        (pa.array([float("nan")]), NUMBER, Flaw.NAN),
        (pa.array([float("inf")]), USD, Flaw.INFINITE),
        (pa.array([float("nan")]), INT, Flaw.NAN),
        (pa.array([12]), USD, 12_000_000),
        (pa.array([10**13]), USD, Flaw.TOO_LARGE),
        (pa.array([200], pa.uint8()), USD, 200_000_000),
        (pa.array([0.1 + 0.2]), USD, 300_000),
        (pa.array([41.9136]), USD, 41_913_600),
        (pa.array([0.1], pa.float32()), USD, 100_000),
        (pa.array([Decimal("41.9136")]), USD, 41_913_600),
        (pa.array([Decimal("-0.00000250")]), USD, -2),
        (pa.array([Decimal("99999999999999.5")]), USD, Flaw.TOO_LARGE),
        (pa.array([Decimal("12")]), INT, 12),
        (pa.array([Decimal("12.5")]), NUMBER, 12.5),
        (pa.array([123]), TEXT, "123"),
        (pa.array([True]), TEXT, "true"),
        (pa.array([1, 1]), CATEGORY, "1"),
        (pa.array([b"x"]), TEXT, Flaw.WRONG_TYPE),
        (pa.array([1.5]), TEXT, Flaw.WRONG_TYPE),
        (pa.array(["x"], pa.large_string()), TEXT, "x"),
        (pa.array([" x"]).dictionary_encode(), TEXT, "x"),
        (pa.array(["12"]).dictionary_encode(), INT, 12),
        (pa.array([datetime(2026, 1, 31)]), DATE, date(2026, 1, 31)),
        (pa.array([datetime(2026, 1, 31, 1)]), DATE, Flaw.WRONG_TYPE),
        (pa.array([datetime(2026, 1, 31, 1)], pa.timestamp("ns")), TIMESTAMP, datetime(2026, 1, 31, 1, tzinfo=UTC)),
        (pa.array([date(2026, 1, 31)]), TIMESTAMP, datetime(2026, 1, 31, tzinfo=UTC)),
        (pa.array([date(2026, 1, 31)], pa.date64()), DATE, date(2026, 1, 31)),
        (pa.array([1]), BOOL, True),
        (pa.array([2]), BOOL, Flaw.WRONG_TYPE),
        (pa.array([1, 2**64 - 1], pa.uint64()), BOOL, True),
        (pa.array([2**64 - 1], pa.uint64()), BOOL, Flaw.WRONG_TYPE),
        (pa.array([2**62]).view(pa.duration("s")), DURATION, Flaw.TOO_LARGE),
        (pa.array([-(2**62)]).view(pa.duration("ms")), DURATION, Flaw.TOO_LARGE),
        (pa.array([-(2**63)]).view(pa.duration("us")), DURATION, Flaw.TOO_LARGE),
        (pa.array([3]).view(pa.duration("s")), DURATION, 3_000_000),
        (pa.array([3999]).view(pa.duration("ns")), DURATION, 3),
        (pa.array([5]), DATE, Flaw.WRONG_TYPE),
        (pa.array([date(2026, 1, 31)]), USD, Flaw.WRONG_TYPE),
        (pa.nulls(1), USD, None),
        (pa.nulls(1), CATEGORY, None),
        (pa.nulls(1), list_of(TEXT), []),
        (pa.array([["a ", None, ""]]), list_of(TEXT), ["a"]),
        (pa.array([None], pa.list_(pa.string())), list_of(TEXT), []),
        (pa.array([None], pa.list_(pa.string())), list_of(TEXT).or_missing(), None),
        (pa.array([[1, 2]]), list_of(INT), [1, 2]),
        (pa.array(["a;b"]), list_of(TEXT), Flaw.WRONG_TYPE),
    ],
)
def test_a_typed_column_is_read_as_what_it_means(array: pa.Array, kind: Type, value: object) -> None:
    assert cell(array, kind) == value


def test_replacements_of_a_whole_number_column_speak_of_its_digits() -> None:
    assert cell(pa.array([1]), CATEGORY, replace=(("1", "Horeca"),)) == "Horeca"
    assert cell(pa.array([-1]), COUNT.or_missing(), empty=("-1",)) is None


def test_lists_of_a_slice_keep_their_own_items() -> None:
    lists = pa.array([["a"], ["b", "x"], None, ["c"]]).slice(1)
    cells = read_cells(lists, rule_of(column("x", list_of(category("a", "b", "c"))), ReadOptions()))
    assert cells.array.to_pylist() == [["b"], [], ["c"]]
    assert cells.flaws is not None
    assert cells.flaws.tolist() == [Flaw.OUTSIDE, 0, 0]


def test_a_wrong_physical_type_is_one_breach_naming_both(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [date(2026, 1, 31), None]}), tmp_path / "a.parquet")
    _, facts = read_files(source_of(column("x", USD.or_missing())), tmp_path / "a.parquet")
    assert codes(facts) == ["SEG602"]
    assert "dates" in facts.diagnostics[0].message
    assert "money(USD)" in facts.diagnostics[0].message


def test_defaults_fill_missing_values_and_are_no_breach(tmp_path: Path) -> None:
    declared = source_of(
        column("n", INT, default=7), column("b", BOOL, default=False), column("c", CATEGORY, default="none")
    )
    table, facts = read_text(declared, tmp_path, "n,b,c\n,,\n1,yes,x\n")
    assert table.to_pylist() == [{"n": 7, "b": False, "c": "none"}, {"n": 1, "b": True, "c": "x"}]
    assert facts.diagnostics == ()
    assert facts.missing == {"n": 1, "b": 1, "c": 1}


@pytest.mark.parametrize("kind", [NUMBER, RATIO])
@pytest.mark.parametrize("scale", [None, Decimal(2)])
@pytest.mark.parametrize(
    "array",
    [
        pa.array(["-0", "-0.0", "0"]),
        pa.array(["-0", "nan", "-0e5"]),
        pa.array([-0.0, 0.0]),
        pa.array([-0.0], pa.float16()),
    ],
    ids=str,
)
def test_a_file_that_says_minus_zero_means_zero(array: pa.Array, kind: Type, scale: Decimal | None) -> None:
    cells = read_cells(array, rule_of(column("x", kind.or_missing(), scale=scale), ReadOptions()))
    assert {str(value) for value in cells.array.drop_null().to_pylist()} == {"0.0"}
