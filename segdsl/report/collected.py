"""What was read back from sheets, as lines of text and as JSON values."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from segdsl.collecting.amounts import percent_text
from segdsl.collecting.collected import Collected, Rechecked
from segdsl.collecting.field_name import FieldName
from segdsl.report.amounts import count_text, share_text
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.report.terminal import Canvas

_MOST_DIFFERING = 10
_MASK = "***"


def read_lines(
    values: Sequence[Collected],
    empty: int,
    rechecked: Sequence[Rechecked],
    personal: AbstractSet[FieldName],
    canvas: Canvas,
) -> Iterator[Line]:
    """What sheets hold, by field; then what a second look found.

    Values of `personal` fields are not shown; a field without a name is the key of its source.
    """
    noun = "value" if len(values) == 1 else "values"
    left = f"  {count_text(empty)} {'row is' if empty == 1 else 'rows are'} empty"
    yield (Piece(f"{count_text(len(values))} {noun}", Tone.HEADING), Piece(left, Tone.QUIET))
    rows = [(str(field), *map(count_text, counts)) for field, counts in _by_field(values).items()]
    if rows:
        columns = (
            Column("field", name=True),
            Column("values", right=True),
            Column("collectors", right=True),
            Column("providers", right=True),
        )
        yield from table_lines(columns, rows, canvas.columns)
    if rechecked:
        yield ()
        yield from _accuracy(rechecked, canvas)
        yield from _differing(rechecked, personal, canvas)


def _by_field(values: Sequence[Collected]) -> dict[FieldName, tuple[int, int, int]]:
    found: dict[FieldName, list[Collected]] = {}
    for one in values:
        found.setdefault(one.field, []).append(one)
    return {
        field: (len(group), len({one.collector for one in group}), len({one.provider for one in group}))
        for field, group in sorted(found.items())
    }


def _accuracy(rechecked: Sequence[Rechecked], canvas: Canvas) -> Iterator[Line]:
    yield (Piece("accuracy, measured by a second look", Tone.QUIET),)
    columns = (
        Column("field", name=True),
        Column("provider", name=True),
        Column("collector", name=True),
        Column("same", right=True),
        Column("accuracy", right=True),
        Column("95% interval"),
        Column("stated", right=True),
        Column("", cuttable=True, optional=True),
    )
    rows = [
        (
            str(one.field),
            one.provider,
            one.collector,
            f"{one.measured.agreed} of {one.measured.checked}",
            share_text(one.measured.share),
            f"{share_text(one.measured.low)} .. {share_text(one.measured.high)}",
            percent_text(one.stated),
            one.verdict if one.stated is not None else "",
        )
        for one in rechecked
    ]
    yield from table_lines(columns, rows, canvas.columns)


def _differing(rechecked: Sequence[Rechecked], personal: AbstractSet[FieldName], canvas: Canvas) -> Iterator[Line]:
    pairs = [pair for one in rechecked for pair in one.differing]
    if not pairs:
        return
    yield ()
    more = f", the first {_MOST_DIFFERING}" if len(pairs) > _MOST_DIFFERING else ""
    yield (Piece(f"values that differ{more}", Tone.QUIET),)
    columns = (
        Column("account", name=True),
        Column("field", name=True),
        Column("first", cuttable=True),
        Column("second look", cuttable=True),
    )
    rows = [
        (_account(first, personal), str(first.field), _shown(first, personal), _shown(second, personal))
        for first, second in pairs[:_MOST_DIFFERING]
    ]
    yield from table_lines(columns, rows, canvas.columns)


def _account(value: Collected, personal: AbstractSet[FieldName]) -> str:
    return _MASK if FieldName(value.field.source, "") in personal else value.account


def _shown(value: Collected, personal: AbstractSet[FieldName]) -> str:
    return _MASK if value.field in personal else value.value


def read_facts(
    values: Sequence[Collected], empty: int, rechecked: Sequence[Rechecked], personal: AbstractSet[FieldName]
) -> Mapping[str, object]:
    """Everything that the text says."""
    return {
        "values": len(values),
        "empty": empty,
        "fields": [
            {"field": str(field), "values": counts[0], "collectors": counts[1], "providers": counts[2]}
            for field, counts in _by_field(values).items()
        ],
        "accuracy": [
            {
                "field": str(one.field),
                "provider": one.provider,
                "collector": one.collector,
                "checked": one.measured.checked,
                "same": one.measured.agreed,
                "accuracy": one.measured.share,
                "low": one.measured.low,
                "high": one.measured.high,
                "stated": None if one.stated is None else float(one.stated),
                "verdict": one.verdict,
                "differing": [
                    {
                        "account": _account(first, personal),
                        "first": _shown(first, personal),
                        "second": _shown(second, personal),
                    }
                    for first, second in one.differing
                ],
            }
            for one in rechecked
        ],
    }
