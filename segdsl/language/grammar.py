"""The Lark parser of the language, from tables made ahead of time.

Making an LALR table takes about half a second, so it is done when grammar.lark changes, not at every start:
`python -m segdsl.language.grammar` writes grammar_tables.py, which carries the digest of the grammar it was made from;
a test holds the two together.
"""

import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from segdsl.language.lexer import WordLexer

GRAMMAR = "grammar.lark"
TABLES = "grammar_tables.py"


def read_grammar() -> str:
    """The text of the grammar."""
    return (resources.files("segdsl.language") / GRAMMAR).read_text(encoding="utf-8")


def load_parser(builder: object, callbacks: dict[str, Any]) -> Lark:
    """A parser that hands the children of each rule to the function of `builder` with the rule's name."""
    # Late, because this module also makes the tables.
    from segdsl.language.grammar_tables import DATA, MEMO  # noqa: PLC0415

    load: Any = Lark._load_from_dict
    plugins = {"ContextualLexer": WordLexer}
    parser: Lark = load(DATA, MEMO, transformer=builder, lexer_callbacks=callbacks, _plugins=plugins)
    return parser


def grammar_digest() -> str:
    """SHA-256 of the grammar's text."""
    return hashlib.sha256(read_grammar().encode()).hexdigest()


def make_tables() -> str:
    """The Python text of grammar_tables.py for the grammar as it stands."""
    lark = Lark(read_grammar(), parser="lalr", lexer="contextual", maybe_placeholders=True)
    data, memo = lark.memo_serialize([TerminalDef, Rule])
    head = '"""Parse tables of grammar.lark, written by `python -m segdsl.language.grammar`."""\n\n# ruff: noqa\n'
    return f'{head}DIGEST = "{grammar_digest()}"\nDATA = {_plain(data)!r}\nMEMO = {_plain(memo)!r}\n'


def _plain(value: Any) -> Any:
    """The same value with its sets and enumerations in a fixed order, so that the text is reproducible."""
    match value:
        case dict():
            return {k: _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case set() | frozenset():
            return sorted(value)
        case _:
            return value


if __name__ == "__main__":
    (Path(__file__).parent / TABLES).write_text(make_tables(), encoding="utf-8")
