"""An enricher of which each column is trouble of another kind, and a function that fails."""

from segdsl.plugin import (
    COUNT,
    TEXT,
    Call,
    Enricher,
    Function,
    Input,
    Kind,
    Made,
    Note,
    Output,
    Refused,
    category,
    hookimpl,
)

NAME = (Input("name", frozenset({Kind.TEXT})),)


def make(call: Call) -> Made:
    (asked,) = call.asked
    names = asked.inputs[0].to_pylist()
    match asked.output:
        case "sound":
            return Made({asked.name: [len(name) for name in names]})
        case "noted":
            long = [len(name) > 8 for name in names]
            return Made({asked.name: names}, (Note("names of more than 8 letters", long, asked.name, "shorten them"),))
        case "nothing":
            return Made({})
        case "wrong_type":
            return Made({asked.name: names})
        case "wrong_rows":
            return Made({asked.name: [*names, None]})
        case "wrong_value":
            return Made({asked.name: ["huge" for _ in names]})
        case "wrong_object":
            return {}
        case "raises":
            raise RuntimeError("the moon is full")
        case "refuses":
            phase = call.options["phase"]
            raise Refused(f'there is no "{phase}" moon', "phase", "new, full or half", 'write `phase: "full"`')
        case _:
            import no_such_library  # noqa: F401


OUTPUTS = {
    "sound": COUNT,
    "noted": TEXT,
    "nothing": TEXT.or_missing(),
    "wrong_type": COUNT.or_missing(),
    "wrong_rows": TEXT.or_missing(),
    "wrong_value": category("large", "small").or_missing(),
    "wrong_object": TEXT.or_missing(),
    "raises": TEXT.or_missing(),
    "refuses": TEXT.or_missing(),
    "wants_a_library": TEXT.or_missing(),
}
OPTIONS = {
    "phase": {"type": "string", "default": "full", "description": "the phase of the moon"},
    "nights": {"type": "integer", "minimum": 1, "maximum": 28, "description": "how many nights to wait, 1 to 28"},
    "side": {"enum": ["near", "far"], "description": "the side of the moon"},
    "patience": {"type": "string", "format": "duration", "description": "how long to wait, as in `3 days`"},
}
TROUBLE = Enricher(
    "trouble",
    "Trouble of every kind",
    tuple(Output(name, "Trouble.", NAME, type_) for name, type_ in OUTPUTS.items()),
    make,
    {"type": "object", "properties": OPTIONS, "additionalProperties": False},
)


@hookimpl
def segdsl_enrichers():
    return (TROUBLE,)


@hookimpl
def segdsl_functions():
    return (Function("twin", "One of two", NAME, COUNT, len),)
