"""The regression of a score on proxies, step by step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.evidence.backward_elimination import LEAST_FREEDOM, Elimination, Limits, eliminate, out_of_sample
from segdsl.evidence.regression import Floats, Variable
from segdsl.plugin import FieldName, Kind, MeasureCall, Measured, Refused
from segdsl_regression.proxies import Proxies, read_proxies
from segdsl_regression.tables import Part, coefficient_table, step_table

# The figure out of sample is taken on so many accounts at most: its own error is small by then.
JUDGED_ROWS = 50_000
MOST_WITHIN = 20
# A regression on one number needs an intercept, its coefficient, and ten accounts more.
LEAST_WITHIN = 2 + LEAST_FREEDOM
_NAMED = 6
_GROUPS = frozenset({Kind.CATEGORY, Kind.TEXT, Kind.BOOL})
_NONE = {"r2": None, "adjusted": None, "variables": None}


@dataclass(frozen=True, slots=True)
class _Settings:
    limits: Limits
    folds: int


def measure(call: MeasureCall) -> Measured:
    """R-squared out of sample of the regression that is left after backward elimination, with all of its steps."""
    settings = _Settings(
        Limits(_number(call, "max_vif", 5.0), _number(call, "significance", 0.05)), int(_number(call, "folds", 5))
    )
    values = call.score.to_numpy(zero_copy_only=False).astype(np.float64)
    score = np.where(np.isfinite(values), values, np.nan)
    if not call.proxies:
        return Measured(None, figures=_NONE, notes=("No hypothesis names a proxy, so there is nothing to regress on.",))
    proxies = read_proxies(call)
    whole = Part("", eliminate(proxies.variables, score, settings.limits))
    parts = [whole, *_within(call, proxies, score, settings)]
    tables = {"steps": step_table(parts, proxies), "coefficients": coefficient_table(parts, proxies)}
    if whole.found.regression is None:
        return Measured(None, figures=_NONE, tables=tables, notes=(_no_regression(whole.found, score),))
    outside, judged = out_of_sample(*_judged(call, proxies, score, settings))
    figures = {
        "r2": whole.found.regression.r2,
        "adjusted": whole.found.regression.adjusted,
        "variables": float(len(whole.found.design.chosen)) if whole.found.design else None,
    }
    notes = (*_notes(whole.found, proxies, outside, judged), *_notes_within(call, proxies, parts[1:]))
    return Measured(outside, figures=figures, tables=tables, notes=notes)


def _number(call: MeasureCall, option: str, default: float) -> float:
    value = call.options.get(option, default)
    assert isinstance(value, int | float | Decimal)
    return float(value)


def _judged(
    call: MeasureCall, proxies: Proxies, score: Floats, settings: _Settings
) -> tuple[Sequence[Variable], Floats, Limits, npt.NDArray[np.int64]]:
    """The rows on which the regression is judged, with the fold of each: dealt out in the order of the draw."""
    scored = np.flatnonzero(Variable(score).known)
    if call.draw is not None:
        draw = call.draw.to_numpy(zero_copy_only=False)
        scored = scored[np.argsort(draw[scored], kind="stable")]
    scored = scored[:JUDGED_ROWS]
    variables = [Variable(one.values[scored], one.levels) for one in proxies.variables]
    return variables, score[scored], settings.limits, np.arange(len(scored)) % settings.folds


def _within(call: MeasureCall, proxies: Proxies, score: Floats, settings: _Settings) -> Iterator[Part]:
    """The same inside each value of a field that enough accounts have, the most frequent first."""
    option = call.options.get("within")
    if not isinstance(option, FieldName):
        return
    type_ = call.types[option.name]
    if type_.kind not in _GROUPS:
        raise Refused(
            f"`{option.name}` is {type_.or_missing(False)}, which doesn't divide accounts into groups",
            "within",
            expected="a category, a text, a yes or no, or a segmentation",
            help=f"derive a category from it, such as `band({option.name}, 10, 100)`",
        )
    encoded = call.fields[option.name].cast(pa.string()).dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    names = encoded.dictionary.to_pylist()
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = sorted(range(len(names)), key=lambda place: (-counts[place], names[place]))
    for place in (one for one in order[:MOST_WITHIN] if counts[one] >= LEAST_WITHIN):
        rows = codes == place
        variables = [Variable(one.values[rows], one.levels) for one in proxies.variables]
        yield Part(names[place], eliminate(variables, score[rows], settings.limits))


# ---- notes


def _no_regression(found: Elimination, score: Floats) -> str:
    known = score[np.isfinite(score)]
    if len(known) and known.min() == known.max():
        return f"The score is the same in all {len(known):,} accounts, so nothing can explain it."
    return (
        f"{len(known):,} accounts have a score, {found.n:,} of them all proxies: too few for a regression, which needs"
        f" {LEAST_FREEDOM} more than it has coefficients."
    )


def _notes(found: Elimination, proxies: Proxies, outside: float | None, judged: int) -> Iterator[str]:
    assert found.design is not None and found.regression is not None
    kept = [proxies.names[place] for place in found.design.chosen]
    count = len(proxies.names)
    what = f"{len(kept)} of {count} proxies are left: {_listed(kept)}" if kept else f"none of {count} proxies is left"
    yield (
        f"On {found.regression.n:,} accounts {what}. They explain {found.regression.r2:,.1%} of the score's variance on"
        f" the accounts they were chosen on (adjusted {found.regression.adjusted:,.1%})."
        if kept
        else f"On {found.regression.n:,} accounts {what}: none of them explains the score."
    )
    if outside is None:
        yield "How much they explain out of sample can't be told: there are too few accounts to set some aside."
    else:
        beyond = "" if outside > 0 else ", no more than the mean does"
        yield f"Out of sample they explain {outside:,.1%}{beyond}; this is measured on {judged:,} accounts."
    if found.regression.exact:
        yield "The proxies give the score exactly, so no error can be told. One of them is probably part of the score."
    if found.steps:
        yield (
            "Intervals and p-values are too good after a selection, because the same accounts chose the proxies. Rely"
            " on the figure out of sample, where the selection is done again without the accounts it is judged on."
        )
    for name, why in proxies.left_out.items():
        yield f"`{name}` is left out: {why}."
    for name, many in proxies.infinite.items():
        yield f"`{name}` is infinite, or larger than can be measured, in {many:,} accounts; they count as missing."


def _notes_within(call: MeasureCall, proxies: Proxies, parts: Sequence[Part]) -> Iterator[str]:
    option = call.options.get("within")
    if not isinstance(option, FieldName):
        return
    made = [part for part in parts if part.found.design is not None]
    told = [f"`{part.name}` {_kept(part, proxies)}" for part in made[:_NAMED]]
    if told:
        more = f" (and {len(made) - _NAMED:,} more in the table)" if len(made) > _NAMED else ""
        yield f"What is left inside each value of `{option.name}`: {'; '.join(told)}{more}."
    few = [part.name for part in parts if part.found.regression is None]
    if few:
        yield f"There are too few accounts with all proxies, or all have the same score, in {_listed(few)}."
    left_out = len(call.fields[option.name].unique().drop_null()) - len(parts)
    if left_out:
        values = "1 value" if left_out == 1 else f"{left_out:,} values"
        yield (
            f"No regression is made inside {values} of `{option.name}` with fewer than {LEAST_WITHIN} accounts, or"
            f" beyond the {MOST_WITHIN} most frequent."
        )


def _kept(part: Part, proxies: Proxies) -> str:
    design = part.found.design
    return _listed([proxies.names[place] for place in design.chosen]) or "none" if design is not None else "none"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
