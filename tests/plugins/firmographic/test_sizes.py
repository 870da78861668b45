"""Sizes: numbers of employees out of words, the EU's classes, and bands of the user's own."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import COUNT, TEXT, Type, category, money
from tests.plugins.firmographic.asking import ask, output_type, texts, values, whole

EUR = pa.decimal128(19, 6)


def euros(*amounts: str | int | None) -> pa.Array:
    return pa.array([None if amount is None else Decimal(amount) for amount in amounts], EUR)


@pytest.mark.parametrize(
    ("written", "low", "high", "mid"),
    [
        ("50-100", 50, 100, 75),
        ("51-200 employees", 51, 200, 125),
        ("Between 11 and 50 people", 11, 50, 30),
        ("around 100 to 200 people.", 100, 200, 150),
        ("about 1,200", 1200, 1200, 1200),
        ("10k+", 10_000, None, 10_000),
        ("5K-10K", 5_000, 10_000, 7_500),
        ("1-5k", 1_000, 5_000, 3_000),
        ("500-1k", 500, 1_000, 750),
        ("1 000–5 000", 1_000, 5_000, 3_000),
        ("1.500", 1_500, 1_500, 1_500),
        ("1'000'000", 1_000_000, 1_000_000, 1_000_000),
        ("2.5k", 2_500, 2_500, 2_500),
        ("2,5 k", 2_500, 2_500, 2_500),
        ("under 50", None, 49, 49),
        ("< 500 employees", None, 499, 499),
        ("up to 10", None, 10, 10),
        ("<= 10", None, 10, 10),
        ("over 1,000 employees worldwide", 1_001, None, 1_001),
        ("more than 45 members", 46, None, 46),
        ("at least 20", 20, None, 20),
        ("20 plus people", 20, None, 20),
        ("250 or more", 250, None, 250),
        ("200ish", 200, 200, 200),
        ("~ 700", 700, 700, 700),
        ("200+ (as of January 2020)", 200, None, 200),
        ("(as of June 2025) 3 employees", 3, 3, 3),
        ("12 employees (January 2018).", 12, 12, 12),
        ("since 2004, 60 people", 60, 60, 60),
        ("[28](https://example.com/about-1234)", 28, 28, 28),
        ("0", 0, 0, 0),
        ("two people", None, None, None),
        ("10up", None, None, None),
        ("100-50", None, None, None),
        ("1" * 30, None, None, None),
        ("\u200f51-200\u200f", 51, 200, 125),
        ("12\x00", 12, 12, 12),
    ],
)
def test_sizes_in_words(written: str, low: int | None, high: int | None, mid: int | None) -> None:
    ends = tuple(values(f"employees_{end}", texts(written))[0] for end in ("low", "high", "mid"))
    assert ends == (low, high, mid)


def test_sizes_without_a_number_are_noted() -> None:
    found, notes = ask("employees_mid", texts("many", None, " ", "5"))
    assert found == [None, None, None, 5]
    assert [note.where.to_pylist() for note in notes] == [[True, False, False, False]]


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["-", " - ", "–", " to ", " — "]))
def test_the_ends_of_a_written_range_come_back(one: int, other: int, dash: str) -> None:
    low, high = sorted((one, other))
    written = texts(f"{low}{dash}{high}", f"{low:,}{dash}{high:,} employees")
    ends = [values(f"employees_{end}", written) for end in ("low", "high", "mid")]
    assert ends == [[low] * 2, [high] * 2, [(low + high) // 2] * 2]


@given(st.lists(st.one_of(st.none(), st.text())))
def test_any_text_gives_ends_in_order(written: list[str | None]) -> None:
    given_texts = pa.array(written, pa.string())
    low, high, mid = (values(f"employees_{end}", given_texts) for end in ("low", "high", "mid"))
    for a, b, middle in zip(low, high, mid, strict=True):
        assert (middle is None) == (a is None and b is None)
        if a is not None and b is not None:
            assert a <= middle <= b


def test_size_bands_of_the_eu() -> None:
    # Recommendation 2003/361/EC: fewer than 10, 50, 250 persons.
    sizes = whole(0, 9, 10, 49, 50, 249, 250, 1_000_000, None)
    bands = ["micro", "micro", "small", "small", "medium", "medium", "large", "large", None]
    assert values("size_band", sizes) == bands
    assert values("size_band", sizes.cast(pa.float64())) == bands
    assert output_type("size_band", [COUNT]) == category("micro", "small", "medium", "large").or_missing()


def test_a_size_in_words_has_the_band_of_its_middle() -> None:
    assert values("size_band", texts("5-10", "50-100", "<10", "10k+", "many")) == [
        "micro",
        "medium",
        "micro",
        "large",
        None,
    ]


def test_numbers_below_zero_and_none_at_all_have_no_band() -> None:
    found, notes = ask("size_band", pa.array([-1.0, float("nan"), float("inf"), 3.0, None]))
    assert found == [None, None, None, "micro", None]
    assert [note.where.to_pylist() for note in notes] == [[True, True, True, False, False]]


def test_customary_bands() -> None:
    assert values("employees_band", whole(0, 1, 10, 11, 50, 51, 500, 501, 1000, 1001, 10_000, 10_001)) == [
        *("1-10", "1-10", "1-10", "11-50", "11-50", "51-200", "201-500", "501-1000", "501-1000", "1001-5000"),
        *("5001-10000", "10001+"),
    ]


def test_bands_of_the_users_own() -> None:
    options = {"employee_bands": (20, 200), "employee_band_names": ("S", "M", "L")}
    assert output_type("size_band", [COUNT], options) == category("S", "M", "L").or_missing()
    assert values("size_band", whole(19, 20, 199, 200), **options) == ["S", "M", "M", "L"]


def test_bands_of_the_users_own_without_names() -> None:
    found = output_type("size_band", [COUNT], {"employee_bands": (20, 1500)})
    assert found == category("under 20", "20 to under 1.5k", "1.5k or more").or_missing()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"employee_bands": (50, 10)}, "must rise"),
        ({"employee_bands": (10, 10)}, "must rise"),
        ({"employee_bands": (10, 50), "employee_band_names": ("a", "b")}, "make 3 bands"),
        ({"employee_bands": (10,), "employee_band_names": ("a", "a")}, "twice"),
        ({"employee_band_names": ("a", "b")}, "doesn't give"),
    ],
)
def test_bands_that_make_no_sense_are_found_by_check(options: dict[str, tuple[object, ...]], reason: str) -> None:
    found = output_type("size_band", [COUNT], options)
    assert isinstance(found, str)
    assert reason in found


def test_revenue_bands_of_the_eu_include_their_upper_bound() -> None:
    # "Does not exceed EUR 2 million", 10 and 50 million.
    amounts = euros(0, 2_000_000, "2000000.000001", 10_000_000, 10_000_001, 50_000_000, 50_000_001, None)
    assert values("revenue_band", amounts) == [
        *("micro", "micro", "small", "small", "medium", "medium", "large", None),
    ]


def test_revenue_bands_of_the_eu_are_for_euros() -> None:
    assert isinstance(output_type("revenue_band", [money("EUR")]), Type)
    assert "euros" in str(output_type("revenue_band", [money("USD")]))
    options = {"revenue_bands": (Decimal(1_000_000), Decimal(20_000_000))}
    assert (
        output_type("revenue_band", [money("USD")], options)
        == category("under 1M", "1M to under 20M", "20M or more").or_missing()
    )
    found = values("revenue_band", euros("999999.99", 1_000_000, 20_000_000), **options)
    assert found == ["under 1M", "1M to under 20M", "20M or more"]


def test_revenue_below_zero_is_noted() -> None:
    found, notes = ask("revenue_band", euros(-1, 1))
    assert found == [None, "micro"]
    assert [note.where.to_pylist() for note in notes] == [[True, False]]


def sme_class(employees: int | None, turnover: int | None, balance: int | None) -> str | None:
    """The definition read word by word, over every amount that a missing one may be."""
    limits = (("micro", 10, 2, 2), ("small", 50, 10, 10), ("medium", 250, 50, 43))
    million = 1_000_000

    def known(e: int, t: int, b: int) -> str:
        for name, people, most_turnover, most_balance in limits:
            if e < people and (t <= most_turnover * million or b <= most_balance * million):
                return name
        return "large"

    any_amount = (0, 5 * million, 45 * million, 99 * million)
    found = {
        known(e, t, b)
        for e in ((5, 20, 100, 999) if employees is None else (employees,))
        for t in (any_amount if turnover is None else (turnover,))
        for b in (any_amount if balance is None else (balance,))
    }
    return found.pop() if len(found) == 1 else None


amounts = st.one_of(st.none(), st.sampled_from([0, 1, 2, 3, 10, 11, 43, 44, 50, 51, 90]).map(lambda n: n * 1_000_000))


@given(st.one_of(st.none(), st.sampled_from([0, 9, 10, 49, 50, 249, 250, 999])), amounts, amounts)
def test_sme_class_by_the_letter_of_the_definition(
    people: int | None, turnover: int | None, balance: int | None
) -> None:
    found = values("sme_class", whole(people), euros(turnover), euros(balance))
    assert found == [sme_class(people, turnover, balance)]


def test_sme_class_by_turnover_alone() -> None:
    found = values("sme_class", whole(5, 5, 60, 300, 5, None), euros(1, 60_000_000, 60_000_000, None, None, 1))
    assert found == ["micro", "large", "large", "large", None, None]


def test_sme_class_is_for_euros() -> None:
    assert "euros" in str(output_type("sme_class", [COUNT, money("USD")]))
    assert output_type("sme_class", [COUNT, money("EUR")]) == category("micro", "small", "medium", "large").or_missing()


def test_empty_and_missing_columns() -> None:
    for output in ("employees_low", "size_band", "employees_band"):
        assert values(output, texts()) == []
        assert values(output, texts(None, None)) == [None, None]
    assert output_type("employees_mid", [TEXT]) == COUNT.or_missing()


def test_a_cell_of_ten_megabytes() -> None:
    assert values("employees_mid", texts("x" * 10_000_000, "7" * 10_000_000)) == [None, None]
