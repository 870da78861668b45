"""Names of clusters: what sets each apart, and no two alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.cluster_names import Told, name_clusters

DEVIATIONS = st.floats(-3, 3, allow_nan=False)


def named(fields: list[str], *apart: list[float], figures: list[list[float]] | None = None) -> list[tuple[str, str]]:
    columns = zip(fields, np.array(apart).T, np.array(apart if figures is None else figures).T, strict=True)
    told = [Told(field, column, figures=tuple(figure.tolist())) for field, column, figure in columns]
    return [(one.name, one.title) for one in name_clusters(told)]


def test_words_of_the_trade_come_before_high_and_low() -> None:
    fields = ["employees", "growth", "mrr"]
    assert named(fields, [2, 1, 0.1], [-0.5, -1, 0.7], [0, 0.2, -1.2]) == [
        ("large_growing", "Large and growing"),
        ("shrinking_high_mrr", "Shrinking and high mrr"),
        ("low_mrr", "Low mrr"),
    ]


def test_growth_that_is_only_slower_is_steady() -> None:
    assert named(["growth"], [-1.0], [1.0], figures=[[0.02], [0.3]]) == [("steady", "Steady"), ("growing", "Growing")]


def test_a_direction_is_said_once() -> None:
    assert named(["fresh", "frozen_fish"], [1, 0.9]) == [("high_fresh_frozen_fish", "High fresh and frozen fish")]


def test_what_is_like_all_accounts_is_typical() -> None:
    assert named(["x", "y"], [0.1, -0.2], [2, 2]) == [("typical", "Typical"), ("high_x_y", "High x and y")]


def test_two_that_are_alike_are_told_apart_by_the_next_feature_or_a_number() -> None:
    assert [name for name, _ in named(["x", "y", "z"], [2, 1, 0.3], [2, 1, -0.3])] == ["high_x_y_z", "high_x_y_low_z"]
    assert named(["x"], [2.0], [1.0]) == [("high_x", "High x"), ("high_x_2", "High x (2)")]


def test_a_category_is_called_by_its_value_and_a_yes_or_no_by_its_field() -> None:
    told = [
        Told("industry", np.array([1.0, 1.5, 0.0]), values=("R&D, software", "50 to 99", "Banks")),
        Told("is_public", np.array([0.5, 0.0, 2.0]), values=(True, False, False)),
        Told("employees", np.array([0.1, -3.0, 0.2]), figures=(1, 2, 3)),
    ]
    assert [(one.name, one.title) for one in name_clusters(told)] == [
        ("r_d_software_public", "R&D, software and public"),
        ("small_industry_50_to_99", "Small and industry 50 to 99"),
        ("not_public", "Not public"),
    ]


def test_long_values_make_no_endless_names() -> None:
    values = ("x" * 500, "y" * 500)
    names = name_clusters([Told("industry", np.array([1.0, 1.0]), values=values)])
    assert [len(one.name) for one in names] == [60, 60] and max(len(one.title) for one in names) == 120


@given(st.lists(st.lists(DEVIATIONS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_names_are_different_and_can_be_written(apart: list[list[float]]) -> None:
    names = [name for name, _ in named(["Umsatz (€)", "größe", "x.y"], *apart)]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
