"""Specs that people wrote check clean, but for the plugins that they name."""

import re
from pathlib import Path

from segdsl.plugin.registry import installed_plugins
from segdsl.workflows.loading import load


def test_our_specs_are_clean(repository: Path) -> None:
    # What stands in lib/ is imported by the others, and of no use alone.
    specs = sorted((repository / "specs").glob("*/*.seg"))
    assert specs
    for spec in specs:
        loaded = load(spec)
        assert [(found.code, found.message) for found in loaded.diagnostics] == []
        assert loaded.model is not None


def test_the_examples_lack_nothing_but_plugins(shared: Path) -> None:
    specs = sorted((shared / "examples").glob("*.seg"))
    assert specs
    for spec in specs:
        # `using NAME` is found without the parser, so that the expectation stands on its own.
        named = set(re.findall(r"^[^#\n]*\busing (\w+)", spec.read_text(encoding="utf-8"), re.MULTILINE))
        named -= {one.name for one in installed_plugins()}
        found = load(spec).diagnostics
        assert sorted((one.code, one.message) for one in found) == [
            ("SEG401", f"No plugin `{name}` is installed") for name in sorted(named)
        ]
