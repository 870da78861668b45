"""How likely two names are the same firm, from what separates them; fitted on labelled pairs.

Two names are compared only if each own word of one has its partner in the other: the same word, or one within a typing
slip of it; or if they are the same written as one word; or if one is the other's initials. All others have confidence
0. The confidence is a logistic function of what separates the two. Its weights were fitted on the 300 pairs marked
`tune` in tests/plugins/vendor/labelled_pairs.csv.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, inf
from operator import attrgetter

from rapidfuzz.distance import OSA

from segdsl_vendor.names import Name, Word

SLIP_FROM, SLIP_TO = 4, 40  # letters of the words in which one that differs may be a slip of typing
SHORTEST_INITIALS = 3
MOST_SLIPPED_WORDS = 6
_PLACED = frozenset("first second third fourth fifth new old north south east west upper lower".split())
_VOWELS = str.maketrans("", "", "aeiouy")


@dataclass(frozen=True, slots=True)
class Difference:
    """What separates two names: slips by their weight, the rest counts or 0 and 1.

    A slip weighs (10 / letters of the word) squared, for the shorter a word, the likelier is another letter another
    word. `swapped` slips exchange two letters; `light` ones keep the consonants, or add a plural's s; `dropped` ones
    lack a consonant, `replaced` ones have another, or another first letter; so has every slip in the name of a sole
    proprietor, where Ivanov and Ivanova are two people. `weak` are the weak words that only one has. `form` is 1 where
    both have legal forms and none is of one family; `bare` where only one has any. `order` is 1 where the words stand
    in another order, `joined` where they agree only written as one, `initials` where one is the initials of the other,
    `sound` where they agree only by sound.
    """

    swapped: float = 0.0
    light: float = 0.0
    dropped: float = 0.0
    replaced: float = 0.0
    weak: float = 0.0
    form: float = 0.0
    bare: float = 0.0
    order: float = 0.0
    joined: float = 0.0
    initials: float = 0.0
    sound: float = 0.0


# The weights of `order` and `initials` are set by hand: the labelled pairs hold no firms that share their initials by
# chance, of which a long list has many. None is above 0: nothing is better evidence than no difference.
INTERCEPT = 5.11
WEIGHTS: Mapping[str, float] = {
    "swapped": -0.3,
    "light": -1.46,
    "dropped": -2.01,
    "replaced": -4.57,
    "weak": -2.27,
    "form": -7.11,
    "bare": -0.1,
    "order": -1.0,
    "joined": -0.2,
    "initials": -4.6,
    "sound": -0.1,
}
_WEIGHTS = tuple(WEIGHTS.values())
_values = attrgetter(*WEIGHTS)
HIGHEST = 0.98  # a name alone is never as good as a domain


def confidence(difference: Difference | None) -> float:
    """The chance that two names so far apart are the same firm, from 0 to 0.98; 0 where they can't be compared."""
    if difference is None:
        return 0.0
    score = INTERCEPT + sum(w * value for w, value in zip(_WEIGHTS, _values(difference), strict=True) if value)
    return round(min(HIGHEST, 1 / (1 + exp(-score))), 4)


def compare(one: Name, other: Name) -> Difference | None:
    """What separates two names, the same either way round; None where they can't be the same."""
    slips = _partners(one, other)
    if slips is not None and not slips:
        return None if _misplaced(one, other) else _difference(one, other, slips)
    if {one.joined, one.whole} & {other.joined, other.whole} or (_by_sound(one, other) and one.sounds == other.sounds):
        return _difference(one, other, None, joined=1.0)
    if slips is not None:
        return _difference(one, other, slips)
    if _initials(one, other) or _initials(other, one):
        return _difference(one, other, None, initials=1.0)
    return None


def _misplaced(one: Name, other: Name) -> bool:
    """Whether equal words stand in another order though their place tells: First Republic is not Republic First."""
    return not _PLACED.isdisjoint(word.plain for word in one.words) and _reordered(one, other)


def _reordered(one: Name, other: Name) -> bool:
    return [word.plain for word in one.words] != [word.plain for word in other.words]


def _initials(short: Name, long: Name) -> bool:
    return len(short.words) == 1 and len(long.initials) >= SHORTEST_INITIALS and short.joined == long.initials


