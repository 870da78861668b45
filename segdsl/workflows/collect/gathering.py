"""Which rows fields are wanted for, and what these rows lack."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np

from segdsl.collecting.field_name import FieldName
from segdsl.collecting.gaps import Gaps, Pattern, everything_missing
from segdsl.collecting.wishes import Wish, given_fields, wanted_fields, wishes_of
from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.diagnostics.codes import PLUGIN_TROUBLE
from segdsl.engines.arrow.aggregation.columns import Mask
from segdsl.engines.arrow.coverage import missing_patterns, rows_of
from segdsl.engines.arrow.execution.state import Progress, silent
from segdsl.model.model import Model
from segdsl.plan import clock_of
from segdsl.record import dataclass
from segdsl.runs.inputs import refuse_stand_ins
from segdsl.workflows.computed_fields import ComputedFields, compute_fields
from segdsl.workflows.loading import NOTHING_SET, Loaded, load

_NOTHING = "SEG421"
_LEFT_OUT = "SEG709"


@dataclass(frozen=True, slots=True)
class Subject:
    """The spec that is collected for. `settings` are parameters as written; `elsewhere` paths of sources.

    `everything` also asks again for what is known.
    """

    argument: Path
    root: Path | None = None
    settings: Mapping[str, str] = NOTHING_SET
    elsewhere: Mapping[str, str] = NOTHING_SET
    everything: bool = False
    on_progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Opened:
    """A spec that has something to collect: what its hypotheses wish for. `wishes` is empty where it has an error."""

    loaded: Loaded
    wishes: tuple[Wish, ...]
    diagnostics: Diagnostics


@dataclass(frozen=True, slots=True)
class Gathered:
    """The data of a spec: its tables, which rows of each fields are wanted for, and what they lack."""

    computed: ComputedFields
    rows: Mapping[str, Mask]
    gaps: Gaps
    diagnostics: Diagnostics


def open_subject(subject: Subject) -> Opened:
    """Reads and checks the spec. A plugin that isn't installed is told, and stops only what rests on it."""
    loaded = load(subject.argument, subject.root, subject.settings)
    found = loaded.diagnostics
    if loaded.model is None or any(one.is_error and one.code not in PLUGIN_TROUBLE for one in found):
        return Opened(loaded, (), found)
    refused = refuse_stand_ins(loaded.model.sources, subject.elsewhere, "--source")
    wishes = wishes_of(loaded.model)
    nothing = _nothing(loaded.model, wishes, loaded.name)
    if refused or nothing is not None:
        return Opened(loaded, (), (*found, *refused, *([] if nothing is None else [nothing])))
    return Opened(loaded, wishes, found)


def _nothing(model: Model, wishes: tuple[Wish, ...], name: str) -> Diagnostic | None:
    if not model.hypotheses:
        mend = "write `hypothesis larger { expect higher employees means higher quality }`"
        return Diagnostic(_NOTHING, f"`{name}` declares no hypothesis", expected="a hypothesis to test", help=mend)
    if not model.providers:
        mend = "write `provider research { cost: $1 per field  covers: accounts.employees }`"
        return Diagnostic(
            _NOTHING, f"`{name}` declares no provider", expected="where fields can be got from", help=mend
        )
    if not wanted_fields(wishes):
        message = f"no hypothesis of `{name}` rests on a field that a provider covers"
        mend = "let `covers` of a provider name the fields that the hypotheses need"
        return Diagnostic(_NOTHING, message, help=mend)
    return None


def gather(subject: Subject, opened: Opened, today: date, shown: Iterable[FieldName] = ()) -> Gathered | Diagnostics:
    """Reads the data. A hypothesis wants its fields for the rows that its score is about; those of linked sources
    are wanted for all rows. `shown` are further fields to compute."""
    model = opened.loaded.model
    assert model is not None
    wanted = wanted_fields(opened.wishes)
    given = tuple(field for field in given_fields(opened.wishes) if _may_be_missing(model, field))
    populations = sorted({wish.population for wish in opened.wishes} & model.populations.keys())
    computed = compute_fields(
        opened.loaded,
        clock_of(model, today),
        dict.fromkeys((*wanted, *given, *shown)),
        populations,
        subject.elsewhere,
        subject.on_progress,
    )
    if not isinstance(computed, ComputedFields):
        return computed
    rows = {source: _rows(computed, opened.wishes, source) for source in _sources((*wanted, *given))}
    judged = [field for field in (*wanted, *given) if str(field) not in computed.blocked]
    patterns = tuple(pattern for source in rows for pattern in _patterns(computed, source, judged, rows[source]))
    counts = {source: int(np.count_nonzero(mask)) for source, mask in rows.items()}
    gaps = Gaps(MappingProxyType(counts), patterns)
    if subject.everything:
        gaps = everything_missing(wanted, counts)
    return Gathered(computed, MappingProxyType(rows), gaps, tuple(_blocked(computed, populations)))


def _may_be_missing(model: Model, field: FieldName) -> bool:
    column = model.sources[field.source].column(field.name)
    return column is not None and column.type.optional


def _sources(fields: Iterable[FieldName]) -> list[str]:
    return sorted({field.source for field in fields})


def _rows(computed: ComputedFields, wishes: tuple[Wish, ...], source: str) -> Mask:
    frame = computed.state.frames[source]
    populations = sorted({wish.population for wish in wishes if wish.source == source})
    return rows_of(frame, populations or (source,))


def _patterns(computed: ComputedFields, source: str, fields: Iterable[FieldName], rows: Mask) -> Iterator[Pattern]:
    names = [field.name for field in fields if field.source == source]
    if names:
        for lacked, count in missing_patterns(computed.state.frames[source], names, rows):
            yield frozenset(FieldName(source, name) for name in lacked), count


def _blocked(computed: ComputedFields, populations: Iterable[str]) -> Iterator[Diagnostic]:
    """A population that can't be computed: its fields are wanted for all rows of its source."""
    for name in populations:
        if name in computed.blocked:
            message = f"population `{name}` is left out: {computed.blocked[name]}"
            yield Diagnostic(_LEFT_OUT, message, notes=("fields are priced for all rows of its source",))
