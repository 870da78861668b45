"""Contract checks of report sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from segdsl.plugin.calls import SectionCall, SectionText
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Section
from segdsl.plugin.testing.examples import SectionExample, Values
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt, shown
from segdsl.plugin.testing.options import call_options

_CLOCK = date(2026, 1, 31)
_TABLES: Mapping[str, Mapping[str, Values]] = {
    "members/fit": {"account_id": ["AC-1", "AC-2", "AC-3"], "segment": ["large", None, "small"]},
    "scores/quality": {"account_id": ["AC-1", "AC-2", "AC-3"], "quality": [10.5, None, -3.0]},
    "audiences/call_first": {"account_id": ["AC-1"]},
    "enriched/accounts": {"account_id": ["AC-1", "AC-2", "AC-3"], "country": ["DE", None, ""]},
}


def section_faults(declared: Section, examples: Sequence[SectionExample]) -> Iterator[Fault]:
    """Everything in which a report section breaks its contract, tried with the examples and with made-up tables."""
    options = call_options(signature_of(declared).options)
    for example in examples:
        call = SectionCall(_arrow(example.tables), _CLOCK, {**options, **example.options})
        found = _written(declared, call, "types")
        if isinstance(found, Fault):
            yield found
            continue
        text = " ".join((found.title, *found.paragraphs, *found.tables))
        for words in example.expected:
            if words not in text:
                yield Fault("example", f"the words {shown(words)}", shown(text), "correct the section, or the example")
    like = {**options, **(examples[0].options if examples else {})}
    empty = {name: table.slice(0, 0) for name, table in _arrow(_TABLES).items()}
    trials: tuple[tuple[str, Mapping[str, pa.Table]], ...] = (
        ("odd values", _arrow(_TABLES)),
        ("empty input", empty),
        ("no tables", {}),
    )
    for rule, tables in trials:
        yield from _faults_of_call(declared, SectionCall(tables, _CLOCK, like), rule)


def _faults_of_call(declared: Section, call: SectionCall, rule: str) -> Iterator[Fault]:
    found = _written(declared, call, rule)
    if isinstance(found, Fault):
        yield found
        return
    again = _written(declared, call, "same values twice")
    if isinstance(again, Fault) or _content(again) != _content(found):
        mend = "tell only of the tables, the clock and the options"
        promised = "the same tables give the same text"
        came = again.came if isinstance(again, Fault) else f"{shown(_content(found))}, then {shown(_content(again))}"
        yield Fault("same values twice", promised, came, mend)


def _content(text: SectionText) -> tuple[Any, ...]:
    return text.title, text.paragraphs, {name: table.to_pydict() for name, table in text.tables.items()}


def _arrow(tables: Mapping[str, Mapping[str, Values]]) -> dict[str, pa.Table]:
    return {name: pa.table({column: pa.array(v) for column, v in one.items()}) for name, one in tables.items()}


def _written(declared: Section, call: SectionCall, rule: str) -> SectionText | Fault:
    made: object = attempt(lambda: declared.write(call))
    if isinstance(made, Failure):
        fault = made.fault(rule, "a section, whatever tables the run has")
        return Fault(rule, fault.promised, fault.came, "say in a paragraph that there is nothing to tell")
    if isinstance(made, Refusal):
        return Fault(rule, "a section", f"it refuses: {made.message}", "say it in a paragraph; refuse only options")
    if not isinstance(made, SectionText):
        return Fault(rule, "an object `SectionText`", type(made).__name__, "return `SectionText(title=...)`")
    if not made.title.strip():
        return Fault(rule, "a section with a title", "an empty title", "give it a title")
    if not isinstance(made.paragraphs, tuple) or not all(isinstance(one, str) for one in made.paragraphs):
        return Fault(rule, "paragraphs of plain text", shown(made.paragraphs), "give a tuple of texts")
    stray = next((name for name, table in made.tables.items() if not isinstance(table, pa.Table)), None)
    if stray is not None:
        return Fault(
            rule, f"the table `{stray}`", type(made.tables[stray]).__name__, "build it with `pyarrow.table(...)`"
        )
    return made
