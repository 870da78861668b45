"""docs/plugins/reference.md tells of every hook, every name that plugins import, and every field that passes."""

import re
import tomllib
from types import MappingProxyType

import pytest

import segdsl.plugin
from segdsl.plugin import hooks
from tests.docs.pages import DOCS, REPOSITORY

PAGE = (DOCS / "plugins" / "reference.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^#{2,3} (?P<title>\w+)$\n(?P<text>.*?)(?=^## |^### |\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = MappingProxyType({found["title"]: found["text"] for found in SECTION.finditer(PAGE)})
# Types, and what options hold, stand in tables of their own.
ELSEWHERE = set("ColumnName Duration FieldName Kind Options ProviderTerms Refused Scope TableName Type".split())
RECORDS = {
    name: found
    for name in segdsl.plugin.__all__
    if isinstance(found := getattr(segdsl.plugin, name), type)
    and hasattr(found, "__match_args__")
    and name not in ELSEWHERE
}


def test_every_hook_is_told() -> None:
    there = {name for name in vars(hooks) if name.startswith("segdsl_")}
    assert there == set(re.findall(r"^\| `(segdsl_\w+)` \|", PAGE, re.MULTILINE))


def test_every_name_that_plugins_import_is_told() -> None:
    assert [name for name in segdsl.plugin.__all__ if not re.search(rf"`@?(\w+\.)?{name}\b", PAGE)] == []


@pytest.mark.parametrize("name", RECORDS)
def test_every_field_is_told_and_no_other(name: str) -> None:
    told = re.findall(r"^\| `(\w+)` \|", SECTIONS[name], re.MULTILINE)
    assert told == list(RECORDS[name].__match_args__)


def test_every_format_of_options_is_told() -> None:
    from segdsl.plugin.testing.declared import FORMATS

    told = re.search(r"^\| format \|.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert told is not None
    first_cells = re.findall(r"^\| (`.*?) \|", told.group(), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(first_cells))) == FORMATS


def test_every_built_in_plugin_is_listed_and_has_a_page() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    built_in = set(settings["project"]["entry-points"]["segdsl.plugins"])
    index = (DOCS / "plugins" / "index.md").read_text(encoding="utf-8")
    assert built_in == set(re.findall(r"^\| \[`(\w+)`\]\(\1\.md\) \|", index, re.MULTILINE))
    assert {name for name in built_in if not (DOCS / "plugins" / f"{name}.md").is_file()} == set()
