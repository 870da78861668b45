"""Which patterns `matches` takes: those that run in linear time, whatever the text."""

import re

_MAX_LENGTH = 1000
_MAX_REPEAT = 1000

# What a backtracking engine offers and an automaton can't.
_REFUSED = (
    (re.compile(r"\\[1-9]|\(\?P=|\\k<"), "it refers back to what a group matched"),
    (re.compile(r"\(\?<?[=!]"), "it looks ahead or behind"),
    (re.compile(r"\(\?>|[*+?}]\+"), "it uses possessive repetition"),
    (re.compile(r"\(\?\(|\(\?#"), "it uses conditions or comments"),
    (re.compile(r"\(\?[a-zA-Z-]*[^imsU:)<P-][a-zA-Z-]*[:)]"), "it sets an option other than i, m or s"),
    (re.compile(r"\{[^}]*\}[^)]*\)[^(]*\{"), "it repeats a repetition a stated number of times"),
    (re.compile(r"\\[ZGKRXhHvNuU]"), "it uses a sequence that has no fixed meaning here"),
)
_ESCAPED = re.compile(r"\\\\")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")


def refuse_pattern(pattern: str) -> tuple[str, str] | None:
    """Why a pattern is refused, and a mend; None if it is accepted.

    What is accepted is run by RE2, whose time is linear in the text; this check needs no engine.
    """
    if len(pattern) > _MAX_LENGTH:
        return f"it is longer than {_MAX_LENGTH} characters", "split it into several conditions joined by `or`"
    bare = _CLASS.sub("x", _ESCAPED.sub("x", pattern))
    for refused, reason in _REFUSED:
        if refused.search(bare):
            return reason, "use a plain pattern: no references back, no looking around"
    for repeat in _REPEAT.finditer(bare):
        if any(int(count) > _MAX_REPEAT for count in repeat.groups() if count):
            return f"it repeats more than {_MAX_REPEAT} times", "write `*` or `+`"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        return str(wrong), r"put `\` before a sign that stands for itself, as in `\(`"
    return None
