"""What providers ask, in exact numbers."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from segdsl.collecting.field_name import FieldName
from segdsl.model.model import Model, Provider
from segdsl.record import dataclass
from segdsl.types import Duration, Value

_SECONDS_PER_HOUR = 3600


class Per(StrEnum):
    """What a price is for: a whole record, one field of one record, or everything at once."""

    RECORD = "record"
    FIELD = "field"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider asks and promises; amounts are exact, in `currency`.

    `price` is None where the cost can't be stated; then `effort` (0 to 5) stands for it, and it is None else. `seconds`
    is the time that one `per` takes people, None where money is asked. Shares are from 0 to 1, None where not stated.
    """

    provider: str
    price: Fraction | None
    per: Per
    seconds: Fraction | None
    currency: str
    effort: int | None
    accuracy: Fraction | None
    reaches: Fraction | None
    age: Duration | None
    covers: frozenset[FieldName]


def offers_of(model: Model) -> tuple[Offer, ...]:
    """The offers of all providers, by name."""
    return tuple(_offer(provider) for _, provider in sorted(model.providers.items()))


def _offer(provider: Provider) -> Offer:
    cost = provider.cost
    price = seconds = None
    if cost is not None and isinstance(cost.amount, Duration):
        seconds = Fraction(cost.amount.total_seconds)
        price = seconds / _SECONDS_PER_HOUR * _exact(cost.wage)
    elif cost is not None:
        price = _exact(cost.amount)
    return Offer(
        provider=provider.name,
        price=price,
        per=Per.FLAT if cost is None else Per(cost.per),
        seconds=seconds,
        currency="" if cost is None else cost.currency,
        effort=(provider.effort or 0) if cost is None else None,
        accuracy=_share(provider.accuracy),
        reaches=_share(provider.reaches),
        age=provider.age if isinstance(provider.age, Duration) else None,
        covers=frozenset(FieldName(source, column) for source, column in provider.covers),
    )


def _exact(value: Value) -> Fraction:
    assert isinstance(value, int | Decimal)
    return Fraction(value)


def _share(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def currencies_of(offers: tuple[Offer, ...]) -> tuple[str, ...]:
    """The currencies that prices are in, each once, in order."""
    return tuple(sorted({offer.currency for offer in offers if offer.price is not None}))
