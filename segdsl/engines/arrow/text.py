"""Tests of texts and functions of them."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.engines.arrow.batch import EvaluationStopped, Values
from segdsl.engines.arrow.buffers import has_missing_scalar
from segdsl.engines.arrow.coded import map_text, measure_text, plain, test_text
from segdsl.engines.arrow.physical import BOOL, INT64
from segdsl.model.expression import Call, TextMatch, TextTest

_KERNELS: dict[TextMatch, Callable[..., Values]] = {
    TextMatch.CONTAINS: pc.match_substring,
    TextMatch.STARTS: pc.starts_with,
    TextMatch.ENDS: pc.ends_with,
    TextMatch.MATCHES: pc.match_substring_regex,
}

# Texts that are joined again and again grow without end: beyond this a spec is wrong.
_LONGEST_MB = 1

# scheme or "mailto:"; user and "@"; "www." if a host with a dot follows it; the host; port; path
_HOST = (
    r"(?s)^\s*(?:[a-z][a-z0-9+.\-]*://|//|mailto:)?(?:[^/?#@\s]*@)?(?:www\.)?"
    r"(?P<host>(?:[\p{L}\p{M}\p{N}_-]+\.)+[\p{L}\p{M}\p{N}-]+)\.?(?::[0-9]*)?(?:[/?#].*)?\s*$"
)


def match_text(expr: TextTest, operand: Values) -> Values:
    """The answers of a test of texts; unknown where the text is missing.

    Patterns are RE2's: matched in time proportional to the text. Raises EvaluationStopped (SEG308) for a
    pattern that RE2 does not take.
    """
    if has_missing_scalar(operand):
        return pa.scalar(None, BOOL)
    kernel = _KERNELS[expr.match]
    try:
        return test_text(operand, lambda texts: kernel(texts, expr.pattern))
    except pa.ArrowInvalid as refused:
        reason = str(refused).removeprefix("Invalid regular expression: ")
        raise EvaluationStopped(
            Diagnostic(
                code="SEG308",
                message=f"the pattern `{expr.pattern}` can't be used: {reason}",
                labels=() if expr.span is None else (Label(expr.span),),
                expected="a pattern without backreferences and look-around, so that it takes linear time",
                help="write the pattern with groups, classes and repeats only",
            )
        ) from None


def lower(texts: Values) -> Values:
    return map_text(texts, pc.utf8_lower)


def upper(texts: Values) -> Values:
    return map_text(texts, pc.utf8_upper)


def trim(texts: Values) -> Values:
    return map_text(texts, pc.utf8_trim_whitespace)


def count_characters(texts: Values) -> Values:
    """How many code points each text has."""
    return measure_text(texts, lambda plain_texts: pc.utf8_length(plain_texts).cast(INT64))


def join(expr: Call, texts: tuple[Values, ...]) -> Values:
    """The texts of each row joined; missing where one is. Raises EvaluationStopped (SEG612) for a text over 1 MB."""
    joined = pc.binary_join_element_wise(*(plain(t) for t in texts), "")
    lengths = pc.binary_length(joined)
    longest = (lengths if isinstance(lengths, pa.Scalar) else pc.max(lengths)).as_py()
    if longest is not None and longest > _LONGEST_MB << 20:
        message = f"a text here is too long: {longest:,} bytes"
        raise EvaluationStopped(too_long(message, f"texts of up to {_LONGEST_MB} MB", expr.span))
    return joined


def too_long(message: str, limit: str, span: Span | None) -> Diagnostic:
    """Texts that are longer than can be held."""
    labels = () if span is None else (Label(span, "computed here"),)
    help_ = "look for texts joined over and over, and for a long text where a name was meant"
    return Diagnostic("SEG612", message, labels, expected=limit, help=help_)


def is_overflow(error: pa.ArrowException) -> bool:
    """Whether the texts of an array would be more than the 2 GB that its offsets reach."""
    return isinstance(error, pa.ArrowCapacityError) or any(
        words in str(error) for words in ("offset overflow", "overflowed binary array capacity")
    )


def find_host(texts: Values) -> Values:
    """The host of each web or e-mail address, in lower case and without `www.`; missing where there is none.

    A host has at least one dot; it may be an address in digits.
    """
    return map_text(texts, _find_host)


def _find_host(texts: Values) -> Values:
    if isinstance(texts, pa.Scalar):
        return _find_host(pa.array([texts]))[0]
    return pc.struct_field(pc.extract_regex(pc.utf8_lower(texts), _HOST), "host")
