"""Requirements of evaluations, held against what was measured."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.engines.arrow.measured import Measurement, Remark
from segdsl.model.model import Evaluation, Requirement
from segdsl.types import Value


@dataclass(frozen=True, slots=True)
class Gate:
    """A requirement as it stands in the spec, with the figure of what it is about.

    That is a segment, or with an empty `segment` a segmentation or score. `value` is None where it can't be told or
    wasn't measured: such a gate isn't passed. `is_share`: the spec writes it as a percentage.
    """

    requirement: str
    score: str
    segment: str
    value: float | None
    met: bool
    is_share: bool
    span: Span

    @property
    def figure(self) -> str:
        """The figure in the unit of the spec, to four digits."""
        return "can't be told" if self.value is None else number_text(self.value, self.is_share)


def judge_gates(evaluation: Evaluation, measured: Sequence[Measurement]) -> Iterator[Gate]:
    """Every requirement of an evaluation; of each segment one by one."""
    for requirement in evaluation.requirements:
        wanted = (requirement.scheme, requirement.measure, requirement.figure)
        found = [(m.segment, m.value) for m in measured if (m.subject, m.measure, m.figure) == wanted]
        for segment, value in found or [("", None)]:
            met = value is not None and _within(value, requirement)
            text = requirement_text(requirement)
            yield Gate(text, evaluation.score, segment, value, met, requirement.is_share, requirement.span)


def unmet(gates: Iterable[Gate], evaluation: Evaluation, remarks: Sequence[Remark]) -> Iterator[Diagnostic]:
    """What is told of gates that aren't passed, with what their measure says where it can't tell."""
    by_span = {requirement.span: requirement for requirement in evaluation.requirements}
    for gate in (one for one in gates if not one.met):
        requirement = by_span[gate.span]
        name = _measure_text(requirement)
        what = f"segment `{gate.segment}` of `{requirement.scheme}`" if gate.segment else f"`{requirement.scheme}`"
        verb = "" if gate.value is None else "is "
        why = _reasons(requirement, remarks) if gate.value is None else ()
        message = f"`{name}` of {what} {verb}{gate.figure}"
        yield Diagnostic("SEG705", message, (Label(gate.span),), expected=_bounds(requirement), notes=why)


def _reasons(requirement: Requirement, remarks: Sequence[Remark]) -> tuple[str, ...]:
    about = (requirement.scheme, requirement.measure)
    return tuple(one.text for one in remarks if (one.scheme or one.score, one.measure) == about)[:1]


def requirement_text(requirement: Requirement) -> str:
    """The requirement as the spec writes it: `share of each segment in fit between 3% and 60%`."""
    of = f"each segment in {requirement.scheme}" if requirement.each_segment else requirement.scheme
    low, high = (_bound_text(one, requirement.is_share) for one in (requirement.low, requirement.high))
    if low and high:
        bounds = f"== {low}" if low == high else f"between {low} and {high}"
    elif low:
        bounds = f"{'>' if requirement.low_strict else '>='} {low}"
    else:
        bounds = f"{'<' if requirement.high_strict else '<='} {high}"
    return f"{_measure_text(requirement)} of {of} {bounds}"


def _measure_text(requirement: Requirement) -> str:
    return f"{requirement.measure}.{requirement.figure}" if requirement.figure else requirement.measure


def number_text(value: float, is_share: bool) -> str:
    """A figure to four digits, as a percentage where it is a share: `12.34%`."""
    return f"{value * 100:.4g}%" if is_share else f"{value:.4g}"


def _within(value: float, requirement: Requirement) -> bool:
    low, high = _number(requirement.low), _number(requirement.high)
    above = low is None or (value > low if requirement.low_strict else value >= low)
    return above and (high is None or (value < high if requirement.high_strict else value <= high))


def _number(bound: Value) -> float | None:
    return float(bound) if isinstance(bound, int | Decimal) else None


def _bound_text(bound: Value, is_share: bool) -> str:
    number = _number(bound)
    return "" if number is None else f"{number * 100:g}%" if is_share else f"{number:g}"


def _bounds(requirement: Requirement) -> str:
    low, high = (_bound_text(one, requirement.is_share) for one in (requirement.low, requirement.high))
    parts = []
    if low:
        parts.append(f"{'more than' if requirement.low_strict else 'at least'} {low}")
    if high:
        parts.append(f"{'less than' if requirement.high_strict else 'at most'} {high}")
    return " and ".join(parts)
