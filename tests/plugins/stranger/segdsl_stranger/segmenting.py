"""Segments on either side of a median, and the share of rows in segments."""

from statistics import median_low

from segdsl.plugin import FieldName, FitCall, Fitted, Kind, MeasureCall, Measured, Refused, literal, name

NUMBERS = (Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY)


def fit(call: FitCall) -> Fitted:
    field = call.options["by"]
    assert isinstance(field, FieldName)
    by = field.name
    if call.types[by].kind not in NUMBERS:
        raise Refused(f"`{by}` is {call.types[by]}", option="by", expected="a number or an amount")
    known = [value for value in call.fields[by].to_pylist() if value is not None]
    if not known:
        raise Refused(f"`{by}` is missing in every row", option="by", help="name another number")
    middle = literal(median_low(known), call.types[by])
    body = f"segment large when {name(by)} >= {middle} segment small when {name(by)} < {middle} segment other otherwise"
    return Fitted(body, notes=(f"the median of {by} is {middle}",))


def measure(call: MeasureCall) -> Measured:
    rows = len(call.segments)
    return Measured((rows - call.segments.null_count) / rows if rows else None)
