"""A diagnostic: what was found, what was expected, and one mend, pointing into the spec or at rows of data."""

from collections.abc import Iterable
from enum import StrEnum

from segdsl.diagnostics.codes import CODES
from segdsl.diagnostics.text import Span
from segdsl.record import dataclass


class Severity(StrEnum):
    """How much a diagnostic matters: an error stops the verb, a warning does not (unless `--strict`)."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a spec, underlined, with a few words of its own."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class RowExamples:
    """Rows of a data file that show a breach.

    `count` is the number of breaches in all; `rows` are some of their row numbers (data rows counted from 1, the
    header is not counted) and `values` the text found there, as many as `rows`.
    """

    file: str
    count: int
    rows: tuple[int, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `message` says what was found, `expected` what would have been right, `help` is one mend. The first label is the
    place to look at first; `rows` points at data. Severity belongs to the code. `accepted` is the reason that a comment
    in the spec gives for a warning that may stay, empty where there is none.
    """

    code: str
    message: str
    labels: tuple[Label, ...] = ()
    expected: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()
    rows: tuple[RowExamples, ...] = ()
    accepted: str = ""

    @property
    def severity(self) -> Severity:
        return Severity(CODES[self.code].severity)

    @property
    def is_error(self) -> bool:
        return CODES[self.code].severity == "error"

    @property
    def span(self) -> Span | None:
        """The first place in a spec, if there is one."""
        return self.labels[0].span if self.labels else None


Diagnostics = tuple[Diagnostic, ...]


def has_errors(found: Iterable[Diagnostic]) -> bool:
    """Whether any diagnostic is an error rather than a warning."""
    return any(d.is_error for d in found)


def has_warnings(found: Iterable[Diagnostic]) -> bool:
    """Whether any diagnostic is a warning that no comment accepts."""
    return any(not d.is_error and not d.accepted for d in found)
