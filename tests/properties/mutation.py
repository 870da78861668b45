"""Specs spoilt at random, byte by byte and in pieces."""

from collections.abc import Callable
from random import Random

# Pieces that mean something to the lexer, to UTF-8 or to the nesting of terms.
FRAGMENTS = (
    b'"',
    b"`",
    b"{",
    b"}",
    b"(",
    b")",
    b"#",
    b"\\",
    b"\n",
    b"\r",
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"..",
    b"??",
    b":",
    b"=",
    b" and ",
    b" segment ",
    b" source x { ",
    b" 9999999999999999999999999999999999999999 ",
    b" 2026-02-31 ",
    b' r"',
    b"(" * 300,
    b"not " * 300,
    b"- " * 300,
    b"a + " * 300,
    b"{" * 300,
)


def _place(random: Random, spec: bytes) -> int:
    return random.randrange(len(spec) + 1)


def _chunk(random: Random, spec: bytes) -> tuple[int, int]:
    start = _place(random, spec)
    return start, min(len(spec), start + random.choice((1, 3, 20, 200)))


def flip(random: Random, spec: bytes) -> bytes:
    """One bit of one byte turned over."""
    if not spec:
        return spec
    place = random.randrange(len(spec))
    return spec[:place] + bytes((spec[place] ^ 1 << random.randrange(8),)) + spec[place + 1 :]


def delete(random: Random, spec: bytes) -> bytes:
    start, end = _chunk(random, spec)
    return spec[:start] + spec[end:]


def duplicate(random: Random, spec: bytes) -> bytes:
    start, end = _chunk(random, spec)
    return spec[:end] + spec[start:end] * random.choice((1, 2, 5)) + spec[end:]


def insert_bytes(random: Random, spec: bytes) -> bytes:
    place = _place(random, spec)
    return spec[:place] + random.randbytes(random.choice((1, 2, 8))) + spec[place:]


def insert_fragment(random: Random, spec: bytes) -> bytes:
    place = _place(random, spec)
    return spec[:place] + random.choice(FRAGMENTS) + spec[place:]


def swap(random: Random, spec: bytes) -> bytes:
    """Two chunks that don't overlap change places."""
    a, b, c, d = sorted((*_chunk(random, spec), *_chunk(random, spec)))
    return spec[:a] + spec[c:d] + spec[b:c] + spec[a:b] + spec[d:]


def truncate(random: Random, spec: bytes) -> bytes:
    return spec[: _place(random, spec)]


MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    flip,
    delete,
    duplicate,
    insert_bytes,
    insert_fragment,
    swap,
    truncate,
)


def mutate(random: Random, spec: bytes) -> bytes:
    """The spec after one to three mutations."""
    for _ in range(random.choice((1, 1, 2, 3))):
        spec = random.choice(MUTATIONS)(random, spec)
    return spec
