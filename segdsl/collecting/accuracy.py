"""How good collected values are, from a sample that was collected twice."""

from collections.abc import Iterable
from fractions import Fraction
from hashlib import sha256
from math import ceil, sqrt
from typing import TypeVar

from segdsl.record import dataclass

# The 97.5 % point of the normal distribution.
_Z = 1.959963984540054

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """`agreed` of `checked` values were found again, and the 95 % interval of the share."""

    agreed: int
    checked: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.agreed / self.checked

    def verdict(self, stated: Fraction | None) -> str:
        """What the measurement says of an accuracy that was stated."""
        if stated is None:
            return "nothing stated"
        if self.high < stated:
            return "worse than stated"
        return "better than stated" if self.low > stated else "as stated"


def measure(agreed: int, checked: int) -> Measured:
    """The measured accuracy with its Wilson score interval; `checked` is at least 1.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927).
    """
    share = agreed / checked
    spread = _Z * sqrt(share * (1 - share) / checked + _Z * _Z / (4 * checked * checked))
    middle, width = share + _Z * _Z / (2 * checked), 1 + _Z * _Z / checked
    low = 0.0 if agreed == 0 else (middle - spread) / width
    high = 1.0 if agreed == checked else (middle + spread) / width
    return Measured(agreed, checked, low, high)


def sample(share: Fraction, keyed: Iterable[tuple[str, T]]) -> list[T]:
    """A share of some things, at least one, chosen by a hash of their keys: the same for any order, and for any run."""
    ranked = sorted((sha256(key.encode("utf-8", "surrogatepass")).digest(), key, thing) for key, thing in keyed)
    return [thing for _, _, thing in ranked[: ceil(share * len(ranked))]]
