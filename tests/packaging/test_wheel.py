"""What a user gets who installs the wheel elsewhere: the program, and the quickstart from `segdsl init --sample`."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest


def call(*words: object, cwd: Path) -> str:
    """Run a command away from the checkout; its output."""
    apart = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run([str(w) for w in words], cwd=cwd, env=apart, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_sample_runs_from_the_wheel_in_a_clean_environment(repository: Path, tmp_path: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    call(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, repository, cwd=tmp_path)
    (wheel,) = tmp_path.glob("segdsl-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    call(python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", wheel, cwd=tmp_path)
    segdsl = tmp_path / "env" / "bin" / "segdsl"
    home = call(python, "-c", "import segdsl; print(segdsl.__file__)", cwd=tmp_path)
    assert str(tmp_path / "env") in home
    call(segdsl, "init", "--sample", "mine", cwd=tmp_path)
    for verb in ("check", "fmt", "test"):
        call(segdsl, verb, *(("--check",) if verb == "fmt" else ()), "mine", cwd=tmp_path)
    call(segdsl, "run", "mine", "--out", "result", cwd=tmp_path)
    call(segdsl, "plugins", "new", "churn_risk", "--out", "new", cwd=tmp_path)
    assert (tmp_path / "new" / "segdsl_churn_risk" / "__init__.py").is_file()
    in_the_sample = {p.relative_to(tmp_path / "mine") for p in (tmp_path / "mine").rglob("*") if p.is_file()}
    assert {Path("quickstart.seg"), Path("README.md"), Path("data/accounts.csv")} <= in_the_sample
    assert (tmp_path / "result" / "members" / "fit.csv").read_bytes() == _members_here(repository, tmp_path)


def _members_here(repository: Path, folder: Path) -> bytes:
    """The members that the checkout gives on its own copy of the sample."""
    call(sys.executable, "-m", "segdsl", "run", repository / "specs" / "quickstart", "--out", "here", cwd=folder)
    return (folder / "here" / "members" / "fit.csv").read_bytes()
