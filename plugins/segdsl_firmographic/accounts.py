"""Makes the outputs that say who a company is and where, a group of outputs with the same inputs at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.plugin import Asked, Made, Note
from segdsl_firmographic.batched_domains import read_addresses
from segdsl_firmographic.batched_names import part_names
from segdsl_firmographic.batched_postal_codes import read_postal_codes
from segdsl_firmographic.batched_registrations import read_registrations
from segdsl_firmographic.countries import Named, countries, find_country
from segdsl_firmographic.country_table import EEA, EU, PLACES
from segdsl_firmographic.states import Found, find_state
from segdsl_firmographic.web_domains import Lack

Values: TypeAlias = "pa.Array | Sequence[object]"


class Finding(NamedTuple):
    """What users should know about some rows: which, in words, a mend, and the one output that it is about, if one."""

    message: str
    where: pa.Array
    help: str = ""
    output: str = ""


class Columns(NamedTuple):
    """What a maker gives: every output it makes, by name, and its findings."""

    values: Mapping[str, Values]
    findings: tuple[Finding, ...] = ()


Maker: TypeAlias = "Callable[[tuple[pa.Array, ...]], Columns]"


def make_accounts(asked: Sequence[Asked]) -> Made:
    """The columns asked for. Columns from the same inputs are made together."""
    groups: dict[tuple[Maker, tuple[object, ...]], list[Asked]] = {}
    for one in asked:
        groups.setdefault((MAKERS[one.output], one.columns), []).append(one)
    columns: dict[str, Values] = {}
    notes: list[Note] = []
    for (maker, _), members in groups.items():
        made = maker(members[0].inputs)
        columns.update({one.name: made.values[one.output] for one in members})
        notes.extend(_notes(made.findings, members))
    return Made(columns, tuple(notes))


def _notes(findings: Iterable[Finding], members: Sequence[Asked]) -> Iterable[Note]:
    for finding in findings:
        about = next((one.name for one in members if finding.output in ("", one.output)), None)
        where = pc.fill_null(finding.where, False)
        if about is not None and pc.any(where).as_py():
            yield Note(finding.message, where, about, finding.help)


def make_names(inputs: tuple[pa.Array, ...]) -> Columns:
    """Cleaned names and legal forms, from a name and perhaps a country."""
    names = part_names(_texts(inputs[0]), _codes(inputs))
    return Columns({"clean_name": names.clean, "legal_form": names.family, "legal_form_name": names.form})


def make_countries(inputs: tuple[pa.Array, ...]) -> Columns:
    """All that a country tells, from its name or code."""
    texts = _texts(inputs[0]).to_pylist()
    found = [Named(None, False) if text is None else find_country(text) for text in texts]
    codes = [named.code for named in found]
    places = [code and PLACES[code] for code in codes]
    known = countries()
    return Columns(
        {
            "country": codes,
            "country_code3": [code and known.codes3[code] for code in codes],
            "country_name": [code and known.names[code] for code in codes],
            "region": [place and place.region for place in places],
            "sub_region": [place and place.sub_region for place in places],
            "eu_member": [None if code is None else code in EU for code in codes],
            "eea_member": [None if code is None else code in EEA for code in codes],
        },
        (
            Finding(
                "misspelt countries, taken for the only one they can mean",
                _bools(named.guessed for named in found),
                "replace the misspelt names where the source declares the column",
            ),
            Finding(
                "texts that name no country",
                _bools(
                    bool(text and text.strip()) and named.code is None for text, named in zip(texts, found, strict=True)
                ),
                "use the country's English name or its ISO code",
            ),
        ),
    )


def make_states(inputs: tuple[pa.Array, ...]) -> Columns:
    """States and their census regions, from a text and perhaps a country."""
    found = [
        Found(None) if text is None else find_state(text, country)
        for text, country in zip(_texts(inputs[0]).to_pylist(), _codes(inputs).to_pylist(), strict=True)
    ]
    states = [one.state for one in found]
    return Columns(
        {
            "state": [state and state.code for state in states],
            "census_region": [(state and state.region) or None for state in states],
            "census_division": [(state and state.division) or None for state in states],
        },
        (
            Finding("misspelt states, taken for the only one they can mean", _bools(one.guessed for one in found)),
            Finding(
                "texts without a US state or Canadian province",
                _bools(one.unknown for one in found),
                "name the country too, so that other countries' places aren't taken for unknown states",
            ),
        ),
    )


def make_postal_codes(inputs: tuple[pa.Array, ...]) -> Columns:
    """Postal codes in their country's form, from a code and a country."""
    codes = read_postal_codes(_texts(inputs[0]), _codes(inputs))
    return Columns(
        {"postal_code": codes.text, "postal_code_valid": codes.valid},
        (
            Finding(
                "postal codes that had lost their leading zero",
                codes.zeros_restored,
                "declare the column as `text`, and export it as text",
            ),
            Finding("postal codes that don't have their country's form", pc.invert(codes.valid)),
        ),
    )


def make_addresses(inputs: tuple[pa.Array, ...]) -> Columns:
    """Registrable domains, each from the first of its addresses that has one, and free mail by the first address."""
    read = [read_addresses(_texts(values)) for values in inputs]
    domains = pc.coalesce(*(one.domain for one in read))
    lacks = pc.if_else(domains.is_valid(), None, pc.coalesce(*(one.lack for one in read)))
    return Columns(
        {"domain": domains, "is_free_mail": read[0].is_free},
        (
            *(Finding(lack.value, pc.equal(lacks, lack.value), output="domain") for lack in Lack),
            Finding(Lack.NO_HOST.value, read[0].has_no_host, output="is_free_mail"),
        ),
    )


def make_registrations(inputs: tuple[pa.Array, ...]) -> Columns:
    """Registration numbers checked, from a number and perhaps a country."""
    read = read_registrations(_texts(inputs[0]), _codes(inputs))
    unjudged = pc.and_(read.number.is_valid(), read.valid.is_null())
    return Columns(
        {"registration_number": read.number, "registration_kind": read.kind, "registration_valid": read.valid},
        (Finding("registration numbers of a form that isn't known", unjudged, "name the country too"),),
    )


def _bools(values: Iterable[bool]) -> pa.Array:
    return pa.array(list(values), pa.bool_())


def _texts(values: pa.Array) -> pa.Array:
    return values.cast(pa.string())


def _codes(inputs: tuple[pa.Array, ...]) -> pa.Array:
    """The country codes of the second input, each spelling read once; all missing where there is none."""
    if len(inputs) < 2:
        return pa.nulls(len(inputs[0]), pa.string())
    encoded = _texts(inputs[1]).dictionary_encode()
    codes = [None if text is None else find_country(text).code for text in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(encoded.indices)


MAKERS: Mapping[str, Maker] = {
    **dict.fromkeys(("clean_name", "legal_form", "legal_form_name"), make_names),
    **dict.fromkeys(
        ("country", "country_code3", "country_name", "region", "sub_region", "eu_member", "eea_member"), make_countries
    ),
    **dict.fromkeys(("state", "census_region", "census_division"), make_states),
    **dict.fromkeys(("postal_code", "postal_code_valid"), make_postal_codes),
    **dict.fromkeys(("domain", "is_free_mail"), make_addresses),
    **dict.fromkeys(("registration_number", "registration_kind", "registration_valid"), make_registrations),
}
