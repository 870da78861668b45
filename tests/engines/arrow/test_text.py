import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.batch import Batch, EvaluationStopped, spread
from segdsl.engines.arrow.text import is_overflow
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import Call, Column, TextMatch, TextTest
from segdsl.types import CATEGORY, COUNT, TEXT
from tests.engines.arrow.rowwise import values_of

NAME, CITY = Column("name", TEXT), Column("city", CATEGORY)
LONG = pa.scalar("a" * 1_000_000)
letters = st.text("abAéß ", max_size=4)


def rows_of(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(st.none() | values, min_size=1, max_size=30)


@given(rows_of(letters), letters)
def test_texts_are_tested_as_python_tests_them(column, pattern):
    tests = {
        TextMatch.CONTAINS: lambda text: pattern in text,
        TextMatch.STARTS: lambda text: text.startswith(pattern),
        TextMatch.ENDS: lambda text: text.endswith(pattern),
    }
    for match, test in tests.items():
        expected = [None if text is None else test(text) for text in column]
        for field in (NAME, CITY):
            assert values_of(TextTest(match, field, pattern), {field: column}) == expected


def test_a_pattern_is_found_anywhere_in_the_text():
    test = TextTest(TextMatch.MATCHES, NAME, r"^(acme|\d+)\b")
    assert values_of(test, {NAME: ["acme inc", "12 monkeys", "the acme", None]}) == [True, True, False, None]


def test_a_pattern_that_would_take_others_forever_takes_linear_time():
    test = TextTest(TextMatch.MATCHES, NAME, r"^(a+)+$")
    assert values_of(test, {NAME: ["a" * 50_000 + "b", "a" * 50_000]}) == [False, True]


def test_a_pattern_that_is_not_linear_is_refused_with_a_diagnostic():
    with pytest.raises(EvaluationStopped) as stopped:
        values_of(TextTest(TextMatch.MATCHES, NAME, r"(a)\1"), {NAME: ["aa"]})
    assert stopped.value.diagnostic.code == "SEG308"
    assert r"`(a)\1`" in stopped.value.diagnostic.message


@given(rows_of(st.text("abAÉé \t", max_size=5)))
def test_functions_of_texts_agree_with_python(column):
    functions = {"lower": str.lower, "upper": str.upper, "trim": str.strip}
    for name, function in functions.items():
        expected = [None if text is None else function(text) for text in column]
        for field in (NAME, CITY):
            assert values_of(Call(name, (field,), TEXT), {field: column}) == expected
    expected = [None if text is None else len(text) for text in column]
    assert values_of(Call("length", (CITY,), COUNT), {CITY: column}) == expected


@given(st.lists(st.tuples(st.none() | letters, st.none() | letters), min_size=1, max_size=30))
def test_joined_texts_are_missing_where_one_is(rows):
    columns = {NAME: [a for a, _ in rows], CITY: [b for _, b in rows]}
    expected = [None if a is None or b is None else a + b + a for a, b in rows]
    assert values_of(Call("concat", (NAME, CITY, NAME), TEXT), columns) == expected


@pytest.mark.parametrize("field", [NAME, CITY])
def test_joined_texts_have_at_most_a_million_bytes(field):
    joined = Call("concat", (field, field), TEXT)
    half = "é" * (1 << 18)
    assert values_of(joined, {field: [half, None]}) == [half * 2, None]
    with pytest.raises(EvaluationStopped) as stopped:
        values_of(joined, {field: [half + "a", "b"]})
    assert stopped.value.diagnostic.code == "SEG612"
    assert "1,048,578 bytes" in stopped.value.diagnostic.message


def test_texts_that_are_too_long_together_are_refused():
    rows = 2200
    with pytest.raises(EvaluationStopped) as stopped:
        evaluate(Call("concat", (NAME, CITY), TEXT), Batch(rows, {NAME: pa.array([""] * rows), CITY: LONG}))
    assert stopped.value.diagnostic.code == "SEG612"
    assert "2,200 rows" in stopped.value.diagnostic.message


def test_a_repeated_text_is_not_wrapped_around():
    assert len(spread(LONG, 3)) == 3
    with pytest.raises(pa.ArrowCapacityError) as refused:
        spread(LONG, 2200)
    assert is_overflow(refused.value)


@pytest.mark.parametrize("kernel", [lambda a: pa.concat_arrays([a, a]), lambda a: a.take(pa.array([0, 0]))])
def test_what_arrow_says_of_texts_beyond_its_offsets_is_known(kernel):
    size = (1 << 30) + 1
    half = pa.StringArray.from_buffers(
        1, pa.array([0, size], pa.int32()).buffers()[1], pa.py_buffer(np.zeros(size, "u1"))
    )
    with pytest.raises(pa.ArrowException) as refused:
        kernel(half)
    assert is_overflow(refused.value)
    assert not is_overflow(pa.ArrowInvalid("overflow"))


HOSTS = {
    "https://www.Acme.com/about?x=1#top": "acme.com",
    "http://acme.co.uk:8080": "acme.co.uk",
    "acme.io": "acme.io",
    "acme.io:443/login": "acme.io",
    " WWW.acme.io/ ": "acme.io",
    "//cdn.acme.io/x": "cdn.acme.io",
    "https://user:secret@acme.io/x@y": "acme.io",
    "Bob.Smith+news@Mail.Acme.com": "mail.acme.com",
    "mailto:bob@acme.com": "acme.com",
    "www.com": "www.com",
    "acme.com.": "acme.com",
    "www2.acme.com": "www2.acme.com",
    "ftp://files.acme.com?list": "files.acme.com",
    "https://münchen.de": "münchen.de",
    "10.0.0.1": "10.0.0.1",
    "my-firm_x.example": "my-firm_x.example",
    "n/a": None,
    "none": None,
    "localhost": None,
    "Acme Ltd. Berlin": None,
    "": None,
    "https://": None,
    "@": None,
    "bob@": None,
    "..": None,
    None: None,
}


def test_the_host_of_web_and_mail_addresses_is_found():
    for field in (NAME, CITY):
        found = values_of(Call("domain_of", (field,), TEXT), {field: list(HOSTS)})
        assert dict(zip(HOSTS, found, strict=True)) == HOSTS


def test_texts_made_equal_by_a_function_are_one_text_of_the_dictionary():
    lowered = Call("lower", (CITY,), TEXT)
    test = TextTest(TextMatch.STARTS, lowered, "a")
    assert values_of(test, {CITY: ["A", "a", "B", None] * 3}) == [True, True, False, None] * 3
