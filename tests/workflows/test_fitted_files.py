"""A fitted file beside a spec, read with it by every verb."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from segdsl.model.model import Matching
from segdsl.plugin import FitCall, Fitted, Segmenter
from segdsl.workflows.coverage import CoverageRequest, measure_coverage
from segdsl.workflows.explain import Question, explain
from segdsl.workflows.fmt import Form, format_file, specs_under
from segdsl.workflows.loading import Loaded, load, with_fitted
from segdsl.workflows.plan import plan
from segdsl.workflows.run import Request, run
from segdsl.workflows.test import run_tests
from tests.workflows.inline_plugins import inline

SPEC = """
source accounts from "accounts.csv" {
  id : text key
  mrr : money(USD)
}

segmentation tiers "Value tiers" for accounts using value { of: mrr }

test "a tier by the fitted text" {
  given accounts { mrr: $600 }
  expect tiers == "stars"
}
"""
FITTED = """\
segmentation tiers for accounts {
  segment stars  "Our stars" when mrr >= $500
  segment others "The rest"  otherwise
}
"""
ROWS = "id,mrr\na,700\nb,600\nc,20\nd,10\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "accounts.csv").write_text(ROWS)
    (tmp_path / "spec.seg").write_text(SPEC)
    (tmp_path / "spec.fitted.seg").write_text(FITTED)
    return tmp_path / "spec.seg"


def codes(loaded: Loaded) -> list[str]:
    return [one.code for one in loaded.diagnostics]


def fitted(spec: Path, text: str) -> Loaded:
    (spec.parent / "spec.fitted.seg").write_text(dedent(text))
    return load(spec)


def test_the_segments_of_the_fitted_file_are_those_of_the_spec(spec: Path) -> None:
    loaded = load(spec)
    assert loaded.diagnostics == ()
    assert loaded.model is not None
    tiers = loaded.model.schemes["tiers"]
    assert (tiers.title, tiers.matching) == ("Value tiers", Matching.FIRST)
    assert [(one.name, one.title) for one in tiers.segments] == [("stars", "Our stars"), ("others", "The rest")]


def test_without_bodies_everything_is_to_be_found_anew(spec: Path) -> None:
    model, _ = with_fitted(load(spec), {})
    assert model is not None
    assert model.schemes["tiers"].matching is Matching.PLUGIN


def test_a_folder_means_its_spec_though_a_fitted_file_lies_beside(spec: Path) -> None:
    assert load(spec.parent).spec == spec.resolve()


def test_a_run_takes_members_from_the_fitted_text(spec: Path) -> None:
    finished = run(Request(spec, write=False))
    assert finished.tables is not None
    assert finished.tables.members["tiers"].column("segment").to_pylist() == ["stars", "stars", "others", "others"]


def test_other_verbs_read_it_too(spec: Path) -> None:
    planned = plan(spec, date(2026, 1, 31)).plan
    assert planned is not None
    assert planned.skipped == ()
    assert [one.passed for one in run_tests(spec).outcomes] == [True]
    explanation = explain(Question("b", spec)).explanation
    assert explanation is not None
    assert explanation.schemes[0].segment == "stars"
    assert measure_coverage(CoverageRequest(spec)).sources[0].rows == 4


def test_formatting_a_folder_formats_it(spec: Path) -> None:
    place = spec.parent / "spec.fitted.seg"
    place.write_text("segmentation tiers for accounts{segment stars when mrr>=$500\nsegment others otherwise}")
    specs = specs_under(spec.parent)
    assert isinstance(specs, tuple)
    assert place in specs
    assert format_file(place, write=True).form is Form.CHANGED
    assert format_file(place, write=True).form is Form.KEPT
    assert load(spec).diagnostics == ()


def test_a_name_that_the_fitted_text_does_not_give_is_a_mistake_of_the_spec(spec: Path) -> None:
    loaded = fitted(spec, "segmentation tiers for accounts { segment best when mrr >= $500  segment rest otherwise }")
    assert codes(loaded) == ["SEG304"]


def test_a_mistake_in_it_is_shown_there(spec: Path) -> None:
    loaded = fitted(spec, "segmentation tiers for accounts { segment stars when mmr >= $500 }")
    assert codes(loaded) == ["SEG201"]
    span = loaded.diagnostics[0].span
    assert span is not None and span.file.endswith("spec.fitted.seg")
    assert span.file in loaded.texts


def test_an_error_of_syntax_is_one_error(spec: Path) -> None:
    loaded = fitted(spec, "segmentation tiers for accounts { segment stars when mrr >= }")
    assert codes(loaded) == ["SEG102"]
    assert loaded.model is None


@pytest.mark.parametrize(
    "text",
    [
        "set a = (1, 2)",
        'import "other.seg"',
        "segmentation tears for accounts { segment all otherwise }",
        'segmentation tiers "Title" for accounts { segment all otherwise }',
        "segmentation tiers for accounts using value { of: mrr }",
        "segmentation tiers for accounts overlapping { segment all otherwise }",
        "segmentation tiers for others { segment all otherwise }",
    ],
)
def test_anything_else_is_refused(spec: Path, text: str) -> None:
    assert codes(fitted(spec, text))[0] == "SEG507"


def test_two_bodies_for_one_segmentation_are_refused(spec: Path) -> None:
    assert codes(fitted(spec, FITTED + FITTED)) == ["SEG202"]


def test_a_fitted_file_out_of_the_project_is_not_read(spec: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "spec.fitted.seg"
    outside.write_text(FITTED)
    place = spec.parent / "spec.fitted.seg"
    place.unlink()
    place.symlink_to(outside)
    assert codes(load(spec)) == ["SEG502"]


def test_a_fitted_file_that_is_no_text_is_told(spec: Path) -> None:
    (spec.parent / "spec.fitted.seg").write_bytes(b"\xff\xfe\x00")
    assert codes(load(spec)) == ["SEG101"]


def test_a_fitted_file_is_no_spec(spec: Path) -> None:
    loaded = load(spec.parent / "spec.fitted.seg")
    assert codes(loaded) == ["SEG507"]
    assert loaded.diagnostics[0].help.endswith("spec.seg`")


def test_fitted_segments_need_no_plugin(spec: Path) -> None:
    spec.write_text(SPEC.replace("using value", "using not_installed"))
    assert load(spec).diagnostics == ()
    finished = run(Request(spec, write=False))
    assert [one.code for one in finished.diagnostics] == ["SEG711"]
    assert finished.tables is not None and "tiers" in finished.tables.members


def test_what_has_no_fitted_text_is_found_in_the_run(spec: Path) -> None:
    spec.write_text(f"{SPEC}\nsegmentation halves for accounts using split {{ }}")

    def fit(call: FitCall) -> Fitted:
        return Fitted("segment all otherwise")

    value = Segmenter("value", "Never called", lambda call: 1 / 0, {"properties": {"of": {"format": "field"}}})
    finished = run(Request(spec, write=False, plugins=inline(Segmenter("split", "Splits", fit), value)))
    assert [one.code for one in finished.diagnostics] == ["SEG711"]
    assert finished.tables is not None
    assert finished.tables.members["halves"].column("segment").to_pylist() == ["all"] * 4
    assert finished.tables.members["tiers"].column("segment").to_pylist()[0] == "stars"


def test_checking_and_formatting_load_no_tables(spec: Path) -> None:
    heavy = "[name for name in ('pyarrow', 'scipy', 'sklearn', 'numpy', 'pandas') if name in sys.modules]"
    for verb in ("check", "fmt"):
        call = f"run_command_line([{verb!r}, {str(spec.parent)!r}])"
        code = f"import sys; from segdsl.cli.main import run_command_line\n{call}"
        done = subprocess.run(
            [sys.executable, "-c", f"{code}\nprint({heavy})"], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"
