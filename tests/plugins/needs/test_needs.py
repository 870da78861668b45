"""`needs`: planted groups by the text as the engine runs it, and the word that there are none."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from segdsl.plugin import COUNT, NUMBER, RATIO
from segdsl.plugin.testing import FitExample, check_plugin
from segdsl_needs import SEGMENTER
from tests.plugins.finding import Found, find
from tests.plugins.needs.surveys import one_population, planted

NONE = "# no groups: "


def needs(
    folder: Path, answers: Sequence[Sequence[Any]] | np.ndarray, options: str = "", type_: str = "number"
) -> Found:
    """What is found in answers to q1, q2, ..."""
    rows = [tuple(row) for row in (answers.tolist() if isinstance(answers, np.ndarray) else answers)]
    names = [f"q{place}" for place in range(1, len(rows[0]) + 1)]
    return find(folder, SEGMENTER, f"items: {', '.join(names)} {options}", dict.fromkeys(names, type_), rows)


def agreement(found: Found, group: np.ndarray) -> float:
    """The adjusted Rand index of the text's segments with the planted groups."""
    assert found.errors == []
    return float(adjusted_rand_score(group, [str(one) for one in found.segments]))


@pytest.mark.slow
def test_the_contract_is_kept() -> None:
    answers, _ = planted(1, 60, items=6)
    fields = {f"q{place}": [*column.astype(int).tolist(), None] for place, column in enumerate(answers.T)}
    types = dict.fromkeys(fields, COUNT.or_missing())
    fields["q5"] = [one / 5 for one in fields["q5"][:-1]] + [None]
    types["q5"] = RATIO.or_missing()
    example = FitExample(fields=fields, types=types, options={"items": tuple(fields), "clusters": (2, 4)})
    flat = {name: [1.0, 2.0] * 30 for name in ("a", "b", "c")}
    noise = FitExample(
        fields={name: np.random.default_rng(place).normal(size=60).tolist() for place, name in enumerate(flat)},
        types=dict.fromkeys(flat, NUMBER),
        options={"items": tuple(flat), "factors": 1},
    )
    check_plugin("needs", example, noise)


def test_planted_groups_come_out_as_segments(tmp_path: Path) -> None:
    answers, group = planted(0)
    found = needs(tmp_path, answers)
    assert agreement(found, group) >= 0.95
    assert "# factors by parallel analysis: 3, " in found.text


@pytest.mark.slow
def test_segments_are_named_for_the_needs_that_stand_out(tmp_path: Path) -> None:
    answers, _ = planted(1, items=9)
    rows = [tuple(row) for row in answers.tolist()]
    names = [f"{kind}_{part}" for kind in ("price", "service", "speed") for part in "abc"]
    found = find(tmp_path, SEGMENTER, f"items: {', '.join(names)}", dict.fromkeys(names, "number"), rows)
    titles = [re.sub(r"_?\b[abc]\b", "", line.split('"')[1]) for line in found.lines if line.startswith("segment ")]
    assert titles[0].startswith("High price")
    assert len(titles) == 4 and titles[3].count("igh ") == 1 and "low" not in titles[3]
    # Figures within the scale, with at most one decimal.
    figures = re.findall(r" [a-z]+_[abc] (-?[\d.]+)", "\n".join(found.lines))
    assert len(figures) == 36 and all(1 <= float(one) <= 5 for one in figures)


@pytest.mark.slow
def test_the_text_places_accounts_as_the_factor_scores_do(tmp_path: Path) -> None:
    answers, _ = planted(2, apart=0.9, noise=0.9)
    found = needs(tmp_path, answers, "clusters: 4")
    told = re.search(r"# the text places ([\d.]+)% of the accounts as the factor scores do", found.text)
    assert told is not None and float(told[1]) >= 99
    # Factor scores by another road: regression (Thurstone 1935) with scikit-learn's factors.
    from sklearn.decomposition import FactorAnalysis

    standard = (answers - answers.mean(axis=0)) / answers.std(axis=0)
    scores = FactorAnalysis(3, rotation="varimax").fit_transform(standard)
    theirs = KMeans(4, n_init=10, random_state=0).fit(scores / scores.std(axis=0)).labels_
    assert agreement(found, theirs) >= 0.95


@pytest.mark.slow
def test_the_text_is_the_same_in_any_order_of_rows(tmp_path: Path) -> None:
    answers, _ = planted(4, 200)
    turned = answers[np.random.default_rng(5).permutation(len(answers))]
    one, other = needs(tmp_path, answers), needs(tmp_path, turned)
    assert one.text == other.text and "segment " in one.text


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["one to five", "mostly five", "yes or no", "heavy tails"])
def test_in_one_population_there_are_no_groups(tmp_path: Path, shape: str) -> None:
    found = needs(tmp_path, one_population(shape, 2))
    assert found.errors == [] and set(found.segments) == {"all"}
    assert NONE + "accounts differ by degrees, as in one population" in found.text


def test_in_answers_that_have_nothing_in_common_there_are_no_groups(tmp_path: Path) -> None:
    answers = np.random.default_rng(8).integers(1, 6, (150, 8)).astype(float)
    found = needs(tmp_path, answers)
    assert set(found.segments) == {"all"} and NONE + "the items have nothing in common" in found.text


