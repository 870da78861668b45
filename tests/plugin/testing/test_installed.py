"""The contract checks of a plugin as it is installed."""

from pathlib import Path

import pytest

from segdsl.plugin.testing import ContractBroken, check_plugin

SITE = Path(__file__).resolve().parents[2] / "invalid" / "site"


@pytest.mark.parametrize(
    ("plugin", "rule", "told"),
    [
        ("absent", "entry point", "none is installed"),
        ("twin", "entry point", "those of segdsl-trouble and segdsl-twin"),
        ("bad_import", "hooks", "OSError: the licence has run out"),
        ("bad_name", "hooks", "declare `good_name`, not `bad_name`"),
        ("bad_signature", "hooks", "takes arguments"),
        ("bad_hook", "hooks", "did you mean `segdsl_enrichers`?"),
        ("heavy", "light module", "it loads numpy, pyarrow"),
    ],
)
def test_what_is_wrong_with_the_package_is_told(
    plugin: str, rule: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(SITE)
    with pytest.raises(ContractBroken) as broken:
        check_plugin(plugin)
    assert [fault.rule for fault in broken.value.faults] == [rule]
    assert told in str(broken.value)


def test_each_broken_promise_of_a_plugin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(SITE)
    with pytest.raises(ContractBroken) as broken:
        check_plugin("trouble")
    text = str(broken.value)
    for column in ("nothing", "wrong_type", "wrong_rows", "wrong_value", "refuses"):
        assert f"`{column}`" in text
    assert "RuntimeError: the moon is full" in text
    assert "`sound`" not in text
