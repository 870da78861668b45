"""`segdsl fmt`: which files it writes, which it leaves alone, and what it says."""

import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from segdsl.cli.fmt_command import command
from segdsl.project.texts import MAX_TEXT
from tests.cli.processes import segdsl

CROOKED = "set   a=(1,2)   # two\nset b =( 3 )\n"
STRAIGHT = "set a = (1, 2)  # two\nset b = (3)\n"
BROKEN = "set a = (1,\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "a.seg"
    path.write_text(CROOKED)
    return path


def test_file_is_formatted_in_place(spec: Path) -> None:
    done = segdsl("fmt", spec)
    assert done.returncode == 0
    assert spec.read_text() == STRAIGHT
    assert os.listdir(spec.parent) == ["a.seg"]


def test_permissions_are_kept(spec: Path) -> None:
    spec.chmod(0o640)
    segdsl("fmt", spec)
    assert spec.stat().st_mode & 0o777 == 0o640


def test_link_stays_a_link_to_the_formatted_file(spec: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.seg"
    link.symlink_to(spec)
    segdsl("fmt", link)
    assert link.is_symlink()
    assert spec.read_text() == STRAIGHT


def test_formatted_file_is_not_written_again(spec: Path) -> None:
    spec.write_text(STRAIGHT)
    before = spec.stat().st_mtime_ns
    assert segdsl("fmt", spec).returncode == 0
    assert spec.stat().st_mtime_ns == before


def test_check_lists_files_and_writes_nothing(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "good.seg").write_text(STRAIGHT)
    done = segdsl("fmt", "--check", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == b"a.seg\n"
    assert spec.read_text() == CROOKED


def test_check_of_formatted_files_is_good(spec: Path) -> None:
    spec.write_text(STRAIGHT)
    done = segdsl("fmt", "--check", spec)
    assert (done.returncode, done.stdout) == (0, b"")


def test_file_with_an_error_of_syntax_is_left_as_it_is(spec: Path) -> None:
    spec.write_text(BROKEN)
    done = segdsl("fmt", spec)
    assert done.returncode == 1
    assert spec.read_text() == BROKEN
    assert b"SEG1" in done.stderr


def test_good_files_are_formatted_although_another_is_broken(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.seg").write_text(BROKEN)
    assert segdsl("fmt", tmp_path).returncode == 1
    assert spec.read_text() == STRAIGHT


def test_folder_means_all_specs_below_but_hidden_ones_and_results(spec: Path, tmp_path: Path) -> None:
    for folder in ("lib/deep", ".hidden", "runs/one/spec"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.seg").write_text(CROOKED)
    segdsl("fmt", tmp_path)
    texts = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*.seg")}
    assert texts == {
        "a.seg": STRAIGHT,
        "lib/deep/x.seg": STRAIGHT,
        ".hidden/x.seg": CROOKED,
        "runs/one/spec/x.seg": CROOKED,
    }


def test_folders_that_runs_have_written_anywhere_are_passed_over(spec: Path, tmp_path: Path) -> None:
    for folder in ("out/spec", "other/spec"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.seg").write_text(CROOKED)
    manifest = {"shape": 1, "digest": "", "spec": {}, "counts": {}, "run": {}}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    # A manifest of something else.
    (tmp_path / "other" / "manifest.json").write_text('{"name": "web page"}')
    segdsl("fmt", tmp_path)
    assert (tmp_path / "out" / "spec" / "x.seg").read_text() == CROOKED
    assert (tmp_path / "other" / "spec" / "x.seg").read_text() == STRAIGHT


def test_dash_reads_standard_input_and_writes_standard_output() -> None:
    done = segdsl("fmt", "-", stdin=CROOKED.encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, STRAIGHT.encode(), b"")


def test_dash_with_an_error_writes_no_text() -> None:
    done = segdsl("fmt", "-", stdin=BROKEN.encode())
    assert (done.returncode, done.stdout) == (1, b"")


def test_dash_with_text_that_is_not_utf_8_is_an_error() -> None:
    done = segdsl("fmt", "-", stdin=b'set a = ("\xff")')
    assert done.returncode == 1
    assert b"SEG101" in done.stderr


def test_dash_stops_reading_an_endless_stream() -> None:
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None and size >= 0, "all of it is asked for"
            self.given += size
            return b"\0" * size

    endless = Endless()
    done = CliRunner().invoke(command, ["-"], input=endless)
    assert (done.exit_code, endless.given) == (1, MAX_TEXT + 1)
    assert "SEG107: `<stdin>` is larger than 16 MB" in done.output


def test_dash_stands_alone(spec: Path) -> None:
    assert segdsl("fmt", "-", spec).returncode == 2


def test_diff_shows_lines_and_writes_nothing(spec: Path) -> None:
    done = segdsl("fmt", "--diff", spec)
    assert done.returncode == 0
    assert "-set   a=(1,2)   # two\n" in done.stdout.decode()
    assert "+set a = (1, 2)  # two\n" in done.stdout.decode()
    assert spec.read_text() == CROOKED


def test_file_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    assert segdsl("fmt", tmp_path / "none.seg").returncode == 2


def test_json_names_each_file_and_what_was_done(spec: Path) -> None:
    answer = json.loads(segdsl("fmt", "--format", "json", spec).stdout)
    assert answer["files"] == [{"file": str(spec), "result": "changed", "text": STRAIGHT}]
    assert answer["errors"] == 0


def test_byte_order_mark_and_windows_line_ends_are_written_as_plain_lines(spec: Path) -> None:
    spec.write_bytes(b"\xef\xbb\xbf" + STRAIGHT.replace("\n", "\r\n").encode())
    assert segdsl("fmt", spec).returncode == 0
    assert spec.read_bytes() == STRAIGHT.encode()