def test_groups_of_yes_and_no_answers_are_found(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    group = random.choice(2, 300, p=[0.7, 0.3])
    yes = random.random((300, 8)) < np.where(group[:, None] == 1, 0.9, 0.1)
    found = needs(tmp_path, yes.astype(int), type_="count")
    # Eight yes-or-no answers lie in nine heaps, which have a larger silhouette than the groups.
    assert agreement(found, group) >= 0.95


def test_with_center_the_habit_of_high_answers_does_not_count(tmp_path: Path) -> None:
    answers, group = planted(6, 400, noise=0.5, level=1.0)
    plain, centered = needs(tmp_path, answers, "clusters: 4"), needs(tmp_path, answers, "clusters: 3 center: true")
    # By level the fourth group, which wants more of everything, is no other than the rest: it can't be told.
    told = group < 3
    by_need = adjusted_rand_score(group[told], np.array(centered.segments)[told].astype(str))
    assert by_need >= 0.9 > adjusted_rand_score(group[told], np.array(plain.segments)[told].astype(str))


@pytest.mark.slow
def test_an_account_that_lacks_an_answer_is_unassigned_and_counted(tmp_path: Path) -> None:
    answers, group = planted(1, 200)
    rows = [*answers.tolist(), [None, *answers[0, 1:].tolist()], [None] * 12]
    found = needs(tmp_path, rows, type_="number?")
    assert found.segments[200:] == [None, None] and None not in found.segments[:200]
    assert "# factor analysis of 12 items, 200 accounts; unassigned for lack of an answer: 2\n" in found.text
    assert adjusted_rand_score(group, np.array(found.segments[:200]).astype(str)) >= 0.95


@pytest.mark.slow
def test_items_that_all_answer_alike_are_left_out_and_told(tmp_path: Path) -> None:
    answers, _ = planted(1, 200)
    rows = [[3, *row, None, 4 if place else None] for place, row in enumerate(answers.tolist())]
    found = needs(tmp_path, rows, type_="number?")
    assert "# left out, as all answer them alike or not at all: q1, q14, q15\n" in found.text
    assert not re.search(r"measure q(1|14|15) ", found.text) and None not in found.segments


@pytest.mark.slow
def test_an_item_asked_twice_does_no_harm(tmp_path: Path) -> None:
    answers, group = planted(3)
    found = needs(tmp_path, np.column_stack([answers, answers[:, 0]]))
    assert "# Kaiser-Meyer-Olkin measure not known, as an item follows from others" in found.text
    assert agreement(found, group) >= 0.9


def test_duplicate_accounts_do_no_harm(tmp_path: Path) -> None:
    answers = np.repeat(np.array([[1, 1, 1, 5, 5], [5, 5, 5, 1, 1], [1, 5, 1, 5, 1]]), 30, axis=0)
    found = needs(tmp_path, answers, "clusters: 2")
    assert found.errors == [] and None not in found.segments


@pytest.mark.parametrize(
    ("rows", "options", "type_", "word"),
    [
        ([], "", "number", "0 items are answered differently"),
        ([[None] * 4] * 60, "", "number?", "0 items are answered differently"),
        ([[1, 2, 3, 4]], "", "number", "0 items are answered differently"),
        ([[place % 5, place % 4, 3] for place in range(60)], "", "int", "2 items are answered differently"),
        ([[place % 5, place % 4, place % 3] for place in range(40)], "", "int", "40 accounts have every answer"),
        ([[1e-15 * place, place % 4, place % 3] for place in range(60)], "", "number", "`q1` varies too little"),
        (
            [[1e200 * place, place % 4, place % 3] for place in range(60)],
            "",
            "number",
            "2 items are answered differently",
        ),
        ([[9e30 * (place % 5), place % 4, place % 3] for place in range(60)], "factors: 1", "number", ""),
        ([["a", "b", "c"]] * 60, "", "category", "`q1` is category, and factors want numbers"),
        ([[True, False, True]] * 60, "", "bool", "`q1` is bool, and factors want numbers"),
        (
            [[place % 5, place % 4, place % 3] for place in range(60)],
            "factors: 2",
            "int",
            "2 factors can't be told from 3 items",
        ),
        ([[x, x, x] for x in [1, 2] * 40], "clusters: 3", "int", "there are 2 different accounts by their answers"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_a_word(
    tmp_path: Path, rows: list[list[Any]], options: str, type_: str, word: str
) -> None:
    names = ("q1", "q2", "q3", "q4")[: len(rows[0]) if rows else 4]
    listed = f"items: {', '.join(names)} {options}"
    found = find(tmp_path, SEGMENTER, listed, dict.fromkeys(names, type_), [tuple(row) for row in rows])
    assert [word in one for one in found.errors] == ([True] if word else [])


def test_items_of_two_types_have_no_level_in_common(tmp_path: Path) -> None:
    answers, _ = planted(1, 100, items=6)
    types = dict.fromkeys(("a", "b", "c", "d", "e"), "number") | {"f": "ratio"}
    found = find(
        tmp_path, SEGMENTER, "items: a, b, c, d, e, f center: true", types, [tuple(x) for x in answers.tolist()]
    )
    assert len(found.errors) == 1 and "no level in common" in found.errors[0]
