"""Features of the spec as measures: which are taken as logarithms, and the scale of each."""

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

import numpy as np

from segdsl.evidence.figures import exact
from segdsl.evidence.measures import Floats, Mask, plain_numbers
from segdsl.plugin import FieldName, FitCall, Kind, Refused, Type

_MEASURED = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DURATION})
# From here on a logarithm is worth its harder reading: an exponential distribution has a skewness of 2 ...
_SKEWED = 1.0
# ... and whole groups of accounts may be some powers of ten apart without any skewness.
_FAR_ABOVE_MEDIAN = 10
_SCALE_DIGITS = 3
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Feature:
    """A measure: `scale` divides its values, with `log` those of log(1 + x). `from_zero`: no value is below 0."""

    name: str
    type: Type
    log: bool
    scale: Decimal
    from_zero: bool


@dataclass(frozen=True, slots=True)
class Features:
    """The measures, their values in units of the scales (a column each) and the rows on which all are known."""

    measures: tuple[Feature, ...]
    points: Floats
    known: Mask


def read_features(call: FitCall) -> Features:
    """The features that the options name. Refuses what has no distance, and what is the same in every row."""
    names = field_names(call, "features")
    _check_logged(call, names)
    columns = [_column(call, name) for name in names]
    known = np.logical_and.reduce([mask for _, mask in columns])
    if known.sum() < _FEWEST:
        have = "1 account has" if known.any() else "no account has"
        raise Refused(f"{have} every feature", option="features", help="leave out what is mostly missing")
    measures, points = [], []
    for name, (values, _) in zip(names, columns, strict=True):
        measure, scaled = _measure(call, name, values[known])
        measures.append(measure)
        points.append(scaled)
    return Features(tuple(measures), np.stack(points, axis=1), known)


def field_names(call: FitCall, option: str) -> tuple[str, ...]:
    """The fields that an option names; none where it isn't given."""
    given = call.options.get(option, ())
    assert isinstance(given, tuple)
    return tuple(one.name for one in given if isinstance(one, FieldName))


def _check_logged(call: FitCall, names: tuple[str, ...]) -> None:
    stray = [name for name in field_names(call, "log") if name not in names]
    if stray:
        raise Refused(f"`{stray[0]}` is no feature", option="log", help=f"add `{stray[0]}` to `features`")


def _column(call: FitCall, name: str) -> tuple[Floats, Mask]:
    type_ = call.types[name]
    if type_.kind in _MEASURED:
        return plain_numbers(call.fields[name])
    derived = f"is_x = case when {name} then 1 else 0 end"
    if type_.kind is not Kind.BOOL:
        derived = f'is_x = case when {name} == "x" then 1 else 0 end'
    raise Refused(
        f"`{name}` is {type_.or_missing(False)}, which has no distance",
        option="features",
        expected="numbers, amounts or durations",
        help=f"derive a number from it, such as `{derived}`, and name that",
    )


def _measure(call: FitCall, name: str, values: Floats) -> tuple[Feature, Floats]:
    if values.min() == values.max():
        raise Refused(
            f"`{name}` is the same in all {len(values):,} accounts that have every feature",
            option="features",
            help=f"leave out `{name}`",
        )
    log = _is_logged(call, name, values)
    taken = np.log1p(values) if log else values
    scale = _scale(taken) if call.options.get("scaling", "standard") == "standard" else Decimal(1)
    return Feature(name, call.types[name], log, scale, bool(values.min() >= 0)), taken / float(scale)


def _is_logged(call: FitCall, name: str, values: Floats) -> bool:
    transform = call.options.get("transform", "auto")
    listed = field_names(call, "log")
    if listed or transform == "log":
        option = "log" if listed else "transform"
        if (name in listed or not listed) and values.min() <= -1:
            raise Refused(
                f"`{name}` goes down to {values.min():g}, and log(1 + x) wants numbers above -1",
                option=option,
                help="name the features that are to be measured by logarithm, as in `log: employees`",
            )
        return name in listed or not listed
    return transform == "auto" and _is_spread_out(values)


def _is_spread_out(values: Floats) -> bool:
    """Whether a logarithm brings values from 0 on closer together: they are skewed, or some lie far above the rest."""
    if values.min() < 0:
        return False
    skewness = _skewness(values)
    far = values.max() > _FAR_ABOVE_MEDIAN * np.median(values)
    return (skewness > _SKEWED or bool(far)) and abs(_skewness(np.log1p(values))) < abs(skewness)


def _skewness(values: Floats) -> float:
    """The third standardised moment."""
    away = values - values.mean()
    # Cubes of amounts may pass what a double holds.
    away = away / max(float(np.abs(away).max()), np.finfo(np.float64).tiny)
    spread = float(np.sqrt(np.mean(away**2)))
    return 0.0 if spread == 0 else float(np.mean((away / spread) ** 3))


def _scale(values: Floats) -> Decimal:
    """The standard deviation, cut to three digits so that it can be written and read."""
    with np.errstate(over="ignore", invalid="ignore"):
        spread = float(np.std(values))
    if not isfinite(spread):
        raise Refused(
            "a feature has numbers too large to be measured", option="features", help="write it in larger units"
        )
    scale = exact(float(f"{spread:.{_SCALE_DIGITS}g}"))
    if scale.adjusted() < -12:
        raise Refused("a feature varies too little to be measured", option="features", help="write it in smaller units")
    return scale
