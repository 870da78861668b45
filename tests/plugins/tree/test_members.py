"""The text that is written, run by the engine, gives the members that the tree has found."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.plugin import FitCall, Fitted, Segmenter
from segdsl.workflows.run import Request, run
from segdsl_tree import TREE
from segdsl_tree.fitting import fit
from tests.workflows.inline_plugins import inline

SOURCE = """
source accounts from "accounts.csv" {
  id : int key  value : number  seats : count?  mrr : money(USD)?  growth : ratio?  signed : date?  year : int
  sector : category?  plan : category("free", "team", "big")  vip : bool?  paid : bool
  tools : list(category)? split ";"
}
derive accounts { length = 2026-01-01 - signed }
segmentation found for accounts using tree { target: value  features: FEATURES  OPTIONS }
"""
FIELDS = ("seats", "mrr", "growth", "signed", "year", "sector", "plan", "vip", "paid", "tools", "length")


def made_rows(rows: int, seed: int, fields: tuple[str, ...]) -> dict[str, list[Any]]:
    """Accounts whose value rests on two of the fields, in any way, and on whether one is missing."""
    rng = np.random.default_rng(seed)

    def some(values: Any, missing: float = 0.15) -> list[Any]:
        return [None if rng.random() < missing else value for value in values]

    def tools() -> str:
        return ";".join(sorted(rng.choice(["java", "sap", 'a "b"', "go"], rng.integers(1, 4), replace=False)))

    columns: dict[str, list[Any]] = {
        "seats": some(int(v) for v in rng.lognormal(4, 2, rows)),
        "mrr": some(f"{v:.2f}" for v in rng.lognormal(6, 1, rows)),
        "growth": some(f"{v:.3f}" for v in rng.normal(0.1, 0.3, rows)),
        "signed": some(date(2019, 1, 1) + timedelta(int(d)) for d in rng.integers(0, 2500, rows)),
        "year": [int(v) for v in rng.integers(1950, 2025, rows)],
        "sector": some(
            rng.choice(["IT", "Retail", "Banks", "Other", "rare one", 'x"y'], rows, p=[0.3, 0.3, 0.2, 0.1, 0.05, 0.05])
        ),
        "plan": list(rng.choice(["free", "team", "big"], rows)),
        "vip": some("true" if v else "false" for v in rng.random(rows) < 0.4),
        "paid": ["true" if v else "false" for v in rng.random(rows) < 0.5],
        "tools": some(tools() for _ in range(rows)),
    }
    value = rng.normal(0, 0.3, rows)
    for field in rng.choice([f for f in fields if f != "length"] or ["signed"], 2):
        column = columns[str(field)]
        order = {one: rank for rank, one in enumerate(sorted({str(v) for v in column}, key=lambda v: (len(v), v)))}
        value += rng.normal() * np.array([order[str(v)] / len(order) > 0.6 for v in column])
        value += rng.normal() * np.array([v is None for v in column])
    return {"id": list(range(rows)), "value": [round(float(v), 4) for v in value], **columns}


def run_tree(
    folder: Path, rows: Mapping[str, list[Any]], features: tuple[str, ...], options: str
) -> tuple[list[str], list[FitCall], Any]:
    """The members of each account as the engine has them, and the calls of the plugin."""
    calls: list[FitCall] = []

    def watched(call: FitCall) -> Fitted:
        calls.append(call)
        return fit(call)

    table = pa.table({name: pa.array([None if v is None else str(v) for v in values]) for name, values in rows.items()})
    arrow_csv.write_csv(table, folder / "accounts.csv")
    spec = SOURCE.replace("FEATURES", ", ".join(features)).replace("OPTIONS", options)
    (folder / "spec.seg").write_text(spec, encoding="utf-8")
    watcher = Segmenter(TREE.name, TREE.title, watched, TREE.options)
    finished = run(Request(folder / "spec.seg", plugins=inline(watcher)))
    assert [(one.message, one.notes) for one in finished.diagnostics if one.is_error] == []
    assert finished.tables is not None
    return finished.tables.members["found"].column("segment").to_pylist(), calls, finished


def counted(notes: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """The rows and the mean of each segment, as the notes tell them."""
    told = [note.split(": ", 1) for note in notes if ", mean " in note and " rows (" in note]
    return {name: (int(rest.split(" rows")[0].replace(",", "")), rest.rpartition("mean ")[2]) for name, rest in told}


@settings(max_examples=40)
@given(
    st.integers(0, 10**6),
    st.lists(st.sampled_from(FIELDS), min_size=1, max_size=5, unique=True).map(tuple),
    st.sampled_from(["", "max_depth: 4  min_share: 2%", "standard_errors: 0  min_difference: 0", "min_share: 20%"]),
)
def test_the_engine_has_as_many_accounts_in_each_segment_as_the_tree(
    tmp_path_factory: pytest.TempPathFactory, seed: int, features: tuple[str, ...], options: str
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    rows = made_rows(300, seed, features)
    members, calls, _ = run_tree(folder, rows, features, options)
    fitted = fit(calls[0])
    told = counted(fitted.notes)
    assert {name: members.count(name) for name in set(members)} == {name: count for name, (count, _) in told.items()}
    for name, (count, mean) in told.items():
        own = [value for value, member in zip(rows["value"], members, strict=True) if member == name]
        assert f"{np.mean(own):.3g}" == f"{float(mean.replace(',', '')):.3g}", (name, count)
    means = [float(mean.replace(",", "")) for _, mean in told.values()]
    assert means == sorted(means, reverse=True)
