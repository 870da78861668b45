"""Eight criteria of a good segmentation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa

from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.plugin import FieldName, Kind, MeasureCall, Measured, Refused
from segdsl_schemes.assigning import assigned_cleanly
from segdsl_schemes.criteria import EVALUATOR
from segdsl_schemes.differences import Differences, compare_segments
from segdsl_schemes.needs import Compared, compared_fields
from segdsl_schemes.refitting import Places, refit, segment_codes, undivided

_GROWTHS = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DURATION})


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion: its figure, None where it can't be told and `why` says so, and the bound that it must keep to."""

    name: str
    figure: float | None
    bound: float
    why: str = ""
    most: bool = False
    # What must hold besides.
    also: bool = True

    @property
    def met(self) -> bool | None:
        if self.figure is None:
            return None
        return self.also and (self.figure <= self.bound if self.most else self.figure >= self.bound)


def measure(call: MeasureCall) -> Measured:
    """The share of the criteria that are met, of those that can be told.

    None where fewer than two segments have accounts: what nobody is set apart by would else meet most criteria.
    """
    places = segment_codes(call.segments)
    alone = _undivided(call, places)
    if alone:
        return Measured(None, figures=dict.fromkeys(EVALUATOR.figures), notes=(alone,))
    fields = compared_fields(call)
    differences = compare_segments(fields, places, len(call.names))
    criteria = (
        _alike(call, differences),
        _distinct(call, differences),
        _substantial(call, places),
        _assignable(call, places),
        _reachable(call, places),
        _stable(call),
        _growing(call, places),
        _variables(call),
    )
    told = [one for one in criteria if one.met is not None]
    met = sum(one.met is True for one in told)
    figures = {one.name: one.figure for one in criteria} | {"met": float(met), "told": float(len(told))}
    notes = (*_notes(criteria, met, len(told)), *_grouping(call, fields, differences))
    return Measured(met / len(told), tables={"criteria": _table(criteria)}, figures=figures, notes=notes)


def _undivided(call: MeasureCall, places: Places) -> str:
    """Why there is no segmentation to judge, if fewer than two segments have accounts."""
    if not len(places):
        return "There are no accounts to judge the segmentation by."
    there = np.unique(places[places >= 0])
    if len(there) == 1 and (places < 0).any():
        return f"All accounts that are in a segment are in `{call.names[there[0]]}`, so it is no segmentation."
    return undivided(places)


# ---- the criteria


def _alike(call: MeasureCall, differences: Differences) -> Criterion:
    bound = _bound(call, "least_alike", 0.06)
    if np.isnan(differences.alike).all():
        return Criterion("alike", None, bound, "no two segments have accounts whose score or needs vary")
    return Criterion("alike", float(np.nanmax(differences.alike)), bound)


def _distinct(call: MeasureCall, differences: Differences) -> Criterion:
    bound = _bound(call, "least_distinct", 0.8)
    why = "no two segments have two accounts each with a score" if differences.distinct is None else ""
    return Criterion("distinct", differences.distinct, bound, why)


def _substantial(call: MeasureCall, places: Places) -> Criterion:
    bound = _bound(call, "least_share", 0.03)
    least = int(np.bincount(places[places >= 0], minlength=len(call.names)).min())
    enough = least >= _bound(call, "least_accounts", 10)
    return Criterion("substantial", least / len(places), bound, also=enough)


def _assignable(call: MeasureCall, places: Places) -> Criterion:
    bound = _bound(call, "least_assignable", 0.8)
    return Criterion("assignable", float(assigned_cleanly(call, places).mean()), bound)


def _reachable(call: MeasureCall, places: Places) -> Criterion:
    bound = _bound(call, "least_reachable", 0.8)
    option = call.options.get("contact")
    if not isinstance(option, FieldName):
        return Criterion("reachable", None, bound, "no field says who may be contacted: add `contact: FIELD`")
    type_ = call.types[option.name]
    if type_.kind is not Kind.BOOL:
        raise Refused(f"`{option.name}` is {type_.or_missing(False)}", "contact", expected="a yes or no")
    allowed = call.fields[option.name].fill_null(False).to_numpy(zero_copy_only=False)
    return Criterion("reachable", float(allowed[places >= 0].mean()), bound)


def _stable(call: MeasureCall) -> Criterion:
    bound = _bound(call, "least_stable", 0.8)
    if not call.learned:
        return Criterion("stable", 1.0, bound)
    refits = refit(call, int(_bound(call, "refits", 20)))
    if refits is None:
        return Criterion("stable", None, bound, "segments can't be learned on half of the accounts")
    return Criterion("stable", refits.mean, bound)


