"""Specs that people wrote check clean, but for the plugins that they name and for what is true of their proxies."""

import re
from pathlib import Path

from segdsl.diagnostics import has_warnings
from segdsl.plugin.registry import installed_plugins
from segdsl.workflows.loading import load

# Only customers answer a survey; who uses a rival has tools, which the score counts; the score takes off what is sold
# at a discount, and who orders more often has both a larger sum and more products and regions.
TRUE = {
    "quickstart.seg": [("SEG822", "`nps` is known only of customers")],
    "tour.seg": [("SEG821", "`uses_rival` rests on what the score `worth` is made of")],
    "aws_saas_sales.seg": [
        ("SEG821", "`mean_discount` is part of the score `quality`"),
        (
            "SEG821",
            "`products_used` rests on what the score `quality` is made of: `products_used` -> rows of `orders`",
        ),
        ("SEG821", "`regions` rests on what the score `quality` is made of: `regions` -> rows of `orders`"),
    ],
}


def test_our_specs_are_clean(repository: Path) -> None:
    # What stands in lib/ is imported by the others, and of no use alone.
    specs = sorted((repository / "specs").glob("*/*.seg"))
    assert specs
    for spec in specs:
        loaded = load(spec)
        found = [(one.code, one.message.split(":")[0]) for one in loaded.diagnostics]
        assert found == TRUE.get(spec.name, [])
        assert loaded.model is not None


def test_the_sample_accepts_its_warning(repository: Path) -> None:
    assert not has_warnings(load(repository / "specs" / "quickstart").diagnostics)


def test_the_examples_lack_nothing_but_plugins(shared: Path) -> None:
    specs = sorted((shared / "examples").glob("*.seg"))
    assert specs
    for spec in specs:
        # `using NAME` is found without the parser, so that the expectation stands on its own.
        named = set(re.findall(r"^[^#\n]*\busing (\w+)", spec.read_text(encoding="utf-8"), re.MULTILINE))
        named -= {one.name for one in installed_plugins()}
        found = load(spec).diagnostics
        missing = [("SEG401", f"No plugin `{name}` is installed") for name in sorted(named)]
        assert sorted((one.code, one.message) for one in found) == [*missing, *TRUE.get(spec.name, [])]
