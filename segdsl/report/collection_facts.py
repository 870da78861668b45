"""What is to be collected, as JSON values. Amounts are texts, rounded half-even to cents."""

from collections.abc import Mapping
from fractions import Fraction

from segdsl.collecting.amounts import to_cents
from segdsl.collecting.collection_plan import CollectionPlan
from segdsl.collecting.offers import Offer
from segdsl.collecting.pricing import Bill, Quote
from segdsl.collecting.reasons import LeftOut
from segdsl.report.collection import reason_texts

Facts = Mapping[str, object]


def collection_facts(plan: CollectionPlan) -> Facts:
    """Everything that the text says."""
    problem, choice = plan.problem, plan.choice
    covered, whole = plan.priority
    return {
        "currency": plan.currency or None,
        "rows": dict(problem.gaps.rows),
        "budget": _cents(problem.budget),
        "least_accuracy": _share(problem.least_accuracy),
        "prices": [_quote(quote, plan) for quote in plan.quotes],
        "break_even": [
            {"record": b.record.provider, "single": b.single.provider, "fields": b.first, "same_cost": b.ties}
            for b in plan.break_evens
        ],
        "chosen": [_bill(offer, bill, plan) for offer, bill in plan.bills],
        "cost": _cents(choice.cost),
        "hours": _hours(plan.seconds),
        "priority": {"covered": covered, "of": whole},
        "hypotheses": [
            {
                "hypothesis": wish.hypothesis,
                "priority": wish.priority,
                "proxy": choice.proxies[wish.hypothesis],
                "fields": {str(f): choice.providers[f] for f in problem.lacking(plan.way_of(wish.hypothesis))},
            }
            for wish in problem.wishes
            if wish.hypothesis in choice.proxies
        ],
        "out_of_reach": [_left_out(one, plan) for one in plan.left_out],
    }


def _quote(quote: Quote, plan: CollectionPlan) -> Facts:
    offer = quote.offer
    return {
        "field": str(quote.field),
        "missing": plan.problem.gaps.missing(quote.field),
        "provider": offer.provider,
        "cost": _cents(quote.bill.cost),
        "price": _cents(offer.price),
        "per": None if offer.price is None else offer.per.value,
        "hours": _hours(quote.bill.seconds),
        "effort": offer.effort,
        "reaches": _share(offer.reaches),
        "answered": quote.answered,
        "accuracy": _share(offer.accuracy),
        "age_days": None if offer.age is None else float(offer.age.days),
    }


def _bill(offer: Offer, bill: Bill, plan: CollectionPlan) -> Facts:
    return {
        "provider": offer.provider,
        "fields": [str(field) for field, name in plan.choice.providers.items() if name == offer.provider],
        "rows": bill.records,
        "cost": _cents(bill.cost),
        "hours": _hours(bill.seconds),
        "effort": offer.effort,
    }


def _left_out(one: LeftOut, plan: CollectionPlan) -> Facts:
    return {
        "hypothesis": one.wish.hypothesis,
        "priority": one.wish.priority,
        "proxies": [
            {"proxy": h.proxy, "obstacle": h.obstacle.value, "fields": [str(field) for field, _ in h.fields]}
            for h in one.hindrances
        ],
        "cost_alone": _cents(one.alone),
        "cost_together": _cents(one.together),
        "reasons": list(reason_texts(one, plan)),
    }


def _cents(amount: Fraction | None) -> str | None:
    return None if amount is None else str(to_cents(amount))


def _share(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


def _hours(seconds: Fraction | None) -> float | None:
    return None if seconds is None else float(seconds / 3600)
