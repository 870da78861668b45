"""The words of the language that can't stand for a name in an expression without backquotes."""

import re
import unicodedata

DECLARATIONS = frozenset(
    """
    about audience derive enrich evaluate hypothesis import param population provider score segmentation set source
    test
    """.split()
)

# Words that stand inside terms, and words that may follow one.
IN_TERMS = frozenset(
    """
    and any all before between by case contains else end ends false has in is known matches missing not of or over per
    segment starts then true via when where within
    """.split()
)

RESERVED = DECLARATIONS | IN_TERMS

_PLAIN = re.compile(r"[^\W\d]\w*\Z")


def needs_quotes(name: str) -> bool:
    """Whether a name must stand in backquotes in an expression."""
    return name in RESERVED or not _PLAIN.match(name)


def is_plain(name: str) -> bool:
    """Whether a name can stand without backquotes where it is declared."""
    return _PLAIN.match(name) is not None


def quote_name(name: str) -> str:
    """The name as an expression writes it."""
    return f"`{name}`" if needs_quotes(name) else name


def normal_name(written: str) -> str:
    """A name as compared: without backquotes, in NFC."""
    bare = written[1:-1] if written.startswith("`") else written
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)
