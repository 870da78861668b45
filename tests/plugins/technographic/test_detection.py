"""Tools detected on saved pages by rules in the Wappalyzer format."""

import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from segdsl.plugin import Call, Made, Refused
from segdsl_technographic.making import make
from tests.plugins.technographic.calls import asked, texts, values

RULES = Path(__file__).parent / "rules"


def detect(pages: Path, *slugs: str | None, rules: Path = RULES / "small.json", **options: Any) -> Made:
    column = asked("detected", ("slug",), (texts(slugs),))
    paths = {"pages": (pages,), "rules": (rules,)}
    return make(Call((column,), len(slugs), options, paths, table="accounts"))


def tools(folder: Path, html: str, headers: str = "", **options: Any) -> list[str]:
    (folder / "acme.html").write_text(html, encoding="utf-8")
    (folder / "acme.headers").write_text(headers, encoding="utf-8")
    found: list[str] = values(detect(folder, "acme", **options), "detected")[0]
    return found


def shown(made: Made) -> dict[str, tuple[str | None, float, str]]:
    rows = made.tables["detected_tools"].to_pylist()
    return {row["tool"]: (row["version"], row["confidence"], row["evidence"]) for row in rows}


@pytest.mark.parametrize(
    ("html", "headers", "expected"),
    [
        ('<meta name="generator" content="WordPress 6.4">', "", ["PHP", "WordPress"]),
        ("<META CONTENT=WordPress NAME='Generator' />", "", ["PHP", "WordPress"]),
        ("", "HTTP/1.1 200 OK\r\nserver: NGINX/1.25.3\r\n\r\n", ["Nginx"]),
        ("", "Set-Cookie: PHPSESSID=abc; Path=/\nSet-Cookie: _ga_X1=GS1.2; Secure", ["Ga Cookie", "PHP"]),
        ('<script src="/js/jquery-3.7.1.min.js"></script>', "", ["jQuery"]),
        ('<script async src="https://cdn.example/old-widget.js?a=1&amp;b=2">', "", ["Old Widget"]),
        ("<script>if (1 < 2) { window.inlineWidget = 1 }</script>", "", ["Inline Widget"]),
        ("<p>window.inlineWidget</p>", "", []),
        ('<link rel=alternate type="application/rss+xml" href="/feed">', "", ["Feed"]),
        ('<a id="pay" data-pay="v2">Pay</a>', "", ["Button"]),
        ('<a id="other" data-pay="v2">Pay</a>', "", []),
        ('<p class="small label">Made with Label</p>', "", ["Label"]),
        ("<p>Made with Label</p>", "", []),
        ("fallback-marker", "", ["Looks Ahead"]),
        ('<!-- <meta name="generator" content="WordPress"> -->', "", []),
        ("", "", []),
    ],
)
def test_where_a_pattern_looks(tmp_path: Path, html: str, headers: str, expected: list[str]) -> None:
    assert tools(tmp_path, html, headers) == expected


def test_versions_confidence_and_evidence(tmp_path: Path) -> None:
    (tmp_path / "acme.html").write_text(
        '<meta name="generator" content="WordPress 6.4.2"><script src="jquery-3.7.1.js"></script> versioned-pro '
        '<link href="/wp-content/x.css"> <button class="big pay" data-pay="v3">'
    )
    (tmp_path / "acme.headers").write_text("Server: nginx/1.25\nX-Powered-By: PHP/8.2.1\n")
    assert shown(detect(tmp_path, "acme")) == {
        "Button": ("3", 1.0, "attribute"),
        "MySQL": (None, 0.4, "implied by WordPress"),
        "Nginx": ("1.25", 1.0, "header"),
        "PHP": ("8.2.1", 1.0, "header"),
        "Versioned": ("pro", 1.0, "html"),
        "WordPress": ("6.4.2", 1.0, "html, meta"),
        "jQuery": ("3.7.1", 1.0, "script source"),
    }


def test_what_is_unsure_is_left_out_but_shown(tmp_path: Path) -> None:
    html = "weak-sign <link href='/wp-content/a'>"
    assert tools(tmp_path, html) == ["PHP", "WordPress"]
    assert tools(tmp_path, html, confidence=0.7) == []
    assert tools(tmp_path, html, confidence=0.2) == ["MySQL", "PHP", "Weak", "WordPress"]
    assert shown(detect(tmp_path, "acme"))["Weak"] == (None, 0.2, "html")


