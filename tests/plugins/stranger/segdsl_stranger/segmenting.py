"""Segments on either side of a median, and the share of rows in segments."""

from statistics import median_low

from segdsl.plugin import FieldName, FitCall, Fitted, Kind, MeasureCall, Measured, Refused


def fit(call: FitCall) -> Fitted:
    by = call.options["by"]
    assert isinstance(by, FieldName)
    name = by.name
    if call.types[name].kind not in (Kind.COUNT, Kind.INT):
        raise Refused(f"`{name}` is {call.types[name]}", option="by", expected="a count or a whole number")
    known = [value for value in call.fields[name].to_pylist() if value is not None]
    if not known:
        raise Refused(f"`{name}` is missing in every row", option="by", help="name another number")
    middle = median_low(known)
    body = f"segment large when `{name}` >= {middle} segment small when `{name}` < {middle} segment other otherwise"
    return Fitted(body, notes=(f"the median of {name} is {middle}",))


def measure(call: MeasureCall) -> Measured:
    rows = len(call.segments)
    return Measured((rows - call.segments.null_count) / rows if rows else None)
