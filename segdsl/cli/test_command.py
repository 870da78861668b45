"""`segdsl test`."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from segdsl.cli.exits import Exit, exit_of_check
from segdsl.cli.options import JSON, format_option, no_color_option, param_option, root_option, spec_argument
from segdsl.cli.output import (
    diagnostics_facts,
    leave,
    look_of,
    show_troubles,
    styled,
    write_json,
    write_result,
)
from segdsl.diagnostics import has_errors
from segdsl.workflows.reasons import Fact
from segdsl.workflows.test import SpecTests, Unreached, run_tests
from segdsl.workflows.trial import Outcome


@click.command()
@spec_argument()
@format_option()
@param_option()
@root_option()
@no_color_option()
def command(spec: Path, form: str, settings: Mapping[str, str], root: Path | None) -> None:
    """Try the examples in a spec. No data is read.

    Each `test` gives a row and says what is expected of it. Where one fails, the values of its operands and of the
    rules concerned are shown. Rules that no test reaches are listed; that is no failure.

    \b
    Example:
      segdsl test customers.seg
      segdsl test . --param min_mrr='$300' --format json
    """
    tests = run_tests(spec, root, settings)
    status = exit_of_check(tests.diagnostics)
    if form == JSON:
        write_json(_facts(tests))
        leave(status)
    show_troubles(tests.diagnostics, tests.loaded.diagnostics, tests.loaded.texts)
    if not has_errors(tests.loaded.diagnostics):
        write_result("\n".join(_lines(tests, status)) + "\n")
    leave(status)


def _lines(tests: SpecTests, status: Exit) -> Iterator[str]:
    look = look_of(sys.stdout)
    good, bad = ("✓", "✗") if look.unicode else ("ok  ", "FAIL")
    for outcome in tests.outcomes:
        mark = styled(good, "green", look) if outcome.passed else styled(bad, "red", look)
        yield f"{mark} {outcome.title}"
    if tests.outcomes:
        yield ""
    failed = sum(1 for outcome in tests.outcomes if not outcome.passed)
    passed = len(tests.outcomes) - failed
    counts = f"{_counted(len(tests.outcomes), 'test')}: {passed:,} passed, {failed:,} failed"
    yield (
        styled(counts, "green" if status is Exit.GOOD else "red", look) if tests.outcomes else "The spec has no tests."
    )
    yield from _unreached_lines(tests.unreached)


def _unreached_lines(unreached: Iterable[Unreached]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for one in unreached:
        shown = f'"{one.name}"' if one.kind == "population" else one.name
        groups.setdefault((one.kind, one.owner), []).append(shown)
    if groups:
        yield "No test reaches:"
    for (kind, owner), names in groups.items():
        yield f"  {kind} {owner}: {', '.join(names)}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"


def _facts(tests: SpecTests) -> Mapping[str, object]:
    texts = tests.loaded.texts
    return {
        "passed": sum(1 for outcome in tests.outcomes if outcome.passed),
        "failed": sum(1 for outcome in tests.outcomes if not outcome.passed),
        "tests": [_outcome_facts(outcome) for outcome in tests.outcomes],
        "unreached": [{"kind": one.kind, "of": one.owner, "rule": one.name} for one in tests.unreached],
        **diagnostics_facts(tests.diagnostics, texts),
    }


def _outcome_facts(outcome: Outcome) -> Mapping[str, object]:
    return {
        "test": outcome.title,
        "passed": outcome.passed,
        "failures": [
            {
                "expected": failure.expected,
                "actual": failure.actual,
                "facts": fact_list(failure.facts),
                "reasons": [{"text": reason.text, "facts": fact_list(reason.facts)} for reason in failure.reasons],
            }
            for failure in outcome.failures
        ],
    }


def fact_list(found: Iterable[Fact]) -> list[Mapping[str, object]]:
    """Comparisons with the values they met, for programs."""
    return [
        {
            "condition": fact.text,
            "outcome": fact.outcome,
            "compared": fact.compared or None,
            "operands": [{"text": operand.text, "value": operand.value} for operand in fact.operands],
        }
        for fact in found
    ]
