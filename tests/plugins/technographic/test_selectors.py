"""Which elements of a page a plain CSS selector means."""

import json
from pathlib import Path

import pytest

from segdsl_technographic.markup import read_elements
from segdsl_technographic.selectors import read_selectors
from tests.plugins.technographic.test_detection import detect, values

PAGE = (
    """<!doctype html><a id=top class="one two" href='/shop/cart.html' data-x>one</a><IMG SRC=logo.png alt="a > b">"""
)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("a", True),
        ("img", True),
        ("b", False),
        ("#top", True),
        ("#other", False),
        (".two", True),
        (".tw", False),
        ("a.one.two#top", True),
        ("img.one", False),
        ("[data-x]", True),
        ("[data-y]", False),
        ("a[href='/shop/cart.html']", True),
        ("a[href='/shop/']", False),
        ("[href^='/shop/']", True),
        ("[href$=.html]", True),
        ("[href$='.htm']", False),
        ('[href*="cart"]', True),
        ("[href*='CART']", False),
        ("[class~=two]", True),
        ("[class~=tw]", False),
        ("img[alt='a > b']", True),
        ("b, a[href*='cart']", True),
        ("b, i", False),
    ],
)
def test_a_selector_of_one_element(tmp_path: Path, selector: str, expected: bool) -> None:
    (tmp_path / "rules.json").write_text(json.dumps({"Found": {"dom": selector}}))
    (tmp_path / "acme.html").write_text(PAGE)
    (tmp_path / "other.html").write_text("<p>")
    made = detect(tmp_path, "acme", "other", rules=tmp_path / "rules.json")
    assert values(made, "detected") == [["Found"] if expected else [], []]


@pytest.mark.parametrize("written", ["", "div > p", "a b", "a:hover", "[lang|=en]", "a +b", "#", "[", ",", "a[b"])
def test_what_asks_for_more_is_not_read(written: str) -> None:
    assert read_selectors(written) is None


def test_elements_have_small_names_and_whole_values() -> None:
    first, second = read_elements(PAGE)[-2:]
    assert (first.tag, first.text) == ("a", "one")
    assert dict(first.attributes) == {"id": "top", "class": "one two", "href": "/shop/cart.html", "data-x": ""}
    assert (second.tag, dict(second.attributes)) == ("img", {"src": "logo.png", "alt": "a > b"})
