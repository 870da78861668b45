"""`collect`: what the fields cost that hypotheses need, and which providers to take."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from segdsl.collecting.choice import Problem
from segdsl.collecting.collection_plan import CollectionPlan, plan_collection
from segdsl.collecting.gaps import Gaps, everything_missing
from segdsl.collecting.offers import Offer, currencies_of, offers_of
from segdsl.collecting.wishes import given_fields, wanted_fields
from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.model.model import Model
from segdsl.plan import Clock, clock_of
from segdsl.record import dataclass
from segdsl.workflows.collect.gathering import Gathered, Opened, Subject, gather, open_subject
from segdsl.workflows.loading import Loaded
from segdsl.workflows.written_amounts import read_amount, read_share

_CURRENCIES = "SEG424"


@dataclass(frozen=True, slots=True)
class PriceRequest:
    """What is to be priced. `accounts` is a number of rows in place of the data; amounts are as written."""

    subject: Subject
    accounts: int | None = None
    budget: str | None = None
    least_accuracy: str | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """What came of it; `plan` is None where there was an error. `supposed` says that rows were not counted in data."""

    loaded: Loaded
    plan: CollectionPlan | None
    clock: Clock | None
    supposed: bool
    diagnostics: Diagnostics
    spec_was_good: bool


@dataclass(frozen=True, slots=True)
class _Bounds:
    budget: Fraction | None
    least_accuracy: Fraction | None


def price(request: PriceRequest, today: date | None = None) -> Priced:
    """Prices every field that the hypotheses of a spec need, and chooses providers for the whole set."""
    day = today or date.today()
    opened = open_subject(request.subject)
    if not opened.wishes:
        return _stopped(opened.loaded, opened.diagnostics, spec_was_good=False)
    model = opened.loaded.model
    assert model is not None
    offers = _of_use(offers_of(model), opened)
    bounds, refused = _bounds(request, offers)
    mixed = _mixed_currencies(model, offers)
    if refused or mixed:
        return _stopped(opened.loaded, (*opened.diagnostics, *refused, *mixed), spec_was_good=False)
    gaps, found = _gaps(request, opened, day)
    if gaps is None:
        return _stopped(opened.loaded, (*opened.diagnostics, *found), spec_was_good=True)
    plan = plan_collection(Problem(opened.wishes, offers, gaps, bounds.budget, bounds.least_accuracy))
    clock = clock_of(model, day)
    diagnostics = opened.loaded.accept((*opened.diagnostics, *found))
    return Priced(opened.loaded, plan, clock, request.accounts is not None, diagnostics, spec_was_good=True)


def _stopped(loaded: Loaded, found: Diagnostics, spec_was_good: bool) -> Priced:
    return Priced(loaded, None, None, False, loaded.accept(found), spec_was_good)


def _of_use(offers: tuple[Offer, ...], opened: Opened) -> tuple[Offer, ...]:
    wanted = frozenset(wanted_fields(opened.wishes))
    return tuple(offer for offer in offers if offer.covers & wanted)


def _gaps(request: PriceRequest, opened: Opened, day: date) -> tuple[Gaps | None, Diagnostics]:
    if request.accounts is None:
        gathered = gather(request.subject, opened, day)
        return (gathered.gaps, gathered.diagnostics) if isinstance(gathered, Gathered) else (None, gathered)
    wanted = wanted_fields(opened.wishes)
    sources = {field.source for field in (*wanted, *given_fields(opened.wishes))}
    return everything_missing(wanted, _each(sources, request.accounts)), ()


def _each(sources: set[str], count: int) -> Mapping[str, int]:
    return MappingProxyType(dict.fromkeys(sorted(sources), count))


def _bounds(request: PriceRequest, offers: tuple[Offer, ...]) -> tuple[_Bounds, Diagnostics]:
    found: list[Diagnostic] = []
    budget = least = None
    if request.budget is not None:
        amount = read_amount("--budget", request.budget)
        if isinstance(amount, Diagnostic):
            found.append(amount)
        else:
            budget, currency = amount
            asked = currencies_of(offers)
            if len(asked) == 1 and asked[0] != currency:
                message = f"`--budget {request.budget}` is in {currency}, and providers ask {asked[0]}"
                found.append(Diagnostic("SEG506", message, help=f"state the budget in {asked[0]}"))
    if request.least_accuracy is not None:
        share = read_share("--min-accuracy", request.least_accuracy)
        if isinstance(share, Diagnostic):
            found.append(share)
        else:
            least = share
    return _Bounds(budget, least), tuple(found)


def _mixed_currencies(model: Model, offers: tuple[Offer, ...]) -> Diagnostics:
    currencies = currencies_of(offers)
    if len(currencies) < 2:
        return ()
    first = {offer.currency: offer.provider for offer in reversed(offers) if offer.price is not None}
    labels = tuple(Label(model.providers[first[one]].span, f"asks {one}") for one in currencies)
    listed = ", ".join(currencies)
    mend = "state all costs in one currency, at a rate of your choice"
    return (Diagnostic(_CURRENCIES, f"providers ask {listed}: prices can't be compared", labels, help=mend),)
