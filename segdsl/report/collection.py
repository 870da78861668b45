"""What is to be collected, as lines of text: prices, the choice, and hypotheses out of reach."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from segdsl.collecting.amounts import cents_text, hours_text, percent_text
from segdsl.collecting.collection_plan import CollectionPlan
from segdsl.collecting.field_name import FieldName
from segdsl.collecting.offers import Offer, Per
from segdsl.collecting.pricing import Bill, BreakEven, Quote
from segdsl.collecting.reasons import Hindrance, LeftOut, Obstacle
from segdsl.collecting.wishes import Way
from segdsl.diagnostics.display import escape
from segdsl.report.amounts import count_text
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.report.terminal import Canvas
from segdsl.report.wrapping import wrap
from segdsl.types.display import show_duration


def collection_lines(plan: CollectionPlan, supposed: bool, canvas: Canvas) -> Iterator[Line]:
    """The whole answer. `supposed` says that the number of rows was given, not counted."""
    for source, rows in plan.problem.gaps.rows.items():
        of_population = sorted({w.population for w in plan.problem.wishes if w.source == source} - {source})
        who = f"{source} ({', '.join(of_population)})" if of_population else source
        how = "as given" if supposed else "as the data say"
        yield (Piece(f"{count_text(rows)} {who}", Tone.HEADING), Piece(f"  {how}", Tone.QUIET))
    yield ()
    yield from _prices(plan, canvas)
    yield from _break_evens(plan.break_evens, canvas)
    yield from _efforts(plan, canvas)
    yield ()
    yield from _chosen(plan, canvas)
    yield ()
    yield from _hypotheses(plan, canvas)
    if plan.left_out:
        yield ()
        yield from _left_out(plan, canvas)


def _prices(plan: CollectionPlan, canvas: Canvas) -> Iterator[Line]:
    yield (Piece("prices", Tone.QUIET),)
    priced = [quote for quote in plan.quotes if quote.offer.price is not None]
    columns = (
        Column("field", name=True),
        Column("missing", right=True),
        Column("provider", name=True),
        Column("cost", right=True),
        Column("at", tone=Tone.QUIET),
        Column("time", right=True, optional=True),
        Column("reaches", right=True, optional=True),
        # Where some is stated it is told, if need be in place of other columns.
        Column("accuracy", right=True, optional=all(quote.offer.accuracy is None for quote in priced)),
        Column("age", right=True, optional=True),
    )
    rows = [_price(quote, plan) for quote in priced]
    for place in range(len(rows) - 1, 0, -1):
        if rows[place][0] == rows[place - 1][0]:
            rows[place] = ("", "", *rows[place][2:])
    if rows:
        yield from table_lines(columns, rows, canvas.columns)
    else:
        yield (Piece("  no provider states a price"),)


def _price(quote: Quote, plan: CollectionPlan) -> tuple[str, ...]:
    offer, bill = quote.offer, quote.bill
    return (
        _named(quote.field, plan),
        count_text(plan.problem.gaps.missing(quote.field)),
        offer.provider,
        cents_text(bill.cost or Fraction(0), offer.currency),
        _each(offer),
        "" if bill.seconds is None else hours_text(bill.seconds),
        *_promises(offer),
    )


def _promises(offer: Offer) -> tuple[str, str, str]:
    age = "" if offer.age is None else show_duration(offer.age)
    return percent_text(offer.reaches), percent_text(offer.accuracy), age


def _each(offer: Offer) -> str:
    price = cents_text(offer.price or Fraction(0), offer.currency)
    return f"{price} flat" if offer.per is Per.FLAT else f"{price} a {offer.per.value}"


def _efforts(plan: CollectionPlan, canvas: Canvas) -> Iterator[Line]:
    """What can't be priced, apart: the least effort first."""
    found = [quote for quote in plan.quotes if quote.offer.price is None]
    if not found:
        return
    yield ()
    yield (Piece("by effort, which has no price", Tone.QUIET),)
    columns = (
        Column("effort", right=True),
        Column("provider", name=True),
        Column("field", name=True),
        Column("missing", right=True),
        Column("reaches", right=True, optional=True),
        Column("accuracy", right=True, optional=True),
        Column("age", right=True, optional=True),
    )
    ordered = sorted(found, key=lambda quote: (quote.offer.effort or 0, quote.offer.provider, quote.field))
    rows = [
        (
            str(quote.offer.effort),
            quote.offer.provider,
            _named(quote.field, plan),
            count_text(plan.problem.gaps.missing(quote.field)),
            *_promises(quote.offer),
        )
        for quote in ordered
    ]
    yield from table_lines(columns, rows, canvas.columns)


def _break_evens(found: Iterable[BreakEven], canvas: Canvas) -> Iterator[Line]:
    for one in found:
        record, single = _each(one.record), _each(one.single)
        verb = "costs the same as" if one.ties else "costs less than"
        fields = f"{one.first} {'field' if one.first == 1 else 'fields'}"
        tail = f"{fields} by {one.single.provider} at {single}"
        yield from _prose(f"{one.record.provider} at {record} {verb} {tail}", canvas, 2, Tone.QUIET)


