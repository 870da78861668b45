"""States and provinces, with the regions of the US Census Bureau."""

from collections import Counter

import pytest

from segdsl_firmographic.account_outputs import CENSUS_DIVISIONS, CENSUS_REGIONS
from segdsl_firmographic.states import find_state, states


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Minnesota", "MN"),
        ("mn", "MN"),
        ("Minn.", "MN"),
        ("US-MN", "MN"),
        ("Saint Paul, Minnesota", "MN"),
        ("Saint Paul, MN 55101", "MN"),
        ("Saint Paul, MN 55101-1234, USA", "MN"),
        ("New York City, New York", "NY"),
        ("Washington, D.C.", "DC"),
        ("Washington", "WA"),
        ("Seattle, Washington", "WA"),
        ("State of Ohio", "OH"),
        ("Toronto, Ontario, Canada", "ON"),
        ("Québec", "QC"),
        ("Montreal, QC H2X 1Y4", "QC"),
        ("N. Carolina", "NC"),
        ("Atlanta, Georgia", "GA"),
    ],
)
def test_a_state_is_found_by_name_code_and_address(text: str, code: str) -> None:
    found = find_state(text, None)
    assert found.state is not None
    assert (found.state.code, found.guessed) == (code, False)


def test_one_slip_is_forgiven_and_told() -> None:
    found = find_state("Boston, Massachusets", "US")
    assert (found.state and found.state.code, found.guessed) == ("MA", True)


def test_only_states_of_the_country_count() -> None:
    assert find_state("Ontario", "US").state is None
    assert find_state("Georgia", "GE").state is None
    assert find_state("Ontario", "CA").state is not None


def test_other_countries_have_no_states_and_no_finding() -> None:
    assert find_state("Dublin, Ireland", None) == (None, False, False)
    assert find_state("Virginia, Ireland", None) == (None, False, False)
    assert find_state("Bavaria", "DE") == (None, False, False)


@pytest.mark.parametrize("text", ["Springfield", "Narnia, XX", "12345"])
def test_a_place_without_a_state_is_told(text: str) -> None:
    assert find_state(text, "US") == (None, False, True)


@pytest.mark.parametrize("text", ["", ",", " , ,", "x" * 10_000_000])
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert find_state(text, None).state is None


def test_census_regions_have_as_many_states_as_the_bureau_says() -> None:
    """Census Regions and Divisions of the United States: 9, 12, 17 (with D.C.) and 13 states."""
    known = [state for state in states().by_code.values() if state.region]
    assert Counter(state.region for state in known) == {"Northeast": 9, "Midwest": 12, "South": 17, "West": 13}
    assert {state.region for state in known} == set(CENSUS_REGIONS)
    assert Counter(state.division for state in known) == dict(
        zip(CENSUS_DIVISIONS, (6, 3, 5, 7, 9, 4, 4, 8, 5), strict=True)
    )
    assert sum(state.country == "CA" for state in states().by_code.values()) == 13
