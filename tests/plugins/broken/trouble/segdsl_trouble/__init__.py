"""An enricher of which each column breaks another promise."""

from segdsl.plugin import COUNT, TEXT, Call, Enricher, Input, Kind, Made, Output, Refused, category, hookimpl

NAME = (Input("name", frozenset({Kind.TEXT})),)


def make(call: Call) -> Made:
    (asked,) = call.asked
    names = asked.inputs[0].to_pylist()
    match asked.output:
        case "nothing":
            return Made({})
        case "wrong_type":
            return Made({asked.name: names})
        case "wrong_rows":
            return Made({asked.name: [*names, None]})
        case "wrong_value":
            return Made({asked.name: ["huge" for _ in names]})
        case "raises":
            raise RuntimeError("the moon is full")
        case "refuses":
            raise Refused("there is no moon", option="phase", expected="a night", help="wait for the night")
        case "wrong_object":
            return {}
        case _:
            import no_such_library  # noqa: F401


OUTPUTS = {
    "nothing": TEXT.or_missing(),
    "wrong_type": COUNT.or_missing(),
    "wrong_rows": TEXT.or_missing(),
    "wrong_value": category("large", "small").or_missing(),
    "raises": TEXT.or_missing(),
    "refuses": TEXT.or_missing(),
    "wrong_object": TEXT.or_missing(),
    "wants_a_library": TEXT.or_missing(),
}
PHASE = {"type": "string", "description": "the phase of the moon"}
TROUBLE = Enricher(
    "trouble",
    "Breaks its promises",
    tuple(Output(name, "Broken.", NAME, type_) for name, type_ in OUTPUTS.items()),
    make,
    {"type": "object", "properties": {"phase": PHASE}},
)


@hookimpl
def segdsl_enrichers():
    return (TROUBLE,)
