"""What is made by batch is what each value means by itself, whatever the texts."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl_firmographic.batched_domains import read_addresses
from segdsl_firmographic.batched_names import STAND_IN, part_names
from segdsl_firmographic.batched_postal_codes import read_postal_codes
from segdsl_firmographic.batched_registrations import read_registrations
from segdsl_firmographic.batches import put_together, rows_where
from segdsl_firmographic.check_digits import RULES
from segdsl_firmographic.company_names import part_name
from segdsl_firmographic.postal_codes import formats, read_postal_code
from segdsl_firmographic.registrations import checks, read_registration
from segdsl_firmographic.tables import read_table
from segdsl_firmographic.web_domains import free_mail, read_web, suffixes

ODD = ["", " ", "\0", "\u00a0", "x" * 10_000, "9" * 30, "\u202eabc", "٣٣٣", "ß", "é", "１２３", "\n"]
COUNTRIES = st.sampled_from(
    [None, *"US DE CA AT NL GB FR RU RO UZ JP AE XX AU CH EE EG FI HR IL LU".split()],
)

FORMS = sorted({form for *_, written in read_table("legal_forms.tsv") for form in written.split("; ")})
WORDS = (
    st.sampled_from(FORMS)
    | st.sampled_from("Acme Nord group Holdings & and A. S. (Class A) (publ) Johan, 3 Spa - Müller «Око» L LC".split())
    | st.text(max_size=6)
)
NAMES = st.lists(WORDS, max_size=6).map(" ".join) | st.lists(WORDS, max_size=4).map(", ".join)

HOSTS = st.builds(
    lambda labels, suffix: ".".join([*labels, suffix]),
    st.lists(st.sampled_from(["a", "acme", "www", "-a", "x_y", "10", "ACME", "é", "a" * 63, "a" * 64, ""]), max_size=3),
    st.sampled_from(sorted({*suffixes().rules, *suffixes().inner, "local", "1"})) | st.sampled_from(["com", "co.uk"]),
) | st.sampled_from(sorted(free_mail()))
ADDRESSES = st.builds(
    lambda lead, host, trail: lead + host + trail,
    st.sampled_from(["", "http://", "https://", "HTTPS://", "//", "jo@", "mailto:jo@", "http://u:p@", "Jo <jo@", "@"]),
    HOSTS,
    st.sampled_from(["", "/", "/en", "/@x", "/a?b#c", ":80/", "?x", ">", ", b.com", "/a,b", "/http://b.com", "\n"]),
)

SIGNS = {"9": "0123456789", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
POSTAL_CODES = st.sampled_from(
    sorted({one for known in formats().values() for one in known.patterns.values()})
).flatmap(
    lambda pattern: st.tuples(
        st.sampled_from(["", "", "D-", "A", "US", "CA "]),
        *(st.sampled_from(SIGNS.get(sign, sign)) for sign in pattern),
        st.sampled_from(["", "", "-1", "é"]),
    ).map("".join)
)
NUMBERS = st.builds(
    lambda prefix, number: prefix + number,
    st.sampled_from(["", *"DE FR IT PL GB XI EL DEDE FR12 GD HA J40/ ATU U CHE EE FI HR LU LULU".split()]),
    st.text("0123456789 .-/", max_size=20) | st.text("0123456789ABU", max_size=20),
)


def rows_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str | None, str | None]]]:
    return st.lists(st.tuples(st.none() | texts | st.sampled_from(ODD) | st.text(), COUNTRIES), max_size=12)


def columns(made: Sequence[pa.Array]) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in made), strict=True))


def arrays(rows: list[tuple[str | None, str | None]]) -> tuple[pa.Array, pa.Array]:
    return pa.array([text for text, _ in rows], pa.string()), pa.array([country for _, country in rows], pa.string())


@given(rows_of(NAMES))
def test_names(rows: list[tuple[str | None, str | None]]) -> None:
    companies = [None if name is None else part_name(name, country) for name, country in rows]
    assert columns(part_names(*arrays(rows))) == [
        (one and (one.name or None), one and one.form and one.form.family, one and one.form and one.form.name)
        for one in companies
    ]


@given(rows_of(POSTAL_CODES))
def test_postal_codes(rows: list[tuple[str | None, str | None]]) -> None:
    expected = [(None,) * 3 if code is None else tuple(read_postal_code(code, country)) for code, country in rows]
    assert columns(read_postal_codes(*arrays(rows))) == expected


@given(rows_of(NUMBERS))
def test_registration_numbers(rows: list[tuple[str | None, str | None]]) -> None:
    expected = [(None,) * 3 if text is None else tuple(read_registration(text, country)) for text, country in rows]
    assert columns(read_registrations(*arrays(rows))) == expected


@given(rows_of(ADDRESSES))
def test_addresses(rows: list[tuple[str | None, str | None]]) -> None:
    texts, _ = arrays(rows)
    expected = []
    for text, _ in rows:
        reading = read_web(text) if text is not None and text.strip() else None
        lost = reading is not None and reading.is_free is None
        expected.append((*(reading or (None,) * 3), lost))
    assert columns(read_addresses(texts)) == expected


def test_names_below_suffixes_that_others_end_with() -> None:
    hosts = [lead + suffix for suffix in sorted(suffixes().inner) for lead in ("", "a.", "www.", "b.a.")]
    assert read_addresses(pa.array(hosts)).domain.to_pylist() == [read_web(host).domain for host in hosts]


@pytest.mark.parametrize("module", sorted(RULES))
def test_check_digits_are_those_of_the_library(module: str) -> None:
    """Of numbers that differ in their last four digits some are right."""
    ours = [
        (row[0], check.prefix)
        for row in read_table("registrations.tsv")
        for check in checks(row[0])
        if check.module == module and row[2] == module
    ]
    assert ours
    for country, prefix in ours:
        for length in range(4, 17):
            for lead in ("12345678901234", "02003017005001", "35600000012345", "40000003001001", "51203007017005"):
                step = 7 if length in RULES[module].by_length else 73
                texts = [f"{prefix}{lead[: length - 4]}{end:04}" for end in range(0, 10_000, step)]
                read = columns(read_registrations(pa.array(texts), pa.array([country] * len(texts))))
                assert read == [tuple(read_registration(text, country)) for text in texts]


@pytest.mark.parametrize("module", sorted(RULES))
def test_numbers_with_letters_are_what_the_library_says(module: str) -> None:
    """Letters of many countries before, in and after numbers of many lengths."""
    country = next(row[0] for row in read_table("registrations.tsv") if row[2] == module)
    leads = ["", *"A C H U FI FN CHE ATU ATATU EE EEE HR LU KK DEDE XI".split()]
    rows = [
        lead + "10117005300215"[:length] + inner + "46"[:more]
        for lead in leads
        for length in range(15)
        for inner in ("", "A", "TVA")
        for more in range(3)
    ]
    expected = [tuple(read_registration(text, country)) for text in rows]
    assert columns(read_registrations(pa.array(rows), pa.array([country] * len(rows)))) == expected


@pytest.mark.parametrize("make", [part_names, read_postal_codes, read_registrations])
def test_slices_of_columns_are_read_as_columns(make: Callable[[pa.Array, pa.Array], Sequence[pa.Array]]) -> None:
    texts = pa.array(["x", None, "Acme GmbH", "94105", "DE136695976"])
    countries = pa.array(["US", None, "DE", "US", "DE"])
    whole = columns(make(texts, countries))
    assert columns(make(texts.slice(2), countries.slice(2))) == whole[2:]


def test_the_stand_in_for_names_is_part_of_no_form() -> None:
    assert not any(STAND_IN.lower() in form.lower() for form in FORMS)


def test_parts_are_put_together_in_their_rows() -> None:
    parts = [(rows_where(pa.array([False, True, None, True])), pa.array(["b", "d"]))]
    assert put_together(parts, 4, pa.string()).to_pylist() == [None, "b", None, "d"]
