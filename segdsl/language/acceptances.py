"""Comments that accept a warning, as `# accept SEG804: it comes later`: what they say, and what they are about."""

from collections.abc import Iterable, Iterator
from typing import Any

from segdsl.diagnostics import CODES, Diagnostic, Diagnostics, Label, Severity, Span
from segdsl.diagnostics.codes import ACCEPTS_NOTHING, FOUND_BY_CHECK
from segdsl.language.syntax import Comment, Tree
from segdsl.record import dataclass, replace

_WORD = "accept"
_FORM = "`# accept CODE: reason`, or `# accept CODE, CODE: reason`"
_BLOCKS = ("items", "properties")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A code that a comment accepts, and why.

    `about` is the declaration, or the item of a block, that the comment belongs to; `comment` is where it stands.
    """

    code: str
    reason: str
    about: Span
    comment: Span

    def covers(self, found: Diagnostic) -> bool:
        """Whether a finding is a warning of that code whose first place is in what the comment belongs to."""
        place = found.span
        if found.code != self.code or place is None or place.file != self.about.file:
            return False
        return self.about.start <= place.start < self.about.end


def read_acceptances(trees: Iterable[Tree]) -> tuple[tuple[Acceptance, ...], Diagnostics]:
    """What the comments of some files accept, and what is wrong with those that mean to accept something."""
    accepted: list[Acceptance] = []
    found: list[Diagnostic] = []
    for tree in trees:
        for comment in tree.comments:
            written = _behind_the_word(comment.text)
            if written is None:
                continue
            for one in _read(tree, comment, written):
                if isinstance(one, Acceptance):
                    accepted.append(one)
                else:
                    found.append(one)
    return tuple(accepted), tuple(found)


def accept(found: Diagnostics, acceptances: Iterable[Acceptance]) -> Diagnostics:
    """The findings, those that are accepted with the reason."""
    reasons = tuple(acceptances)
    return tuple(_accepted(one, reasons) for one in found) if reasons else found


def find_stale(found: Diagnostics, acceptances: Iterable[Acceptance], file: str) -> Diagnostics:
    """A warning for each acceptance in `file` that `check` has nothing for, where `found` is all that it finds.

    What only a run finds may come with the data of tomorrow, so it is never stale.
    """
    return tuple(
        _warning(one.comment, f"There is no {one.code} here to accept", "take it out")
        for one in acceptances
        if one.code in FOUND_BY_CHECK and one.comment.file == file and not any(map(one.covers, found))
    )


def _accepted(found: Diagnostic, acceptances: tuple[Acceptance, ...]) -> Diagnostic:
    reason = next((one.reason for one in acceptances if one.covers(found)), "")
    return replace(found, accepted=reason) if reason else found


def _behind_the_word(comment: str) -> str | None:
    """What stands behind `accept` where a comment means to accept a code; other comments are for people alone."""
    text = comment.lstrip("#").lstrip()
    if text[: len(_WORD)].lower() != _WORD:
        return None
    rest = text[len(_WORD) :]
    names_a_code = rest.lstrip(": \t")[:3].upper() == "SEG"
    return rest if names_a_code and not rest[0].isalnum() else None


def _read(tree: Tree, comment: Comment, written: str) -> Iterator[Acceptance | Diagnostic]:
    codes, colon, reason = written.partition(":")
    place = Span(tree.file, comment.span.start, comment.span.start + len(comment.text))
    about = _about(tree, comment)
    if not codes.strip() or not colon or not reason.strip():
        yield _warning(place, "A warning is accepted with a reason", "say why it may stay", expected=_FORM)
    elif about is None:
        # What it belongs to may be what couldn't be read.
        if not tree.broken:
            yield _warning(place, "This comment belongs to nothing", "put it above or behind what the warning is about")
    else:
        for code in (one.strip() for one in codes.split(",")):
            wrong = _refusal(code)
            yield Acceptance(code, reason.strip(), about, place) if wrong is None else _warning(place, *wrong)


def _refusal(code: str) -> tuple[str, str] | None:
    """Why a code can't be accepted, and a mend."""
    known = CODES.get(code)
    if known is None:
        return f"There is no code `{code}`", "take it from the warning that may stay"
    if known.severity == Severity.ERROR:
        return f"{code} is an error and can't be accepted", "mend what it tells, and take the comment out"
    if code == ACCEPTS_NOTHING:
        return f"{code} can't be accepted", "take out the comment that accepts nothing"
    return None


def _warning(place: Span, message: str, mend: str, expected: str = "") -> Diagnostic:
    return Diagnostic(ACCEPTS_NOTHING, message, (Label(place),), expected=expected, help=mend)


def _about(tree: Tree, comment: Comment) -> Span | None:
    """The declaration, or the item of a block, that a comment belongs to.

    On a line of its own it belongs to what begins next in the same block, behind something to that. Where there is no
    such thing (inside an item, behind an opening brace, at the end of a block) it belongs to what it stands in. Where
    lines end within an item doesn't matter, as the formatter breaks and joins them.
    """
    start = comment.span.start
    holder: Any = None
    parts: tuple[Any, ...] = tree.declarations
    while inside := [part for part in parts if part.span.start < start < part.span.end]:
        holder = inside[0]
        parts = tuple(part for name in _BLOCKS for part in getattr(holder, name, ()))
    if comment.own_line:
        near = next((part for part in parts if part.span.start > start), holder)
    else:
        near = next((part for part in reversed(parts) if part.span.end <= start), holder)
    return None if near is None else near.span
