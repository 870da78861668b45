"""Examples on real data: the fitted text alone gives the same members as a run that finds its segments itself."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from segdsl.workflows.fit import FitRequest, Fitting, fit
from segdsl.workflows.fitted.labels import Fate
from segdsl.workflows.loading import load
from segdsl.workflows.run import Finished, Request, run

EXAMPLES = {
    "crm_opportunities": ("crm_sales_opportunities", ("discovered",)),
    "salvirt_deals": ("salvirt_b2b_deals", ("discovered",)),
    "wholesale": ("uci_wholesale_customers", ("needs", "tiers")),
    "aws_saas_sales": ("aws_saas_sales", ("tiers", "rfm")),
}
QUICKSTART = """

segmentation tree_of_quality for customers using tree {
  target:   quality
  features: employees, industry, country
}

segmentation worth for customers using value { of: mrr }
"""


@dataclass(frozen=True)
class Fitted:
    """An example that was run, fitted, and run again by nothing but its text."""

    spec: Path
    schemes: tuple[str, ...]
    done: Fitting
    before: Finished
    after: Finished


def prepared(folder: Path, name: str, shared: Path, repository: Path) -> tuple[Path, tuple[str, ...]]:
    """A copy of an example or of the quickstart, as a project of its own."""
    if name == "quickstart":
        project = folder / name
        shutil.copytree(repository / "specs" / name, project, ignore=shutil.ignore_patterns("runs", "__pycache__"))
        spec = project / "quickstart.seg"
        spec.write_text(spec.read_text(encoding="utf-8") + QUICKSTART, encoding="utf-8")
        return spec, ("tree_of_quality", "worth")
    data, schemes = EXAMPLES[name]
    shutil.copytree(shared / "data" / data, folder / "data" / data)
    (folder / "segdsl.toml").write_text("", encoding="utf-8")
    (folder / "examples").mkdir()
    spec = folder / "examples" / f"{name}.seg"
    shutil.copyfile(shared / "examples" / spec.name, spec)
    return spec, schemes


@pytest.fixture(scope="module", params=[*EXAMPLES, "quickstart"])
def fitted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared: Path, repository: Path
) -> Iterator[Fitted]:
    folder = tmp_path_factory.mktemp(request.param)
    spec, schemes = prepared(folder, request.param, shared, repository)
    before = run(Request(spec, out=folder / "before"))
    done = fit(FitRequest(spec))
    yield Fitted(spec, schemes, done, before, run(Request(spec, out=folder / "after")))


def bodies(finished: Finished) -> dict[str, Any]:
    assert finished.manifest is not None
    found: dict[str, Any] = finished.manifest["learned"]
    return found


def test_every_file_of_the_members_has_the_same_bytes(fitted: Fitted) -> None:
    assert fitted.before.folder is not None and fitted.after.folder is not None
    assert bodies(fitted.before) == dict.fromkeys(fitted.schemes, "run")
    assert bodies(fitted.after) == dict.fromkeys(fitted.schemes, "fitted")
    for place in ("members", "scores", "audiences"):
        files = sorted(path.relative_to(fitted.before.folder) for path in (fitted.before.folder / place).glob("*"))
        again = sorted(path.relative_to(fitted.after.folder) for path in (fitted.after.folder / place).glob("*"))
        assert files == again
        assert all(
            (fitted.before.folder / one).read_bytes() == (fitted.after.folder / one).read_bytes() for one in files
        )
    assert {f"{scheme}.csv" for scheme in fitted.schemes} <= {
        path.name for path in (fitted.after.folder / "members").iterdir()
    }


def test_the_segments_are_told_by_fields_alone(fitted: Fitted) -> None:
    """The text stands in for the plugin: where the spec names one that nobody has, the members are the same."""
    folder = fitted.spec.parent / "alone"
    text = fitted.spec.read_text(encoding="utf-8")
    bare = fitted.spec.with_name("bare.seg")
    for plugin in ("tree", "kmeans", "value", "rfm"):
        text = text.replace(f" using {plugin} {{", f" using no_such_{plugin} {{")
    bare.write_text(text, encoding="utf-8")
    assert fitted.done.file is not None
    shutil.copyfile(fitted.done.file, bare.with_name("bare.fitted.seg"))
    finished = run(Request(bare, out=folder))
    assert finished.folder is not None and fitted.after.folder is not None
    assert not any(one.is_error and "no_such" in one.message for one in finished.diagnostics)
    for scheme in fitted.schemes:
        name = f"members/{scheme}.parquet"
        assert (finished.folder / name).read_bytes() == (fitted.after.folder / name).read_bytes()


def test_a_run_after_a_fit_finds_nothing_stale(fitted: Fitted) -> None:
    assert [one.code for one in fitted.after.diagnostics if one.code.startswith("SEG71")] == []


def test_a_second_fit_changes_nothing_and_keeps_every_label(fitted: Fitted) -> None:
    assert fitted.done.file is not None and fitted.done.lock is not None
    before = fitted.done.file.read_bytes(), fitted.done.lock.read_bytes()
    again = fit(FitRequest(fitted.spec))
    assert (fitted.done.file.read_bytes(), fitted.done.lock.read_bytes()) == before
    assert {segment.fate for one in again.schemes for segment in one.labelled.segments} == {Fate.KEPT}
    assert [one.labelled.gone for one in again.schemes] == [()] * len(fitted.schemes)


def test_whatever_segments_are_called_a_new_fit_leaves_every_member_where_it_is(fitted: Fitted) -> None:
    """All names are dealt out anew, in a copy: the next fit must find out by the members alone which is which."""
    spec = fitted.spec.with_name("renamed.seg")
    shutil.copyfile(fitted.spec, spec)
    assert fitted.done.file is not None
    text = fitted.done.file.read_text(encoding="utf-8")
    names = [segment.name for one in fitted.done.schemes for segment in one.labelled.segments]
    # Each bears a name that another segment has now, or will be given by the plugin.
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        text = re.sub(rf"segment {name}\b", f"segment <{other}>", text)
    place = spec.with_name("renamed.fitted.seg")
    place.write_text(re.sub(r"segment <(\w+)>", r"segment \1", text), encoding="utf-8")
    before = run(Request(spec, write=False))
    again = fit(FitRequest(spec))
    assert [one.message for one in again.diagnostics if one.is_error] == []
    after = run(Request(spec, write=False))
    assert before.tables is not None and after.tables is not None
    for scheme in fitted.schemes:
        assert after.tables.members[scheme].equals(before.tables.members[scheme])
        assert set(before.tables.members[scheme].column("segment").unique().to_pylist()) <= {*names, None}


def test_the_lock_tells_where_each_segmentation_comes_from(fitted: Fitted) -> None:
    assert fitted.done.lock is not None
    entries = json.loads(fitted.done.lock.read_text(encoding="utf-8"))["segmentations"]
    assert tuple(entries) == fitted.schemes
    model = load(fitted.spec).model
    assert model is not None
    for scheme, entry in entries.items():
        assert fitted.after.tables is not None
        assert entry["rows"] == fitted.after.tables.members[scheme].num_rows
        assert entry["inputs"]
        assert any("moved" in note or "no split" in note for note in entry["notes"]), scheme