def test_what_is_required_must_show(tmp_path: Path) -> None:
    assert tools(tmp_path, "plug-marker") == []
    found = tools(tmp_path, 'plug-marker <meta name="generator" content="WordPress">')
    assert found == ["PHP", "Plug for any CMS", "Plug for WordPress", "WordPress"]


def test_the_surer_excludes(tmp_path: Path) -> None:
    assert tools(tmp_path, "", "Server: nginx\nServer: Apache") == ["Nginx"]


def test_names_are_those_of_the_catalogue(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('{"Postgres": {"html": "pg"}, "Own Thing": {"html": "own"}}')
    (tmp_path / "acme.html").write_text("pg own")
    assert values(detect(tmp_path, "acme", rules=rules), "detected") == [["Own Thing", "PostgreSQL"]]


def test_a_json_page_has_address_headers_and_html(tmp_path: Path) -> None:
    page = {"url": "https://a.myshopify.com/x", "headers": {"Server": ["nginx"], "x": 5}, "html": "<p>\ud800 weak"}
    (tmp_path / "acme.json").write_text(json.dumps(page))
    assert values(detect(tmp_path, "acme"), "detected") == [["Nginx", "Shopify"]]
    page["headers"] = [["server", "nginx"], ["odd"], None]  # type: ignore[assignment]
    (tmp_path / "acme.json").write_text(json.dumps(page))
    assert values(detect(tmp_path, "acme"), "detected") == [["Nginx", "Shopify"]]


@pytest.mark.parametrize("text", ["{", "[]", '{"html": 5}', "[" * 100_000, '{"html": ' + "1" * 5000 + "}", "\x00"])
def test_a_broken_json_page_is_missing_and_noted(tmp_path: Path, text: str) -> None:
    (tmp_path / "acme.json").write_text(text)
    (tmp_path / "good.json").write_text('{"html": ""}')
    made = detect(tmp_path, "acme", "good")
    assert values(made, "detected") == [None, []]
    (note,) = [note for note in made.notes if note.message.startswith("saved pages that are")]
    assert note.where.to_pylist() == [True, False]


def test_the_layout_with_a_file_for_each_letter(tmp_path: Path) -> None:
    (tmp_path / "acme.html").write_text('<meta name=generator content=Astro><link href="bootstrap.css">')
    for rules in (RULES / "letters", RULES / "letters" / "technologies"):
        assert values(detect(tmp_path, "acme", rules=rules), "detected") == [["Astro", "Bootstrap"]]


def test_what_of_the_rules_is_not_used_is_listed(tmp_path: Path) -> None:
    (tmp_path / "acme.html").write_text("")
    made = detect(tmp_path, "acme", "none")
    unused = made.tables["rules_not_used"].to_pylist()
    assert [(row["technology"], row["field"]) for row in unused] == [
        ("Looks Ahead", "html"),
        ("Refers Back", "html"),
        ("Too Wide", "html"),
        ("By Script", "js"),
        ("Deep", "dom"),
    ]
    (note,) = [note for note in made.notes if "parts of the rules" in note.message]
    assert "without 5 parts" in note.message
    assert note.where.to_pylist() == [True, False]


def test_rows_without_a_page_are_missing_and_noted(tmp_path: Path) -> None:
    (tmp_path / "acme.html").write_text("weak")
    made = detect(tmp_path, "acme", "none", None, "acme")
    assert values(made, "detected") == [[], None, None, []]
    (note,) = [note for note in made.notes if "without a saved page" in note.message]
    assert note.where.to_pylist() == [False, True, False, False]


def test_a_number_may_name_a_page(tmp_path: Path) -> None:
    (tmp_path / "17.html").write_text("fallback-marker")
    column = asked("detected", ("id",), (pa.array([17, 18], pa.int64()),))
    made = make(Call((column,), 2, {}, {"pages": (tmp_path,), "rules": (RULES / "small.json",)}, table="accounts"))
    assert values(made, "detected") == [["Looks Ahead"], None]


# ---- nothing outside the folder is read


def test_no_value_leads_out_of_the_folder(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "inner").mkdir(parents=True)
    (pages / "acme.html").write_text("")
    for secret in (tmp_path / "secret.html", pages / "inner" / "secret.html"):
        secret.write_text("fallback-marker")
    wicked = [
        "../secret",
        "inner/secret",
        str(tmp_path / "secret"),
        "..\\secret",
        "acme\x00",
        ".",
        "..",
        "",
        "x" * 5000,
    ]
    assert values(detect(pages, *wicked), "detected") == [None] * len(wicked)


def test_signs_that_names_of_files_lack_are_written_in_hex(tmp_path: Path) -> None:
    (tmp_path / "https%3A%2F%2Facme.com%2F.html").write_text("fallback-marker")
    assert values(detect(tmp_path, "https://acme.com/"), "detected") == [["Looks Ahead"]]


def test_links_and_pipes_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("fallback-marker")
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "acme.html").symlink_to(tmp_path / "secret.html")
    os.mkfifo(pages / "pipe.html")
    (pages / "folder.html").mkdir()
    assert values(detect(pages, "acme", "pipe", "folder"), "detected") == [None, None, None]


