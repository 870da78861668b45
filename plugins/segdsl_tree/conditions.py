"""What a region takes of a column, as a condition of the language, in the words of a title, and in those of a name."""

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from segdsl.plugin import CATEGORY, Kind, Refused, literal, name
from segdsl_tree.columns import Choice, Column, Measure, YesNo, has_missing
from segdsl_tree.cut_points import cut_value

Flags = NDArray[np.bool_]

# So many values stand in a title; those that are more are counted.
_IN_TITLE = 3
_INCLUSIVE = {Kind.COUNT, Kind.INT}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition, its title and its short name.

    `is_negative`: it says what is not, or allows for missing values. `is_pair`: it is two conditions joined by `and`;
    `is_choice`: joined by `or`.
    """

    text: str
    title: str
    short: str
    is_negative: bool
    is_pair: bool = False
    is_choice: bool = False


def condition(column: Column, cuts: tuple[Fraction, ...], taken: Flags) -> Condition:
    """What is taken of a column; at least one of its places is not."""
    known, missing = taken[:-1], bool(taken[-1]) and has_missing(column)
    field, label = name(column.field), column.field.replace("_", " ").replace(".", " ")
    if not known.any():
        return Condition(f"{field} is missing", f"{label} unknown", f"{column.field}_unknown", True)
    if known.all():
        return Condition(f"{field} is known", f"{label} known", f"{column.field}_known", True)
    match column:
        case Measure():
            found = _interval(column, label, cuts, known)
        case Choice():
            found = _values(column, label, known, bool(taken[-1]))
        case YesNo():
            found = _yes_no(column, label, bool(known[1]), bool(taken[-1]))
        case _:
            assert_never(column)
    if not missing:
        return found
    # A reader could doubt how `and` and `or` go together.
    inner = f"({found.text})" if found.is_pair else found.text
    text = f"{field} is missing or {inner}"
    return Condition(text, f"{found.title} or unknown", found.short, True, is_choice=True)


def _interval(column: Measure, label: str, cuts: tuple[Fraction, ...], known: Flags) -> Condition:
    """The known intervals that are taken stand in a row, as cuts of intervals leave them."""
    places = np.flatnonzero(known)
    low = None if places[0] == 0 else cuts[places[0] - 1]
    high = None if places[-1] == len(cuts) else cuts[places[-1]]
    field = name(column.field)
    if low is None:
        assert high is not None
        at = written_cut(column, high)
        before = "before" if column.type.kind is Kind.DATE else "under"
        return Condition(f"{field} < {at}", f"{label} {before} {at}", f"{column.field}_{before}_{at}", False)
    if high is None:
        at = written_cut(column, low)
        if column.type.kind is Kind.DATE:
            return Condition(f"{field} >= {at}", f"{label} from {at}", f"{column.field}_from_{at}", False)
        return Condition(f"{field} >= {at}", f"{label} {at} and over", f"{column.field}_{at}_up", False)
    at, to = written_cut(column, low), written_cut(column, high)
    short = f"{column.field}_{at}_to_{to}"
    if column.type.kind in _INCLUSIVE:
        last = literal(int(high) - 1, column.type)
        return Condition(f"{field} between {at} and {last}", f"{label} {at} to {last}", short, False)
    return Condition(f"{field} >= {at} and {field} < {to}", f"{label} {at} to under {to}", short, False, True)


def written_cut(column: Measure, cut: Fraction) -> str:
    """The cut-point as the language writes it. Raises Refused for one that has more digits than it reads."""
    try:
        return literal(cut_value(cut, column.type), column.type)
    except ValueError as reason:
        message = f"a cut-point of `{column.field}` can't be written: {reason}"
        raise Refused(message, option="features", help="give it in another unit, or leave it out") from reason


def _values(column: Choice, label: str, known: Flags, missing: bool) -> Condition:
    """The values that are taken, or all but those that aren't where that is shorter or takes values that aren't listed.

    Where no row has another value than the listed ones, a value never seen is in no list.
    """
    field = name(column.field)
    taken = [text for text, is_taken in zip(column.values, known[:-1], strict=True) if is_taken]
    others = [text for text in column.values if text not in taken]
    if not known[-1] or (taken and not _has_others(column) and len(taken) <= max(len(others), 1)):
        written = ", ".join(literal(text, CATEGORY) for text in taken)
        text = f"{field} == {written}" if len(taken) == 1 else f"{field} in ({written})"
        said = _with_label(label, taken, "{} {}", _listed(taken))
        short = taken[0] if len(taken) == 1 else f"{taken[0]}_and_{len(taken) - 1}"
        return Condition(text, said, _with_label(column.field, taken, "{}_{}", short), False)
    written = ", ".join(literal(text, CATEGORY) for text in others)
    text = f"{field} != {written}" if len(others) == 1 else f"{field} not in ({written})"
    if column.type.optional and not (missing and has_missing(column)):
        text = f"{field} is known and {text}"
    short = f"{column.field}_not_{others[0]}" if len(others) == 1 else f"other_{column.field}"
    return Condition(text, f"{label} other than {_listed(others)}", short, True)


def _has_others(column: Choice) -> bool:
    """Whether a row that was learned from has a value that isn't listed."""
    return bool((column.feature.codes == len(column.values)).any())


def _with_label(label: str, texts: list[str], form: str, said: str) -> str:
    """The field's name before its values, unless they begin with it: `Product B`."""
    named = all(text.casefold().startswith(label.casefold()) for text in texts)
    return said if named else form.format(label, said)


def _listed(texts: list[str]) -> str:
    if len(texts) > _IN_TITLE:
        return f"{', '.join(texts[: _IN_TITLE - 1])} or {len(texts) - _IN_TITLE + 1} others"
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _yes_no(column: YesNo, label: str, wanted: bool, missing: bool) -> Condition:
    field = name(column.field)
    if column.member is None:
        bare = label.removeprefix("is ").removeprefix("has ")
        plain = field if wanted else f"not {field}"
        text = f"{field} == {'true' if wanted else 'false'}" if column.type.optional else plain
        title = bare if wanted else f"not {bare}"
        return Condition(text, title, title, not wanted)
    has = f"{field} has any ({literal(column.member, CATEGORY)})"
    if wanted:
        return Condition(has, f"{label} with {column.member}", f"{column.field}_{column.member}", False)
    guarded = column.type.optional and not (missing and has_missing(column))
    text = f"{field} is known and not {has}" if guarded else f"not {has}"
    return Condition(text, f"{label} without {column.member}", f"{column.field}_no_{column.member}", True)
