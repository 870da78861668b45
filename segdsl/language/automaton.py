"""The LALR(1) automaton: runs Lark's tables over the words of a text, and makes nodes as it reduces.

The next word is found by what the automaton's state accepts, so a keyword is one only where the grammar expects it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from segdsl.language.grammar_tables import FIRST, LAST, RULES, STATES
from segdsl.language.token import Token

End = "$END"
Make = Callable[[list[Any]], Any]
NextToken = Callable[[str, int, Mapping[str, int]], Token | None]


class UnexpectedText(Exception):
    """What stands at `place` doesn't fit; `expected` are the terminals that would."""

    def __init__(self, place: int, expected: frozenset[str]) -> None:
        super().__init__(place)
        self.place = place
        self.expected = expected


class Automaton:
    """The tables, bound to the functions that make nodes, by the name of their rule or alias."""

    __slots__ = ("_rules",)

    def __init__(self, functions: Mapping[str, Make]) -> None:
        self._rules = tuple(
            (origin, length, None if origin.startswith("_") else functions.get(name), picks, trailing, single)
            for origin, length, name, picks, trailing, single in RULES
        )

    def parse(self, text: str, next_token: NextToken) -> Any:
        """What the functions make of a text. Raises UnexpectedText at the first word that doesn't fit."""
        states: list[int] = [FIRST]
        values: list[Any] = []
        rules, table = self._rules, STATES
        position = 0
        while True:
            token = next_token(text, position, table[states[-1]])
            if token is None:
                kind, value = End, None
            else:
                kind, value, position = token.type, token, token.end_pos
            while True:
                target = table[states[-1]].get(kind)
                if target is None:
                    place = len(text) if token is None else token.start_pos
                    raise UnexpectedText(place, expected_terminals(states))
                if target >= 0:
                    states.append(target)
                    values.append(value)
                    break
                origin, length, make, picks, trailing, single = rules[-target - 1]
                if length:
                    children = values[-length:]
                    del values[-length:], states[-length:]
                else:
                    children = []
                children = _select(children, picks, trailing)
                made = children[0] if single and len(children) == 1 else children if make is None else make(children)
                values.append(made)
                states.append(table[states[-1]][origin])
                if token is None and states[-1] == LAST:
                    return made


def _select(children: list[Any], picks: tuple[tuple[int, bool, int], ...], trailing: int) -> list[Any]:
    """The children that a node is made of: those kept, lists put in line, None for what is absent."""
    chosen: list[Any] = []
    for place, inline, absent in picks:
        if absent:
            chosen += [None] * absent
        if not inline:
            chosen.append(children[place])
        elif chosen:
            chosen += children[place]
        else:
            # The list of a repetition is used nowhere else, so it may grow in place.
            chosen = children[place]
    if trailing:
        chosen += [None] * trailing
    return chosen


def expected_terminals(states: list[int]) -> frozenset[str]:
    """The terminals that really can come next.

    An LALR state also lists terminals that only fit elsewhere, so each is tried on a copy of the stack.
    """
    return frozenset(name for name in STATES[states[-1]] if name.isupper() and _fits(list(states), name))


def _fits(states: list[int], terminal: str) -> bool:
    while True:
        target = STATES[states[-1]].get(terminal)
        if target is None:
            return False
        if target >= 0:
            return True
        origin, length, *_ = RULES[-target - 1]
        if length:
            del states[-length:]
        states.append(STATES[states[-1]][origin])
        if terminal == End and states[-1] == LAST:
            return True
