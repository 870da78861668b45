"""The tables of docs/language.md that are made from the code: functions, aggregates, words."""

import re
from collections.abc import Iterable, Mapping
from textwrap import fill

from segdsl.language.keywords import RESERVED
from segdsl.types import Kind
from segdsl.types.aggregate import AGGREGATES, Aggregate
from segdsl.types.function import FUNCTIONS, Signature

WIDTH = 150
_MADE = re.compile(r"(?P<begin><!-- made from the code: (?P<name>\w+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL)


def with_tables(page: str) -> str:
    """The page, its made tables as the code has them."""
    tables = made_tables()
    return _MADE.sub(lambda found: f"{found['begin']}{tables[found['name']]}{found['end']}", page)


def table_names(page: str) -> set[str]:
    return {found["name"] for found in _MADE.finditer(page)}


def made_tables() -> Mapping[str, str]:
    linked = (one for one in AGGREGATES.values() if one.over_link)
    whole = (one for one in AGGREGATES.values() if one.over_table)
    words = fill(", ".join(f"`{word}`" for word in sorted(RESERVED)), WIDTH)
    return {
        "functions": _table(("function", "gives", "example", "missing"), map(_function, FUNCTIONS.values())),
        "link_aggregates": _table(("aggregate", "gives", "example", "of nothing"), map(_of_link, linked)),
        "table_aggregates": _table(("aggregate", "gives", "example", "of nothing"), map(_of_table, whole)),
        "words": f"{words}\n",
    }


def _function(one: Signature) -> tuple[str, ...]:
    return f"`{one.usage}`", one.doc, f"`{one.example}`", one.missing


def _of_link(one: Aggregate) -> tuple[str, ...]:
    return f"`{one.name}`", one.doc, f"`{one.example}`", one.of_none


def _of_table(one: Aggregate) -> tuple[str, ...]:
    value = "" if one.accepts is None else "cancelled " if one.accepts == {Kind.BOOL} else "fee "
    example = f"{one.name}({value}over customers)" if one.over_link else one.example
    return f"`{one.name}`", one.doc, f"`{example}`", one.of_none


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
