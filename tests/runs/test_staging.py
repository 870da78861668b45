"""Folders that appear at once or not at all."""

import errno
import json
import os
from pathlib import Path

import pytest

from segdsl.runs.staging import MANIFEST, place_anew, place_over, refuse_place, staged, unwritable


def manifest(text: str) -> str:
    """The manifest of a run, as far as it tells a run folder from another."""
    return json.dumps({"shape": 1, "digest": text, "spec": [], "counts": {}, "run": {}})


def fill(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(manifest(text))


def run_folder(place: Path, text: str = "earlier") -> Path:
    place.mkdir()
    fill(place, text)
    return place


def test_folder_appears_under_its_name(tmp_path: Path) -> None:
    with staged(tmp_path / "runs") as folder:
        fill(folder, "new")
        place = place_anew(folder, "first")
    assert place == tmp_path / "runs" / "first"
    assert os.listdir(tmp_path / "runs") == ["first"]


def test_taken_name_is_numbered(tmp_path: Path) -> None:
    for _ in range(3):
        with staged(tmp_path) as folder:
            fill(folder, "new")
            place_anew(folder, "same")
    assert sorted(os.listdir(tmp_path)) == ["same", "same-2", "same-3"]


def test_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), staged(tmp_path) as folder:
        fill(folder, "half")
        raise OSError(errno.ENOSPC, "full")
    assert os.listdir(tmp_path) == []


def test_earlier_folder_is_replaced(tmp_path: Path) -> None:
    place = run_folder(tmp_path / "out")
    with staged(tmp_path) as folder:
        fill(folder, "new")
        place_over(folder, place)
    assert (place / MANIFEST).read_text() == manifest("new")
    assert os.listdir(tmp_path) == ["out"]


def test_earlier_folder_comes_back_if_the_new_one_cannot_be_moved(tmp_path: Path) -> None:
    place = run_folder(tmp_path / "out")
    gone = tmp_path / ".segdsl-part-gone"
    with pytest.raises(FileNotFoundError):
        place_over(gone, place)
    assert (place / MANIFEST).read_text() == manifest("earlier")


def test_run_folder_that_a_dead_run_moved_aside_is_put_back(tmp_path: Path) -> None:
    aside = run_folder(tmp_path / ".segdsl-aside-77-my-out")
    os.utime(aside, (0, 0))
    with staged(tmp_path):
        assert (tmp_path / "my-out" / MANIFEST).read_text() == manifest("earlier")


def test_run_folder_aside_is_removed_when_old_and_its_place_is_taken(tmp_path: Path) -> None:
    aside, place = run_folder(tmp_path / ".segdsl-aside-77-out"), run_folder(tmp_path / "out", "later")
    os.utime(aside, (0, 0))
    with staged(tmp_path):
        assert not aside.exists()
    assert (place / MANIFEST).read_text() == manifest("later")


def test_place_is_good_where_there_is_nothing_or_a_run(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert refuse_place(tmp_path / "new") is None
    assert refuse_place(tmp_path / "empty") is None
    assert refuse_place(run_folder(tmp_path / "out")) is None


def test_a_folder_that_only_looks_like_a_run_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "extension"
    other.mkdir()
    (other / MANIFEST).write_text('{"manifest_version": 3}')
    assert refuse_place(other) is not None
    own = run_folder(tmp_path / "out")
    (own / "thesis.txt").write_text("precious")
    assert refuse_place(own) is not None


def test_file_full_folder_and_link_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("")
    (tmp_path / "link").symlink_to(run_folder(tmp_path / "out"))
    for name in ("file", "folder", "link"):
        refused = refuse_place(tmp_path / name)
        assert refused is not None
        assert refused.code == "SEG701"


def test_empty_folder_becomes_the_run_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with staged(tmp_path) as folder:
        fill(folder, "new")
        place_over(folder, tmp_path / "out")
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room left"),
        (errno.EDQUOT, "no room left"),
        (errno.EACCES, "may not be written"),
        (errno.EROFS, "may not be written"),
        (errno.EIO, "can't be written"),
    ],
)
def test_reason_for_not_writing_is_told_in_plain_words(number: int, words: str) -> None:
    found = unwritable(Path("out"), OSError(number, os.strerror(number)))
    assert found.code == "SEG701"
    assert words in found.message
    assert "`out`" in found.message
