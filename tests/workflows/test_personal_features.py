"""Personal data are no features of what plugins find: segments are text that others read."""

from pathlib import Path

import pytest

from segdsl.workflows.check import check

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
