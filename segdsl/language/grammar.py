"""Lark's parse tables of the language, made ahead of time.

Lark takes half a second to make LALR tables, and a tenth to be imported, so both are done when grammar.lark changes and
not at every start: `python -m segdsl.language.grammar` writes grammar_tables.py, which carries the digest of the
grammar it was made from; a test holds the two together.
"""

import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

GRAMMAR = "grammar.lark"
TABLES = "grammar_tables.py"
START = "start"


def read_grammar() -> str:
    """The text of the grammar."""
    return (resources.files("segdsl.language") / GRAMMAR).read_text(encoding="utf-8")


def grammar_digest() -> str:
    """SHA-256 of the grammar's text."""
    return hashlib.sha256(read_grammar().encode()).hexdigest()


def make_tables() -> str:
    """The Python text of grammar_tables.py for the grammar as it stands.

    RULES are `(origin, length, function, picks, trailing, single)`: the function to call with the children that `picks`
    selects, each `(place, inline, absent)` with the number of absent optional parts before it, and `trailing` such
    parts at the end; with `single` a lone child stands for the node. STATES are dictionaries from a symbol to the next
    state (0 and up) or to a rule to reduce by (-1 and down). FIXED are the terminals that are one word or sign.
    """
    from lark import Lark  # noqa: PLC0415  (only here is Lark itself needed)

    lark = Lark(read_grammar(), parser="lalr", lexer="contextual", maybe_placeholders=True)
    table: Any = lark.parser.parser._parse_table
    numbers = {rule: number for number, rule in enumerate(lark.rules)}
    states = []
    for state in range(len(table.states)):
        row = {}
        for symbol, (action, target) in sorted(table.states[state].items()):
            row[str(symbol)] = -numbers[target] - 1 if action.name == "Reduce" else target
        states.append(row)
    fixed = {t.pattern.value: t.name for t in lark.terminals if t.pattern.type == "str"}
    parts = {
        "DIGEST": grammar_digest(),
        "RULES": [_rule(rule) for rule in lark.rules],
        "STATES": states,
        "FIRST": table.start_states[START],
        "LAST": table.end_states[START],
        "FIXED": dict(sorted(fixed.items())),
    }
    head = '"""Parse tables of grammar.lark, written by `python -m segdsl.language.grammar`."""\n\n# ruff: noqa\n'
    return head + "".join(f"{name} = {value!r}\n" for name, value in parts.items())


def _rule(rule: Any) -> tuple[Any, ...]:
    # Lark's names are words with a place; only the word is wanted.
    origin, options = str(rule.origin.name), rule.options
    keep_all = options.keep_all_tokens
    # For each place, whether an optional part is absent before it; the last is behind all of them.
    absent = list(options.empty_indices) or [False] * len(rule.expansion)
    picks, waiting, place = [], 0, 0
    for gone in absent:
        if gone:
            waiting += 1
            continue
        symbol = rule.expansion[place]
        if keep_all or not (symbol.is_term and symbol.filter_out):
            inline = not symbol.is_term and symbol.name.startswith("_")
            picks.append((place, inline, waiting))
            waiting = 0
        place += 1
    single = bool(options.expand1) and not rule.alias
    return origin, len(rule.expansion), str(rule.alias or origin), tuple(picks), waiting, single


if __name__ == "__main__":
    (Path(__file__).parent / TABLES).write_text(make_tables(), encoding="utf-8")
