"""Every mistake in segdsl.toml is told at once, at its place."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.project import Connection, Settings, read_settings


def mistakes(toml: str) -> tuple[Diagnostic, ...]:
    found = read_settings(SourceText("segdsl.toml", toml))[1]
    assert {one.code for one in found} <= {"SEG504", "SEG107"}
    return found


def place(toml: str, found: Diagnostic) -> str:
    assert found.span is not None
    return SourceText("segdsl.toml", toml).slice(found.span)


def test_all_settings_are_read() -> None:
    toml = """
        [project]
        runs = "out/runs"
        main = "customers.seg"
        [connections.warehouse]
        kind = "postgres"
        url_env = "WAREHOUSE_URL"
        [plugins]
        allow = ["kmeans", "tree"]
        [plugins.pins]
        tree = "1.2.0"
    """
    settings, found = read_settings(SourceText("segdsl.toml", toml))
    assert found == ()
    assert settings == Settings(
        runs="out/runs",
        main="customers.seg",
        connections=(Connection("warehouse", "postgres", "WAREHOUSE_URL"),),
        allow=("kmeans", "tree"),
        pins=(("tree", "1.2.0"),),
    )


def test_empty_file_leaves_the_defaults() -> None:
    assert read_settings(SourceText("segdsl.toml", "")) == (Settings("runs", None, (), None, ()), ())


@pytest.mark.parametrize(
    ("toml", "at", "mend"),
    [
        ("[projct]\n", "projct", "did you mean `project`?"),
        ('[project]\nrnus = "x"\n', "rnus", "did you mean `runs`?"),
        ('[plugins]\nalow = ["x"]\n', "alow", "did you mean `allow`?"),
        ('[connections.db]\nkind = "x"\nurl_env = "U"\nknd = "x"\n', "knd", "did you mean `kind`?"),
    ],
)
def test_unknown_setting_brings_up_the_right_one(toml: str, at: str, mend: str) -> None:
    (found,) = mistakes(toml)
    assert (place(toml, found), found.help) == (at, mend)


@pytest.mark.parametrize(
    "toml",
    [
        "project = 3",
        "[project]\nruns = 3",
        '[project]\nruns = ""',
        '[project]\nruns = "../out"',
        '[project]\nruns = "/tmp/out"',
        '[project]\nruns = "C:/out"',
        '[project]\nmain = ["a.seg"]',
        '[plugins]\nallow = "tree"',
        "[plugins]\nallow = [1]",
        "[plugins.pins]\ntree = 1.2",
        '[plugins]\npins = "tree"',
        "[connections]\ndb = 1979-05-27",
        '[connections.db]\nkind = "postgres"',
        '[connections.db]\nkind = "postgres"\nurl_env = "not a name"',
    ],
)
def test_value_that_will_not_do_is_told_with_what_would(toml: str) -> None:
    (found,) = mistakes(toml)
    assert found.expected
    assert found.span is not None


def test_secret_in_the_file_is_refused_with_the_mend_and_not_repeated() -> None:
    toml = '[connections.db]\nkind = "postgres"\nurl = "postgres://me:hunter2@host/db"\n'
    (found,) = mistakes(toml)
    assert place(toml, found) == "url"
    assert 'url_env = "DB_URL"' in found.help
    assert "hunter2" not in str(found)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(mistakes('[project]\nrnus = "x"\nmain = 3\n[plugin]\n[plugins]\nallow = 4\n')) == 4


def test_broken_text_is_told_at_its_place() -> None:
    toml = '[project]\nruns "x"\n'
    (found,) = mistakes(toml)
    assert found.span is not None
    assert SourceText("segdsl.toml", toml).position(found.span.start).line == 2


@pytest.mark.parametrize("toml", ["a = " + "[" * 100_000, "a = " + "9" * 10_000, 'a = "', "[a]\n[a]\n"])
def test_hostile_text_is_told_too(toml: str) -> None:
    assert len(mistakes(toml)) == 1


@given(st.text(st.sampled_from("[]project.runs=\"'#{},\n 1"), max_size=60))
def test_any_text_gives_settings_or_mistakes(toml: str) -> None:
    for found in mistakes(toml):
        assert found.message


@pytest.mark.parametrize("key", ["a." * 20_000 + "a", "'a' . " * 20 + "a", '"a".' * 20 + "a"])
@pytest.mark.parametrize("line", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
def test_deep_keys_are_refused_before_the_text_is_parsed(key: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tomllib, "loads", lambda text: pytest.fail("parsed"))
    toml = line.format(key)
    (found,) = mistakes(toml)
    assert (found.code, place(toml, found)) == ("SEG107", key)


def test_key_of_some_parts_is_only_unknown() -> None:
    (found,) = mistakes("a." * 19 + "a = 1")
    assert found.message == "`[a]` isn't known here"


def test_very_long_number_is_told_in_words_of_a_user() -> None:
    number = "1" * 5_000
    toml = f"[project]\nruns = {number}\n"
    (found,) = mistakes(toml)
    assert (found.code, place(toml, found)) == ("SEG504", number)
    assert found.message == "This number has thousands of digits"
