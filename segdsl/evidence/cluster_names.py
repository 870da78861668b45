"""Names of clusters, from what sets them apart: `large_growing`, "Large and growing"."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from segdsl.evidence.measures import Floats

# In standard deviations from the mean of all accounts: below this a cluster isn't called anything for it.
_APART = 0.4
_WORDS = 2
_MOST_LETTERS = 60
_MOST_IN_TITLE = 120

# Words for more and for less of what a field is about, by a word in the field's name.
_SAID: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("employees", "headcount", "staff", "fte", "ftes", "size"), ("large", "small")),
    **dict.fromkeys(("growth", "trend"), ("growing", "shrinking")),
    **dict.fromkeys(("recency", "inactive", "dormant"), ("lapsed", "recent")),
    **dict.fromkeys(("tenure",), ("long-standing", "new")),
    **dict.fromkeys(("tickets", "complaints"), ("demanding", "quiet")),
}
_STEADY = "steady"


@dataclass(frozen=True, slots=True)
class Named:
    """A segment's name and title."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class _Word:
    """What a cluster is called for: a word of its own, or high or low with a field."""

    direction: str
    noun: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a field tells of each cluster.

    `apart` says how many standard deviations the cluster lies from the mean of all accounts. `figures` are the
    prototypes of a number, `values` those of a category or a yes-or-no; the other is empty.
    """

    field: str
    apart: Floats
    figures: tuple[float, ...] = ()
    values: tuple[str | bool, ...] = ()


def name_clusters(told: Sequence[Told]) -> tuple[Named, ...]:
    """A name for each cluster.

    A cluster is called for the two fields that set it apart most; where two are called alike, for more of them, and at
    last by number.
    """
    clusters = range(len(told[0].apart))
    words = [_words(told, cluster) for cluster in clusters]
    lengths = [min(_WORDS, sum(abs(one.apart[cluster]) >= _APART for one in told)) for cluster in clusters]
    while True:
        names = [_slug(own[:length]) for own, length in zip(words, lengths, strict=True)]
        alike = [place for place, name in enumerate(names) if names.count(name) > 1 and lengths[place] < len(told)]
        if not alike:
            break
        for place in alike:
            lengths[place] += 1
    titles = [_title(own[:length]) for own, length in zip(words, lengths, strict=True)]
    return tuple(_numbered(zip(names, titles, strict=True)))


def _words(told: Sequence[Told], cluster: int) -> list[_Word]:
    """What could be said of a cluster, most telling first."""
    ranked = sorted(range(len(told)), key=lambda place: (-abs(told[place].apart[cluster]), place))
    return [_word(told[place], cluster) for place in ranked]


def _word(told: Told, cluster: int) -> _Word:
    if told.values:
        return _Word("", _of_choice(told.field, told.values[cluster]))
    high = bool(told.apart[cluster] > 0)
    said = next((_SAID[word] for word in re.split(r"[\W_]+", told.field.lower()) if word in _SAID), None)
    if said is None:
        return _Word("high" if high else "low", told.field)
    if said[0] == "growing" and (told.figures[cluster] > 0) != high:
        return _Word("", _STEADY)
    return _Word("", said[0] if high else said[1])


def _of_choice(field: str, value: str | bool) -> str:
    """A category's value, with its field where it doesn't begin with a letter; a yes-or-no by its field."""
    if isinstance(value, bool):
        bare = field.removeprefix("is_").removeprefix("has_")
        return bare if value else f"not {bare}"
    return value if value[:1].isalpha() else f"{field} {value}"


def _slug(words: Sequence[_Word]) -> str:
    joined = "_".join(" ".join(parts) for parts in _parts(words))
    return re.sub(r"[\W_]+", "_", joined).strip("_").lower()[:_MOST_LETTERS].rstrip("_") or "typical"


def _title(words: Sequence[_Word]) -> str:
    """ "Large and growing", "High fresh and milk, low grocery"."""
    said = [" ".join(parts).replace("_", " ") for parts in _parts(words)]
    if not said:
        return "Typical"
    text = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    cut = text if len(text) <= _MOST_IN_TITLE else f"{text[: _MOST_IN_TITLE - 3]}..."
    return cut[:1].upper() + cut[1:]


def _parts(words: Iterable[_Word]) -> Iterator[tuple[str, ...]]:
    """The words, a direction being said once for the fields that follow one another with it."""
    before = ""
    for word in words:
        yield (word.direction, word.noun) if word.direction and word.direction != before else (word.noun,)
        before = word.direction


def _numbered(named: Iterable[tuple[str, str]]) -> Iterator[Named]:
    taken: set[str] = set()
    for name, title in named:
        number = next(n for n in count(1) if _nth(name, n) not in taken)
        taken.add(_nth(name, number))
        yield Named(_nth(name, number), title if number == 1 else f"{title} ({number})")


def _nth(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"
