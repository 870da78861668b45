"""The example of how a spec uses a plugin names what goes together."""

from segdsl.plugin import Segmenter, later
from segdsl.plugin.usage import usage_of

_FIELD = {"type": "string", "format": "field"}


def segmenter(required: list[str]) -> Segmenter:
    properties = {
        "target": _FIELD,
        "features": {"type": "array", "items": _FIELD},
        "weight": _FIELD,
        "size": {"type": "integer", "minimum": 2},
    }
    options = {"type": "object", "required": required, "properties": properties}
    return Segmenter("parted", "Parts", later("parted:fit"), options)


def option_lines(required: list[str]) -> dict[str, str]:
    lines = (line.split(":") for line in usage_of(segmenter(required)).block.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in lines}


def test_each_option_names_another_field() -> None:
    assert option_lines(["target", "features", "weight", "size"]) == {
        "target": "seats",
        "features": "mrr",
        "weight": "offices",
        "size": "2",
    }


def test_options_that_may_be_left_out_take_no_field() -> None:
    assert option_lines(["features"]) == {"features": "seats"}
