"""`collect --sheet`: the work for people, account by account and field by field."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from segdsl.collecting.definitions import closed_values, define
from segdsl.collecting.field_name import FieldName
from segdsl.collecting.offers import Offer
from segdsl.collecting.sheet import COLLECT, COLUMNS, Item, Sheet, deal, key_text
from segdsl.collecting.wishes import wanted_fields
from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.coverage import known_rows
from segdsl.engines.arrow.execution.state import Frame, column_slot
from segdsl.engines.arrow.physical import from_physical
from segdsl.model.model import Model
from segdsl.model.source import ColumnContract, Source
from segdsl.record import dataclass
from segdsl.runs.placing import place_file, refuse_existing
from segdsl.runs.sheet_files import refuse_form, refuse_size, write_sheet
from segdsl.types import Type
from segdsl.types.display import show
from segdsl.workflows.collect.gathering import Gathered, Opened, gather, open_subject
from segdsl.workflows.collect.pricing import PriceRequest, price
from segdsl.workflows.loading import Loaded
from segdsl.workflows.written_amounts import unknown_name

_NOTHING = "SEG421"
_NAME_WORDS = ("name", "company", "account", "customer", "title", "organisation", "organization", "client", "domain")


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """A sheet to be written to `place`.

    `provider` names the one whose work it is (None: all chosen ones that are work by people); `shown` are columns that
    help to know the account; accounts are dealt out to `collectors`.
    """

    pricing: PriceRequest
    place: Path
    provider: str | None = None
    shown: tuple[str, ...] = ()
    collectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """The sheet that was written, or None with the reason among the diagnostics. `hidden` are columns with personal
    data that could name the accounts and are not shown unasked."""

    loaded: Loaded
    sheet: Sheet | None
    hidden: tuple[str, ...]
    diagnostics: Diagnostics
    spec_was_good: bool


def write_work(request: SheetRequest, today: date | None = None) -> Written:
    """Writes the sheet for what hypotheses need and rows lack. An existing file is never touched."""
    day = today or date.today()
    subject = request.pricing.subject
    opened = open_subject(subject)
    if not opened.wishes:
        return stopped(opened.loaded, opened.diagnostics, spec_was_good=False)
    model = opened.loaded.model
    assert model is not None
    refused = refuse_place(request.place) or _refuse_names(model, opened, request)
    if refused is not None:
        return stopped(opened.loaded, (*opened.diagnostics, refused), spec_was_good=False)
    work = _work(request, opened, day)
    if not isinstance(work, dict):
        return work
    fields = tuple(sorted(work))
    shown, hidden = shown_columns(model, fields, request.shown)
    extra = [FieldName(source, name) for source in sorted({f.source for f in fields}) for name in shown]
    gathered = gather(subject, opened, day, [f for f in extra if model.sources[f.source].column(f.name)])
    if not isinstance(gathered, Gathered):
        return stopped(opened.loaded, (*opened.diagnostics, *gathered), spec_was_good=True)
    items = tuple(_items(model, gathered, work, shown, request, subject.everything))
    sheet = Sheet(headers_of(shown, fields), items)
    if not items:
        nothing = Diagnostic(_NOTHING, "nothing is missing that the sheet could ask for", help="say `--all`")
        return stopped(opened.loaded, (*opened.diagnostics, nothing), spec_was_good=True)
    return finish(opened.loaded, sheet, request.place, hidden, (*opened.diagnostics, *gathered.diagnostics))


def finish(loaded: Loaded, sheet: Sheet, place: Path, hidden: tuple[str, ...], found: Diagnostics) -> Written:
    """Writes the sheet into its place."""
    failure = refuse_size(sheet, place) or place_file(place, partial(write_sheet, sheet, place.suffix), replace=False)
    if failure is not None:
        return stopped(loaded, (*found, failure), spec_was_good=True)
    return Written(loaded, sheet, hidden, loaded.accept(found), spec_was_good=True)


def stopped(loaded: Loaded, found: Diagnostics, spec_was_good: bool) -> Written:
    return Written(loaded, None, (), loaded.accept(found), spec_was_good)


def refuse_place(place: Path) -> Diagnostic | None:
    """Why a sheet can't be written to a place, asked before any work is done."""
    return refuse_form(place) or refuse_existing(place)


def _refuse_names(model: Model, opened: Opened, request: SheetRequest) -> Diagnostic | None:
    if request.provider is not None and request.provider not in model.providers:
        near = closest(request.provider, model.providers)
        return unknown_name("--provider", request.provider, model.providers, near)
    return refuse_shown(model, {field.source for field in wanted_fields(opened.wishes)}, request.shown)


def refuse_shown(model: Model, sources: set[str], shown: Sequence[str]) -> Diagnostic | None:
    """A column that is to be shown and that no source of the sheet has."""
    known = {column.name: column for name in sorted(sources) for column in model.sources[name].columns}
    wrong = next((name for name in shown if name not in known), None)
    return None if wrong is None else unknown_name("--show", wrong, known, closest(wrong, known))


