"""Keys as texts, and accounts dealt out."""

import itertools

from segdsl.collecting.sheet import deal, key_text


def test_different_keys_never_look_the_same() -> None:
    parts = ["", "a", "/", "\\", "a/b", "a\\", "/a"]
    pairs = list(itertools.product(parts, repeat=2))
    assert len({key_text(pair) for pair in pairs}) == len(pairs)


def test_a_single_key_stands_as_it_is() -> None:
    assert key_text(("a/b\\c",)) == "a/b\\c"


def test_accounts_are_dealt_out_in_turn() -> None:
    assert deal(5, ("ann", "bob")) == ("ann", "bob", "ann", "bob", "ann")
    assert deal(2, ()) == ("", "")
