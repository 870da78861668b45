"""Text files are UTF-8, bounded, and what can't be read is told."""

import os
from pathlib import Path

import pytest

from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.project import name_beside, read_list, read_text


def refused(found: object) -> Diagnostic:
    assert isinstance(found, Diagnostic)
    return found


def test_text_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_bytes("größe\r\n東京\n".encode())
    assert read_text(tmp_path / "a.seg", "a.seg") == SourceText("a.seg", "größe\r\n東京\n")


def test_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_bytes(b"\xef\xbb\xbfabout")
    assert read_text(tmp_path / "a.seg", "a.seg") == SourceText("a.seg", "about")


def test_byte_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_bytes(b"one\ntwo\ncaf\xe9 x\n")
    found = refused(read_text(tmp_path / "a.seg", "a.seg"))
    assert found.code == "SEG101"
    assert "line 3" in found.message
    assert "0xe9" in found.message


def test_utf16_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_bytes("about".encode("utf-16"))
    assert "UTF-16" in refused(read_text(tmp_path / "a.seg", "a.seg")).message


def test_text_over_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_bytes(b"12345")
    assert read_text(tmp_path / "a.seg", "a.seg", limit=5) == SourceText("a.seg", "12345")
    assert refused(read_text(tmp_path / "a.seg", "a.seg", limit=4)).code == "SEG107"


def test_endless_file_is_refused() -> None:
    assert refused(read_text(Path("/dev/zero"), "zero", limit=1000)).code == "SEG107"


def test_missing_file_and_folder_are_told(tmp_path: Path) -> None:
    assert refused(read_text(tmp_path / "a.seg", "a.seg")).code == "SEG501"
    assert refused(read_text(tmp_path, "folder")).code == "SEG503"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.seg").write_text("x")
    (tmp_path / "a.seg").chmod(0)
    assert refused(read_text(tmp_path / "a.seg", "a.seg")).code == "SEG503"


@pytest.mark.parametrize(
    ("name", "folder", "target", "shown"),
    [
        ("a.seg", "/p", "/p/lib/b.seg", "lib/b.seg"),
        ("x/p/a.seg", "/x/p", "/x/lib/b.seg", "x/lib/b.seg"),
        ("../p/a.seg", "/x/p", "/x/p/b.seg", "../p/b.seg"),
        ("/x/p/a.seg", "/x/p", "/x/segdsl.toml", "/x/segdsl.toml"),
    ],
)
def test_other_files_are_named_as_the_user_would(name: str, folder: str, target: str, shown: str) -> None:
    assert name_beside(name, Path(folder), Path(target)) == shown


def test_list_is_the_first_column_below_the_header(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text('\ufefftool,since\nPlanwise,2020\n\n" Task, Harbor ",x\nPlanwise,\n ,z\n')
    assert read_list(tmp_path / "l.csv", "l.csv") == ("Planwise", "Task, Harbor")


@pytest.mark.parametrize(
    ("content", "found"), [("", "is empty"), ("tool\n", "only the header `tool`"), ('a\n"b', "isn't CSV")]
)
def test_list_without_values_is_told(tmp_path: Path, content: str, found: str) -> None:
    (tmp_path / "l.csv").write_text(content)
    refusal = refused(read_list(tmp_path / "l.csv", "l.csv"))
    assert refusal.code == "SEG503"
    assert found in refusal.message
