"""The name that was probably meant by a misspelt one."""

import re
import unicodedata
from collections.abc import Iterable

# Characters: a longer name is a text, and its slips would take long to count.
LONGEST = 200
# Characters of all names that the misspelt ones of a run are compared with: a hundred among a thousand names.
MOST_COMPARED = 2_000_000

_WORD = re.compile(r"[^\W_]+")


class Suggestions:
    """`closest` for the many names of one run, with a bound on the work.

    Once `MOST_COMPARED` characters of candidates were compared, no more names are brought up: with that many
    mistakes no one reads each suggestion. The first is always looked for.
    """

    def __init__(self) -> None:
        self._left = MOST_COMPARED

    def closest(self, word: str, candidates: Iterable[str]) -> str | None:
        """As the function `closest`; candidates are not even listed once the bound is reached."""
        if self._left <= 0:
            return None
        names = tuple(candidates)
        self._left -= sum(map(len, names))
        return closest(word, names)


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, or None when none is like enough.

    Upper and lower case and the way accents are encoded don't matter. Up to 1 slip is forgiven in a word of
    5 characters or fewer, 2 up to 8, 3 beyond; a slip is a character too many, too few, wrong, or swapped
    with its neighbour. Failing that, the one candidate that holds all the words of `word` is taken
    (`revenue` for `revenue_12m`). Of equals the first wins. Names of more than `LONGEST` characters are passed over.
    """
    if len(word) > LONGEST:
        return None
    names = tuple(name for name in candidates if len(name) <= LONGEST)
    wanted = _fold(word)
    folded = tuple(_fold(name) for name in names)
    if wanted in folded:
        return names[folded.index(wanted)]
    found = _nearest(wanted, folded)
    if found is None:
        found = _with_its_words(wanted, folded)
    return None if found is None else names[found]


def _fold(name: str) -> str:
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _nearest(wanted: str, folded: tuple[str, ...]) -> int | None:
    limit = 1 if len(wanted) <= 5 else 2 if len(wanted) <= 8 else 3
    letters = frozenset(wanted)
    masks = _masks(wanted)
    found = None
    for index, name in enumerate(folded):
        # Cheap bounds first: a slip changes the length by one at most, and the set of letters by two.
        if abs(len(name) - len(wanted)) > limit or len(letters.symmetric_difference(name)) > 2 * limit:
            continue
        slips = _slips(masks, len(wanted), name)
        # A slip in every character of a short name is another name.
        if slips <= limit and slips < max(len(wanted), len(name)):
            found, limit = index, slips - 1
        if limit == 0:
            break
    return found


def _masks(pattern: str) -> dict[str, int]:
    masks: dict[str, int] = {}
    for place, char in enumerate(pattern):
        masks[char] = masks.get(char, 0) | 1 << place
    return masks


def _slips(masks: dict[str, int], length: int, text: str) -> int:
    """Optimal string alignment distance between the pattern behind `masks` (of `length`) and `text`.

    Bit-parallel, one step a character: H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and
    Damerau edit distances", Nordic Journal of Computing 10 (2003), section 4.
    """
    if length == 0:
        return len(text)
    full = (1 << length) - 1
    last = 1 << length - 1
    up, down, diagonal, previous = full, 0, 0, 0
    slips = length
    for char in text:
        here = masks.get(char, 0)
        swapped = ((~diagonal & here) << 1) & previous
        diagonal = ((((here & up) + up) ^ up) | here | down | swapped) & full
        right = down | (~(diagonal | up) & full)
        left = diagonal & up
        slips += bool(right & last) - bool(left & last)
        right = (right << 1 | 1) & full
        left = left << 1 & full
        up = left | (~(diagonal | right) & full)
        down = right & diagonal
        previous = here
    return slips


def _with_its_words(wanted: str, folded: tuple[str, ...]) -> int | None:
    words = frozenset(_WORD.findall(wanted))
    if not words or len(wanted) < 3:
        return None
    holders = [index for index, name in enumerate(folded) if words.issubset(_WORD.findall(name))]
    return holders[0] if len(holders) == 1 else None
