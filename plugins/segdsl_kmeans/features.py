"""Features of the spec as measures: which are taken as logarithms, which as equal or not, and the scale of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from segdsl.evidence.measures import Floats, Mask, plain_numbers
from segdsl.evidence.mixed_clusters import MixedPoints
from segdsl.plugin import FieldName, FitCall, Kind, Refused, Type
from segdsl_kmeans.choices import COMPARED, Choice, Coded, make_choice, mend_for, read_codes, rounded_scale

_MEASURED = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DURATION})
# From here on a logarithm is worth its harder reading: an exponential distribution has a skewness of 2 ...
_SKEWED = 1.0
# ... and whole groups of accounts may be some powers of ten apart without any skewness.
_FAR_ABOVE_MEDIAN = 10
_FEWEST = 2
# Powers of ten of scales that can be written in 20 digits, and prototypes with them.
_LARGEST, _SMALLEST = 15, -12


@dataclass(frozen=True, slots=True)
class Feature:
    """A measure: `scale` divides its values, with `log` those of log(1 + x). `from_zero`: no value is below 0."""

    name: str
    type: Type
    log: bool
    scale: Decimal
    from_zero: bool


Measured: TypeAlias = Feature | Choice


@dataclass(frozen=True, slots=True)
class Features:
    """The measures in the order of the spec, and the accounts on which all are known.

    The numbers of `points` are in units of the scales, a column for each Feature; its choices are the codes of each
    Choice.
    """

    measures: tuple[Measured, ...]
    points: MixedPoints
    known: Mask

    @property
    def numbers(self) -> tuple[Feature, ...]:
        return tuple(one for one in self.measures if isinstance(one, Feature))

    @property
    def places(self) -> tuple[tuple[Measured, int], ...]:
        """Each measure with its column among those of its kind."""
        counts = {Feature: count(), Choice: count()}
        return tuple((one, next(counts[type(one)])) for one in self.measures)


def read_features(call: FitCall) -> Features:
    """The features that the options name. Refuses what has no distance, and what is the same in every row."""
    names = field_names(call, "features")
    _check_logged(call, names)
    columns = [_column(call, name) for name in names]
    known = np.logical_and.reduce([mask for _, mask in columns])
    if not len(known):
        raise Refused("there are no accounts", expected=f"at least {_FEWEST} with every feature")
    if known.sum() < _FEWEST:
        have = "1 account has" if known.any() else "no account has"
        raise Refused(f"{have} every feature", option="features", help="leave out what is mostly missing")
    measures: list[Measured] = []
    numbers, codes = [], []
    for name, (values, _) in zip(names, columns, strict=True):
        if isinstance(values, Coded):
            choice, own = make_choice(name, call.types[name], values, known, is_scaled(call))
            if len(choice.values) < 2:
                _refuse_constant(name, len(own))
            measures.append(choice)
            codes.append(own)
        else:
            measure, scaled = _measure(call, name, values[known])
            measures.append(measure)
            numbers.append(scaled)
    return Features(tuple(measures), _points(measures, numbers, codes, int(known.sum())), known)


def _points(
    measures: Sequence[Measured], numbers: Sequence[Floats], codes: Sequence[npt.NDArray[np.int64]], rows: int
) -> MixedPoints:
    unlike = np.array([one.unlike for one in measures if isinstance(one, Choice)])
    return MixedPoints(
        np.stack(numbers, axis=1) if numbers else np.empty((rows, 0)),
        np.stack(codes, axis=1) if codes else np.empty((rows, 0), dtype=np.int64),
        unlike,
    )


def field_names(call: FitCall, option: str) -> tuple[str, ...]:
    """The fields that an option names; none where it isn't given."""
    given = call.options.get(option, ())
    assert isinstance(given, tuple)
    return tuple(one.name for one in given if isinstance(one, FieldName))


def _check_logged(call: FitCall, names: tuple[str, ...]) -> None:
    for name in field_names(call, "log"):
        if name not in names:
            raise Refused(f"`{name}` is no feature", option="log", help=f"add `{name}` to `features`")
        if call.types[name].kind in COMPARED:
            raise Refused(f"`{name}` is no number, and has no logarithm", option="log", help=f"leave out `{name}`")


def _column(call: FitCall, name: str) -> tuple[Floats | Coded, Mask]:
    type_ = call.types[name]
    if type_.kind in _MEASURED:
        return plain_numbers(call.fields[name])
    if type_.kind in COMPARED:
        coded = read_codes(call.fields[name])
        return coded, coded.places >= 0
    raise Refused(
        f"`{name}` is {type_.or_missing(False)}, which has no distance",
        option="features",
        expected="numbers, amounts, durations, categories or yes-or-no",
        help=mend_for(name, type_.kind),
    )


def is_scaled(call: FitCall) -> bool:
    return call.options.get("scaling", "standard") == "standard"


def _refuse_constant(name: str, count: int) -> None:
    raise Refused(
        f"`{name}` is the same in all {count:,} accounts that have every feature",
        option="features",
        help=f"leave out `{name}`",
    )


def _measure(call: FitCall, name: str, values: Floats) -> tuple[Feature, Floats]:
    if values.min() == values.max():
        _refuse_constant(name, len(values))
    log = _is_logged(call, name, values)
    taken = np.log1p(values) if log else values
    spread = _scale(taken)
    scale = spread if is_scaled(call) else Decimal(1)
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
    far = values.max() / _FAR_ABOVE_MEDIAN > np.median(values)
    return (skewness > _SKEWED or bool(far)) and abs(_skewness(np.log1p(values))) < abs(skewness)


def _skewness(values: Floats) -> float:
    """The third standardised moment."""
    scaled, _ = _near_one(values)
    away = scaled - scaled.mean()
    spread = float(np.sqrt(np.mean(away**2)))
    return 0.0 if spread == 0 else float(np.mean((away / spread) ** 3))


def _near_one(values: Floats) -> tuple[Floats, int]:
    """The values divided by a power of two, the largest about 1, and its exponent: squares of amounts may pass what a
    double holds, or be lost."""
    exponent = int(np.frexp(np.abs(values).max())[1])
    return np.ldexp(values, -exponent), exponent


def _scale(values: Floats) -> Decimal:
    """The standard deviation, cut to three digits so that it can be written and read."""
    scaled, exponent = _near_one(values)
    spread = float(np.std(scaled))
    magnitude = np.log10(spread) + exponent * np.log10(2) if spread else -np.inf
    if magnitude > _LARGEST:
        raise Refused(
            "a feature has numbers too large to be measured", option="features", help="write it in larger units"
        )
    if magnitude < _SMALLEST:
        raise Refused("a feature varies too little to be measured", option="features", help="write it in smaller units")
    return rounded_scale(float(np.ldexp(spread, exponent)))
