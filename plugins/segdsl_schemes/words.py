"""How figures are written in notes."""

from segdsl.plugin import Kind, Type

_LARGE = 1_000


def amount(value: float, type_: Type) -> str:
    """A number in the unit of its type: `USD 36,598`, `12.5`, `20%`, `90 days`."""
    figure = f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.4g}"
    match type_.kind:
        case Kind.MONEY:
            return f"{type_.currency} {figure}"
        case Kind.RATIO:
            return f"{value:.1%}"
        case Kind.DURATION:
            return f"{figure} days"
        case _:
            return figure


def accounts(count: int) -> str:
    """`1 account`, `1,200 accounts`."""
    return "1 account" if count == 1 else f"{count:,} accounts"
