"""What is to be collected: prices, the choice, and what stays out of reach."""

from fractions import Fraction

from segdsl.collecting.choice import Choice, Problem, choose
from segdsl.collecting.field_name import FieldName
from segdsl.collecting.offers import Offer
from segdsl.collecting.pricing import Bill, BreakEven, Quote, bills_of, break_evens, quotes_of
from segdsl.collecting.reasons import LeftOut, left_out
from segdsl.collecting.wishes import Way, wanted_fields
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """Everything that `collect` tells. `quotes` are by field, the cheapest first; `bills` by provider."""

    problem: Problem
    fields: tuple[FieldName, ...]
    quotes: tuple[Quote, ...]
    break_evens: tuple[BreakEven, ...]
    choice: Choice
    bills: tuple[tuple[Offer, Bill], ...]
    left_out: tuple[LeftOut, ...]

    @property
    def currency(self) -> str:
        """The currency of all prices; empty where there is none."""
        return next((offer.currency for offer in self.problem.offers if offer.price is not None), "")

    @property
    def seconds(self) -> Fraction:
        """The time of people that the choice takes."""
        return sum((bill.seconds for _, bill in self.bills if bill.seconds is not None), Fraction(0))

    @property
    def priority(self) -> tuple[int, int]:
        """The priority that is covered, and that of all hypotheses."""
        wishes = self.problem.wishes
        covered = sum(wish.priority for wish in wishes if wish.hypothesis in self.choice.proxies)
        return covered, sum(wish.priority for wish in wishes)

    def way_of(self, hypothesis: str) -> Way:
        """The way by which a covered hypothesis is to be tested."""
        wish = next(wish for wish in self.problem.wishes if wish.hypothesis == hypothesis)
        return next(way for way in wish.ways if way.proxy == self.choice.proxies[hypothesis])


def plan_collection(problem: Problem) -> CollectionPlan:
    """Prices every field that hypotheses need, and chooses providers for them."""
    fields = wanted_fields(problem.wishes)
    choice = choose(problem)
    return CollectionPlan(
        problem,
        fields,
        tuple(quotes_of(fields, problem.offers, problem.gaps)),
        tuple(break_evens(fields, problem.offers)),
        choice,
        tuple(bills_of(choice.providers, problem.offers, problem.gaps)),
        tuple(left_out(problem, choice)),
    )
