"""Which patterns of fingerprints are run, and what versions they tell."""

import pytest

from segdsl_technographic.patterns import Pattern, read_pattern, refuse_pattern, version


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("abc", Pattern("abc", 100, "")),
        ("", Pattern("", 100, "")),
        (r"a([\d.]+)\;version:\1\;confidence:30", Pattern(r"a([\d.]+)", 30, r"\1")),
        (r"a\;confidence:500", Pattern("a", 100, "")),
        (r"a\;confidence:-5\;other", Pattern("a", 100, "")),
    ],
)
def test_a_pattern_has_tags(written: str, expected: Pattern) -> None:
    assert read_pattern(written) == expected


@pytest.mark.parametrize(
    "text",
    [
        r"(a+)+$",
        r"(x+x+)+y",
        r"wp-(?:content|includes)",
        r"\/js\/[^\"']+\.js",
        r"a{2,5}",
        r"(\d{4})-(\d{2})",
        r"[{(]",
        "",
    ],
)
def test_patterns_of_linear_time_are_run(text: str) -> None:
    assert refuse_pattern(text) is None


@pytest.mark.parametrize(
    "text",
    [
        r"a(?=b)",
        r"a(?!b)",
        r"(?<=a)b",
        r"(a)\1",
        r"(?P<x>a)(?P=x)",
        r"(?:a?){1000}a{1000}b",
        r".{0,1000}.{0,1000}x.{0,1000}y",
        r"(.{0,100}){10}z",
        r"((a{20}){20}){2}",
        "a" * 1001,
        "(",
        "[z-a]",
    ],
)
def test_patterns_that_could_take_long_are_refused_with_a_reason(text: str) -> None:
    assert refuse_pattern(text)


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        (r"v([\d.]+)\;version:\1", "V1.2.3", "1.2.3"),
        (r"(a)?b(c)\;version:\2-\1", "bC", "C-"),
        (r"x(y)?\;version:\1?yes:no", "xy", "yes"),
        (r"x(y)?\;version:\1?yes:no", "x", "no"),
        (r"(?:q)[(](z)\;version:\1", "q(z", "z"),
        (r"(?P<named>n)(m)\;version:\2", "nm", "m"),
        (r"plain\;version:4", "plain", "4"),
        (r"(.*)\;version:\1", "much too long for a version", ""),
        (r"a\;version:\9", "a", ""),
    ],
)
def test_versions_are_put_together_from_groups(written: str, text: str, expected: str) -> None:
    assert version(read_pattern(written), text) == expected
