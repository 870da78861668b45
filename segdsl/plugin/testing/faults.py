"""What a plugin breaks of its contract, as its author reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from segdsl.plugin import calling
from segdsl.plugin.enriching import Refused
from segdsl.record import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach: the rule in a few words, what was promised, what came, and one mend."""

    rule: str
    promised: str
    came: str
    mend: str


class ContractBroken(AssertionError):
    """A plugin breaks its contract; the text says in which ways, and `faults` holds them."""

    def __init__(self, plugin: str, faults: tuple[Fault, ...]) -> None:
        ways = "one way" if len(faults) == 1 else f"{len(faults)} ways"
        super().__init__(f"`{plugin}` breaks its contract in {ways}\n" + "".join(map(_told, faults)))
        self.faults = faults


def _told(fault: Fault) -> str:
    lines = (("promised", fault.promised), ("came", fault.came), ("mend", fault.mend))
    return f"\n  {fault.rule}\n" + "".join(f"    {name + ':':<10}{text}\n" for name, text in lines)


def raise_faults(plugin: str, faults: Iterable[Fault]) -> None:
    """Raises ContractBroken if there is a fault; each is told once."""
    found = tuple(dict.fromkeys(faults))
    if found:
        raise ContractBroken(plugin, found)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A plugin said that it can't work with what it was given."""

    message: str
    option: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A plugin raised something else than Refused."""

    told: str

    def fault(self, rule: str, promised: str) -> Fault:
        mend = "give missing values where nothing can be said; raise `Refused` only for a user's mistake"
        return Fault(rule, promised, self.told, mend)


def attempt(call: Callable[[], T]) -> T | Refusal | Failure:
    """What a call of a plugin gives, or how it ended."""
    outcome = calling.attempt(call)
    if not isinstance(outcome, calling.Raised):
        return outcome
    if isinstance(outcome.failure, Refused):
        return Refusal(outcome.failure.message, outcome.failure.option)
    return Failure(f"{outcome.reason} ({outcome.place})")


def shown(value: object) -> str:
    """A value as a message shows it, cut where it is long."""
    text = "missing" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
