"""`kmeans`: planted groups, by the text as the engine runs it."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from segdsl.plugin import BOOL, CATEGORY, COUNT, RATIO, FieldName, FitCall, Refused, Type
from segdsl.plugin.testing import FitExample, check_plugin
from segdsl.workflows.run import Request, run
from segdsl_kmeans import SEGMENTER
from segdsl_kmeans.features import Feature
from segdsl_kmeans.fitting import fit
from segdsl_kmeans.prototypes import nearest, place_figures, round_prototypes
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


def test_planted_groups_come_out_as_segments_and_are_counted(tmp_path: Path) -> None:
    found = kmeans(tmp_path, companies(), "clusters: 2 .. 6")
    by_group = [Counter(found.segments[start : start + 30]) for start in (0, 30, 60)]
    assert [sorted(counts.values()) for counts in by_group] == [[30], [30], [30]]
    assert len({name for counts in by_group for name in counts}) == 3
    assert "# 3 clusters: silhouette 0.9" in found.text and ", chosen\n" in found.text


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
        ([], "", TYPES, "no account has every feature"),
        ([(None, None)] * 9, "", {"x": "count?", "y": "ratio?"}, "no account has every feature"),
        ([(1, 0.5)], "", TYPES, "1 account has every feature"),
        ([(1e308,), (-1e308,), (1e307,)], "", {"x": "number"}, "too large to be measured"),
        ([(7, place / 9) for place in range(9)], "", TYPES, "`employees` is the same in all 9"),
        ([(place, place / 9) for place in range(3)], "clusters: 3", TYPES, "there are 3 different accounts"),
        ([("a", 1), ("b", 2)], "", {"sector": "category", "x": "count"}, "`sector` is category, which has no distance"),
        ([(True, 1), (False, 2)], "", {"trial": "bool", "x": "count"}, "`trial` is bool, which has no distance"),
        ([(-5, 1), (2, 2), (3, 3)], "transform: log", {"x": "int", "y": "int"}, "`x` goes down to -5"),
        ([(1, 1), (2, 2)], "log: id", {"x": "int", "y": "int"}, "`id` is no feature"),
    ],
)
def test_what_has_no_clusters_is_refused_in_a_word(
    tmp_path: Path, rows: list[Any], options: str, types: dict[str, str], word: str
) -> None:
    found = kmeans(tmp_path, rows, options, **types)
    assert len(found.errors) == 1 and word in found.errors[0]


@pytest.mark.parametrize("type_", ["category", "bool"])
def test_a_refused_type_comes_with_the_field_to_derive(type_: str) -> None:
    types: dict[str, Type] = {"x": CATEGORY if type_ == "category" else BOOL}
    call = FitCall(
        {"x": pa.array(["a"] if type_ == "category" else [True])}, types, 1, options={"features": (FieldName("x"),)}
    )
    with pytest.raises(Refused) as refused:
        fit(call)
    assert "then 1 else 0 end" in refused.value.help


def test_duplicate_rows_do_no_harm(tmp_path: Path) -> None:
    rows = [(1, 0.1)] * 50 + [(100, 0.5)] * 50 + [(100, 0.9)]
    found = kmeans(tmp_path, rows, "clusters: 2 .. 5")
    assert found.segments[:50] == [found.segments[0]] * 50
    assert found.segments[50:100] == [found.segments[50]] * 50


def test_rounding_moves_few_and_empties_no_cluster() -> None:
    random = np.random.default_rng(7)
    points = random.standard_normal((2_000, 2)) * 3
    centres = points[:6] + 0.001
    measures = tuple(Feature(name, RATIO, False, Decimal(1), False) for name in "xy")
    labels = nearest(points, centres)
    found = round_prototypes(measures, points, centres, labels)
    assert found.moved <= 0.01 and found.moved == np.mean(found.labels != labels)
    assert set(found.labels.tolist()) == set(range(6))
    told = place_figures(measures, found.figures)
    for point, label in zip(points[:300], found.labels[:300], strict=True):
        assert label == min(range(6), key=lambda c: (float(((point - told[c]) ** 2).sum()), c))
