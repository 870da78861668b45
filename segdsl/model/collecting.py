"""Where data comes from beyond the sources: providers with their costs."""

from decimal import Decimal

from segdsl.language import syntax as s
from segdsl.language.terms import Constant, Reference
from segdsl.model.catalog import ProviderTerms
from segdsl.model.columns import resolve_source
from segdsl.model.model import Cost, Provider
from segdsl.model.scope import Scope, check_properties
from segdsl.types import Kind, Value

_MOST = 10**12
_PROVIDER = ("cost", "effort", "accuracy", "reaches", "age", "covers")


def resolve_provider(scope: Scope, decl: s.ProviderDecl) -> Provider:
    """The provider, made once."""
    made = scope.resolve("provider", decl.name.text, decl.name.span, lambda: make_provider(scope, decl))
    assert made is not None
    return made


def terms_of(provider: Provider) -> ProviderTerms:
    """What a plugin is told of a provider."""
    cost = provider.cost
    by_record = cost is not None and cost.per == "record" and cost.wage is None
    price = cost.amount if cost is not None and by_record else None
    currency = cost.currency if cost is not None and by_record else None
    return ProviderTerms(provider.name, price, currency, provider.accuracy, provider.age)


def make_provider(scope: Scope, decl: s.ProviderDecl) -> Provider:
    found = check_properties(scope, decl.properties, _PROVIDER, "A provider")
    name = decl.name.text
    # A property of another name was probably meant for the one that is missing.
    whole = name not in scope.broken and all(p.name.text in _PROVIDER for p in decl.properties)
    if "cost" not in found and "effort" not in found and whole:
        mend = "write `cost: $6 per record`, or `effort: 3` where it can't be stated"
        scope.report("SEG205", f"The provider `{name}` states no cost", decl.name.span, mend)
    if "covers" not in found and whole:
        mend = "write `covers: accounts.employees`"
        scope.report("SEG205", f"The provider `{name}` covers nothing", decl.name.span, mend)
    return Provider(
        name=name,
        cost=_cost(scope, found["cost"]) if "cost" in found else None,
        effort=_effort(scope, found["effort"]) if "effort" in found else None,
        accuracy=_share(scope, found.get("accuracy")),
        reaches=_share(scope, found.get("reaches")),
        age=_age(scope, found.get("age")),
        covers=_covers(scope, found["covers"]) if "covers" in found else (),
        span=decl.name.span,
    )


def _single(item: s.Property) -> object:
    return item.values[0] if len(item.values) == 1 else None


def _cost(scope: Scope, item: s.Property) -> Cost | None:
    cost = _single(item)
    mend = "`$6 per record`, `3 minutes per field at $20 per hour` or `$4k flat`"
    if not isinstance(cost, s.CostValue):
        scope.report("SEG302", "A cost says what it is for", item.span, mend)
        return None
    if cost.unit.text not in ("record", "field", "flat"):
        scope.unknown_name("unit of cost", cost.unit.text, cost.unit.span, ("record", "field"), mend)
        return None
    kind = cost.amount.type.kind
    by_time = kind is Kind.DURATION
    if kind not in (Kind.MONEY, Kind.DURATION) or by_time != (cost.wage is not None):
        scope.report("SEG302", "A cost is an amount, or time at a wage", item.span, mend)
        return None
    amounts = [one.value for one in (cost.amount, cost.wage) if one is not None and one.type.kind is Kind.MONEY]
    if any(not isinstance(one, int | Decimal) or not 0 <= one < _MOST for one in amounts):
        scope.report("SEG307", "A cost is an amount from 0 to less than a trillion", item.span, mend)
        return None
    if cost.wage is not None and cost.wage.type.kind is not Kind.MONEY:
        scope.report("SEG302", "A wage is an amount per hour", cost.wage.span, "write `at $20 per hour`")
        return None
    if cost.wage_unit is not None and cost.wage_unit.text != "hour":
        scope.unknown_name("unit of a wage", cost.wage_unit.text, cost.wage_unit.span, ("hour",), "write `per hour`")
        return None
    paid = cost.amount if cost.wage is None else cost.wage
    wage = None if cost.wage is None else cost.wage.value
    return Cost(cost.amount.value, cost.unit.text, wage, paid.type.currency or "")


def _effort(scope: Scope, item: s.Property) -> int | None:
    value = _single(item)
    effort = value.value if isinstance(value, Constant) else None
    if isinstance(effort, bool) or not isinstance(effort, int) or not 0 <= effort <= 5:
        scope.report("SEG307", "An effort is a whole number from 0 to 5", item.span, "write `effort: 3`")
        return None
    return effort


def _share(scope: Scope, item: s.Property | None) -> Decimal | None:
    if item is None:
        return None
    value = _single(item)
    share = value.value if isinstance(value, Constant) and value.type.kind is Kind.RATIO else None
    if not isinstance(share, Decimal) or not 0 <= share <= 1:
        scope.report("SEG307", f"`{item.name.text}` is a share from 0% to 100%", item.span, "write `95%`")
        return None
    return share


def _age(scope: Scope, item: s.Property | None) -> Value:
    if item is None:
        return None
    value = _single(item)
    if not isinstance(value, Constant) or value.type.kind is not Kind.DURATION:
        scope.report("SEG302", "An age is a duration", item.span, "write `age: 6 months`")
        return None
    return value.value


def _covers(scope: Scope, item: s.Property) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in item.values:
        if not isinstance(value, Reference) or len(value.parts) != 2:
            scope.report("SEG302", "What is covered is named as `table.column`", value.span, "`accounts.employees`")
            continue
        table, column = value.parts
        source = resolve_source(scope, table)
        if source is None:
            continue
        known = (*(c.name for c in source.columns), *scope.enrich_sites.get(source.row_type, {}))
        if column.text not in known:
            if source.name not in scope.broken:
                near = scope.suggestions.closest(column.text, known)
                mend = f"did you mean `{near}`?" if near else f"declare it in `{source.name}`"
                scope.report("SEG201", f"`{source.name}` has no column `{column.text}`", column.span, mend)
            continue
        pairs.append((table.text, column.text))
    return tuple(pairs)
