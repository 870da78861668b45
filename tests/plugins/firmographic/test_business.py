"""The declarations of the second half, and what makes them, fit together."""

import pyarrow as pa
import pytest
from jsonschema import Draft202012Validator

from segdsl.model.catalog import Scope
from segdsl.plugin import COUNT, NUMBER, TEXT, Asked, Call, ColumnName, Kind, Output, Type, money
from segdsl_firmographic import ENRICHER
from segdsl_firmographic.business import MAKERS
from segdsl_firmographic.business_outputs import OPTIONS, OUTPUTS
from segdsl_firmographic.making import make
from tests.plugins.firmographic.asking import CLOCK

ARRAYS = {
    Kind.TEXT: (TEXT, pa.string()),
    Kind.CATEGORY: (TEXT, pa.string()),
    Kind.COUNT: (COUNT, pa.int64()),
    Kind.NUMBER: (NUMBER, pa.float64()),
    Kind.MONEY: (money("EUR"), pa.decimal128(19, 6)),
}
PHYSICAL = {
    Kind.TEXT: pa.string(),
    Kind.CATEGORY: pa.string(),
    Kind.COUNT: pa.int64(),
    Kind.INT: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.MONEY: pa.decimal128(19, 6),
}
OPTIONS_GIVEN = {"industry_system": "nace"}


def test_every_output_on_its_own_row_has_a_maker() -> None:
    assert set(MAKERS) == {output.name for output in OUTPUTS if output.scope is Scope.ROW}


@pytest.mark.parametrize("output", [o for o in OUTPUTS if o.name != "growth"], ids=lambda output: output.name)
@pytest.mark.parametrize("rows", [0, 3])
def test_nothing_but_missing_values_gives_missing_values_of_the_declared_type(output: Output, rows: int) -> None:
    kinds = [next(kind for kind in sorted(one.kinds) if kind in ARRAYS) for one in output.inputs]
    inputs = tuple(pa.nulls(rows, ARRAYS[kind][1]) for kind in kinds)
    types = [ARRAYS[kind][0] for kind in kinds]
    type_ = output.type if isinstance(output.type, Type) else output.type(types, OPTIONS_GIVEN)
    assert isinstance(type_, Type)
    columns = tuple(ColumnName("accounts", one.name) for one in output.inputs)
    key = (pa.array([str(n) for n in range(rows)], pa.string()).cast(inputs[0].type),)
    asked = (Asked("made", output.name, type_, columns, inputs),)
    made = make(Call(asked, rows, OPTIONS_GIVEN, clock=CLOCK, table="accounts", key=key))
    found = made.columns["made"]
    assert isinstance(found, pa.Array)
    assert found.type == PHYSICAL[type_.kind]
    assert len(found) == rows
    assert made.notes == ()
    if output.scope is Scope.ROW:
        assert found.null_count == rows


def test_options_are_a_schema_that_names_what_is_wrong() -> None:
    Draft202012Validator.check_schema(ENRICHER.options)
    assert all("description" in schema for schema in OPTIONS.values() if isinstance(schema, dict))
    validator = Draft202012Validator(ENRICHER.options)
    wrong = {"industry_system": "gics", "employee_bands": [0], "employee_band_names": ["one"], "age_bands": []}
    assert {error.path[0] for error in validator.iter_errors(wrong)} == set(wrong)