def _growing(call: MeasureCall, places: Places) -> Criterion:
    bound = _bound(call, "least_growing", 0.25)
    option = call.options.get("growth")
    if not isinstance(option, FieldName):
        return Criterion("growing", None, bound, "no field says how much accounts grow: add `growth: FIELD`")
    type_ = call.types[option.name]
    if type_.kind not in _GROWTHS:
        raise Refused(
            f"`{option.name}` is {type_.or_missing(False)}", "growth", expected="a number, such as a growth rate"
        )
    values, known = plain_numbers(call.fields[option.name])
    medians = _medians(np.where(known & np.isfinite(values), values, np.nan), places, len(call.names))
    sizes = np.bincount(places[places >= 0], minlength=len(call.names))
    told = ~np.isnan(medians)
    if not sizes[told].sum():
        return Criterion("growing", None, bound, f"`{option.name}` isn't known for any account in a segment")
    return Criterion("growing", float(sizes[told & (np.nan_to_num(medians) > 0)].sum() / sizes[told].sum()), bound)


def _medians(values: Floats, places: Places, count: int) -> Floats:
    """The median of the known values of each segment; NaN where there are none."""
    taken = np.isfinite(values) & (places >= 0)
    own, segments = values[taken], places[taken]
    order = np.lexsort((own, segments))
    own, sizes = own[order], np.bincount(segments, minlength=count)
    found, starts = np.full(count, np.nan), np.cumsum(sizes) - sizes
    there = sizes > 0
    lower, upper = starts + (sizes - 1) // 2, starts + sizes // 2
    found[there] = own[lower[there]] / 2 + own[upper[there]] / 2
    return found


def _variables(call: MeasureCall) -> Criterion:
    return Criterion("variables", float(len(call.told_by)), _bound(call, "most_variables", 5), most=True)


def _bound(call: MeasureCall, option: str, default: float) -> float:
    value = call.options.get(option, default)
    assert isinstance(value, int | float | Decimal)
    return float(value)


# ---- what is told


def _table(criteria: Sequence[Criterion]) -> pa.Table:
    return pa.table(
        {
            "criterion": pa.array([one.name for one in criteria], pa.string()),
            "figure": pa.array([one.figure for one in criteria], pa.float64()),
            "sign": pa.array(["<=" if one.most else ">=" for one in criteria], pa.string()),
            "bound": pa.array([one.bound for one in criteria], pa.float64()),
            "met": pa.array([one.met for one in criteria], pa.bool_()),
            "why_not_told": pa.array([one.why or None for one in criteria], pa.string()),
        }
    )


def _notes(criteria: Sequence[Criterion], met: int, told: int) -> Iterator[str]:
    failed = ", ".join(_written(one) for one in criteria if one.met is False)
    yield f"{met} of {told} criteria are met{f'; not: {failed}' if failed else ''}."
    for one in criteria:
        if one.met is None:
            yield f"`{one.name}` can't be told: {one.why}."


def _written(one: Criterion) -> str:
    assert one.figure is not None
    if one.most:
        return f"{one.name} {one.figure:g} (at most {one.bound:g})"
    few = "" if one.also else ", and too few accounts"
    if one.name == "stable":
        return f"{one.name} {one.figure:.2f} (at least {one.bound:g})"
    return f"{one.name} {one.figure:.1%} (at least {_percent(one.bound)}{few})"


def _percent(share: float) -> str:
    return f"{round(100 * share, 4):g}%"


def _grouping(call: MeasureCall, fields: Sequence[Compared], differences: Differences) -> Iterator[str]:
    """Whether it is a segmentation at all: its segments must differ in value or in needs."""
    names = [f"`{field.name}`" if field.name else "the score" for field in fields]
    apart = [name for name, one in zip(names, differences.separated, strict=True) if one]
    if apart:
        shares = [
            f"{name} ({share:.1%} of its variance)"
            for name, share, one in zip(names, differences.alike, differences.separated, strict=True)
            if one
        ]
        yield f"Its segments differ in {', '.join(shares)}."
    elif differences.distinct is None:
        yield "Whether it is more than a grouping can't be told: neither the score nor needs can be compared."
    else:
        needs = "needs" if len(fields) > 1 else "needs, of which none are named (`needs: FIELD`)"
        yield f"It is a grouping, not a segmentation: its segments differ neither in the score nor in {needs}."
    if call.learned:
        yield "It was learned from these accounts, so on others `alike` and `distinct` may be less."