def _chosen(plan: CollectionPlan, canvas: Canvas) -> Iterator[Line]:
    bounds = []
    if plan.problem.budget is not None:
        bounds.append(f"budget {cents_text(plan.problem.budget, plan.currency)}")
    if plan.problem.least_accuracy is not None:
        bounds.append(f"accuracy {percent_text(plan.problem.least_accuracy)} or better")
    yield (Piece("chosen", Tone.QUIET), Piece(f"  {', '.join(bounds)}" if bounds else "", Tone.QUIET))
    if not plan.bills:
        yield (Piece("  nothing is to be bought"),)
        return
    columns = (
        Column("provider", name=True),
        Column("fields", cuttable=True),
        Column("rows", right=True),
        Column("cost", right=True),
        Column("time", right=True, optional=True),
    )
    rows = [_bill(offer, bill, plan) for offer, bill in plan.bills]
    time = hours_text(plan.seconds) if plan.seconds else ""
    rows.append(("total", "", "", _total(plan), time))
    yield from table_lines(columns, rows, canvas.columns)


def _bill(offer: Offer, bill: Bill, plan: CollectionPlan) -> tuple[str, ...]:
    fields = [field for field, provider in plan.choice.providers.items() if provider == offer.provider]
    cost = f"effort {offer.effort}" if bill.cost is None else cents_text(bill.cost, offer.currency)
    time = "" if bill.seconds is None else hours_text(bill.seconds)
    return offer.provider, _listed(fields, plan), count_text(bill.records), cost, time


def _total(plan: CollectionPlan) -> str:
    money = [cents_text(plan.choice.cost, plan.currency)] if plan.currency else []
    effort = [f"effort {plan.choice.effort}"] if plan.choice.effort else []
    return " and ".join((*money, *effort))


def _hypotheses(plan: CollectionPlan, canvas: Canvas) -> Iterator[Line]:
    covered, whole = plan.priority
    yield (Piece("hypotheses that can be tested", Tone.QUIET), Piece(f"  priority {covered} of {whole}", Tone.QUIET))
    columns = (
        Column("hypothesis", name=True),
        Column("priority", right=True),
        Column("by proxy", name=True),
        Column("with", cuttable=True, tone=Tone.QUIET),
    )
    rows = [
        (wish.hypothesis, str(wish.priority), plan.choice.proxies[wish.hypothesis], _with(plan, wish.hypothesis))
        for wish in plan.problem.wishes
        if wish.hypothesis in plan.choice.proxies
    ]
    if rows:
        yield from table_lines(columns, rows, canvas.columns)
    else:
        yield (Piece("  none"),)


def _with(plan: CollectionPlan, hypothesis: str) -> str:
    way: Way = plan.way_of(hypothesis)
    got = [f"{_named(field, plan)} from {plan.choice.providers[field]}" for field in plan.problem.lacking(way)]
    return ", ".join(got) if got else "what is known already"


def _left_out(plan: CollectionPlan, canvas: Canvas) -> Iterator[Line]:
    yield (Piece("hypotheses out of reach", Tone.QUIET),)
    for one in plan.left_out:
        yield (Piece("  "), Piece(one.wish.hypothesis, Tone.WARNING), Piece(f"  priority {one.wish.priority}"))
        for text in reason_texts(one, plan):
            yield from _prose(text, canvas, 4)


def reason_texts(one: LeftOut, plan: CollectionPlan) -> Iterator[str]:
    """Why a hypothesis is out of reach, a sentence a proxy; last what it would cost."""
    several = len(one.hindrances) > 1
    for hindrance in one.hindrances:
        if hindrance.obstacle is not Obstacle.BUDGET:
            yield f"{f'by {hindrance.proxy}: ' if several else ''}{_obstacle(hindrance, plan)}"
    if one.alone is not None and one.together is not None and plan.problem.budget is not None:
        currency = plan.currency
        alone, together = cents_text(one.alone, currency), cents_text(one.together, currency)
        with_rest = "" if one.alone == one.together else f"; with what is chosen {together}"
        yield f"costs {alone} by itself{with_rest}; the budget is {cents_text(plan.problem.budget, currency)}"


def _obstacle(one: Hindrance, plan: CollectionPlan) -> str:
    names = _listed((field for field, _ in one.fields), plan)
    if one.obstacle is Obstacle.NO_PROVIDER:
        return f"no provider covers {names}, and no row has it"
    best = max((accuracy for _, accuracy in one.fields if accuracy is not None), default=None)
    stated = "no provider states an accuracy" if best is None else f"the best is {percent_text(best)}"
    return f"no provider of {names} is accurate to {percent_text(plan.problem.least_accuracy)}: {stated}"


def _listed(fields: Iterable[FieldName], plan: CollectionPlan) -> str:
    return ", ".join(_named(field, plan) for field in fields)


def _named(field: FieldName, plan: CollectionPlan) -> str:
    """The field, with its source only where several are concerned."""
    return field.name if len(plan.problem.gaps.rows) == 1 else str(field)


def _prose(text: str, canvas: Canvas, indent: int, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    for number, line in enumerate(wrap(escape(text), canvas.columns - indent - 2)):
        yield (Piece(" " * (indent if number == 0 else indent + 2)), Piece(line, tone))