def _work(request: SheetRequest, opened: Opened, day: date) -> dict[FieldName, str] | Written:
    """The provider of each field that people look up."""
    model = opened.loaded.model
    assert model is not None
    if request.provider is not None:
        covers = {FieldName(*pair) for pair in model.providers[request.provider].covers}
        found = {field: request.provider for field in wanted_fields(opened.wishes) if field in covers}
        if found:
            return found
        message = f"`{request.provider}` covers no field that a hypothesis needs"
        nothing = Diagnostic(_NOTHING, message, help="name another provider, or leave `--provider` out")
        return stopped(opened.loaded, (*opened.diagnostics, nothing), spec_was_good=True)
    priced = price(request.pricing, day)
    if priced.plan is None:
        return stopped(priced.loaded, priced.diagnostics, priced.spec_was_good)
    people = {offer.provider for offer in priced.plan.problem.offers if _is_by_people(offer)}
    found = {field: name for field, name in priced.plan.choice.providers.items() if name in people}
    if found:
        return found
    message = "no field that is missing was given to people: nothing chosen is work at a wage, or an effort"
    nothing = Diagnostic(_NOTHING, message, help="name a provider, as in `--provider research`")
    return stopped(opened.loaded, (*opened.diagnostics, nothing), spec_was_good=True)


def _is_by_people(offer: Offer) -> bool:
    return offer.seconds is not None or offer.price is None


def shown_columns(
    model: Model, fields: Sequence[FieldName], asked: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns that are shown with each account, and those that could be but hold personal data.

    Unasked the likeliest name is shown, unless it is personal. What is asked for by name is shown in any case.
    """
    if asked:
        return tuple(dict.fromkeys(asked)), ()
    shown: dict[str, None] = {}
    hidden: dict[str, None] = {}
    for source in sorted({field.source for field in fields}):
        named = _name_columns(model.sources[source])
        open_ = next((column.name for column in named if not column.pii), None)
        if open_ is not None:
            shown[open_] = None
        elif named:
            hidden[named[0].name] = None
    return tuple(shown), tuple(hidden)


def _name_columns(source: Source) -> list[ColumnContract]:
    """Text columns that look like names, the likeliest first."""
    texts = [column for column in source.columns if column.type.is_textual and not column.is_key]
    return [column for word in _NAME_WORDS for column in texts if word in column.name.casefold()]


def headers_of(shown: Sequence[str], fields: Sequence[FieldName]) -> tuple[str, ...]:
    """The heads of the columns that are shown; one that means something else in a sheet comes with its source."""
    taken = {"account", *COLUMNS}
    source = fields[0].source if fields else ""
    return tuple(f"{source}.{name}" if name in taken else name for name in shown)


def _items(
    model: Model,
    gathered: Gathered,
    work: Mapping[FieldName, str],
    shown: Sequence[str],
    request: SheetRequest,
    everything: bool,
) -> Iterator[Item]:
    for source in sorted({field.source for field in work}):
        frame = gathered.computed.state.frames[source]
        fields = sorted(field for field in work if field.source == source)
        lacks = {f: gathered.rows[source] & (True if everything else ~known_rows(frame, f.name)) for f in fields}
        wanted = np.flatnonzero(np.logical_or.reduce(list(lacks.values())))
        keys, names = account_keys(frame), shown_texts(frame, shown)
        for row, collector in zip(wanted.tolist(), deal(len(wanted), request.collectors), strict=True):
            for field in fields:
                if lacks[field][row]:
                    about = keys[row], tuple(texts[row] for texts in names)
                    yield item_of(model, field, about, work[field], collector, COLLECT)


def item_of(
    model: Model, field: FieldName, about: tuple[str, tuple[str, ...]], provider: str, collector: str, task: str
) -> Item:
    """A row of the sheet; `about` is the account's key and what is shown with it."""
    contract = model.sources[field.source].column(field.name)
    assert contract is not None
    choices = closed_values(contract)
    return Item(about[0], about[1], str(field), define(contract), provider, collector, choices, task)


def account_keys(frame: Frame) -> list[str]:
    """The keys of all rows of a table, as texts."""
    columns = [plain_text(column).cast(pa.string()).to_pylist() for column in frame.key()]
    return [key_text(parts) for parts in zip(*columns, strict=True)]


def shown_texts(frame: Frame, names: Sequence[str]) -> list[list[str]]:
    """The texts of columns on all rows; nothing for a column that the table hasn't got."""
    return [_texts(frame, name) for name in names]


def _texts(frame: Frame, name: str) -> list[str]:
    contract = frame.source.column(name)
    if contract is None:
        return [""] * frame.length
    values = plain_text(frame.slots[column_slot(name)]).to_pylist()
    return [_text(value, contract.type) for value in values]


def _text(value: object, type_: Type) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return show(from_physical(value, type_), type_.or_missing(False))
