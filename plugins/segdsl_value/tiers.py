"""Where tiers of value begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil

import numpy as np

from segdsl.evidence.concentration import fewest_with
from segdsl.evidence.cut_points import cut_point, quantile_places
from segdsl.evidence.measures import Floats
from segdsl.plugin import FitCall, Kind, Refused, Type, literal

# The share of accounts that may stand in another tier so that a cut-point is round.
_SLACK = 0.01
_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}
_PLACES = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier: accounts from `begins` on that aren't in a higher one; None for the lowest.

    `exact` is where the method itself has it begin: its least account.
    """

    name: str
    title: str
    begins: Decimal | None
    exact: float | None


def find_tiers(call: FitCall, of: str, type_: Type, worth: Floats) -> tuple[Tier, ...]:
    """The tiers that the options ask for, highest first. `worth`: what accounts are worth, ascending, all above 0."""
    options = {"pareto": ("share",), "quantiles": ("n",), "fixed": ("cuts", "number_cuts")}
    method = str(call.options.get("method", "pareto"))
    for other, own in options.items():
        stray = next((one for one in own if one in call.options), None)
        if other != method and stray is not None:
            raise Refused(f"`{stray}` belongs to `method: {other}`", stray, help=f"write `method: {other}`")
    match method:
        case "pareto":
            return _pareto(call, of, worth)
        case "quantiles":
            return _quantiles(call, of, worth)
        case _:
            return _fixed(call, of, type_)


def _pareto(call: FitCall, of: str, worth: Floats) -> tuple[Tier, ...]:
    """The fewest accounts that bring the share, and the others. Equal accounts stand on the same side."""
    share = call.options.get("share", Decimal("0.8"))
    assert isinstance(share, Decimal | int)
    _refuse_alike(of, worth)
    place = len(worth) - fewest_with(worth, float(share))
    place = int(np.searchsorted(worth, worth[place], side="left"))
    if place == 0:
        raise Refused(
            f"it takes all {len(worth):,} accounts to bring {share:.0%} of `{of}`: the largest are too much alike",
            "share" if "share" in call.options else "of",
            help="ask for a smaller `share`, or write `method: quantiles`",
        )
    # A cut-point may only move down: the few still bring the share.
    begins = cut_point(worth, place, below=ceil(len(worth) * _SLACK))
    few = Tier("vital_few", "Vital few", begins, float(worth[place]))
    return few, Tier("useful_many", "Useful many", None, None)


def _quantiles(call: FitCall, of: str, worth: Floats) -> tuple[Tier, ...]:
    """Tiers of about as many accounts each."""
    count = call.options.get("n", 4)
    assert isinstance(count, int)
    _refuse_alike(of, worth)
    places = [int(place) for place in quantile_places(worth, count)]
    if len(set(places)) < len(places) or places[-1] >= len(worth):
        values, counts = np.unique(worth, return_counts=True)
        most = int(np.argmax(counts))
        raise Refused(
            f"{count} tiers can't be told apart: `{of}` is {values[most]:g} in {counts[most] / len(worth):.0%} of"
            f" {len(worth):,} accounts above 0",
            "n" if "n" in call.options else "of",
            help="ask for fewer tiers, as in `n: 2`, or write `method: fixed`",
        )
    slack = int(len(worth) * _SLACK / 2)
    cuts = [cut_point(worth, place, slack, slack) for place in places]
    if len(set(cuts)) < len(cuts):
        cuts = [cut_point(worth, place) for place in places]
    exact = (*(float(worth[place]) for place in reversed(places)), None)
    begins = zip((*reversed(cuts), None), exact, strict=True)
    return tuple(Tier(*_named(place, count), *where) for place, where in enumerate(begins))


def share_moved(tiers: Sequence[Tier], worth: Floats) -> float:
    """The share of accounts above 0 that round cut-points put into another tier than the method has them in."""
    written = np.array([float(one.begins) for one in reversed(tiers) if one.begins is not None])
    exact = np.array([one.exact for one in reversed(tiers) if one.exact is not None])
    places = [np.searchsorted(begins, worth, side="right") for begins in (written, exact)]
    return float(np.mean(places[0] != places[1]))


def _refuse_alike(of: str, worth: Floats) -> None:
    if len(worth) == 1:
        raise Refused(f"only 1 account has a `{of}` above 0", "of", expected="at least 2")
    if worth[0] == worth[-1]:
        raise Refused(f"`{of}` is the same in all {len(worth):,} accounts above 0", "of", help="name another amount")


def _named(place: int, count: int) -> tuple[str, str]:
    """The name and title of a tier: `top_quarter`, "Top quarter"."""
    if count not in _PARTS:
        return f"tier_{place + 1}", f"Tier {place + 1} of {count}"
    which = "top" if place == 0 else "bottom" if place == count - 1 else _PLACES[place - 1]
    return f"{which}_{_PARTS[count]}", f"{which.capitalize()} {_PARTS[count]}"


def _fixed(call: FitCall, of: str, type_: Type) -> tuple[Tier, ...]:
    """Tiers between the cut-points that the options give."""
    wanted, other = ("cuts", "number_cuts") if type_.kind is Kind.MONEY else ("number_cuts", "cuts")
    if other in call.options:
        kind = "an amount of money" if type_.kind is Kind.MONEY else "a plain number"
        raise Refused(f"`{of}` is {kind}", other, help=f"write `{wanted}: ...` instead of `{other}`")
    if wanted not in call.options:
        raise Refused("`method: fixed` needs cut-points", "method", help=f"add `{wanted}: ...`")
    given = call.options[wanted]
    assert isinstance(given, tuple)
    cuts = sorted((Decimal(one) for one in given if isinstance(one, Decimal | int)), reverse=True)
    written = [literal(cut, type_) for cut in cuts]
    titles = _stretches(written)
    return tuple(
        Tier(f"tier_{place}", title, begins, None if begins is None else float(begins))
        for place, (title, begins) in enumerate(zip(titles, (*cuts, None), strict=True), start=1)
    )


def _stretches(cuts: Sequence[str]) -> tuple[str, ...]:
    """Titles: "$50k and over", "$10k to under $50k", "Under $10k"."""
    between = (f"{low} to under {high}" for high, low in pairwise(cuts))
    return (f"{cuts[0]} and over", *between, f"Under {cuts[-1]}")
