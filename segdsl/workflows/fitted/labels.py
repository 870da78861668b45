"""What people call segments, carried over from an earlier fit to a new one.

A segment that has the members of an earlier one has its name, title and texts, too. What a plugin finds anew has the
plugin's name. The text is put together from pieces of both, so that what people wrote stays as they wrote it.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import count

from segdsl.diagnostics import SourceText
from segdsl.language import syntax as s
from segdsl.language.keywords import quote_word
from segdsl.language.parser import parse
from segdsl.record import dataclass, replace
from segdsl.workflows.fitting import FoundSegments

# The rest of a line, if nothing but a comment stands in it.
REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?")


class Fate(StrEnum):
    """Where the label of a segment comes from."""

    KEPT = "kept"
    NAMESAKE = "same name"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class LabelledSegment:
    """A segment by its name, what the plugin calls it, and where its label comes from."""

    name: str
    found_as: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Labelled:
    """Segments with their labels, in order, and the names of earlier ones that are no more."""

    found: FoundSegments
    segments: tuple[LabelledSegment, ...]
    gone: tuple[str, ...] = ()


def segments_in(declared: s.SegmentationDecl) -> tuple[s.SegmentDecl, ...]:
    """The segments of a segmentation, in order."""
    return tuple(item for item in declared.items if isinstance(item, s.SegmentDecl))


def as_named(found: FoundSegments) -> Labelled:
    """Segments with the labels that their plugin gives them."""
    names = (one.name.text for one in segments_in(found.declared))
    return Labelled(found, tuple(LabelledSegment(name, name, Fate.NEW) for name in names))


def carry_labels(
    found: FoundSegments,
    earlier: s.SegmentationDecl,
    text: SourceText,
    pairs: Sequence[tuple[int, int]],
    keep_order: bool,
) -> Labelled:
    """The segments found, with the labels of those of an earlier fit, whose text is given.

    `pairs` are the places (earlier, now) of segments with the same members. Of the others, one with the rule of an
    earlier one has its label, then one with the name of an earlier one. With `keep_order` segments stand as they stood
    in the earlier fit, and new ones behind them; else as they were found.
    """
    now, before = segments_in(found.declared), segments_in(earlier)
    fates = _fates(now, before, pairs)
    names = _names(now, before, fates)
    order = sorted(range(len(now)), key=lambda place: _rank(place, fates, len(before)) if keep_order else (place,))
    written = _Before(earlier, text)
    pieces = [
        _written(now[place], names[place], found.text, before[fates[place][0]] if place in fates else None, written)
        for place in order
    ]
    others = [_slice(found.text, item) for item in found.declared.items if not isinstance(item, s.SegmentDecl)]
    relabelled = _with_body(found, "\n".join((*others, *pieces)), {now[p].name.text: names[p] for p in order})
    labelled = (LabelledSegment(names[p], now[p].name.text, fates[p][1] if p in fates else Fate.NEW) for p in order)
    taken = {place for place, _ in fates.values()}
    gone = tuple(one.name.text for place, one in enumerate(before) if place not in taken)
    return Labelled(relabelled, tuple(labelled), gone)


_Fates = Mapping[int, tuple[int, Fate]]


def _fates(now: Sequence[s.SegmentDecl], before: Sequence[s.SegmentDecl], pairs: Sequence[tuple[int, int]]) -> _Fates:
    """The earlier segment whose label each segment has, by place."""
    fates = {new: (old, Fate.KEPT) for old, new in pairs}
    left = set(range(len(before))) - {old for old, _ in pairs}
    for alike, fate in ((_same_rule, Fate.KEPT), (_same_name, Fate.NAMESAKE)):
        for place, one in enumerate(now):
            fitting = [other for other in sorted(left) if place not in fates and alike(one, before[other])]
            if fitting:
                fates[place] = (fitting[0], fate)
                left.remove(fitting[0])
    return fates


def _same_rule(one: s.SegmentDecl, other: s.SegmentDecl) -> bool:
    """Whether both are told by the same; what takes all that is left says nothing of itself."""
    told = one.condition is not None or bool(one.places)
    return told and one.condition == other.condition and one.places == other.places


def _same_name(one: s.SegmentDecl, other: s.SegmentDecl) -> bool:
    return one.name.text == other.name.text


def _names(now: Sequence[s.SegmentDecl], before: Sequence[s.SegmentDecl], fates: _Fates) -> list[str]:
    """A name for each segment; a new one that an earlier segment bears is numbered."""
    names = [before[fates[place][0]].name.text if place in fates else "" for place in range(len(now))]
    for place, one in enumerate(now):
        if place not in fates:
            wanted = one.name.text
            numbered = (wanted if number == 1 else f"{wanted}_{number}" for number in count(1))
            names[place] = next(name for name in numbered if name not in names)
    return names


def _rank(place: int, fates: _Fates, behind: int) -> tuple[int, int]:
    return (fates[place][0] if place in fates else behind, place)


# ---- text


def _written(one: s.SegmentDecl, name: str, text: SourceText, earlier: s.SegmentDecl | None, before: "_Before") -> str:
    """A segment: who is in it as it was found, everything else as it was before."""
    title = _piece(text, one.title) if earlier is None else _piece(before.text, earlier.title)
    items = [_slice(text, item) for item in one.items if earlier is None or not _is_repeated(item, earlier)]
    lead, trail = ("", "") if earlier is None else before.comments(earlier)
    if earlier is not None:
        nested = any(isinstance(item, s.SegmentDecl) for item in one.items)
        items.append(before.inside(earlier, without_nested=nested))
    block = "{\n" + "\n".join(items) + "\n}" if any(items) else ""
    parts = ("segment", quote_word(name), title, _membership(one, text), block)
    return f"{lead}{' '.join(part for part in parts if part)}{trail}"


@dataclass(frozen=True, slots=True)
class _Before:
    """The earlier segmentation and its text, from which what people wrote is taken as it stands."""

    declared: s.SegmentationDecl
    text: SourceText

    def comments(self, segment: s.SegmentDecl) -> tuple[str, str]:
        """The comments in the lines before a segment, and the one behind it in its own line."""
        whole = self.text.text
        before = [item.span.end for item in self.declared.items if item.span.end <= segment.span.start]
        start = max(before, default=whole.index("{", self.declared.population.span.end) + 1)
        start += len(REST_OF_LINE.match(whole, start)[0])  # type: ignore[index]
        lead = "".join(f"{line.strip()}\n" for line in whole[start : segment.span.start].splitlines() if line.strip())
        trail = REST_OF_LINE.match(whole, segment.span.end)
        return lead, trail[0].rstrip() if trail is not None else ""

    def inside(self, segment: s.SegmentDecl, without_nested: bool) -> str:
        """What stands between the braces of a segment, with its comments; nested segments may be left out."""
        if not segment.items:
            return ""
        if not without_nested or not any(isinstance(item, s.SegmentDecl) for item in segment.items):
            start = self.text.text.index("{", _head_end(segment)) + 1
            return self.text.text[start : segment.span.end - 1].strip()
        kept = (item for item in segment.items if not isinstance(item, s.SegmentDecl | s.UnknownAsFalse))
        return "\n".join(_slice(self.text, item) for item in kept)


def _head_end(segment: s.SegmentDecl) -> int:
    """Where the part of a segment that says who is in it ends, at the latest before `otherwise`."""
    told = (segment.name, segment.title, segment.condition, *segment.places)
    return max(one.span.end for one in told if one is not None)


def _membership(one: s.SegmentDecl, text: SourceText) -> str:
    if one.condition is not None:
        return f"when {_slice(text, one.condition)}"
    if one.places:
        return f"at {', '.join(_slice(text, place) for place in one.places)}"
    return "otherwise"


def _is_repeated(item: object, earlier: s.SegmentDecl) -> bool:
    """Whether the earlier segment says the same thing in its own words."""
    return _subject(item) is not None and _subject(item) in {_subject(other) for other in earlier.items}


def _subject(item: object) -> tuple[str, str] | None:
    match item:
        case s.Property(name=name):
            return "property", name.text
        case s.MessageClause(stage=stage, text=text):
            return stage.text, str(text.value)
        case _:
            return None


def _piece(text: SourceText, node: object) -> str:
    return "" if node is None else _slice(text, node)


def _slice(text: SourceText, node: object) -> str:
    """What a node was written as. A comment in it ends with its line, so what follows stands on the next one."""
    span = getattr(node, "span")  # noqa: B009  (every node has one, and no class of their own)
    written = text.text[span.start : span.end]
    return f"{written}\n" if "#" in written else written


def _with_body(found: FoundSegments, body: str, renamed: Mapping[str, str]) -> FoundSegments:
    """The segmentation with other text between its braces; notes on a segment tell it by its new name."""
    declared = found.declared
    head = found.text.text[declared.span.start : found.text.text.index("{", declared.population.span.end) + 1]
    notes = tuple(_renamed(note, renamed) for note in found.notes)
    text = SourceText(found.text.file, f"{head}\n{body}\n}}\n")
    tree, _ = parse(text)
    (again,) = tree.declarations
    assert isinstance(again, s.SegmentationDecl)
    return replace(found, text=text, tree=tree, declared=again, notes=notes)


def _renamed(note: str, names: Mapping[str, str]) -> str:
    """A note that begins with the name of a segment and a colon is about that segment."""
    name, colon, rest = note.partition(":")
    return f"{names.get(name, name)}{colon}{rest}"
