"""Where the segments that `fit` writes stand: beside the spec, under its name."""

from pathlib import Path

SPEC_ENDING = ".seg"
FITTED_ENDING = ".fitted.seg"
LOCK_ENDING = ".fitted.lock"


def fitted_place(spec: Path) -> Path:
    """The fitted file of `customers.seg`: `customers.fitted.seg` beside it."""
    return spec.with_name(spec.name.removesuffix(SPEC_ENDING) + FITTED_ENDING)


def lock_place(spec: Path) -> Path:
    """What the fitted file was learned from: `customers.fitted.lock`."""
    return spec.with_name(spec.name.removesuffix(SPEC_ENDING) + LOCK_ENDING)


def spec_name(fitted: Path) -> str:
    """The name of the spec that a fitted file belongs to."""
    return fitted.name.removesuffix(FITTED_ENDING) + SPEC_ENDING
