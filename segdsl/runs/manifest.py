"""The manifest of a run: what was run, on what, by what, and what came of it (schema: manifest.schema.json beside).

Everything but its `run` part is the same for two runs of the same spec on the same inputs.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostics, SourceText
from segdsl.diagnostics.render_json import diagnostics_object
from segdsl.engines.arrow.results import RunTables
from segdsl.model.model import Model
from segdsl.plan.steps import Plan
from segdsl.plan.wording import word_value
from segdsl.record import dataclass
from segdsl.runs.inputs import InputFile
from segdsl.runs.program import NAME, own_version

SCHEMA = Path(__file__).with_name("manifest.schema.json")
SHAPE = 1

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SpecFile:
    """A spec or an import: the name that diagnostics use, its path inside the project, and its SHA-256."""

    name: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run rests on: the spec and its imports (the spec first), files of sets, data, parameters that were set.

    `fitted` is the fitted file, None where there is none.
    """

    specs: tuple[SpecFile, ...]
    lists: tuple[InputFile, ...]
    inputs: tuple[InputFile, ...]
    settings: Mapping[str, str]
    fitted: SpecFile | None = None


def reproducible_part(
    origin: Origin, model: Model, plan: Plan, tables: RunTables, texts: Mapping[str, SourceText], warnings: Diagnostics
) -> Json:
    """The manifest without its `run` part."""
    files = origin.specs if origin.fitted is None else (*origin.specs, origin.fitted)
    return {
        "shape": SHAPE,
        "digest": _digest(origin, model, plan),
        **_origin(origin, model, plan),
        "versions": _versions(),
        "plugins": [],
        "learned": {},
        "counts": counts(tables),
        "warnings": _warnings(files, texts, warnings),
    }


def learned_part(model: Model, fitted: Iterable[str], found: Iterable[str]) -> Json:
    """Where the segments that plugins find come from, by segmentation: the fitted file, or this run."""
    places = {**dict.fromkeys(fitted, "fitted"), **dict.fromkeys(found, "run")}
    return {name: places[name] for name in model.schemes if name in places}


def run_part(started: datetime, ended: datetime) -> Json:
    """What differs from one run to the next. Times are UTC."""
    seconds = round((ended - started).total_seconds(), 3)
    return {"started": _instant(started), "ended": _instant(ended), "seconds": seconds}


def as_text(value: Json) -> str:
    """A JSON value as a file holds it: in the order it was made, UTF-8, with a line end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def _digest(origin: Origin, model: Model, plan: Plan) -> str:
    """What names a run: SHA-256 of the spec, its imports, its inputs, its parameters and its clock."""
    return hashlib.sha256(json.dumps(_origin(origin, model, plan), sort_keys=True).encode()).hexdigest()


def _origin(origin: Origin, model: Model, plan: Plan) -> Json:
    spec, *imports = ({"file": one.file, "sha256": one.sha256} for one in origin.specs)
    return {
        "spec": spec,
        "imports": imports,
        "fitted": None if origin.fitted is None else {"file": origin.fitted.file, "sha256": origin.fitted.sha256},
        "lists": [_input("set", one) for one in origin.lists],
        "inputs": [_input("source", one) for one in origin.inputs],
        "parameters": [
            {
                "name": param.name,
                "type": str(param.type),
                "value": word_value(param.value, param.type),
                "set": param.name in origin.settings,
            }
            for param in model.params.values()
        ],
        "clock": {"date": plan.clock.isoformat(), "from": plan.clock_from or None},
    }


def _input(what: str, one: InputFile) -> Json:
    return {what: one.reader, "file": one.file or None, "bytes": one.bytes, "sha256": one.sha256}


def _versions() -> Json:
    python = ".".join(map(str, sys.version_info[:3]))
    return {NAME: own_version(), "python": python, "pyarrow": pa.__version__, "numpy": np.__version__}


def counts(tables: RunTables) -> Json:
    """How many rows there were at each point of a run."""
    return {
        "sources": {
            name: {"read": facts.rows_read, "hidden": facts.rows_hidden, "dropped": facts.rows_dropped}
            for name, facts in tables.scans.items()
        },
        "populations": {
            name: {
                "start": found.start,
                "rules": [
                    {"rule": row.reason, "dropped": row.dropped, "left": row.left, "undecided": row.undecided}
                    for row in found.rows
                ],
                "left": found.left,
            }
            for name, found in tables.attrition.items()
        },
        "scores": {name: table.num_rows for name, table in tables.scores.items()},
        "segmentations": {
            name: {
                "rows": found.rows,
                "unassigned": found.unassigned,
                "segments": {one.path: one.count for one in found.segments},
            }
            for name, found in tables.segments.items()
        },
        "audiences": {
            name: {
                "chosen": found.chosen,
                "listed": found.table.num_rows,
                "held_out": None if found.control is None else found.control.num_rows,
            }
            for name, found in tables.audiences.items()
        },
    }


def _warnings(specs: Sequence[SpecFile], texts: Mapping[str, SourceText], warnings: Diagnostics) -> list[Json]:
    """Warnings with places named as seen from the project, not from where the program was called."""
    names = {one.name: one.file for one in specs}
    found: list[Json] = diagnostics_object(warnings, texts)["diagnostics"]
    return [
        {**one, "labels": [{**label, "file": names.get(label["file"], label["file"])} for label in one["labels"]]}
        for one in found
    ]