def _difference(
    one: Name, other: Name, slips: Mapping[str, float] | None, joined: float = 0.0, initials: float = 0.0
) -> Difference:
    found = defaultdict[str, float](float, slips or {})
    exact = slips is not None and not slips
    return Difference(
        swapped=found["swapped"],
        light=found["light"],
        dropped=found["dropped"],
        replaced=found["replaced"],
        weak=float(len(set(one.weak) ^ set(other.weak))),
        form=float(bool(one.forms and other.forms and not one.forms & other.forms)),
        bare=float(bool(one.forms) != bool(other.forms)),
        order=float(exact and _reordered(one, other)),
        joined=joined,
        initials=initials,
        sound=float(found["sound"] > 0),
    )


def _by_sound(one: Name, other: Name) -> bool:
    """Whether names in two scripts meet by sound; in one script, spelling is what counts."""
    return one.script != other.script


def slips_between(one: Word, other: Word, by_sound: bool) -> int | None:
    """Letters that differ between two words, 0 or 1, by the nearer of spelling and sound; None for more."""
    spelt = _distance(one.plain, other.plain)
    heard = _distance(one.sound, other.sound) if by_sound and spelt != 0 else None
    return min((distance for distance in (spelt, heard) if distance is not None), default=None)


def least_penalty(one: Word, other: Word, by_sound: bool) -> float:
    """The least that a slip between two words takes from the score of any two names in which they are partners.

    `by_sound`: names may be in two scripts.
    """
    return min(_penalty(one, other, script) for script in ((False, True) if by_sound else (False,)))


def _penalty(one: Word, other: Word, by_sound: bool) -> float:
    distance = slips_between(one, other, by_sound)
    if distance is None:
        return inf
    kind = _kind(distance, one, other, by_sound, False)
    # However many words agree by sound alone, that is counted once.
    return 0.0 if kind == "sound" else -WEIGHTS[kind] * _slip_weight(one, other)


def _slip_weight(one: Word, other: Word) -> float:
    return (10 / max(len(one.plain), len(other.plain))) ** 2


def _distance(one: str, other: str) -> int | None:
    if one == other:
        return 0
    if (
        not (SLIP_FROM <= len(one) <= SLIP_TO and SLIP_FROM <= len(other) <= SLIP_TO)
        or one.isdigit()
        or other.isdigit()
    ):
        return None
    return 1 if OSA.distance(one, other, score_cutoff=1) == 1 else None


def _partners(one: Name, other: Name) -> Mapping[str, float] | None:
    """The weight of slips between partners by their kind, where each own word has a partner, else None."""
    if len(one.words) != len(other.words):
        return None
    if one.words == other.words:
        return {}
    mine, theirs = Counter(one.words), Counter(other.words)
    left, right = list((mine - theirs).elements()), list((theirs - mine).elements())
    if len(left) > MOST_SLIPPED_WORDS:
        return None
    slips = defaultdict[str, float](float)
    by_sound, person = _by_sound(one, other), "sole" in one.forms | other.forms
    for distance, a, b in _nearest(left, right, by_sound):
        slips[_kind(distance, a, b, by_sound, person)] += _slip_weight(a, b)
        left.remove(a)
        right.remove(b)
    return None if left else slips


def _nearest(left: list[Word], right: list[Word], by_sound: bool) -> list[tuple[int, Word, Word]]:
    """Partners of two lists of words, chosen nearest first; words without a partner are left out."""
    near: list[tuple[int, list[str], int, int]] = []
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            distance = slips_between(a, b, by_sound)
            if distance is not None:
                near.append((distance, sorted((a.plain, b.plain)), i, j))
    chosen: list[tuple[int, Word, Word]] = []
    taken_left, taken_right = set[int](), set[int]()
    for distance, _, i, j in sorted(near):
        if i not in taken_left and j not in taken_right:
            taken_left.add(i)
            taken_right.add(j)
            chosen.append((distance, left[i], right[j]))
    return chosen


def _kind(distance: int, one: Word, other: Word, by_sound: bool, person: bool) -> str:
    """The kind of slip between two words, as `Difference` names it."""
    if distance == 0:
        return "sound"
    if person or (one.plain[0] != other.plain[0] and not by_sound):
        return "replaced"
    if sorted(one.plain) == sorted(other.plain):
        return "swapped"
    first, second = (word.sound.translate(_VOWELS) for word in (one, other))
    if first == second or one.plain.rstrip("s") == other.plain.rstrip("s"):
        return "light"
    return "replaced" if len(one.plain) == len(other.plain) else "dropped"
