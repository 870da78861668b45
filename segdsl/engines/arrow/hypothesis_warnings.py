"""What the rows of a run say against a proxy: categories of a few rows, and values that are not missing by chance."""

from collections.abc import Iterable, Iterator

from segdsl.diagnostics import Diagnostic, Label
from segdsl.engines.arrow.hypothesis_result import HypothesisResult
from segdsl.evidence.permutation import LEAST_IN_LEVEL
from segdsl.evidence.verdicts import LEVEL


def warn_of_rows(tested: Iterable[HypothesisResult]) -> Iterator[Diagnostic]:
    """Warnings in the order of the hypotheses, each at the proxy."""
    for one in tested:
        labels = () if one.span is None else (Label(one.span),)
        if one.rare:
            has = "category has" if one.rare == 1 else "categories have"
            found = f"{one.rare:,} {has} fewer than {LEAST_IN_LEVEL} rows in `{one.proxy}`, the proxy of `{one.name}`"
            yield Diagnostic("SEG823", found, labels, help="merge rare categories, or take a proxy with fewer of them")
        if one.missing is not None and one.missing.corrected < LEVEL:
            yield Diagnostic("SEG824", _lacking(one), labels, help="collect it where it is missing: see `coverage`")


def _lacking(one: HypothesisResult) -> str:
    missing = one.missing
    assert missing is not None
    p = f"p {missing.corrected:.3f}" if missing.corrected >= 0.001 else "p < 0.001"
    rows = f"{missing.rows:,} {'row' if missing.rows == 1 else 'rows'}"
    where = "lower" if missing.effect > 0 else "higher"
    return (
        f"`{one.proxy}`, the proxy of `{one.name}`, is missing on {rows} where `{one.score}` is {where}"
        f" (rank-biserial {-missing.effect:+.2f}, {p})"
    )
