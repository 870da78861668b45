"""Sources and columns as a spec would declare them, for tests; and files to read."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from segdsl.diagnostics import Span
from segdsl.engines.arrow.reading import DataFile, ScanFacts, read_source
from segdsl.model.source import BreachPolicies, ColumnContract, FileOrigin, ReadOptions, Source
from segdsl.types import Type

SPAN = Span("spec.seg", 0, 0)
CLOCK = date(2030, 1, 1)


def column(name: str, kind: Type, **rest: Any) -> ColumnContract:
    """A column declared in the order of its making: its span starts where its name's first letter is."""
    return ColumnContract(
        name=name, header=rest.pop("header", name), type=kind, span=Span("spec.seg", ord(name[0]), 0), **rest
    )


def source_of(
    *columns: ColumnContract,
    read: ReadOptions = ReadOptions(),
    policies: BreachPolicies = BreachPolicies(),
    known_from: str | None = None,
    name: str = "accounts",
    links: tuple[Any, ...] = (),
) -> Source:
    key = tuple(c.name for c in columns if c.is_key)
    return Source(name, FileOrigin("data", ".", SPAN), name, columns, key, links, read, policies, known_from, SPAN)


def read_files(declared: Source, *paths: Path, clock: date = CLOCK, **rest: Any) -> tuple[pa.Table, ScanFacts]:
    return read_source(declared, [DataFile(p, p.name) for p in paths], clock, **rest)


def read_text(
    declared: Source, folder: Path, text: str, name: str = "data.csv", **rest: Any
) -> tuple[pa.Table, ScanFacts]:
    path = folder / name
    path.write_bytes(text.encode())
    return read_files(declared, path, **rest)


def codes(facts: ScanFacts) -> list[str]:
    return [d.code for d in facts.diagnostics]
