"""Warnings about a run that went through: empty segments, blurred grades, rows decided by a missing value, lapses."""

from collections.abc import Iterator

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.engines.arrow.batch import Lapse
from segdsl.engines.arrow.execution.findings import not_carried_out
from segdsl.engines.arrow.execution.ranking import Blur, blurred
from segdsl.engines.arrow.execution.state import State
from segdsl.engines.arrow.results import RunTables
from segdsl.plan.steps import RankScore

# So many rules are named in one warning; the counts of all are in the results.
_MOST_NAMED = 5


def run_warnings(state: State, tables: RunTables) -> Iterator[Diagnostic]:
    """All warnings of a run, in a fixed order."""
    for summary in tables.segments.values():
        empty = [(segment.path, segment.span) for segment in summary.segments if not segment.count]
        if empty:
            yield _empty(summary.scheme, empty)
    for attrition in tables.attrition.values():
        rules = [(f'"{row.reason}"', row.undecided, row.span) for row in attrition.rows if row.undecided]
        if rules:
            yield _undecided(f"population `{attrition.population}`", "rule", rules)
    for summary in tables.segments.values():
        segments = [(f"`{s.path}`", s.undecided, s.span) for s in summary.segments if s.undecided]
        if segments:
            yield _undecided(f"segmentation `{summary.scheme}`", "segment", segments)
    for step in state.plan.steps:
        if isinstance(step, RankScore) and step.grades and step.score in tables.scores:
            blur = blurred(tables.scores[step.score], step.grades)
            if blur is not None:
                yield _blurred(step, blur)
    yield from _lapses(state)
    yield from not_carried_out(state.plan.skipped)


def _empty(scheme: str, empty: list[tuple[str, Span]]) -> Diagnostic:
    names = _some([f"`{path}`" for path, _ in empty])
    what = "segment is" if len(empty) == 1 else "segments are"
    return Diagnostic(
        "SEG706",
        f"{len(empty):,} {what} empty in segmentation `{scheme}`: {names}",
        labels=tuple(Label(span) for _, span in empty[:_MOST_NAMED]),
        help="loosen the condition, or take the segment out",
    )


def _undecided(where: str, what: str, rules: list[tuple[str, int, Span]]) -> Diagnostic:
    notes = tuple(f"{name}: {count:,} {'row' if count == 1 else 'rows'}" for name, count, _ in rules[:_MOST_NAMED])
    more = len(rules) - _MOST_NAMED
    which = f"{len(rules):,} {what}{'' if len(rules) == 1 else 's'} of {where}"
    return Diagnostic(
        "SEG707",
        f"missing values left {which} undecided on some rows",
        labels=tuple(Label(span) for _, _, span in rules[:_MOST_NAMED]),
        help="say what a missing value means: `is known and ...`, `?? value`, or `unknown as false`",
        notes=(*notes, *((f"and {more:,} more",) if more > 0 else ())),
    )


def _blurred(step: RankScore, blur: Blur) -> Diagnostic:
    return Diagnostic(
        "SEG712",
        f"grade `{blur.grade}` of score `{step.score}` has {blur.held:,} of the {blur.scored:,} scored rows where "
        f"{blur.wanted:,} were to be: {blur.equal:,} share a score, and equal scores get the better grade",
        labels=(Label(step.span),),
        help="add a term that tells equal scores apart, or ask for other grades",
    )


def _lapses(state: State) -> Iterator[Diagnostic]:
    def place(item: tuple[tuple[Lapse, Span | None], int]) -> tuple[str, int, str]:
        (lapse, span), _ = item
        return (span.file, span.start, lapse) if span is not None else ("", -1, lapse)

    for (lapse, span), count in sorted(state.tally.counts.items(), key=place):
        yield Diagnostic(
            "SEG708",
            f"{lapse.value} in {count:,} {'row' if count == 1 else 'rows'}: the result is missing there",
            labels=(Label(span),) if span is not None else (),
            help="give a value for those rows with `?? value`",
        )


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
