"""Parameters as set on the command line: `--param min_mrr=$300`."""

import re
from collections.abc import Mapping

from segdsl.diagnostics import Diagnostic, Span
from segdsl.language.foreign_literals import is_number_with_commas, iso_date, number_mend
from segdsl.language.literals import READERS, NotALiteral
from segdsl.language.terms import Constant
from segdsl.model.constants import constant_value
from segdsl.model.scope import Scope
from segdsl.types import TEXT, Kind, Type, Value
from segdsl.types.column_type import WHOLE

_FORMS = (
    ("TIMESTAMP", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T\S+\Z")),
    ("DATE", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")),
    (
        "MONEY",
        re.compile(r"(?:[$€£¥₹₽₺₩₴]\s?[0-9][0-9_]*(?:\.[0-9]+)?[kMB]?|[0-9][0-9_]*(?:\.[0-9]+)?[kMB]?\s+[A-Z]{3})\Z"),
    ),
    ("DURATION", re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?\s+(?:years?|months?|weeks?|days?|hours?|minutes?)\Z")),
    ("PERCENT", re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?\s?%\Z")),
    ("NUMBER", re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?[kMB]?\Z")),
    ("TRUE", re.compile(r"true\Z")),
    ("FALSE", re.compile(r"false\Z")),
    ("STRING", re.compile(r'"(?:[^"\\\n]|\\[^\n])*"\Z')),
)


def parameter_value(scope: Scope, name: str, wanted: Type, default: Value, settings: Mapping[str, str]) -> Value:
    """The value of a parameter: what was set for it, read as its type, else the default."""
    written = settings.get(name)
    if written is None:
        return default
    # What is set is no part of a file, so diagnostics point at a text of their own.
    span = Span(f"--param {name}", 0, len(written))
    constant = _read(written.strip(), wanted, span)
    if isinstance(constant, Constant):
        before = len(scope.found)
        value = constant_value(scope, constant, wanted)
        if len(scope.found) == before:
            return value
        refused = scope.found[before]
        del scope.found[before:]
        message, mend = refused.message, refused.help
    else:
        message, mend = constant.found, constant.mend
    scope.found.append(
        Diagnostic(
            "SEG506",
            f"`--param {name}={written}`: {message}",
            expected=f"a value of the type {wanted}",
            help=mend,
        )
    )
    return default


def _read(written: str, wanted: Type, span: Span) -> Constant | NotALiteral:
    if wanted.is_textual and not written.startswith('"'):
        return Constant(written, TEXT, f'"{written}"', span)
    negative = written.startswith("-")
    bare = written[1:].lstrip() if negative else written
    form = next((form for form, pattern in _FORMS if pattern.match(bare)), None)
    if form is None or (negative and form not in ("MONEY", "DURATION", "PERCENT", "NUMBER")):
        return NotALiteral("SEG506", "this is no value of the language", _mend(written, wanted))
    try:
        value, kind = READERS[form](bare)
    except NotALiteral as refused:
        return refused
    return Constant(-value if negative else value, kind, written, span)  # type: ignore[operator]


def _mend(written: str, wanted: Type) -> str:
    day = iso_date(written) if wanted.kind is Kind.DATE else None
    if day is not None:
        return f"write `{day}`"
    if is_number_with_commas(written) and (wanted.is_numeric or wanted.kind is Kind.MONEY):
        return number_mend(written, wanted.kind in WHOLE)
    return f"write it as {_example(wanted)}"


def _example(wanted: Type) -> str:
    examples = {
        Kind.MONEY: "`$300`",
        Kind.DATE: "`2026-01-31`",
        Kind.TIMESTAMP: "`2026-01-31T09:00:00Z`",
        Kind.RATIO: "`20%`",
        Kind.DURATION: '`"90 days"`',
        Kind.BOOL: "`true` or `false`",
    }
    return examples.get(wanted.kind, "`500`")
