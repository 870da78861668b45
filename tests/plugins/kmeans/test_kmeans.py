"""`kmeans`: planted groups, by the text as the engine runs it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from segdsl.evidence.mixed_clusters import MixedPoints, Prototypes, nearest
from segdsl.plugin import BOOL, CATEGORY, COUNT, DATE, RATIO, TEXT, FieldName, FitCall, Refused, Type, list_of
from segdsl.plugin.testing import FitExample, check_plugin
from segdsl.workflows.run import Request, run
from segdsl_kmeans import SEGMENTER
from segdsl_kmeans.features import Feature
from segdsl_kmeans.fitting import fit
from segdsl_kmeans.prototypes import place_figures, round_prototypes
from tests.plugins.finding import Found, find
from tests.workflows.inline_plugins import inline

TYPES = {"employees": "count", "growth": "ratio"}
GROUPS = (("small", 40, -0.02), ("middle", 260, 0.38), ("large", 5_000, 0.05))


def companies(each: int = 30, seed: int = 1) -> list[tuple[int, float]]:
    """Companies of three groups, one after the other, as many of each."""
    random = np.random.default_rng(seed)
    rows: list[tuple[int, float]] = []
    for _, size, growth in GROUPS:
        sizes = size * np.exp(0.2 * random.standard_normal(each))
        rows += zip(
            sizes.astype(int).tolist(), (growth + 0.02 * random.standard_normal(each)).round(4).tolist(), strict=True
        )
    return rows


def kmeans(folder: Path, rows: Sequence[tuple[Any, ...]], options: str = "", **types: str) -> Found:
    names = types or TYPES
    listed = ", ".join(f"`{name}`" for name in names)
    return find(folder, SEGMENTER, f"features: {listed} {options}", names, rows)


def test_the_contract_is_kept() -> None:
    rows = companies(6)
    example = FitExample(
        fields={"employees": [row[0] for row in rows] + [None], "growth": [row[1] for row in rows] + [0.1]},
        types={"employees": COUNT.or_missing(), "growth": RATIO},
        options={"features": ("employees", "growth"), "clusters": (2, 4)},
    )
    check_plugin("kmeans", example)


def test_the_contract_is_kept_with_categories() -> None:
    rows = mixed(6)
    fields: dict[str, list[Any]] = {name: [row[place] for row in rows] for place, name in enumerate(MIXED)}
    fields["industry"][0] = None
    types = {"industry": CATEGORY.or_missing(), "employees": COUNT, "public": BOOL}
    check_plugin("kmeans", FitExample(fields, types, options={"features": tuple(MIXED), "clusters": (2, 3)}))


def test_planted_groups_come_out_as_segments_and_are_counted(tmp_path: Path) -> None:
    found = kmeans(tmp_path, companies(), "clusters: 2 .. 6")
    by_group = [Counter(found.segments[start : start + 30]) for start in (0, 30, 60)]
    assert [sorted(counts.values()) for counts in by_group] == [[30], [30], [30]]
    assert len({name for counts in by_group for name in counts}) == 3
    assert "# 3 clusters: silhouette 0.9" in found.text
    assert "agreement of halves 1.00 with 3 clusters given, chosen\n" in found.text


def test_segments_are_named_for_what_sets_them_apart_with_round_figures(tmp_path: Path) -> None:
    found = kmeans(tmp_path, companies(), "clusters: 3")
    # Employees are spread over two powers of ten, so they are measured by logarithm; growth is not.
    assert [line.split(" scale ")[0] for line in found.lines[:2]] == ["measure employees log", "measure growth"]
    segments = {line.split()[1]: line.split(" at ")[1] for line in found.lines[2:]}
    assert segments.keys() == {"small_shrinking", "growing", "large_steady"}
    figures = [part.split()[1] for at in segments.values() for part in at.split(", ")]
    assert all(len(figure.strip("-%k").replace("_", "").replace(".", "").strip("0")) <= 2 for figure in figures)


def test_a_row_without_a_feature_is_unassigned_and_counted(tmp_path: Path) -> None:
    found = kmeans(tmp_path, [*companies(), (None, 0.1)], "clusters: 3", employees="count?", growth="ratio")
    assert found.segments[-1] is None and None not in found.segments[:-1]
    assert "# k-means on 90 accounts; unassigned for lack of a feature: 1\n" in found.text


def test_the_text_is_the_same_in_any_order_of_rows(tmp_path: Path) -> None:
    rows = companies()
    turned = [rows[place] for place in np.random.default_rng(5).permutation(len(rows))]
    assert kmeans(tmp_path, rows, "clusters: 2 .. 4").text == kmeans(tmp_path, turned, "clusters: 2 .. 4").text


def test_amounts_durations_and_odd_names_are_measured(tmp_path: Path) -> None:
    rows = [
        (Decimal(amount), timedelta(days=days, hours=place), 1.5 * place, -place)
        for place in range(10)
        for amount, days in ((100, 10), (9_000, 300))
    ]
    types = {"Annual spend": "money(EUR)", "recency": "duration", "when": "number", "scale": "int"}
    found = kmeans(tmp_path, rows, "clusters: 2", **types)
    assert found.errors == []
    assert [Counter(found.segments[start::2]) for start in (0, 1)] == [
        Counter({found.segments[0]: 10}),
        Counter({found.segments[1]: 10}),
    ]
    assert found.segments[0] != found.segments[1]


def test_a_part_of_a_score_is_a_measure(tmp_path: Path) -> None:
    spec = tmp_path / "spec.seg"
    spec.write_text(
        'source rows from "rows.csv" { id : int key  x : count }\n'
        "score quality for rows { base x }\n"
        "segmentation found for rows using kmeans { features: quality, quality.rank  clusters: 2 }\n",
        encoding="utf-8",
    )
    table = pa.table({"id": list(range(6)), "x": [1, 2, 3, 100, 101, 102]})
    finished = run(Request(spec, plugins=inline(SEGMENTER), tables={"rows": table}, write=False))
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    assert finished.tables is not None
    found = finished.tables.members["found"].column("segment").to_pylist()
    assert found[:3] == [found[0]] * 3 and found[3:] == [found[3]] * 3 and found[0] != found[3]


@pytest.mark.parametrize(
    ("options", "logged"),
    [
        ("", ["x"]),
        ("transform: log", ["x", "y"]),
        ("transform: none", []),
        ("log: y", ["y"]),
    ],
)
def test_logarithms_are_taken_of_skewed_features_or_as_the_spec_says(
    tmp_path: Path, options: str, logged: list[str]
) -> None:
    rows = [(float(2**place), float(place)) for place in range(14)]
    found = kmeans(tmp_path, rows, f"clusters: 2 {options}", x="number", y="number")
    assert [line.split()[1] for line in found.lines if " log scale " in line] == logged


def test_without_scaling_features_are_measured_as_they_are(tmp_path: Path) -> None:
    found = kmeans(
        tmp_path, [(1.0, 0.0), (2.0, 5.0), (3.0, 900.0)], "clusters: 2 scaling: none", x="number", y="number"
    )
    assert found.lines[0] == "measure x scale 1"


@pytest.mark.parametrize(
    ("rows", "options", "types", "word"),
    [
        ([], "", TYPES, "there are no accounts"),
        ([(None, None)] * 9, "", {"x": "count?", "y": "ratio?"}, "no account has every feature"),
        ([(1, 0.5)], "", TYPES, "1 account has every feature"),
        ([(1e59,), (-1e59,), (1e58,)], "", {"x": "number"}, "too large to be measured"),
        ([(7, place / 9) for place in range(9)], "", TYPES, "`employees` is the same in all 9"),
        ([(place, place / 9) for place in range(3)], "clusters: 3", TYPES, "there are 3 different accounts"),
        ([("a", 1), ("b", 2)], "", {"sector": "text", "x": "count"}, "`features` takes no text, and `sector` is one"),
        ([("a", 1), ("a", 2)], "", {"sector": "category", "x": "count"}, "`sector` is the same in all 2 accounts"),
        ([(True, 1), (False, 2), (True, 3)], "log: trial", {"trial": "bool", "x": "count"}, "`trial` is no number"),
        ([(-5, 1), (2, 2), (3, 3)], "transform: log", {"x": "int", "y": "int"}, "`x` goes down to -5"),
        ([(1, 1), (2, 2)], "log: id", {"x": "int", "y": "int"}, "`id` is no feature"),
    ],
)
def test_what_has_no_clusters_is_refused_in_a_word(
    tmp_path: Path, rows: list[Any], options: str, types: dict[str, str], word: str
) -> None:
    found = kmeans(tmp_path, rows, options, **types)
    assert len(found.errors) == 1 and word in found.errors[0]


@pytest.mark.parametrize(
    ("type_", "array", "mend"),
    [
        (TEXT, pa.array(["a"]), "declare `x` as `category`"),
        (list_of(CATEGORY), pa.array([["a"]]), 'has_x = x has any ("x")'),
        (DATE, pa.array([date(2026, 1, 1)]), "age = as_of - x"),
    ],
)
def test_a_refused_type_comes_with_what_to_give_instead(type_: Type, array: pa.Array, mend: str) -> None:
    call = FitCall({"x": array}, {"x": type_}, 1, options={"features": (FieldName("x"),)})
    with pytest.raises(Refused) as refused:
        fit(call)
    assert mend in refused.value.help


def test_duplicate_rows_do_no_harm(tmp_path: Path) -> None:
    rows = [(1, 0.1)] * 50 + [(100, 0.5)] * 50 + [(100, 0.9)]
    found = kmeans(tmp_path, rows, "clusters: 2 .. 5")
    assert found.segments[:50] == [found.segments[0]] * 50
    assert found.segments[50:100] == [found.segments[50]] * 50


def test_a_cluster_of_nothing_but_zeros_is_at_zero() -> None:
    measure = Feature("tickets", COUNT, True, Decimal("0.6"), True)
    points = np.repeat([[0.0], [3.0]], 50, axis=0)
    middles = Prototypes(np.array([[2.6e-13], [3.0]]), np.empty((2, 0), np.int64))
    rows = MixedPoints(points, np.empty((100, 0), np.int64), np.empty(0))
    found = round_prototypes((measure,), rows, middles, np.repeat([0, 1], 50))
    assert [figure for (figure,) in found.figures] == [0, 5]


MIXED = {"industry": "category?", "employees": "count", "public": "bool"}


def mixed(each: int = 40) -> list[tuple[Any, ...]]:
    """Small software companies, small banks, and large banks of which most are public; a few are otherwise."""
    random = np.random.default_rng(3)
    kinds = (("Software", 40, 0.0), ("Banks", 40, 0.0), ("Banks", 9_000, 0.9))
    return [
        (
            "Retail" if random.random() < 0.05 else sector,
            int(size * np.exp(0.3 * random.standard_normal())),
            bool(random.random() < public),
        )
        for sector, size, public in kinds
        for _ in range(each)
    ]


def test_categories_and_yes_or_no_tell_groups_apart_that_numbers_do_not(tmp_path: Path) -> None:
    rows = mixed()
    found = kmeans(tmp_path, rows, "clusters: 2 .. 6", **MIXED)
    assert found.errors == []
    assert "# k-prototypes on 120 accounts\n" in found.text and "# 3 clusters: " in found.text
    main = [Counter(found.segments[start : start + 40]).most_common(1)[0] for start in (0, 40, 80)]
    assert len({name for name, _ in main}) == 3 and min(count for _, count in main) >= 36
    lines = {line.split()[1]: line for line in found.lines}
    assert lines[main[0][0]].endswith(", public false") and '"Software"' in lines[main[0][0]]
    assert lines[main[2][0]].endswith(", public true") and '"Banks"' in lines[main[2][0]]
    inside = [row for row, segment in zip(rows, found.segments, strict=True) if segment == main[0][0]]
    share = sum(row[0] == "Software" for row in inside) / len(inside)
    assert f'# {main[0][0]}: {len(inside)} accounts, of which `industry` is "Software" in {share:.0%}' in found.text


def test_the_scale_of_a_category_is_the_root_of_half_the_chance_that_two_accounts_differ(tmp_path: Path) -> None:
    rows = mixed()
    found = kmeans(tmp_path, rows, "clusters: 3", **MIXED)
    for place, name in ((0, "industry"), (2, "public")):
        differ = sum(one[place] != other[place] for one in rows for other in rows) / len(rows) ** 2
        assert f"measure {name} scale {float(f'{(differ / 2) ** 0.5:.3g}')}" in found.text
    unscaled = kmeans(tmp_path, rows, "clusters: 3 scaling: none", **MIXED)
    assert "measure industry scale 1\n" in unscaled.text


def test_mixed_accounts_give_the_same_text_in_any_order(tmp_path: Path) -> None:
    rows = [*mixed(), (None, 5, True)]
    turned = [rows[place] for place in np.random.default_rng(8).permutation(len(rows))]
    one, other = kmeans(tmp_path, rows, "clusters: 3", **MIXED), kmeans(tmp_path, turned, "clusters: 3", **MIXED)
    assert one.text == other.text
    assert one.segments[-1] is None and None not in one.segments[:-1]


def test_categories_alone_are_clustered(tmp_path: Path) -> None:
    rows = [("a", "x", place % 2 == 0) for place in range(20)] + [("b", "y", place % 2 == 0) for place in range(20)]
    found = kmeans(tmp_path, rows, "clusters: 2", one="category", two="category", three="bool")
    assert [len(set(found.segments[start : start + 20])) for start in (0, 20)] == [1, 1]
    assert len(set(found.segments)) == 2


def test_rounding_moves_few_and_empties_no_cluster() -> None:
    random = np.random.default_rng(7)
    points = random.standard_normal((2_000, 2)) * 3
    centres = points[:6] + 0.001
    measures = tuple(Feature(name, RATIO, False, Decimal(1), False) for name in "xy")
    middles = Prototypes(centres, np.empty((6, 0), np.int64))
    rows = MixedPoints(points, np.empty((2_000, 0), np.int64), np.empty(0))
    labels, _ = nearest(rows, middles)
    found = round_prototypes(measures, rows, middles, labels)
    assert found.moved <= 0.01 and found.moved == np.mean(found.labels != labels)
    assert set(found.labels.tolist()) == set(range(6))
    told = place_figures(measures, found.figures)
    for point, label in zip(points[:300], found.labels[:300], strict=True):
        assert label == min(range(6), key=lambda c: (float(((point - told[c]) ** 2).sum()), c))
