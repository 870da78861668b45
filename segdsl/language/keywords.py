"""The words of the language that can't stand for a name in an expression without backquotes."""

import re
import unicodedata

DECLARATIONS = frozenset(
    """
    about audience derive enrich evaluate hypothesis import param population provider report score segmentation set
    source test
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

# Words that mean something in their own places only.
ELSEWHERE = frozenset(
    """
    against among as asc at base because broken columns desc drop dropped duplicate each empty except
    expect first flat for from given grade higher hold keep key last lenient like links log lower means
    measure message minus nearest next none on order orphan other otherwise out overlapping pii plus
    priority proxy range rates read replace require rest scale separates split take terms to top unknown
    using with without
    """.split()
)

WORDS = RESERVED | ELSEWHERE

_PLAIN = re.compile(r"[^\W\d][\w\u0300-\u036f]*\Z")


def needs_quotes(name: str) -> bool:
    """Whether a name must stand in backquotes in an expression."""
    return name in RESERVED or not _PLAIN.match(name)


def is_plain(name: str) -> bool:
    """Whether a name can stand without backquotes where it is declared."""
    return _PLAIN.match(name) is not None


def quote_name(name: str) -> str:
    """The name as an expression writes it."""
    return f"`{name}`" if needs_quotes(name) else name


def quote_word(name: str) -> str:
    """The name as it is written in the few places where the parser can't tell it from any word of the language."""
    return f"`{name}`" if name in WORDS or not is_plain(name) else name


def normal_name(written: str) -> str:
    """A name as compared: without backquotes, in NFC."""
    bare = written[1:-1] if written.startswith("`") else written
    normal = bare if bare.isascii() else unicodedata.normalize("NFC", bare)
    # The Greek varia's canonical form is the backquote itself, which no name could be written with.
    return bare if "`" in normal else normal
