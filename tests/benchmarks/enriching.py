"""How long all firmographic fields of a million accounts take, beside the libraries called row by row.

`python -m tests.benchmarks.enriching [--rows N] [--sample N]` prints seconds by group of fields, the ratio to the same
fields made row by row on a sample and scaled up, and the peak memory over the accounts. The accounts are the same at
every run.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import cleanco
import numpy as np
import pyarrow as pa
import pycountry
from publicsuffixlist import PublicSuffixList
from stdnum.eu import vat

from segdsl.engines.arrow.distinct_rows import distinct_rows
from segdsl.model.catalog import Scope
from segdsl.plugin import TEXT, Asked, Call, ColumnName, Duration, Linked, Options
from segdsl_firmographic import ENRICHER
from segdsl_firmographic.industries import classification
from tests.benchmarks.companies import CLOCK, make_companies, make_history

BATCH_ROWS = 1 << 16
OPTIONS: Options = {"industry_system": "naics", "growth_over": Duration(months=12)}

# The columns of the accounts that each output is made from, by the name of its first input.
SOURCES = {
    "name": ("name", "country"),
    "country": ("country",),
    "state": ("state", "country"),
    "postal code": ("postal_code", "country"),
    "address": ("website",),
    "email": ("website",),
    "number": ("vat_number", "country"),
    "industry code": ("naics",),
    "founded": ("founded",),
    "revenue": ("revenue",),
    "parent": ("parent", "revenue"),
}
SIZES_IN_WORDS = ("employees_low", "employees_high", "employees_mid")


@dataclass(frozen=True, slots=True)
class Group:
    """Outputs that are made together, from the same columns."""

    columns: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seconds:
    """By the clock, and of all cores together, which is the steadier figure on a busy machine."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Libraries:
    """What is prepared once before rows are worked on."""

    suffixes: PublicSuffixList
    legal_terms: Any
    naics: Mapping[str, str]
    figures: Mapping[int, list[tuple[Any, float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=10_000, help="rows that the libraries are called for")
    parser.add_argument("--quick", action="store_true", help="few rows, to see that all works")
    options = parser.parse_args()
    if options.quick:
        options.rows, options.sample = 5_000, 100
    accounts, history = make_companies(options.rows).combine_chunks(), make_history(options.rows).combine_chunks()
    print(f"{options.rows:,} accounts, {len(ENRICHER.outputs)} fields", flush=True)
    ENRICHER.make(Call((), 0))
    before = memory("VmRSS", reset=True)
    spans = [_printed(name, _timed(work)) for name, work in _works(accounts, history)]
    seconds = Seconds(sum(span.wall for span in spans), sum(span.processor for span in spans))
    peak = memory("VmHWM") - before
    sample = min(options.sample, options.rows)
    rows, libraries = accounts.slice(0, sample).to_pylist(), prepare(history, sample)
    spent = _timed(lambda: by_rows(rows, libraries))
    scaled = Seconds(spent.wall * options.rows / sample, spent.processor * options.rows / sample)
    _printed(f"segdsl; peak {peak:,.0f} MB over the accounts", seconds)
    _printed(f"the libraries row by row, scaled up from {sample:,} rows", scaled)
    print(f"  {scaled.processor / seconds.processor:.1f} times the processor time")


def _timed(work: Callable[[], object]) -> Seconds:
    wall, processor = perf_counter(), process_time()
    work()
    return Seconds(perf_counter() - wall, process_time() - processor)


def _printed(name: str, seconds: Seconds) -> Seconds:
    print(f"  {seconds.wall:8.2f} s, processor {seconds.processor:8.2f} s  {name}", flush=True)
    return seconds


def _works(accounts: pa.Table, history: pa.Table) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is measured, by name."""
    for group in groups():
        yield (
            f"{', '.join(group.outputs)} from {', '.join(group.columns)}",
            lambda group=group: by_batches(accounts, group),
        )
    yield "hierarchy and growth", lambda: by_table(accounts, history)


def groups() -> list[Group]:
    """The outputs that rest on their own row, by the columns they are made from."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for output in ENRICHER.outputs:
        if output.scope is Scope.ROW:
            found[_columns(output.name, output.inputs[0].name)].append(output.name)
    return [Group(columns, tuple(outputs)) for columns, outputs in found.items()]


def _columns(output: str, first_input: str) -> tuple[str, ...]:
    if output == "sme_class":
        return ("employees", "revenue")
    if first_input == "employees":
        return ("size_text",) if output in SIZES_IN_WORDS else ("employees",)
    return SOURCES[first_input]


def by_batches(accounts: pa.Table, group: Group) -> dict[str, pa.Array]:
    """The columns of a group as the engine makes them: distinct rows, in batches, put back to all rows."""
    inputs = [accounts[name].combine_chunks() for name in group.columns]
    first, inverse = distinct_rows(inputs, accounts.num_rows)
    names = tuple(ColumnName("accounts", name) for name in group.columns)
    parts: dict[str, list[pa.Array]] = {output: [] for output in group.outputs}
    for start in range(0, len(first), BATCH_ROWS):
        rows = pa.array(first[start : start + BATCH_ROWS])
        here = tuple(column.take(rows) for column in inputs)
        asked = tuple(Asked(output, output, TEXT, names, here) for output in group.outputs)
        made = ENRICHER.make(Call(asked, len(rows), OPTIONS, clock=CLOCK, table="accounts"))
        for output in group.outputs:
            parts[output].append(pa.array(made.columns[output]))
    places = None if inverse is None else pa.array(inverse)
    whole = {output: pa.chunked_array(arrays).combine_chunks() for output, arrays in parts.items()}
    return {output: array if places is None else array.take(places) for output, array in whole.items()}


def by_table(accounts: pa.Table, history: pa.Table) -> None:
    """The outputs that see whole tables, in one call."""
    linked = Linked({}, history.num_rows, history["row"].combine_chunks(), ())
    asked = []
    for output in ENRICHER.outputs:
        if output.scope is Scope.TABLE:
            table, names = ("accounts", SOURCES["parent"][: len(output.inputs)])
            if output.name == "growth":
                table, names = "history", ("revenue", "as_of")
            source = history if table == "history" else accounts
            inputs = tuple(source[name].combine_chunks() for name in names)
            columns = tuple(ColumnName(table, name) for name in names)
            asked.append(Asked(output.name, output.name, TEXT, columns, inputs))
    key = (accounts["account_id"].combine_chunks(),)
    call = Call(
        tuple(asked), accounts.num_rows, OPTIONS, clock=CLOCK, table="accounts", tables={"history": linked}, key=key
    )
    ENRICHER.make(call)


def memory(field: str, reset: bool = False) -> float:
    """MB of this process: `VmRSS` now, or `VmHWM`, the most since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


# ---- the same fields, row by row


def prepare(history: pa.Table, accounts: int) -> Libraries:
    """The libraries' own tables, and the records of the first accounts."""
    found = classification("naics")
    titles = dict(zip(found.code.to_pylist(), found.title.to_pylist(), strict=True))
    return Libraries(PublicSuffixList(), cleanco.typesources(), titles, _figures(history, accounts))


def by_rows(rows: list[dict[str, Any]], libraries: Libraries) -> None:
    """Each field of each row by the library that knows it, or in plain Python."""
    parents = {row["account_id"]: row["parent"] for row in rows}
    employees: dict[str, int] = defaultdict(int)
    for row in rows:
        row["top"], row["level"] = climb(parents, row["account_id"])
        employees[row["top"]] += row["employees"] or 0
    for number, row in enumerate(rows):
        row["clean_name"] = cleanco.basename(row["name"])
        row["legal_form"] = cleanco.matches(row["name"], libraries.legal_terms)
        place_fields(row)
        row["domain"] = domain(row["website"], libraries.suffixes)
        row["vat_valid"] = row["vat_number"] is not None and vat.is_valid(row["vat_number"])
        industry_fields(row, libraries.naics)
        size_fields(row)
        row["age"] = None if row["founded"] is None else CLOCK.year - row["founded"]
        row["group_total"] = employees[row["top"]]
        known = sorted(libraries.figures[number])
        row["growth"] = known[-1][1] / known[-2][1] - 1


def place_fields(row: dict[str, Any]) -> None:
    try:
        row["country_code"] = pycountry.countries.lookup(row["country"] or "").alpha_2
    except LookupError:
        row["country_code"] = None
    state = row["state"] and pycountry.subdivisions.get(code=f"US-{row['state']}")
    row["state_name"] = state.name if state else None
    row["postal_code_valid"] = bool(re.fullmatch(r"\d{5}", row["postal_code"]))


def domain(address: str | None, suffixes: PublicSuffixList) -> str | None:
    if address is None:
        return None
    host = re.sub(r"^.*@|^\w+://", "", address).split("/")[0].lower()
    return str(suffixes.privatesuffix(host) or "")


def industry_fields(row: dict[str, Any], naics: Mapping[str, str]) -> None:
    code = row["naics"] or ""
    for level, digits in (("title", 6), ("group", 4), ("division", 3), ("sector", 2)):
        row[f"industry_{level}"] = naics.get(code[:digits])


def size_fields(row: dict[str, Any]) -> None:
    found = re.search(r"(\d+)\s*-\s*(\d+)|(\d+)\+?", row["size_text"] or "")
    row["employees_low"] = int(found[1] or found[3]) if found else None
    employees = row["employees"]
    if employees is not None:
        row["size_band"] = next(
            (n for n, most in (("micro", 10), ("small", 50), ("medium", 250)) if employees < most), ""
        )
    revenue = row["revenue"]
    row["revenue_band"] = sum(revenue > limit for limit in (2_000_000, 10_000_000, 50_000_000))


def climb(parents: Mapping[str, str | None], account: str) -> tuple[str, int]:
    level = 0
    while (parent := parents.get(account)) is not None:
        account, level = parent, level + 1
    return account, level


def _figures(history: pa.Table, accounts: int) -> dict[int, list[tuple[Any, float]]]:
    """The first accounts' records: day and figure."""
    mask = np.asarray(history["row"]) < accounts
    found: dict[int, list[tuple[Any, float]]] = defaultdict(list)
    for record in history.filter(pa.array(mask)).to_pylist():
        found[record["row"]].append((record["as_of"], float(record["revenue"])))
    return found


if __name__ == "__main__":
    main()