# ---- too much, and hostile


@pytest.mark.parametrize(
    "filling",
    [
        "<div class='a b' id=x>text</div>",
        "<a ",
        "<script>",
        "<!--",
        "<a title=\"'",
        "<",
        "<p '\"",
        "\x00\ufffd",
        "&amp;",
    ],
)
def test_ten_megabytes_are_looked_at_in_part(tmp_path: Path, filling: str) -> None:
    start = '<meta name="generator" content="WordPress">'
    (tmp_path / "acme.html").write_text(start + filling * (10_000_000 // len(filling)) + "fallback-marker")
    made = detect(tmp_path, "acme")
    assert values(made, "detected") == [["PHP", "WordPress"]]
    (note,) = [note for note in made.notes if "only the first 2 MB" in note.message]
    assert note.where.to_pylist() == [True]


def test_a_page_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "acme.html").write_bytes(bytes(range(256)) * 100 + b"<meta name=generator content=WordPress>")
    assert values(detect(tmp_path, "acme"), "detected") == [["PHP", "WordPress"]]


# ---- rules that can't be worked with


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"A":\n {"html": "a",}}', ["`rules.json`", "line 2"]),
        ("[]", ["`rules.json`", "no object"]),
        ('{"A": 5}', ["`A`"]),
        ("[" * 200_000, ["`rules.json`"]),
        ('{"A": {"html": "\\ud800"}}', ["`rules.json`", "UTF-16"]),
    ],
)
def test_a_rules_file_of_another_format_is_refused(tmp_path: Path, text: str, words: list[str]) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(text)
    with pytest.raises(Refused) as caught:
        detect(tmp_path, "acme", rules=rules)
    assert caught.value.option == "rules"
    assert [word for word in words if word not in caught.value.message] == []


def test_rules_or_pages_that_are_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for rules in (tmp_path / "none.json", tmp_path / "empty"):
        with pytest.raises(Refused) as caught:
            detect(tmp_path, "acme", rules=rules)
        assert caught.value.option == "rules"
    with pytest.raises(Refused) as caught:
        detect(tmp_path / "none", "acme")
    assert caught.value.option == "pages"


def test_odd_values_in_rules_say_nothing(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    odd = {
        "A": {
            "html": [5, None, "mark"],
            "headers": "x",
            "cookies": {"c": 5},
            "implies": [7, "B"],
            "cats": "x",
            "dom": 5,
        },
        "C": {"html": "mark\\;confidence:lots\\;version:\\7", "requires": 5, "excludes": {"A": 1}, "meta": {}},
        "D": {"html": "\u0000", "scriptSrc": "", "dom": {"": 1, "p": {"exists": 5, "properties": {}}}},
    }
    rules.write_text(json.dumps(odd))
    (tmp_path / "acme.html").write_text("mark")
    assert values(detect(tmp_path, "acme", rules=rules), "detected") == [["A", "B", "C"]]
