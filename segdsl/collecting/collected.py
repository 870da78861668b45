"""Values that were collected, with where they come from, and what a second look says of them."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from segdsl.collecting.accuracy import Measured, measure
from segdsl.collecting.field_name import FieldName
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Collected:
    """A value of an account (its key as text, and its row in the table): where, by whom and when it was found.

    `value` is written as a file holds it that a source is read from.
    """

    field: FieldName
    account: str
    row: int
    value: str
    provider: str
    collector: str
    found_on: date
    note: str


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What a second look found of the values that one collector got of one field from one provider.

    A value that was not found again counts neither way. `stated` is the accuracy that the provider states.
    """

    field: FieldName
    provider: str
    collector: str
    measured: Measured
    stated: Fraction | None
    differing: tuple[tuple[Collected, Collected], ...]

    @property
    def verdict(self) -> str:
        return self.measured.verdict(self.stated)


def compare(
    first: Iterable[Collected], second: Iterable[Collected], stated: dict[str, Fraction | None]
) -> Iterator[Rechecked]:
    """The measured accuracy of each field, provider and collector, by name."""
    again = {(one.field, one.account): one for one in second}
    pairs: dict[tuple[FieldName, str, str], list[tuple[Collected, Collected]]] = {}
    for one in first:
        other = again.get((one.field, one.account))
        if other is not None:
            pairs.setdefault((one.field, one.provider, one.collector), []).append((one, other))
    for (field, provider, collector), found in sorted(pairs.items()):
        differing = tuple(pair for pair in found if not agree(pair[0].value, pair[1].value))
        measured = measure(len(found) - len(differing), len(found))
        yield Rechecked(field, provider, collector, measured, stated.get(provider), differing)


def agree(first: str, second: str) -> bool:
    """Whether two values are the same; case and white space don't matter."""
    return " ".join(first.casefold().split()) == " ".join(second.casefold().split())
