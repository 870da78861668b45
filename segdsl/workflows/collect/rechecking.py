"""`collect --recheck`: a sample of what was collected, to be looked up once more by people who don't see it."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from segdsl.collecting.accuracy import sample
from segdsl.collecting.collected import Collected
from segdsl.collecting.sheet import RECHECK, Item, Sheet, deal
from segdsl.diagnostics import Diagnostic
from segdsl.model.model import Model
from segdsl.record import dataclass
from segdsl.workflows.collect.reading import ReadBack, ReadRequest, read_back
from segdsl.workflows.collect.sheets import (
    SheetRequest,
    Written,
    finish,
    headers_of,
    item_of,
    refuse_place,
    refuse_shown,
    shown_columns,
    shown_texts,
    stopped,
)
from segdsl.workflows.loading import load
from segdsl.workflows.written_amounts import read_share

_NOTHING = "SEG421"


@dataclass(frozen=True, slots=True)
class RecheckRequest:
    """A sheet for a share of the values that other sheets hold."""

    reading: ReadRequest
    sheet: SheetRequest
    share: str


def write_recheck(request: RecheckRequest, today: date | None = None) -> Written:
    """Writes the sheet: of each field the share of its values whose accounts and fields have the lowest hashes."""
    subject = request.reading.subject
    loaded = load(subject.argument, subject.root, subject.settings)
    share = read_share("--recheck", request.share)
    refused = share if isinstance(share, Diagnostic) else refuse_place(request.sheet.place)
    if isinstance(share, Diagnostic) or refused is not None or loaded.model is None:
        own = (refused,) if refused is not None else ()
        return stopped(loaded, (*loaded.diagnostics, *own), spec_was_good=False)
    model = loaded.model
    names = _shown(model, request.sheet.shown)
    wrong = refuse_shown(model, set(model.sources), request.sheet.shown)
    if wrong is not None:
        return stopped(loaded, (*loaded.diagnostics, wrong), spec_was_good=False)
    found = read_back(request.reading, names, today)
    if found.computed is None:
        return stopped(found.loaded, found.diagnostics, found.spec_was_good)
    chosen = _sample(share, found.values)
    if not chosen:
        nothing = Diagnostic(_NOTHING, "the sheets hold no value that could be looked up again")
        return stopped(found.loaded, (*found.diagnostics, nothing), spec_was_good=True)
    sheet, hidden = _sheet(model, found, chosen, request.sheet)
    return finish(found.loaded, sheet, request.sheet.place, hidden, found.diagnostics)


def _shown(model: Model, asked: Sequence[str]) -> tuple[str, ...]:
    """The columns that may be shown with accounts of any source."""
    if asked:
        return tuple(asked)
    return tuple(column.name for source in model.sources.values() for column in source.columns if not column.pii)


def _sample(share: Fraction, values: Iterable[Collected]) -> list[Collected]:
    by_field: dict[object, list[Collected]] = {}
    for value in values:
        by_field.setdefault(value.field, []).append(value)
    drawn = [one for found in by_field.values() for one in sample(share, ((_key(one), one) for one in found))]
    return sorted(drawn, key=lambda one: (one.field.source, one.row, one.field.name))


def _key(value: Collected) -> str:
    return f"{value.field}\0{value.account}"


def _sheet(
    model: Model, found: ReadBack, chosen: Sequence[Collected], request: SheetRequest
) -> tuple[Sheet, tuple[str, ...]]:
    assert found.computed is not None
    frames = found.computed.state.frames
    fields = sorted({one.field for one in chosen})
    shown, hidden = shown_columns(model, fields, request.shown)
    texts = {source: shown_texts(frames[source], shown) for source in {field.source for field in fields}}
    accounts = list(dict.fromkeys((one.field.source, one.row) for one in chosen))
    collectors = dict(zip(accounts, deal(len(accounts), request.collectors), strict=True))
    items: list[Item] = []
    for one in chosen:
        about = one.account, tuple(column[one.row] for column in texts[one.field.source])
        items.append(item_of(model, one.field, about, one.provider, collectors[one.field.source, one.row], RECHECK))
    return Sheet(headers_of(shown, fields), tuple(items)), hidden
