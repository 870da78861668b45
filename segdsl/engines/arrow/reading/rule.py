"""A column's contract made ready for reading: patterns compiled, texts and bounds as Arrow holds them."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

import pyarrow as pa

from segdsl.engines.arrow.physical import CODED_TEXT, TEXT, arrow_type, to_physical
from segdsl.engines.arrow.reading.moments import date_pattern
from segdsl.model.source import ColumnContract, ReadOptions, Source
from segdsl.types import Kind, Type, money_places

_EXACT_FLOAT = 2**53


@dataclass(frozen=True, slots=True)
class Rule:
    """How the cells of one column are read.

    `empty` are texts that count as missing, `found` and `meant` the replacements (a null in `meant`: missing).
    `multiplier` turns an amount into units of 10^-places and is None where a float can't hold it exactly. `as_text`
    says that values that aren't text must become it first, because the contract speaks of texts.
    """

    contract: ColumnContract
    type: Type
    arrow: pa.DataType
    mark: str
    pattern: re.Pattern[str]
    is_iso: bool
    empty: pa.StringArray | None
    found: pa.StringArray | None
    meant: pa.StringArray | None
    low: pa.Scalar | None
    high: pa.Scalar | None
    closed: pa.StringArray | None
    default: pa.Scalar | None
    places: int
    multiplier: int | None
    as_text: bool

    @property
    def kind(self) -> Kind:
        return self.type.kind

    @property
    def sign_currency(self) -> str | None:
        """The currency whose sign may stand before an amount; None for any, as where each row says its own."""
        return self.type.currency if self.contract.conversion is None else None

    @property
    def scale(self) -> Decimal | None:
        return self.contract.scale

    def of_items(self) -> "Rule":
        """The rule for the items of a list."""
        element = self.type.element
        assert element is not None
        return prepare(
            replace(self.contract, type=element, default=None, split=None), self.mark, self.pattern, self.is_iso
        )


def rule_of(contract: ColumnContract, read: ReadOptions, coded: bool = False) -> Rule:
    """The rule of a column, its texts `coded` (as a dictionary) if asked for.

    A `dates` pattern that can't be understood is taken as ISO; the caller reports it.
    """
    pattern = date_pattern(read.dates)
    is_iso = read.dates is None or pattern is None or read.dates == "YYYY-MM-DD"
    rule = prepare(contract, read.decimal or ".", pattern or _ISO, is_iso)
    return replace(rule, arrow=CODED_TEXT) if coded and rule.kind is Kind.TEXT else rule


_ISO = date_pattern(None) or re.compile("")


def prepare(contract: ColumnContract, mark: str, pattern: re.Pattern[str], is_iso: bool) -> Rule:
    kind = contract.type
    meant = _replacements(contract)
    places = money_places(kind.currency) if kind.currency is not None else 0
    return Rule(
        contract=contract,
        type=kind,
        arrow=arrow_type(kind),
        mark=mark,
        pattern=pattern,
        is_iso=is_iso,
        empty=pa.array([e.strip() for e in contract.empty], TEXT) if contract.empty else None,
        found=pa.array(list(meant), TEXT) if meant else None,
        meant=pa.array([m or None for m in meant.values()], TEXT) if meant else None,
        low=_bound(contract, contract.low),
        high=_bound(contract, contract.high),
        closed=pa.array(kind.values, TEXT) if kind.values is not None else None,
        default=_bound(contract, contract.default),
        places=places,
        multiplier=_multiplier(contract.scale, places),
        as_text=bool(contract.empty or contract.replace),
    )


def _replacements(contract: ColumnContract) -> dict[str, str]:
    """What each text becomes when all pairs are applied one after the other."""
    meant: dict[str, str] = {}
    for found, _ in contract.replace:
        text = found.strip()
        for before, after in contract.replace:
            text = after.strip() if text == before.strip() else text
        meant[found.strip()] = text
    return meant


def _bound(contract: ColumnContract, value: object) -> pa.Scalar | None:
    if value is None:
        return None
    kind = TEXT if contract.type.is_textual else arrow_type(contract.type)
    return pa.scalar(to_physical(value, contract.type), kind)  # type: ignore[arg-type]


def _multiplier(scale: Decimal | None, places: int) -> int | None:
    exact = (Decimal(1) if scale is None else scale).scaleb(places)
    return int(exact) if exact == exact.to_integral_value() and 0 < exact < _EXACT_FLOAT else None


def rules_read(source: Source, wanted: Collection[str], coded: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules of the columns to read, in declared order: those wanted and those that the contract itself needs.

    A row kept among duplicates is chosen by all its values, so that the choice is the same for every plan.
    """
    all_of_them = source.policies.duplicate is not None
    needed = {*wanted, *source.key, source.known_from}
    return tuple(
        rule_of(column, source.read, column.name in coded)
        for column in source.columns
        if all_of_them or column.name in needed
    )
