"""`value`: tiers against plain arithmetic, by the text as the engine runs it."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from segdsl.plugin import COUNT, FieldName, FitCall, Refused, money
from segdsl.plugin.testing import FitExample, check_plugin
from segdsl_value import SEGMENTER
from segdsl_value.fitting import fit
from tests.plugins.finding import Found, find


def tiers(folder: Path, options: str, values: Sequence[Any], type_: str = "money(EUR)?") -> Found:
    rows = [(None if value is None else Decimal(value) if "money" in type_ else value,) for value in values]
    return find(folder, SEGMENTER, f"of: mrr {options}", {"mrr": type_}, rows)


def test_the_contract_is_kept() -> None:
    pareto = FitExample(
        fields={"mrr": [Decimal(one) for one in ("100", "50", "5", "5", "5")]},
        types={"mrr": money("EUR")},
        options={"of": "mrr"},
        expected='segment vital_few "Vital few" when mrr >= €50 segment useful_many "Useful many" otherwise',
    )
    halves = FitExample(
        fields={"seats": [1, 2, None, 10, 12]},
        types={"seats": COUNT.or_missing()},
        options={"of": "seats", "method": "quantiles", "n": 2},
    )
    check_plugin("value", pareto, halves)


def test_the_fewest_accounts_that_bring_the_share_are_the_vital_few(tmp_path: Path) -> None:
    found = tiers(tmp_path, "", [100, 50, 5, 5, 5])
    assert found.segments == ["vital_few"] * 2 + ["useful_many"] * 3
    assert "# vital_few: 2 of 5 accounts (40.0%) bring 90.9% of mrr" in found.text


@given(st.lists(st.integers(1, 10_000), min_size=2, max_size=30).filter(lambda v: len(set(v)) > 1), st.integers(10, 60))
def test_the_vital_few_bring_the_share_and_without_the_least_of_them_do_not(values: list[int], percent: int) -> None:
    call = of_counts(values, {"share": Decimal(percent) / 100})
    try:
        body = fit(call).body
    except Refused as refused:
        assert "too much alike" in str(refused)
        largest = sorted(values, reverse=True)
        kept = [value for value in largest if value > min(values)]
        assert Fraction(sum(kept), sum(values)) < Fraction(percent, 100)
        return
    cut = float(body.split(">= ")[1].split("\n")[0].replace("_", "").replace("k", "e3"))
    few = [value for value in values if value >= cut]
    assert 100 * sum(few) >= percent * sum(values)
    # Rounding a cut-point may let 1 % of the accounts in, here one.
    fewer = [value for value in few if value > min(few)]
    fewest = [value for value in fewer if value > min(fewer, default=0)]
    assert 100 * sum(fewest) < percent * sum(values)


def of_counts(values: Sequence[int], options: dict[str, Any]) -> FitCall:
    return FitCall(
        {"seats": pa.array(values, pa.int64())},
        {"seats": COUNT},
        len(values),
        options={"of": FieldName("seats"), **options},
    )


def test_nothing_less_than_nothing_and_missing_stand_apart(tmp_path: Path) -> None:
    found = tiers(tmp_path, "", ["100", "50", "5", "5", "5", "0", "-3", None])
    assert found.segments == [*["vital_few"] * 2, *["useful_many"] * 3, "no_value", "no_value", "not_known"]
    assert "# not_known: 1 account\n" in found.text


def test_equal_accounts_are_never_parted(tmp_path: Path) -> None:
    # 80 % of 300 takes two of the three 90s; all three go together.
    assert tiers(tmp_path, "", [90, 90, 90, 20, 10]).segments == ["vital_few"] * 3 + ["useful_many"] * 2


def test_quarters_are_named_from_the_top(tmp_path: Path) -> None:
    found = tiers(tmp_path, "method: quantiles", [10, 20, 30, 40, 50, 60, 70, 80])
    names = ["bottom_quarter", "third_quarter", "second_quarter", "top_quarter"]
    assert found.segments == [name for name in names for _ in range(2)]


def test_other_numbers_of_tiers(tmp_path: Path) -> None:
    assert tiers(tmp_path, "method: quantiles n: 3", [1, 2, 3]).segments == [
        "bottom_third",
        "second_third",
        "top_third",
    ]
    seven = tiers(tmp_path, "method: quantiles n: 7", list(range(1, 8)))
    assert seven.segments == [f"tier_{place}" for place in range(7, 0, -1)]


def test_fixed_tiers_begin_at_the_cut_points(tmp_path: Path) -> None:
    found = tiers(tmp_path, "method: fixed cuts: €10k, €50k", ["50000", "49999.99", "10000", "9999.99", "0"])
    assert found.segments == ["tier_1", "tier_2", "tier_2", "tier_3", "no_value"]
    assert [line.split('"')[1] for line in found.lines] == [
        "€50k and over",
        "€10k to under €50k",
        "Under €10k",
        "No value",
    ]


def test_fixed_tiers_of_a_plain_number(tmp_path: Path) -> None:
    found = tiers(tmp_path, "method: fixed number_cuts: 10", [9, 10, 11], "count")
    assert found.segments == ["tier_2", "tier_1", "tier_1"]


@pytest.mark.parametrize(
    ("options", "values", "word"),
    [
        ("", [0, -3, None], "no account has a `mrr` above 0"),
        ("", [None, None], "no account has a `mrr` above 0"),
        ("", [7], "only 1 account has a `mrr` above 0"),
        ("", [7, 7, 7], "the same in all 3 accounts"),
        ("", [10, 11, 12], "the largest are too much alike"),
        ("method: quantiles", [5, 5, 5, 5, 9], "`mrr` is 5 in 80% of 5 accounts"),
        ("method: fixed", [5, 9], "needs cut-points"),
        ("method: fixed number_cuts: 10", [5, 9], "is an amount of money"),
        ("n: 3", [5, 9], "belongs to `method: quantiles`"),
        ("share: 50% method: fixed cuts: €3", [5, 9], "belongs to `method: pareto`"),
    ],
)
def test_what_makes_no_tiers_is_refused_in_a_word(
    tmp_path: Path, options: str, values: list[int | None], word: str
) -> None:
    found = tiers(tmp_path, options, values)
    assert len(found.errors) == 1 and word in found.errors[0]


def test_a_date_has_no_tiers(tmp_path: Path) -> None:
    found = find(tmp_path, SEGMENTER, "of: since", {"since": "date"}, [])
    assert found.errors == ["`of` takes no date, and `since` is one"]


@given(
    st.lists(st.integers(1, 100_000), min_size=30, max_size=300, unique=True),
    st.sampled_from(["method: pareto", "method: quantiles", "method: quantiles n: 3"]),
)
@settings(max_examples=15)
def test_what_rounding_moved_is_told(tmp_path_factory: pytest.TempPathFactory, worth: list[int], method: str) -> None:
    rows = [(Decimal(one),) for one in worth]
    folder = tmp_path_factory.mktemp("value")
    found = find(folder, SEGMENTER, f"of: mrr {method}", {"mrr": "money(USD)"}, rows)
    assume(not found.errors)
    order = sorted(worth)
    if "pareto" in method:
        few = next(n for n in range(1, len(worth)) if 5 * sum(order[-n:]) >= 4 * sum(worth))
        exact = ["useful_many"] * (len(worth) - few) + ["vital_few"] * few
    else:
        parts = 3 if "n: 3" in method else 4
        names = {4: ["bottom_quarter", "third_quarter", "second_quarter", "top_quarter"]}.get(
            parts, ["bottom_third", "second_third", "top_third"]
        )
        # An account on a quantile, which lies (n - 1) k / parts steps from the least, belongs below it.
        last = len(worth) - 1
        exact = [names[sum(place * parts > last * k for k in range(1, parts))] for place in range(len(worth))]
    segments = dict(zip(worth, found.segments, strict=True))
    moved = sum(segments[one] != tier for one, tier in zip(order, exact, strict=True)) / len(worth)
    told = f"{moved:.1%} of the accounts above 0" if moved else "no account"
    assert f"# round cut-points moved {told} to another tier" in found.text
