"""How figures are written in notes, and why there are none."""

from segdsl.evidence.measures import Floats


def percent(share: float) -> str:
    """A share to be read: `42%`."""
    return f"{share:.0%}"


def exactly(share: float) -> str:
    """A share that a spec states: `12.5%`."""
    return f"{round(100 * share, 6):g}%"


def numbers(count: int, noun: str) -> str:
    """A number of things: `1 pair`, `2 pairs`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def untold(score: Floats) -> str:
    """Why known scores tell nobody apart, if so."""
    if len(score) < 2:
        return "only 1 account has a score" if len(score) else "no account has a score"
    if score.min() == score.max():
        return f"the score is the same in all {len(score):,} accounts that have one"
    return ""
