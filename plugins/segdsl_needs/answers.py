"""The answers that are analysed: which items tell something, and which accounts gave every answer."""

from dataclasses import dataclass

import numpy as np

from segdsl.evidence.clusters import ordered
from segdsl.evidence.measures import Floats, Mask, plain_numbers
from segdsl.plugin import FieldName, FitCall, Kind, Refused, Type

FEWEST_ITEMS = 3
FEWEST_ACCOUNTS = 50
ACCOUNTS_PER_ITEM = 2
_MEASURED = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY})
# Of the largest answer, or of 1: answers that differ by less differ by rounding.
_LEAST_REACH = 1e-12


@dataclass(frozen=True, slots=True)
class Item:
    """A question, as a field of the spec."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Answers:
    """`values`: a row for each account that gave every answer, a column for each item, in an order that rests on the
    answers alone. `lacking`: accounts that lack an answer. `same`: items that were left out, as all answered alike."""

    items: tuple[Item, ...]
    values: Floats
    lacking: int
    same: tuple[str, ...]


def read_answers(call: FitCall) -> Answers:
    """The answers to the items that the options name. Refuses what is no number, and too little to be analysed."""
    items = tuple(_item(call, name) for name in _item_names(call))
    columns = [plain_numbers(call.fields[one.name]) for one in items]
    telling = [_differ(values[known]) for values, known in columns]
    values, known = _complete(columns, telling)
    if len(values) and any(telling):
        # What differs only in accounts that lack another answer tells nothing in the rest.
        told = iter(_differ(column) for column in values.T)
        telling = [one and next(told) for one in telling]
        values, known = _complete(columns, telling)
    kept = tuple(item for item, tells in zip(items, telling, strict=True) if tells)
    same = tuple(item.name for item, tells in zip(items, telling, strict=True) if not tells)
    _check_enough(kept, same, values)
    return Answers(kept, values[ordered(values, call.seed)], int(np.sum(~known)), same)


def _item_names(call: FitCall) -> tuple[str, ...]:
    given = call.options["items"]
    assert isinstance(given, tuple)
    return tuple(one.name for one in given if isinstance(one, FieldName))


def _item(call: FitCall, name: str) -> Item:
    type_ = call.types[name]
    if type_.kind in _MEASURED:
        return Item(name, type_)
    condition = name if type_.kind is Kind.BOOL else f'{name} == "x"'
    raise Refused(
        f"`{name}` is {type_.or_missing(False)}, and factors want numbers",
        option="items",
        expected="numbers, counts, ratios or amounts",
        help=f"derive a number from it, such as `wants_x = case when {condition} then 1 else 0 end`, and name that",
    )


def _differ(values: Floats) -> bool:
    return len(values) > 0 and bool(values.min() < values.max())


def _complete(columns: list[tuple[Floats, Mask]], telling: list[bool]) -> tuple[Floats, Mask]:
    """The answers of the accounts that gave all that tell something, and who these are."""
    kept = [one for one, tells in zip(columns, telling, strict=True) if tells]
    if not kept:
        return np.zeros((0, 0)), np.zeros(len(columns[0][1]), dtype=np.bool_)
    known = np.logical_and.reduce([mask for _, mask in kept])
    return np.stack([values[known] for values, _ in kept], axis=1), known


def _check_enough(items: tuple[Item, ...], same: tuple[str, ...], values: Floats) -> None:
    accounts = f"{len(values):,} {'account has' if len(values) == 1 else 'accounts have'} every answer"
    least = max(FEWEST_ACCOUNTS, ACCOUNTS_PER_ITEM * len(items) + 1)
    if len(items) >= FEWEST_ITEMS and len(values) < least:
        raise Refused(
            accounts,
            option="items",
            expected=f"at least {least:,}: {FEWEST_ACCOUNTS}, and more than {ACCOUNTS_PER_ITEM} for each item",
            help="leave out items that are mostly missing, or give them a default in `derive`",
        )
    if len(items) < FEWEST_ITEMS:
        left = f"{len(items)} item{' is' if len(items) == 1 else 's are'} answered differently"
        raise Refused(
            left,
            option="items",
            expected=f"at least {FEWEST_ITEMS} in which accounts differ",
            help="all accounts give the same answer, or none, to " + ", ".join(f"`{one}`" for one in same),
        )
    for item, column in zip(items, values.T, strict=True):
        if column.max() - column.min() <= _LEAST_REACH * max(float(np.abs(column).max()), 1.0):
            raise Refused(
                f"`{item.name}` varies too little to be measured",
                option="items",
                help=f"leave out `{item.name}`, or write it in smaller units",
            )
