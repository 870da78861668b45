"""Every diagnostic code is explained on a page and provoked by a spec."""

from pathlib import Path

import pytest

from segdsl.diagnostics import CODES

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PAGES = REPOSITORY / "docs" / "errors"
INVALID = REPOSITORY / "tests" / "invalid"


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_has_a_page(code: str) -> None:
    page = PAGES / f"{code}.md"
    assert page.is_file(), f"docs/errors/{code}.md is missing"
    assert page.read_text(encoding="utf-8").startswith(f"# {code} {CODES[code].title}\n")


@pytest.mark.parametrize("page", sorted(PAGES.glob("SEG*.md")), ids=lambda page: page.stem)
def test_page_belongs_to_a_code(page: Path) -> None:
    assert page.stem in CODES


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_has_a_spec_that_provokes_it(code: str) -> None:
    single = INVALID.glob(f"{code}*.seg")
    with_data = INVALID.glob(f"{code}*/*.seg")
    assert any((*single, *with_data)), f"tests/invalid/{code}.seg (or {code}/ with a spec and data) is missing"
