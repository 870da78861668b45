"""What is found to be plainly valid is valid, by a validator of JSON Schema; and the usual is found so."""

from importlib.metadata import entry_points
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from segdsl.plugin.plain_options import are_plainly_valid
from segdsl.plugin.registry import GROUP

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.sampled_from([0.0, 0.5, 1.0, 2.0, "", "a", "b", "tree"])
    | st.dictionaries(st.sampled_from(["a"]), st.integers(), max_size=1),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
NUMBERS = st.integers(-2, 8) | st.sampled_from([0.5, 1.0])
KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["string", "integer", "number", "boolean", "array", "null", "object"])
    | st.just(["string", "null"]),
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "minimum": NUMBERS,
    "maximum": NUMBERS,
    "exclusiveMinimum": NUMBERS,
    "exclusiveMaximum": NUMBERS,
    "minItems": st.integers(0, 3),
    "maxItems": st.integers(0, 3),
    "uniqueItems": st.booleans(),
    "minLength": st.integers(0, 2),
    "pattern": st.just("^a"),
    "const": VALUES,
    "description": st.just("What it is."),
    "format": st.sampled_from(["field", "ratio"]),
}


def schemas(depth: int = 1) -> st.SearchStrategy[dict[str, Any]]:
    kinds = dict(KEYWORDS)
    if depth:
        kinds |= {"items": schemas(depth - 1), "anyOf": st.lists(schemas(depth - 1), min_size=1, max_size=2)}
    return st.lists(st.sampled_from(sorted(kinds)), max_size=3, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: kinds[name] for name in names})
    )


OBJECTS = st.fixed_dictionaries(
    {"type": st.just("object"), "properties": st.dictionaries(st.sampled_from("xyz"), schemas(), max_size=3)},
    optional={
        "required": st.lists(st.sampled_from("xyz"), max_size=2, unique=True),
        "additionalProperties": st.booleans(),
        "dependentRequired": st.just({"x": ["y"]}),
    },
)


@given(OBJECTS, st.dictionaries(st.sampled_from("xyzw"), VALUES, max_size=3))
def test_what_is_plainly_valid_is_valid(schema: dict[str, Any], options: dict[str, Any]) -> None:
    if are_plainly_valid(schema, options):
        assert list(Draft202012Validator(schema).iter_errors(options)) == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("lift", {"top": 0.25, "folds": 5}),
        ("tree", {"target": "quality", "features": ["a", "b"], "max_depth": 3, "min_share": 0.05}),
        ("kmeans", {"features": ["a", "b"], "clusters": [2, 6]}),
        ("value", {"of": "revenue", "method": "pareto"}),
    ],
)
def test_usual_options_need_no_validator(name: str, options: dict[str, Any]) -> None:
    (point,) = entry_points(group=GROUP, name=name)
    module = point.load()
    hook = getattr(module, "segdsl_evaluators", None) or module.segdsl_segmenters
    (declared,) = [one for one in hook() if one.name == name]
    assert list(Draft202012Validator(declared.options).iter_errors(options)) == []
    assert are_plainly_valid(declared.options, options)
