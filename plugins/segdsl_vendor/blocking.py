"""Pairs of names worth comparing: every pair that is at least a near miss is among them, few others are.

A pair can be compared only if each own word of one has its partner in the other, so it is enough to look up the rarest
word of a name, and its slips, among the names of as many words of the same country; or if both are the same written
as one word, or one is the other's initials. Names of unknown country meet those of all countries. Of names of several
words that are each a slip apart, those whose slips alone make them unlikely are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from segdsl_vendor.likeness import INTERCEPT, SHORTEST_INITIALS, SLIP_FROM, SLIP_TO, least_penalty, slips_between
from segdsl_vendor.names import Name, Word

_ANYWHERE = "*"
# Slips that weigh more leave a confidence below one half, the least of a near miss, whatever else there is.
_MOST_PENALTY = INTERCEPT + 0.01


@dataclass(frozen=True, slots=True)
class Placed:
    """A name and its country, None where it isn't known."""

    name: Name
    country: str | None


Posting = tuple[str, int, int]  # country, number of words, the number of one of them
Entry = tuple[str, str, str]  # country, what of, text


def pair_names(ours: Sequence[Placed], theirs: Sequence[Placed]) -> Iterator[tuple[int, Sequence[int]]]:
    """For each of our names, by its position, the positions of their names to compare it with, in order."""
    anywhere = any(placed.country is None for placed in ours)
    numbers = _number_words((*ours, *theirs))
    postings = _postings(theirs, anywhere, numbers)
    entries = _entries(theirs, anywhere)
    slips = _slips(ours, theirs, numbers)
    words = [frozenset(numbers[word] for word in placed.name.words) for placed in theirs]
    for position, placed in enumerate(ours):
        found = set(_by_words(placed, [numbers[word] for word in placed.name.words], postings, slips, words))
        for key in _wanted(placed.name):
            found.update(_in_reach(placed, entries, key))
        if found:
            yield position, sorted(found)


def _number_words(names: Iterable[Placed]) -> Mapping[Word, int]:
    return {word: at for at, word in enumerate(dict.fromkeys(word for placed in names for word in placed.name.words))}


def _reach(placed: Placed) -> tuple[str, ...]:
    """The countries whose names a name meets: its own and the unknown one, or any."""
    return (_ANYWHERE,) if placed.country is None else (placed.country, "")


def _scopes(placed: Placed, anywhere: bool) -> tuple[str, ...]:
    own = placed.country or ""
    return (own, _ANYWHERE) if anywhere else (own,)


def _postings(names: Sequence[Placed], anywhere: bool, numbers: Mapping[Word, int]) -> Mapping[Posting, Sequence[int]]:
    """Their names by country, number of words, and each word."""
    lists: dict[Posting, list[int]] = defaultdict(list)
    for position, placed in enumerate(names):
        words = placed.name.words
        for word in {numbers[word] for word in words}:
            for scope in _scopes(placed, anywhere):
                lists[scope, len(words), word].append(position)
    return lists


def _by_words(
    placed: Placed,
    words: Sequence[int],
    postings: Mapping[Posting, Sequence[int]],
    slips: Mapping[int, Mapping[int, float]],
    theirs: Sequence[frozenset[int]],
) -> Iterable[int]:
    """Their names that hold each of its words, or a slip of it that weighs little, found by the rarest."""
    reach, size, own = _reach(placed), len(words), set(words)
    near = [(word, *slips.get(word, ())) for word in own]
    lists = [[postings.get((scope, size, word), ()) for scope in reach for word in words] for words in near]
    lengths = [sum(map(len, parts)) for parts in lists]
    candidates = {position for part in lists[lengths.index(min(lengths))] for position in part}
    return [position for position in candidates if _may_be_near(own, slips, theirs[position])]


def _may_be_near(own: set[int], slips: Mapping[int, Mapping[int, float]], theirs: frozenset[int]) -> bool:
    """Whether each word is among theirs, or has a slip there, and the lightest slips don't weigh too much already."""
    weight = 0.0
    for word in own - theirs:
        known = slips.get(word)
        penalties = [known[other] for other in theirs if other in known] if known else []
        if not penalties:
            return False
        weight += min(penalties)
        if weight > _MOST_PENALTY:
            return False
    return True


def _wanted(name: Name) -> Iterable[tuple[str, str]]:
    """What a name is looked up by beside its words."""
    yield from {("joined", name.joined), ("joined", name.whole)}
    yield "sounds", name.sounds
    if len(name.words) == 1 and len(name.joined) >= SHORTEST_INITIALS:
        yield "initials", name.joined
    if len(name.initials) >= SHORTEST_INITIALS:
        yield "single", name.initials


def _entries(names: Sequence[Placed], anywhere: bool) -> Mapping[Entry, Sequence[int]]:
    lists: dict[Entry, list[int]] = defaultdict(list)
    for position, placed in enumerate(names):
        for scope in _scopes(placed, anywhere):
            for what, text in _offered(placed.name):
                lists[scope, what, text].append(position)
    return lists


def _offered(name: Name) -> Iterable[tuple[str, str]]:
    """What a name can be found by beside its words."""
    yield from {("joined", name.joined), ("joined", name.whole)}
    yield "sounds", name.sounds
    if len(name.initials) >= SHORTEST_INITIALS:
        yield "initials", name.initials
    if len(name.words) == 1 and len(name.joined) >= SHORTEST_INITIALS:
        yield "single", name.joined


def _in_reach(placed: Placed, entries: Mapping[Entry, Sequence[int]], key: tuple[str, str]) -> Iterator[int]:
    for scope in _reach(placed):
        yield from entries.get((scope, *key), ())


def _slips(
    ours: Sequence[Placed], theirs: Sequence[Placed], numbers: Mapping[Word, int]
) -> Mapping[int, Mapping[int, float]]:
    """By the numbers of our words: their words that are a slip of it, or sound like it, and the least that this weighs.

    Two words one slip apart share a form with one letter left out (Garbe's symmetric deletion), so only these are
    compared. Sounds matter only where names are in several scripts.
    """
    by_sound = len({placed.name.script for placed in (*ours, *theirs)}) > 1
    by_form: dict[str, list[Word]] = defaultdict(list)
    for word in dict.fromkeys(word for placed in theirs for word in placed.name.words):
        for form in _forms(word, by_sound):
            by_form[form].append(word)
    slips: dict[int, Mapping[int, float]] = {}
    for word in dict.fromkeys(word for placed in ours for word in placed.name.words):
        near = {other for form in _forms(word, by_sound) for other in by_form.get(form, ()) if other is not word}
        found = {
            numbers[other]: least_penalty(word, other, by_sound)
            for other in near
            if slips_between(word, other, by_sound) is not None and other != word
        }
        if found:
            slips[numbers[word]] = found
    return slips


def _forms(word: Word, by_sound: bool) -> set[str]:
    """A word's spelling and sound, whole and without each of their letters; numbers have no slips."""
    if word.plain.isdigit():
        return set()
    texts = {word.plain, word.sound} if by_sound else {word.plain}
    return texts.union(*(_shortened(text) for text in texts if SLIP_FROM <= len(text) <= SLIP_TO))


def _shortened(text: str) -> list[str]:
    return [text[:at] + text[at + 1 :] for at in range(len(text))]
