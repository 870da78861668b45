"""Lift out of sample on real data, against plain Python that learns and judges by itself."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import pyarrow as pa
import pytest

import segdsl
from segdsl.engines.arrow.draws import draws

FOLDS = 5
TOP = 0.25

Ranked = list[tuple[str, float]]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(out: Path, scheme: str, measure: str, name: str = "") -> float:
    (found,) = [
        float(row["value"])
        for row in rows_of(out / "evaluation.csv")
        if (row["scheme"], row["measure"], row["figure"], row["segment"]) == (scheme, measure, name, "")
    ]
    return found


def folds_of(keys: Sequence[str], type_: pa.DataType) -> list[list[str]]:
    """Five stretches of the random order of the keys."""
    order = draws(pa.table({"key": pa.array(keys).cast(type_)}))
    shuffled = [key for _, key in sorted(zip(order, keys, strict=True))]
    cuts = [-(-fold * len(keys) // FOLDS) for fold in range(FOLDS + 1)]
    return [shuffled[low:high] for low, high in pairwise(cuts)]


def learned_means(segments: Mapping[str, str], scores: Mapping[str, float], rows: Sequence[str]) -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        found[segments[row]].append(scores[row])
    return {segment: sum(values) / len(values) for segment, values in found.items()}


def caught(ranked: Ranked, scores: Mapping[str, float]) -> float:
    """The share of the best quarter in the first quarter of a ranking, the mean over all ways to break ties."""
    best = shares([(row, scores[row]) for row, _ in ranked])
    first = shares(ranked)
    return sum(best[row] * first[row] for row in best) / sum(best.values())


def shares(ranked: Ranked) -> dict[str, float]:
    """How much of each row is in the first quarter: rows of one value take the places that are left in equal parts."""
    left = TOP * len(ranked)
    found = {}
    for value in sorted({value for _, value in ranked}, reverse=True):
        tied = [row for row, own in ranked if own == value]
        part = min(1.0, max(0.0, left / len(tied)))
        found |= dict.fromkeys(tied, part)
        left -= part * len(tied)
    return found


def caught_in_folds(folds: Sequence[tuple[Sequence[str], Mapping[str, str]]], scores: Mapping[str, float]) -> float:
    """Rows held out and the segments of all rows learned without them: the share of the best that is caught.

    Folds in which segments are the same and come in the same order are one ranking; others are judged apart.
    """
    rankings: dict[tuple[object, ...], Ranked] = defaultdict(list)
    for held_out, segments in folds:
        means = learned_means(segments, scores, [row for row in scores if row not in held_out])
        order = sorted(means, key=lambda segment: -means[segment])
        alike = (*segments.values(), *order)
        rankings[alike] += [(row, float(-order.index(segments[row]))) for row in held_out]
    return sum(len(one) * caught(one, scores) for one in rankings.values()) / len(scores)


def test_the_playbook_of_salvirt(shared: Path, tmp_path: Path) -> None:
    segdsl.run(shared / "examples" / "salvirt_deals.seg", out=tmp_path / "out")
    segments = {row["row"]: row["segment"] for row in rows_of(tmp_path / "out" / "members" / "playbook.csv")}
    scores = {row["row"]: float(row["won"]) for row in rows_of(tmp_path / "out" / "scores" / "won.csv")}
    share = caught_in_folds([(rows, segments) for rows in folds_of(list(scores), pa.int64())], scores)
    assert figure(tmp_path / "out", "playbook", "lift") == pytest.approx(share / TOP, rel=1e-9)
    assert figure(tmp_path / "out", "playbook", "lift", "caught") == pytest.approx(share, rel=1e-9)


def found_without(spec: str, project: Path, held_out: Sequence[str]) -> str:
    """The segments of `discovered` as text, found while some accounts are dropped from the population."""
    listed = ", ".join(f'"{name}"' for name in held_out)
    rule = f'  drop "held out" when account in ({listed})\n}}'
    population = re.search(r"population customers.*?\n\}", spec, re.DOTALL)
    assert population is not None
    changed = spec.replace(population.group(), population.group()[:-1] + rule)
    (project / "examples" / "without.seg").write_text(changed, encoding="utf-8")
    segdsl.run(project / "examples" / "without.seg", out=project / "without")
    text = (project / "without" / "spec" / "discovered.found.seg").read_text(encoding="utf-8")
    return text[text.index("segmentation ") :]


def fold_segments(spec: str, project: Path, found: str) -> dict[str, str]:
    """The segment of every account by segments that stand in the spec as text."""
    written = re.sub(r"segmentation discovered .*?\n\}", lambda _: found, spec, count=1, flags=re.DOTALL)
    (project / "examples" / "written.seg").write_text(written, encoding="utf-8")
    segdsl.run(project / "examples" / "written.seg", out=project / "written")
    return {row["account"]: row["segment"] for row in rows_of(project / "written" / "members" / "discovered.csv")}


@pytest.mark.slow
def test_a_tree_that_is_found_anew_without_each_fold(shared: Path, tmp_path: Path) -> None:
    for folder in ("examples", "data/crm_sales_opportunities"):
        copytree(shared / folder, tmp_path / folder)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755)
    spec = (tmp_path / "examples" / "crm_opportunities.seg").read_text(encoding="utf-8")
    (tmp_path / "segdsl.toml").write_text("", encoding="utf-8")
    segdsl.run(tmp_path / "examples" / "crm_opportunities.seg", out=tmp_path / "out")
    scores = {row["account"]: float(row["quality"]) for row in rows_of(tmp_path / "out" / "scores" / "quality.csv")}
    held_out = folds_of(list(scores), pa.string())
    folds = [(rows, fold_segments(spec, tmp_path, found_without(spec, tmp_path, rows))) for rows in held_out]
    share = caught_in_folds(folds, scores)
    assert figure(tmp_path / "out", "discovered", "lift", "caught") == pytest.approx(share, rel=1e-9)
