"""Whatever stands in a file, `check` ends with diagnostics or without, never with a failure of its own."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from segdsl.diagnostics import Diagnostic
from tests.properties.checking import check_text
from tests.properties.mutation import mutate
from tests.properties.spec_grammar import SpecGrammar, join_with_comments, load_grammar

PARTS = range(4)
INTERNAL = "SEG9"


@pytest.fixture(scope="module")
def grammar() -> SpecGrammar:
    return load_grammar()


def check(spec: bytes) -> tuple[Diagnostic, ...]:
    """The diagnostics of a spec, none of which is a failure of the program and all of which point into it."""
    found = tuple(check_text("spec.seg", spec))
    assert not [d for d in found if d.code.startswith(INTERNAL)], spec
    length = len(spec.decode("utf-8", errors="replace"))
    for label in (label for d in found for label in d.labels):
        assert 0 <= label.span.start <= label.span.end <= length, (spec, label)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_generated_specs_are_checked(grammar: SpecGrammar, tries: int, part: int) -> None:
    for seed in range(part * tries, (part + 1) * tries):
        random = Random(f"check {seed}")
        text, _ = join_with_comments(grammar.draw_tokens(random), random)
        check(text.encode())


def pieces(specs: tuple[Path, ...]) -> Iterator[bytes]:
    """Each spec, and each run of its declarations that a blank line ends: short ones are tried sooner."""
    for spec in specs:
        whole = spec.read_bytes()
        yield whole
        yield from whole.split(b"\n\n")


@pytest.mark.parametrize("part", PARTS)
def test_spoilt_specs_are_checked(people_specs: tuple[Path, ...], tries: int, part: int) -> None:
    sound = tuple(pieces(people_specs))
    assert sound, "there is no spec to spoil"
    refused = 0
    for seed in range(part * tries, (part + 1) * tries):
        random = Random(f"spoil {seed}")
        refused += bool(check(mutate(random, random.choice(sound))))
    assert refused > tries / 2


@pytest.mark.parametrize(
    "spec",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\x00",
        b"#",
        b"`",
        b'"',
        b"{" * 100_000,
        b"(" * 100_000,
        b"derive a { b = " + b"(" * 5_000 + b"1" + b")" * 5_000 + b" }",
        b"derive a { b = " + b"not " * 20_000 + b"c }",
        b"derive a { b = " + b"1 + " * 20_000 + b"1 }",
        b"derive a { b = " + b"a." * 20_000 + b"a }",
        b"segmentation a for b { " + b"segment c otherwise { " * 2_000 + b"}" * 2_001,
        b"# comment\n" * 20_000,
        b"about { a: " + b"1, " * 20_000 + b"1 }",
        b'about { a: "' + b"x" * 200_000,
    ],
    ids=lambda spec: f"{spec[:24]!r} {len(spec)}",
)
def test_extreme_specs_are_checked(spec: bytes) -> None:
    check(spec)
