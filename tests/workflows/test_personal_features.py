"""Personal data are no features of what plugins find: segments are text that others read."""

from pathlib import Path

import pytest

from segdsl.plan.personal import personal_names
from segdsl.workflows.check import check
from segdsl.workflows.loading import load

SPEC = """
source accounts from "accounts.csv" {{
  id : int key  owner : text pii  seats : count  worth : number  sector : category
}}
derive accounts {{ folded = lower(owner)  has_owner = length(owner) > 3  twice = seats * 2 }}
score quality for accounts {{ base worth }}
segmentation fit for accounts {{ segment large when seats > 9  segment small otherwise }}
{use}
"""
SEGMENTS = "segmentation found for accounts using tree {{ target: quality  features: seats, {feature} }}"
MEASURES = "evaluate fit against quality {{ profile: true  describe: {feature} }}"


@pytest.mark.parametrize("use", [SEGMENTS, MEASURES])
@pytest.mark.parametrize(
    ("feature", "refused"), [("owner", True), ("folded", True), ("has_owner", False), ("twice", False)]
)
def test_plugins_are_shown_no_personal_texts(tmp_path: Path, feature: str, refused: bool, use: str) -> None:
    (tmp_path / "spec.seg").write_text(SPEC.format(use=use.format(feature=feature)), encoding="utf-8")
    found = [one for one in check(tmp_path / "spec.seg").diagnostics if one.is_error]
    assert [one.code for one in found] == (["SEG208"] if refused else [])
    assert all(one.message.startswith(f"`{feature}` is personal data") for one in found)


DERIVED = """
source orders from "orders.csv" {{
  order_id : int key  contact_name : text pii  region : text
}}
source returns from "returns.csv" {{ return_id : int key  who : text pii  region : text }}
source buyers from {origin} {{ {columns} }}
source latest from buyers {{ again : text key from {key} }}
"""


@pytest.mark.parametrize(
    ("origin", "columns", "key", "personal"),
    [
        ("orders", "contact_name : text key", "contact_name", True),
        ("orders", "name : text key from contact_name", "name", True),
        ("orders", "region : text key", "region", False),
        ("orders", "contact_name : text key from region", "contact_name", False),
        ("orders, returns", "number : int key from row_number  region : text", "region", False),
    ],
)
def test_what_takes_over_a_personal_column_is_personal(
    tmp_path: Path, origin: str, columns: str, key: str, personal: bool
) -> None:
    (tmp_path / "spec.seg").write_text(DERIVED.format(origin=origin, columns=columns, key=key), encoding="utf-8")
    model = load(tmp_path / "spec.seg").model
    assert model is not None
    found = personal_names(model)
    assert (("buyers", key) in found, ("latest", "again") in found) == (personal, personal)


def test_a_list_of_a_derived_source_names_its_personal_key(tmp_path: Path) -> None:
    spec = DERIVED.format(origin="orders", columns="contact_name : text key", key="contact_name")
    (tmp_path / "spec.seg").write_text(spec + "audience all_of_them from buyers { take 5 }", encoding="utf-8")
    assert [(one.code, one.help) for one in load(tmp_path / "spec.seg").diagnostics if one.is_error] == [
        ("SEG205", "name the columns: `columns contact_name`")
    ]
