"""The text of a spec tells quickly whether it calls functions of plugins."""

import pytest

from segdsl.workflows.plugins_named import CALL


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("y = web_domain(site)", ["web_domain"]),
        ("y = lower (a) + größe\n(b)", ["lower", "größe"]),
        ("y = nested(inner(a))", ["nested", "inner"]),
        ("y = a + b", []),
    ],
)
def test_words_before_parentheses_are_calls(text: str, called: list[str]) -> None:
    assert CALL.findall(text) == called


def test_long_word_is_looked_at_once() -> None:
    # Were it tried again from each of its letters, a literal of 200,000 would take a minute.
    word = "n" * 50
    assert CALL.match(f"{word}(") is not None
    assert not any(CALL.match(f"{word}(", place) for place in range(1, len(word)))
