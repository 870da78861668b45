"""Comments that accept a warning: what they are about, what they put to rest, and which of them accept nothing."""

import pytest

from segdsl.diagnostics import Diagnostic, Label, SourceText, Span
from segdsl.language.acceptances import accept, find_stale, read_acceptances
from segdsl.language.parser import parse
from segdsl.language.syntax import Tree

PARTS = """\
# accept SEG822: above the declaration
hypothesis loyal "Loyal" {  # accept SEG801: behind the brace
  # accept SEG821, SEG823: above the item

  # (a blank line and another comment don't part them)
  expect   higher nps means
           # accept SEG707: inside the item
           higher quality  # accept SEG824: behind the item
  priority 3
  # accept SEG706: at the end of the block
}  # accept SEG708: behind the declaration
param a : int = 1  # accept SEG804: behind it
param b : int = 2
"""
WHOLE = PARTS[PARTS.index("hypothesis") : PARTS.index("}  #") + 1]
EXPECT = PARTS[PARTS.index("expect") : PARTS.index("  # accept SEG824")]


def tree_of(text: str) -> Tree:
    tree, found = parse(SourceText("spec.seg", text))
    assert found == ()
    return tree


def warning(code: str, text: str, at: str) -> Diagnostic:
    start = text.index(at)
    return Diagnostic(code, "found", (Label(Span("spec.seg", start, start + len(at))),))


@pytest.mark.parametrize(
    ("code", "about"),
    [
        ("SEG822", WHOLE),
        ("SEG801", WHOLE),
        ("SEG821", EXPECT),
        ("SEG823", EXPECT),
        ("SEG707", EXPECT),
        ("SEG824", EXPECT),
        ("SEG706", WHOLE),
        ("SEG708", WHOLE),
        ("SEG804", "param a : int = 1"),
    ],
)
def test_a_comment_is_about_what_stands_below_it_or_before_it(code: str, about: str) -> None:
    acceptances, wrong = read_acceptances([tree_of(PARTS)])
    assert wrong == ()
    assert [PARTS[one.about.start : one.about.end] for one in acceptances if one.code == code] == [about]


def test_a_warning_that_arises_there_bears_the_reason_and_others_do_not() -> None:
    acceptances, _ = read_acceptances([tree_of(PARTS)])
    here, other_code = warning("SEG822", PARTS, "nps"), warning("SEG803", PARTS, "nps")
    elsewhere, error = warning("SEG804", PARTS, "b : int"), warning("SEG302", PARTS, "nps")
    nowhere, far = Diagnostic("SEG822", "found"), Diagnostic("SEG822", "found", (Label(Span("lib.seg", 50, 55)),))
    found = (here, other_code, elsewhere, error, nowhere, far)
    assert [one.accepted for one in accept(found, acceptances)] == ["above the declaration", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("# accept SEG804", "A warning is accepted with a reason"),
        ("# accept SEG804:  ", "A warning is accepted with a reason"),
        ("# accept SEG804 because it comes later", "A warning is accepted with a reason"),
        ("# accept: SEG804 it comes later", "A warning is accepted with a reason"),
        ("# accept SEG899: it comes later", "There is no code `SEG899`"),
        ("# accept SEG804 SEG822: it comes later", "There is no code `SEG804 SEG822`"),
        ("# accept SEG804,: it comes later", "There is no code ``"),
        ("# accept SEG302: it comes later", "SEG302 is an error and can't be accepted"),
        ("# accept SEG805: it comes later", "SEG805 can't be accepted"),
    ],
)
def test_a_comment_that_is_written_wrongly_is_told(comment: str, told: str) -> None:
    acceptances, found = read_acceptances([tree_of(f"{comment}\nparam a : int = 1\n")])
    assert [(one.code, one.message) for one in found] == [("SEG805", told)]
    assert found[0].span == Span("spec.seg", 0, len(comment.rstrip()))
    assert all(one.code == "SEG804" for one in acceptances)


def test_a_comment_below_which_nothing_stands_is_told() -> None:
    acceptances, found = read_acceptances([tree_of("param a : int = 1\n# accept SEG804: it comes later\n")])
    assert acceptances == ()
    assert [one.message for one in found] == ["This comment belongs to nothing"]


def test_a_comment_above_what_could_not_be_read_is_not_held_against_it() -> None:
    tree, found = parse(SourceText("spec.seg", "param a : int = 1\n# accept SEG804: it comes later\nparam b : = 2\n"))
    assert found != ()
    assert read_acceptances([tree]) == ((), ())


@pytest.mark.parametrize(
    "comment",
    [
        "# accept orders within 30 days",
        "# accepted SEG804: no",
        "# we accept SEG804: no",
        "#",
        "# accept",
        "# acceptSEG804: x",
    ],
)
def test_other_comments_are_for_people_alone(comment: str) -> None:
    assert read_acceptances([tree_of(f"{comment}\nparam a : int = 1\n")]) == ((), ())


def test_a_right_code_beside_a_wrong_one_is_accepted() -> None:
    acceptances, found = read_acceptances([tree_of("# accept SEG804, SEG302: both\nparam a : int = 1\n")])
    assert [one.code for one in acceptances] == ["SEG804"]
    assert [one.code for one in found] == ["SEG805"]


def test_stale_is_what_check_would_have_found_in_that_file() -> None:
    text = "# accept SEG804, SEG822, SEG706: all of them\nparam a : int = 1\n"
    acceptances, _ = read_acceptances([tree_of(text)])
    stale = find_stale((warning("SEG804", text, "a : int"),), acceptances, "spec.seg")
    assert [one.message for one in stale] == ["There is no SEG822 here to accept"]
    assert find_stale((), acceptances, "main.seg") == ()
