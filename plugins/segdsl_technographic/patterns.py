"""Patterns of fingerprints. RE2 runs them, in time linear in the text; what it can't run so is refused.

RE2 has no references back and no looking around. It does write out stated repetitions, and may then need time in
proportion to them: `.{0,1000}.{0,1000}x` takes minutes for two megabytes. So what repetitions add is bounded as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_MAX_LENGTH = 1000
_MAX_REPEATED = 250

_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P?<\w+>|\(\?[a-zA-Z-]*:|\(\?[a-zA-Z-]+\)|\(|\)|\{\d+(?:,\d*)?\}|.", re.DOTALL
)
_NO_TEXT = pa.array([""], pa.string())
_CHOICE = re.compile(r"\\(\d)\?([^:]*):(.*)$", re.DOTALL)
_REFERENCE = re.compile(r"\\(\d)")
_MAX_VERSION = 15


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern without regard to case, how much a match says (0 to 100), and how the version is put together.

    An empty `text` matches whatever is there. `version` is text with `\\1` for what the first group matched, and
    `\\1?a:b` for `a` where it matched something, else `b`.
    """

    text: str
    confidence: int
    version: str


def read_pattern(written: str) -> Pattern:
    r"""A pattern as a rules file writes it, with its tags: `jquery-([\d.]+)\.js\;confidence:50\;version:\1`."""
    text, *tags = written.split("\\;")
    values = dict(tag.partition(":")[::2] for tag in tags)
    confidence = values.get("confidence", "")
    known = confidence.isascii() and confidence.isdigit() and len(confidence) < 4
    return Pattern(text, min(int(confidence), 100) if known else 100, values.get("version", ""))


def refuse_pattern(text: str) -> str | None:
    """Why a pattern isn't run; None if it is."""
    if len(text) > _MAX_LENGTH:
        return f"longer than {_MAX_LENGTH} characters"
    try:
        pc.match_substring_regex(_NO_TEXT, pattern=text, ignore_case=True)
    except pa.ArrowInvalid as wrong:
        return _reason(str(wrong).removeprefix("Invalid regular expression: "))
    if _repeated(text) > _MAX_REPEATED:
        return f"stated repetitions come to more than {_MAX_REPEATED} signs"
    return None


def _reason(told: str) -> str:
    """Why RE2 refuses a pattern, in plain words."""
    if told.startswith("invalid perl operator"):
        return "looking ahead or behind can't be run in linear time"
    if re.match(r"invalid escape sequence: \\\d", told):
        return "references back to a group can't be run in linear time"
    return told


def matching(pattern: Pattern, texts: Any) -> list[bool]:
    """Which texts of a string array hold a match."""
    if not pattern.text:
        return [True] * len(texts)
    found: list[bool] = pc.match_substring_regex(texts, pattern=pattern.text, ignore_case=True).to_pylist()
    return found


def version(pattern: Pattern, text: str) -> str:
    """The version that a text tells by a pattern that matches it; empty if none, or if it is too long for one."""
    if not pattern.version:
        return ""
    named = _name_groups(pattern.text)
    groups: dict[str, str | None] = {}
    if "(?P<g1>" in named:
        groups = pc.extract_regex(pa.array([text]), pattern=f"(?i){named}").to_pylist()[0] or {}

    def matched(number: str) -> str:
        return groups.get(f"g{number}") or ""

    chosen = _CHOICE.sub(lambda m: m[2] if matched(m[1]) else m[3], pattern.version)
    told = _REFERENCE.sub(lambda m: matched(m[1]), chosen).strip()
    return told if len(told) <= _MAX_VERSION else ""


def _name_groups(text: str) -> str:
    """The pattern with its groups named `g1`, `g2`, in order."""
    number = 0
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        if token == "(" or token.startswith(("(?P<", "(?<")):
            number += 1
            token = f"(?P<g{number}>"
        tokens.append(token)
    return "".join(tokens)


def _repeated(text: str) -> int:
    """How many signs stated repetitions add to a pattern when they are written out."""
    tokens = [token for token in _TOKEN.findall(text) if token not in ("*", "+", "?", "|")]
    return _written_out(tokens) - sum(not token.startswith(("(", ")", "{")) for token in tokens)


def _written_out(tokens: Sequence[str]) -> int:
    """The number of signs in a pattern without stated repetitions."""
    groups: list[int] = [0]
    last = 0
    for token in tokens:
        if token.startswith("{") and token.endswith("}") and len(token) > 1:
            most = max(int(count) for count in token[1:-1].split(",") if count)
            groups[-1] += last * max(most - 1, 0)
            last *= max(most, 1)
        elif token.startswith("(") and not token.endswith((")",)):
            groups.append(0)
        elif token == ")" and len(groups) > 1:
            last = groups.pop()
            groups[-1] += last
        else:
            last = 1
            groups[-1] += 1
    return sum(groups)
