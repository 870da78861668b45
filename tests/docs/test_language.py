"""The examples of the pages are specs that check, and tables that follow from the code are as the code has them.

A block ```seg is a whole spec, ```seg fragment stands on tests/docs/project/prelude.seg, and one that names codes
(```seg fragment SEG305) shows those mistakes and no others.
"""

import os
import shutil
from pathlib import Path

import pytest

from segdsl import format_text
from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse
from segdsl.language.syntax import Declaration
from segdsl.workflows.check import check
from tests.docs.pages import DOCS, PROJECT, Example, examples, written_pages
from tests.docs.tables import made_tables, table_names, with_tables

LANGUAGE = DOCS / "language.md"
# Examples on the pages of plugins stand on tables of their own.
PAGES = [page for page in written_pages() if page.parent.name != "plugins"]
SPECS = [one for page in PAGES for one in examples(page) if one.info[:1] == ("seg",) and not one.is_file]


def name_of(declaration: Declaration) -> str | None:
    name = getattr(declaration, "name", None)
    return None if name is None else str(name.text)


def on_the_prelude(fragment: str) -> str:
    """The fragment, and after it what the prelude declares and the fragment doesn't."""
    prelude = (PROJECT / "prelude.seg").read_text(encoding="utf-8")
    tree, _ = parse(SourceText("fragment.seg", fragment))
    own = {name_of(one) for one in tree.declarations} | {name.text for name in tree.broken}
    base, _ = parse(SourceText("prelude.seg", prelude))
    kept = (one for one in base.declarations if (name := name_of(one)) is None or name not in own)
    return fragment + "".join(f"\n{prelude[one.span.start : one.span.end]}\n" for one in kept)


def codes_of(example: Example) -> set[str]:
    return {word for word in example.info if word.startswith("SEG")}


@pytest.mark.parametrize("example", SPECS, ids=str)
def test_an_example_checks_or_shows_the_mistakes_that_it_names(example: Example, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    spec = project / "example.seg"
    text = on_the_prelude(example.text) if "fragment" in example.info else example.text
    spec.write_text(text, encoding="utf-8")
    found = check(spec).diagnostics
    wanted = codes_of(example)
    met = {one.code for one in found if one.is_error or one.code in wanted}
    assert met == wanted, "\n".join(f"{one.code} {one.message}" for one in found)


@pytest.mark.parametrize("example", SPECS, ids=str)
def test_an_example_is_in_its_usual_form(example: Example) -> None:
    assert format_text(example.text) == example.text


def test_tables_made_from_the_code_are_as_the_code_has_them() -> None:
    page = LANGUAGE.read_text(encoding="utf-8")
    made = with_tables(page)
    if os.environ.get("SEGDSL_REWRITE"):
        LANGUAGE.write_text(made, encoding="utf-8")
    assert table_names(page) == set(made_tables())
    assert page == made, "write them anew with SEGDSL_REWRITE=1"
