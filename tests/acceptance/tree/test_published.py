"""The tree of children with kyphosis that R's rpart is documented with, and the deals of a software vendor."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from segdsl.evidence.binning import bin_values
from segdsl.evidence.regression_tree import Feature, Growth, best_splits, gini_decrease
from segdsl.plugin import BOOL, CATEGORY, INT, FieldName, FitCall
from segdsl_tree.fitting import fit

FIELDS = ("Age", "Number", "Start")


def kyphosis(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "r_reference_tables" / "kyphosis.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_splits_of_kyphosis_are_worth_what_rpart_prints(shared_data: Path) -> None:
    rows = kyphosis(shared_data)
    present = np.array([row["Kyphosis"] == "present" for row in rows], float)
    binned = [bin_values(np.array([float(row[field]) for row in rows])) for field in FIELDS]
    features = [Feature(bins.codes, len(bins.edges) + 1, True) for bins in binned]
    # A side has at least 7 rows: rpart's minbucket, a third of its minsplit of 20.
    found = {FIELDS[split.feature]: split for split in best_splits(features, present, Growth(min_rows=7))}
    # rpart(Kyphosis ~ Age + Number + Start): Start < 8.5, Number < 5.5, Age < 39.5.
    assert {field: round(gini_decrease(split), 6) for field, split in found.items()} == {
        "Start": 6.762330,
        "Number": 2.866795,
        "Age": 2.250212,
    }
    cuts = {
        field: float(binned[FIELDS.index(field)].edges[split.to_high[:-1].argmax() - 1])
        for field, split in found.items()
    }
    assert cuts["Start"] == 9
    assert cuts["Number"] == 6
    assert cuts["Age"] > 39.5


def test_kyphosis_is_told_by_where_the_operation_starts(shared_data: Path) -> None:
    rows = kyphosis(shared_data)
    fields = {field: pa.array([int(row[field]) for row in rows]) for field in FIELDS}
    fields["present"] = pa.array([row["Kyphosis"] == "present" for row in rows])
    types = {**dict.fromkeys(FIELDS, INT), "present": BOOL}
    options = {"target": FieldName("present"), "features": tuple(map(FieldName, FIELDS)), "max_depth": 1}
    options["first"] = FieldName("Start")
    body = fit(FitCall(fields, types, len(rows), (), options)).body.splitlines()
    assert body[0] == 'segment start_under_9 "Start under 9" when Start < 9'


@pytest.mark.parametrize("share", [0.05, 0.1])
def test_won_deals_are_told_by_upselling(shared_data: Path, share: float) -> None:
    path = shared_data / "salvirt_b2b_deals" / "Salvirt_B2B_ML_dataset.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    names = ("Product", "Client", "Competitors", "Up_sale", "Scope", "Comp_size")
    fields = {name: pa.array([row[name] for row in rows]) for name in names}
    fields["won"] = pa.array([row["Status"] == "Won" for row in rows])
    types = {**dict.fromkeys(names, CATEGORY), "won": BOOL}
    options = {"target": FieldName("won"), "features": tuple(map(FieldName, names)), "min_share": Decimal(str(share))}
    fitted = fit(FitCall(fields, types, len(rows), (), options))
    assert fitted.body.splitlines()[0].endswith('when Up_sale == "Yes"')
    won = [row["Status"] == "Won" for row in rows if row["Up_sale"] == "Yes"]
    assert f"up_sale_yes: {len(won)} rows ({len(won) / len(rows):.1%}), mean {sum(won) / len(won):.1%}" in fitted.notes
