"""Text from users reaches a terminal as something to look at, never as something to obey."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics.display import escape, escape_told, shorten, shorten_middle, show_line, width


@given(st.text())
def test_shown_text_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    joiners = {"\u200c", "\u200d"}
    kinds = {unicodedata.category(char) for char in escape(text) if char not in joiners}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


def test_escape_sequences_and_direction_marks_are_written_out() -> None:
    assert escape("a\x1b[31mb\u202ec\n") == "a\\u{1b}[31mb\\u{202e}c\\n"


def test_long_quotations_in_sentences_are_cut_in_their_middle() -> None:
    path, name = "a/" * 199, "a" * 500 + "b" * 500
    told = f"`{path}` has no column `{name}`; see `x`"
    assert escape_told(told) == f"`{path}` has no column `{'a' * 70}…{'b' * 70}`; see `x`"
    assert escape_told("`\x1b`") == "`\\u{1b}`"


def test_widths_are_those_of_a_terminal() -> None:
    # East Asian Width (UAX 11): W and F take two columns; a combining accent takes none.
    assert [width(text) for text in ("abc", "東京", "e\u0301", "ＡＢ", "ｱ")] == [3, 4, 1, 4, 1]


def test_tabs_go_to_the_next_multiple_of_four() -> None:
    shown = show_line("a\tbc\td")
    assert shown.text == "a   bc  d"
    assert shown.columns == (0, 1, 4, 5, 6, 8, 9)


def test_characters_stand_behind_what_is_really_shown() -> None:
    shown = show_line("東\x07x")
    assert (shown.text, shown.columns) == ("東\\u{7}x", (0, 2, 7, 8))


@given(st.text(), st.integers(2, 60))
def test_shortened_text_fits(text: str, limit: int) -> None:
    assert width(shorten(text, limit)) <= limit


def test_short_text_is_left_alone() -> None:
    assert shorten("Banking", 7) == "Banking"
    assert shorten("Banking", 6) == "Banki…"


@given(st.text().map(escape), st.integers(1, 60))
def test_names_cut_in_their_middle_fit_and_keep_both_ends(shown: str, limit: int) -> None:
    cut = shorten_middle(shown, limit)
    assert width(cut) <= limit
    if width(shown) <= limit:
        assert cut == shown
    else:
        head, tail = next(
            (cut[:at], cut[at + 1 :])
            for at, char in enumerate(cut)
            if char == "…" and shown.startswith(cut[:at]) and shown.endswith(cut[at + 1 :])
        )
        assert len(head) + len(tail) < len(shown)


def test_a_name_is_cut_in_its_middle() -> None:
    assert shorten_middle("internet_not_no_tenure_under_12", 16) == "internet…nder_12"
    assert shorten_middle("東京計画", 6) == "東…画"
