"""Which exit status findings come to."""

import pytest

from segdsl.cli.exits import Exit, exit_of_check, exit_of_data
from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.record import replace

IN_A_SPEC = (Label(Span("a.seg", 0, 1)),)


def found(code: str, in_a_spec: bool = True) -> tuple[Diagnostic, ...]:
    return (Diagnostic(code, "found", IN_A_SPEC if in_a_spec else ()),)


@pytest.mark.parametrize(
    ("code", "in_a_spec", "status"),
    [
        ("SEG201", True, Exit.FAILED),
        ("SEG201", False, Exit.USAGE),
        ("SEG501", True, Exit.FAILED),
        ("SEG501", False, Exit.USAGE),
        ("SEG506", False, Exit.USAGE),
        ("SEG701", False, Exit.BAD_DATA),
        ("SEG804", True, Exit.GOOD),
    ],
)
def test_finding_before_any_data(code: str, in_a_spec: bool, status: Exit) -> None:
    assert exit_of_check(found(code, in_a_spec)) is status


@pytest.mark.parametrize(
    ("code", "status"),
    [("SEG501", Exit.BAD_DATA), ("SEG602", Exit.BAD_DATA), ("SEG701", Exit.BAD_DATA), ("SEG706", Exit.GOOD)],
)
def test_finding_in_the_data(code: str, status: Exit) -> None:
    assert exit_of_data(found(code)) is status


def test_warnings_fail_when_strict() -> None:
    assert exit_of_check(found("SEG804"), strict=True) is Exit.FAILED
    assert exit_of_data(found("SEG706"), strict=True) is Exit.FAILED
    assert exit_of_check((), strict=True) is Exit.GOOD


def test_accepted_warnings_do_not_fail() -> None:
    accepted = tuple(replace(one, accepted="known") for one in (*found("SEG804"), *found("SEG706")))
    assert exit_of_check(accepted, strict=True) is Exit.GOOD
    assert exit_of_data(accepted, strict=True) is Exit.GOOD
    assert exit_of_data((*accepted, *found("SEG707")), strict=True) is Exit.FAILED


def test_every_status_has_a_meaning() -> None:
    assert all(status.meaning for status in Exit)
