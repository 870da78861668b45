"""A run into the folder of an earlier one takes its place, whatever kinds of results there are."""

from pathlib import Path

import pytest

from segdsl.workflows.run import Request, run


@pytest.mark.parametrize("spec", ["quickstart.seg", "tour.seg"])
def test_the_folder_of_an_earlier_run_is_replaced(spec: str, repository: Path, tmp_path: Path) -> None:
    for _ in range(2):
        finished = run(Request(repository / "specs" / "quickstart" / spec, out=tmp_path / "results"))
        assert [one.message for one in finished.diagnostics if one.is_error] == []
        assert finished.folder is not None
        assert (finished.folder / "hypotheses.csv").is_file()
