"""The example of how a spec uses a plugin names what goes together."""

from types import MappingProxyType

from segdsl.model.catalog import Catalog
from segdsl.plugin import Segmenter, later
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.usage import usage_of
from tests.model.checking import check

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


def kinds(*listed: str) -> dict[str, object]:
    return {**_FIELD, "kinds": list(listed), "description": "which"}


def test_each_option_names_a_field_of_a_kind_that_it_takes() -> None:
    properties = {
        "how_long": kinds("count", "duration"),
        "how_often": kinds("count"),
        "how_much": kinds("money", "count"),
        "allowed": {"type": "array", "items": kinds("bool"), "description": "which"},
    }
    options = {"type": "object", "required": list(properties), "properties": properties}
    found = Segmenter("parted", "Parts", later("parted:fit"), options)
    usage = usage_of(found)
    lines = (line.split(":") for line in usage.block.splitlines() if ":" in line)
    assert {name.strip(): value.strip() for name, value in lines} == {
        "how_long": "seats",
        "how_often": "offices",
        "how_much": "mrr",
        "allowed": "allowed_column",
    }
    assert "`allowed_column` : bool" in usage.spec
    # The checker takes what the example names.
    assert check(usage.spec, Catalog(MappingProxyType({"parted": signature_of(found)}))).told == []
