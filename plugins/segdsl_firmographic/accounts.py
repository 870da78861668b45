"""Makes the outputs that say who a company is and where, a group of outputs with the same inputs at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa

from segdsl.plugin import Asked, Made, Note
from segdsl_firmographic.company_names import part_name
from segdsl_firmographic.countries import Named, countries, find_country
from segdsl_firmographic.country_table import EEA, EU, PLACES
from segdsl_firmographic.postal_codes import read_postal_code
from segdsl_firmographic.registrations import read_registration
from segdsl_firmographic.states import Found, find_state
from segdsl_firmographic.web_domains import Domain, Lack, is_free_mail, read_domain

Texts: TypeAlias = "list[str | None]"


class Finding(NamedTuple):
    """What users should know about some rows: which, in words, and a mend."""

    message: str
    where: list[bool]
    help: str = ""


class Columns(NamedTuple):
    """What a maker gives: every output it makes, by name, and its findings."""

    values: Mapping[str, Sequence[Any]]
    findings: tuple[Finding, ...] = ()


Maker: TypeAlias = "Callable[[tuple[pa.Array, ...]], Columns]"


def make_accounts(asked: Sequence[Asked]) -> Made:
    """The columns asked for. Columns from the same inputs are made together."""
    groups: dict[tuple[Maker, tuple[object, ...]], list[Asked]] = {}
    for one in asked:
        groups.setdefault((MAKERS[one.output], one.columns), []).append(one)
    columns: dict[str, Sequence[Any]] = {}
    notes: list[Note] = []
    for (maker, _), members in groups.items():
        made = maker(members[0].inputs)
        columns.update({one.name: made.values[one.output] for one in members})
        notes.extend(_notes(made.findings, members[0].name))
    return Made(columns, tuple(notes))


def _notes(findings: Iterable[Finding], column: str) -> Iterable[Note]:
    for finding in findings:
        if any(finding.where):
            yield Note(finding.message, pa.array(finding.where, pa.bool_()), column, finding.help)


def make_names(inputs: tuple[pa.Array, ...]) -> Columns:
    """Cleaned names and legal forms, from a name and perhaps a country."""
    names = _texts(inputs[0])
    companies = [
        None if name is None else part_name(name, country) for name, country in zip(names, _codes(inputs), strict=True)
    ]
    forms = [company and company.form for company in companies]
    return Columns(
        {
            "clean_name": [company and (company.name or None) for company in companies],
            "legal_form": [form and form.family for form in forms],
            "legal_form_name": [form and form.name for form in forms],
        }
    )


def make_countries(inputs: tuple[pa.Array, ...]) -> Columns:
    """All that a country tells, from its name or code."""
    texts = _texts(inputs[0])
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
                [named.guessed for named in found],
                "replace the misspelt names where the source declares the column",
            ),
            Finding(
                "texts that name no country",
                [bool(text and text.strip()) and named.code is None for text, named in zip(texts, found, strict=True)],
                "use the country's English name or its ISO code",
            ),
        ),
    )


def make_states(inputs: tuple[pa.Array, ...]) -> Columns:
    """States and their census regions, from a text and perhaps a country."""
    texts = _texts(inputs[0])
    found = [
        Found(None) if text is None else find_state(text, country)
        for text, country in zip(texts, _codes(inputs), strict=True)
    ]
    states = [one.state for one in found]
    return Columns(
        {
            "state": [state and state.code for state in states],
            "census_region": [(state and state.region) or None for state in states],
            "census_division": [(state and state.division) or None for state in states],
        },
        (
            Finding("misspelt states, taken for the only one they can mean", [one.guessed for one in found]),
            Finding(
                "texts without a US state or Canadian province",
                [one.unknown for one in found],
                "name the country too, so that other countries' places aren't taken for unknown states",
            ),
        ),
    )


def make_postal_codes(inputs: tuple[pa.Array, ...]) -> Columns:
    """Postal codes in their country's form, from a code and a country."""
    codes = [
        None if text is None else read_postal_code(text, country)
        for text, country in zip(_texts(inputs[0]), _codes(inputs), strict=True)
    ]
    return Columns(
        {
            "postal_code": [code and code.text for code in codes],
            "postal_code_valid": [code and code.valid for code in codes],
        },
        (
            Finding(
                "postal codes that had lost their leading zero",
                [code is not None and code.zeros_restored for code in codes],
                "declare the column as `text`, and export it as text",
            ),
            Finding(
                "postal codes that don't have their country's form",
                [code is not None and code.valid is False for code in codes],
            ),
        ),
    )


def make_domains(inputs: tuple[pa.Array, ...]) -> Columns:
    """Registrable domains, each from the first of its addresses that has one."""
    found = [_first_domain(addresses) for addresses in zip(*map(_texts, inputs), strict=True)]
    lacks = [domain.lack for domain in found]
    present = set(lacks)
    return Columns(
        {"domain": [domain.name for domain in found]},
        tuple(Finding(lack.value, [one is lack for one in lacks]) for lack in Lack if lack in present),
    )


def _first_domain(addresses: Iterable[str | None]) -> Domain:
    first = Domain(None)
    for address in addresses:
        if address is None or not address.strip():
            continue
        domain = read_domain(address)
        if domain.name is not None:
            return domain
        first = domain if first.lack is None else first
    return first


def make_free_mail(inputs: tuple[pa.Array, ...]) -> Columns:
    """Whether addresses are at a provider of free mail."""
    texts = _texts(inputs[0])
    free = [None if text is None else is_free_mail(text) for text in texts]
    lost = [bool(text and text.strip()) and one is None for text, one in zip(texts, free, strict=True)]
    return Columns({"is_free_mail": free}, (Finding(Lack.NO_HOST.value, lost),))


def make_registrations(inputs: tuple[pa.Array, ...]) -> Columns:
    """Registration numbers checked, from a number and perhaps a country."""
    read = [
        None if text is None else read_registration(text, country)
        for text, country in zip(_texts(inputs[0]), _codes(inputs), strict=True)
    ]
    return Columns(
        {
            "registration_number": [one and one.number for one in read],
            "registration_kind": [one and one.kind for one in read],
            "registration_valid": [one and one.valid for one in read],
        },
        (
            Finding(
                "registration numbers of a form that isn't known",
                [one is not None and one.number is not None and one.valid is None for one in read],
                "name the country too",
            ),
        ),
    )


def _texts(values: pa.Array) -> Texts:
    texts: Texts = values.cast(pa.string()).to_pylist()
    return texts


def _codes(inputs: tuple[pa.Array, ...]) -> Texts:
    """The country codes of the second input, each spelling read once; all missing where there is none."""
    if len(inputs) < 2:
        return [None] * len(inputs[0])
    encoded = inputs[1].cast(pa.string()).dictionary_encode()
    codes = [None if text is None else find_country(text).code for text in encoded.dictionary.to_pylist()]
    return [None if place is None else codes[place] for place in encoded.indices.to_pylist()]


MAKERS: Mapping[str, Maker] = {
    **dict.fromkeys(("clean_name", "legal_form", "legal_form_name"), make_names),
    **dict.fromkeys(
        ("country", "country_code3", "country_name", "region", "sub_region", "eu_member", "eea_member"), make_countries
    ),
    **dict.fromkeys(("state", "census_region", "census_division"), make_states),
    **dict.fromkeys(("postal_code", "postal_code_valid"), make_postal_codes),
    "domain": make_domains,
    "is_free_mail": make_free_mail,
    **dict.fromkeys(("registration_number", "registration_kind", "registration_valid"), make_registrations),
}
