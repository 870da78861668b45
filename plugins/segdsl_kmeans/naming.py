"""Names of clusters, from what sets them apart: `large_growing`, "Large and growing"."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from segdsl.evidence.measures import Floats

# In standard deviations from the mean of all accounts: below this a cluster isn't called anything for it.
_APART = 0.4
_WORDS = 2

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


def name_clusters(fields: Sequence[str], apart: Floats, figures: Floats) -> tuple[Named, ...]:
    """A name for each cluster.

    `apart` says how many standard deviations each cluster's centre lies from the mean of all accounts, a column a
    field; `figures` are its prototypes. A cluster is called for the two fields that set it apart most; where two are
    called alike, for more of them, and at last by number.
    """
    words = [list(_words(fields, *one)) for one in zip(apart, figures, strict=True)]
    lengths = [min(_WORDS, _telling(row)) for row in apart]
    while True:
        names = [_slug(own[:length]) for own, length in zip(words, lengths, strict=True)]
        alike = [place for place, name in enumerate(names) if names.count(name) > 1 and lengths[place] < len(fields)]
        if not alike:
            break
        for place in alike:
            lengths[place] += 1
    titles = [_title(own[:length]) for own, length in zip(words, lengths, strict=True)]
    return tuple(_numbered(zip(names, titles, strict=True)))


def _telling(row: Floats) -> int:
    return int(np.sum(np.abs(row) >= _APART))


def _words(fields: Sequence[str], apart: Floats, figures: Floats) -> Iterator[_Word]:
    """What could be said of a cluster, most telling first."""
    for place in sorted(range(len(fields)), key=lambda place: (-abs(apart[place]), place)):
        field, high = fields[place], bool(apart[place] > 0)
        said = next((_SAID[word] for word in re.split(r"[\W_]+", field.lower()) if word in _SAID), None)
        if said is None:
            yield _Word("high" if high else "low", field)
        elif said[0] == "growing" and (figures[place] > 0) != high:
            yield _Word("", _STEADY)
        else:
            yield _Word("", said[0] if high else said[1])


def _slug(words: Sequence[_Word]) -> str:
    joined = "_".join(" ".join(parts) for parts in _parts(words)) or "typical"
    return re.sub(r"[\W_]+", "_", joined).strip("_").lower()


def _title(words: Sequence[_Word]) -> str:
    """ "Large and growing", "High fresh and milk, low grocery"."""
    said = [" ".join(parts).replace("_", " ") for parts in _parts(words)]
    if not said:
        return "Typical"
    text = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return text[0].upper() + text[1:]


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
