"""What a call asks for, read from its options: the providers in order, and what accounts are matched by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa

from segdsl.plugin import Call, ColumnName, Duration, Linked, ProviderTerms, Refused

MATCH_OPTIONS = ("match_key", "match_domain", "match_name")
_SECONDS_PER_DAY = 86_400
_THRESHOLD = 0.85  # as the schema has it


@dataclass(frozen=True, slots=True)
class Traits:
    """What a row is matched by; None where no column says."""

    key: pa.Array | None
    domain: pa.Array | None
    name: pa.Array | None
    country: pa.Array | None


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's table, what its records are matched by, the column of their dates, and its terms.

    `price` is what one record costs, None for nothing; `label` is the provider's name, else the table's.
    """

    table: str
    label: str
    linked: Linked
    traits: Traits
    dated: str | None
    price: Decimal | None
    currency: str
    age: Duration | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What accounts are matched by, the column of the dates of their own values, the providers, and limits.

    `fresh_after` and `kept_after` are the days after which a value is fresh and a purchase still held; None for any.
    """

    traits: Traits
    dated: str | None
    providers: tuple[Provider, ...]
    threshold: float
    fresh_after: date | None
    kept_after: date | None


def read_settings(call: Call) -> Settings:
    """The settings of a call; refuses options that name no fitting columns, and prices in several currencies."""
    tables = _provider_tables(call)
    columns = {option: _columns_by_table(call, option, tables) for option in (*MATCH_OPTIONS, "match_country", "dated")}
    terms = _read_terms(call, tables)
    providers = tuple(_read_provider(call, table, columns, terms.get(table)) for table in tables)
    for provider in providers:
        _refuse_unmatchable(provider)
    max_age, keep_for = _duration(call, "max_age"), _duration(call, "keep_for")
    return Settings(
        _traits(call.columns, call.table, columns),
        columns["dated"].get(call.table),
        providers,
        float(str(call.options.get("threshold", _THRESHOLD))),
        None if max_age is None else day_before(call.clock, max_age),
        None if keep_for is None else day_before(call.clock, keep_for),
    )


def _provider_tables(call: Call) -> tuple[str, ...]:
    """The other tables that values come from, in the order in which the spec first names them."""
    named = (column.table for asked in call.asked for column in asked.columns)
    return tuple(table for table in dict.fromkeys(named) if table != call.table)


def _several(call: Call, option: str) -> tuple[object, ...]:
    value = call.options.get(option, ())
    return value if isinstance(value, tuple) else (value,)


def _columns_by_table(call: Call, option: str, tables: Iterable[str]) -> Mapping[str, str]:
    """The column of each table that an option names."""
    found: dict[str, str] = {}
    for name in _several(call, option):
        assert isinstance(name, ColumnName)
        if name.table in found:
            raise Refused(f"`{option}` names two columns of `{name.table}`", option, "one column of each table")
        if name.table != call.table and name.table not in tables:
            raise Refused(
                f"`{option}` names a column of `{name.table}`, which no value comes from",
                option,
                "columns of " + ", ".join(f"`{table}`" for table in (call.table, *tables)),
                f"take a value from `{name.table}`, or leave the column out",
            )
        found[name.table] = name.column
    others = [table for table in found if table != call.table]
    if option != "dated" and others and call.table not in found:
        raise Refused(
            f"`{option}` names no column of `{call.table}`",
            option,
            f"a column of `{call.table}`, then one of each provider",
        )
    return found


def _traits(columns: Mapping[str, pa.Array], table: str, chosen: Mapping[str, Mapping[str, str]]) -> Traits:
    options = ("match_key", "match_domain", "match_name", "match_country")
    return Traits(*(columns[chosen[option][table]] if table in chosen[option] else None for option in options))


def _read_terms(call: Call, tables: tuple[str, ...]) -> Mapping[str, ProviderTerms]:
    """The terms of each table's provider; refuses more providers than tables, and prices in several currencies."""
    terms = [item for item in _several(call, "providers") if isinstance(item, ProviderTerms)]
    if len(terms) > len(tables):
        raise Refused(
            f"`providers` names {len(terms)} providers for {len(tables)} tables",
            "providers",
            "one provider for each table that values come from, in their order",
        )
    currencies = sorted({item.currency for item in terms if item.price is not None and item.currency})
    if len(currencies) > 1:
        raise Refused(
            "The providers have prices in " + " and ".join(currencies),
            "providers",
            "prices in one currency",
            "state the prices in the currency that the budget is in",
        )
    return dict(zip(tables, terms, strict=False))


def _read_provider(
    call: Call, table: str, columns: Mapping[str, Mapping[str, str]], terms: ProviderTerms | None
) -> Provider:
    linked = call.tables[table]
    priced = terms is not None and terms.price is not None
    return Provider(
        table=table,
        label=terms.name if terms else table,
        linked=linked,
        traits=_traits(linked.columns, table, columns),
        dated=columns["dated"].get(table),
        price=Decimal(str(terms.price)) if terms and priced else None,
        currency=(terms.currency or "") if terms else "",
        age=terms.age if terms and isinstance(terms.age, Duration) else None,
    )


def _refuse_unmatchable(provider: Provider) -> None:
    traits = provider.traits
    if traits.key is None and traits.domain is None and traits.name is None and provider.linked.rows is None:
        raise Refused(
            f"Nothing says how records of `{provider.table}` are matched",
            "match_key",
            f"a column of `{provider.table}` in `match_key`, `match_domain` or `match_name`",
            f"add one, as in `match_name: name, {provider.table}.company`",
        )
    if provider.price is not None and not provider.linked.key:
        raise Refused(
            f"Records of `{provider.table}` cost money but have no key",
            "providers",
            f"a key of `{provider.table}`, by which a record that was paid for is known again",
            f"mark a column of `{provider.table}` as `key`",
        )


def _duration(call: Call, option: str) -> Duration | None:
    value = call.options.get(option)
    return value if isinstance(value, Duration) else None


def day_before(day: date, span: Duration) -> date:
    """The day a span before a day: months by the calendar, clamped to the month's end; never before the first day."""
    months = day.year * 12 + day.month - 1 - span.months
    if months < 12:
        return date.min
    year, month = divmod(months, 12)
    moved = date(year, month + 1, min(day.day, _days_in(year, month + 1)))
    days = -(-span.seconds // _SECONDS_PER_DAY)
    return date.min if (moved - date.min).days < days else moved - timedelta(days=days)


def _days_in(year: int, month: int) -> int:
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days
