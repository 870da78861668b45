"""What the plugin makes of whole columns: missing values, notes, several names, and odd texts of every kind."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import Asked, Call, ColumnName, Made
from segdsl_firmographic import ENRICHER
from segdsl_firmographic.account_outputs import OUTPUTS
from segdsl_firmographic.accounts import MAKERS
from segdsl_firmographic.company_names import part_name
from segdsl_firmographic.countries import find_country
from segdsl_firmographic.making import make
from segdsl_firmographic.web_domains import read_domain

BY_NAME = {output.name: output for output in OUTPUTS}


def ask(names: dict[str, str], *inputs: list[Any]) -> Made:
    """The columns `names` (each with its output) as lists, all made from the same inputs."""
    arrays = tuple(pa.array(values) if any(values) else pa.array(values, pa.string()) for values in inputs)
    columns = tuple(ColumnName("accounts", f"input_{place}") for place in range(len(inputs)))
    asked = tuple(Asked(name, output, BY_NAME[output].type, columns, arrays) for name, output in names.items())
    made = make(Call(asked=asked, length=len(inputs[0])))
    return Made({name: pa.array(values).to_pylist() for name, values in made.columns.items()}, made.notes)


def one(output: str, *inputs: list[Any]) -> list[Any]:
    return list(ask({"made": output}, *inputs).columns["made"])


def test_every_output_has_a_maker_and_one_place_in_the_plugin() -> None:
    assert set(BY_NAME) == set(MAKERS)
    names = [output.name for output in ENRICHER.outputs]
    assert len(names) == len(set(names))


def test_outputs_take_the_names_that_are_asked_for() -> None:
    made = ask({"hq_region": "region", "code": "country"}, ["Uzbekistan", None])
    assert dict(made.columns) == {"hq_region": ["Asia", None], "code": ["UZ", None]}


def test_the_country_column_may_be_left_out() -> None:
    assert one("legal_form", ["Orkla AS", "Grindeks AS"]) == ["limited", "limited"]
    assert one("legal_form", ["Orkla AS", "Grindeks AS"], ["Norway", "Latvia"]) == ["limited", "public"]


def test_whole_numbers_serve_as_codes() -> None:
    assert one("postal_code", [94105, 2139, None], ["US", "US", "US"]) == ["94105", "02139", None]
    assert one("registration_valid", [7707083893, 7707083894], ["Russia", "Russia"]) == [True, False]


@pytest.mark.parametrize("output", sorted(BY_NAME))
@pytest.mark.parametrize("length", [0, 3])
def test_missing_gives_missing(output: str, length: int) -> None:
    inputs = BY_NAME[output].inputs
    made = ask({"made": output}, *[[None] * length for _ in inputs])
    assert list(made.columns["made"]) == [None] * length
    assert made.notes == ()


def test_findings_say_which_rows_and_name_the_asked_column() -> None:
    made = ask({"hq": "country"}, ["Germnay", "Narnia", "DE", None, " "])
    assert [(note.message.split(",")[0], note.where.to_pylist(), note.column) for note in made.notes] == [
        ("misspelt countries", [True, False, False, False, False], "hq"),
        ("texts that name no country", [False, True, False, False, False], "hq"),
    ]


def test_the_first_address_with_a_domain_counts() -> None:
    made = ask({"d": "domain"}, ["jo@gmail.com", None, "acme.com", "x"], ["https://a.uz", "jo@b.de", "c.com", None])
    assert made.columns["d"] == ["a.uz", "b.de", "acme.com", None]
    assert [(note.message, note.where.to_pylist()) for note in made.notes] == [
        ("texts that hold no web domain", [False, False, False, True])
    ]


def test_addresses_without_a_domain_are_told_by_reason() -> None:
    made = ask({"domain": "domain"}, ["jo@gmail.com", "jo@", "10.0.0.1", "co.uk", "localhost", ""])
    assert made.columns["domain"] == [None] * 6
    assert [note.where.to_pylist().index(True) for note in made.notes] == [0, 1, 2, 3, 4]
    assert all(sum(note.where.to_pylist()) == 1 for note in made.notes)


FORMS = st.sampled_from(
    'Inc. LLC GmbH & Co. KG ООО АО MChJ (publ) a.s. S.p.A. PT Tbk 株式会社 Ltd, of the « » " .'.split()
)
WORDS = st.one_of(FORMS, st.text(max_size=8))
NAMES = st.lists(WORDS, max_size=7).map(" ".join)
COUNTRIES = st.sampled_from([None, "US", "DE", "UZ", "RU", "JP", "ID", "NO", "CZ"])
TEXTS = st.one_of(NAMES, st.text(), st.text(alphabet="abcAB.@:/-?#[]<> \0\u202e٣", max_size=40))


@given(NAMES, COUNTRIES)
def test_a_cleaned_name_is_clean(name: str, country: str | None) -> None:
    cleaned = part_name(name, country).name
    assert part_name(cleaned, country).name == cleaned


@given(st.lists(WORDS.filter(str.isascii), max_size=7).map(" ".join), COUNTRIES)
def test_case_of_a_name_does_not_count(name: str, country: str | None) -> None:
    upper, lower = part_name(name.upper(), country), part_name(name.lower(), country)
    assert upper.form == lower.form
    assert upper.name.lower() == lower.name


@given(TEXTS)
def test_the_domain_of_a_domain_is_itself(text: str) -> None:
    domain = read_domain(text).name
    if domain is not None:
        assert read_domain(domain).name == domain
        assert read_domain("https://www." + domain + "/").name == domain
        assert read_domain(domain.upper()).name == domain


@given(TEXTS)
def test_case_of_a_country_does_not_count(text: str) -> None:
    assert find_country(text) == find_country(text.casefold())


@given(st.lists(st.tuples(st.none() | TEXTS, st.none() | COUNTRIES | TEXTS), max_size=5))
def test_every_text_is_answered_with_the_promised_type(rows: list[tuple[str | None, str | None]]) -> None:
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    for output in OUTPUTS:
        inputs = [first, second][: len(output.inputs)]
        arrays = tuple(pa.array(values, pa.string()) for values in inputs)
        columns = tuple(ColumnName("accounts", name) for name in ("one", "two")[: len(inputs)])
        asked = Asked("made", output.name, output.type, columns, arrays)
        made = make(Call(asked=(asked,), length=len(rows))).columns["made"]
        kind = pa.bool_() if output.name in ("eu_member", "eea_member", "is_free_mail") else None
        kind = pa.bool_() if output.name.endswith("_valid") else kind
        assert len(pa.array(made, kind or pa.string())) == len(rows)
