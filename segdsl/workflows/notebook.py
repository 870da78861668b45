"""What `import segdsl` offers: the verbs as functions that take and give Arrow tables.

Besides `hypotheses` this is the one place of the workflows with late imports: `check` and `format_text` need no
tables, and shouldn't wait for the libraries of those that do.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segdsl.diagnostics import Diagnostics, SourceText, has_errors
from segdsl.diagnostics.render_plain import render_plain
from segdsl.record import dataclass
from segdsl.workflows.check import check as check_spec
from segdsl.workflows.fmt import Form
from segdsl.workflows.fmt import format_text as format_source

if TYPE_CHECKING:
    import pyarrow as pa

    from segdsl.plan import Plan
    from segdsl.workflows.explanation import Explanation
    from segdsl.workflows.test import SpecTests

Setting = str | int | float | bool | Decimal | date
Texts = Mapping[str, SourceText]


class SpecError(Exception):
    """A spec, its data or a request that something is wrong with: `diagnostics` says what, as its text does."""

    def __init__(self, diagnostics: Diagnostics, texts: Texts) -> None:
        super().__init__(render_plain(diagnostics, texts))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave, as Arrow tables in the order of the key; lists are in their own order.

    `members` by segmentation, `scores` by score (every term is a column), `attrition`, `segments`, `proxies_by_grade`
    and `hypotheses` as in the files of a run folder, `audiences` by name and their control groups in `controls`. Money
    is decimal. `folder` is the run folder, None where none was asked for; `manifest` is what stands in its
    manifest.json; `diagnostics` are warnings.
    """

    members: "Mapping[str, pa.Table]"
    scores: "Mapping[str, pa.Table]"
    attrition: "pa.Table"
    segments: "pa.Table"
    proxies_by_grade: "pa.Table"
    hypotheses: "pa.Table"
    audiences: "Mapping[str, pa.Table]"
    controls: "Mapping[str, pa.Table]"
    manifest: Mapping[str, Any]
    folder: Path | None
    diagnostics: Diagnostics


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit gave.

    `segments` are the names of segments by segmentation, `notes` what was learned. `stale` says of each segmentation
    that was not up to date before what had changed. `file` and `lock` were written; None where nothing was to be.
    """

    file: Path | None
    lock: Path | None
    segments: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, tuple[str, ...]]
    stale: Mapping[str, tuple[str, ...]]
    diagnostics: Diagnostics


def check(path: str | Path, params: Mapping[str, Setting] | None = None, root: str | Path | None = None) -> Diagnostics:
    """Everything that is wrong with the spec that a file or folder means; empty if it is good."""
    return check_spec(Path(path), _path(root), _settings(params)).diagnostics


def format_text(text: str) -> str:
    """A spec in its canonical form. Raises SpecError if it has an error of syntax."""
    source = SourceText("<text>", text)
    formatted = format_source(source)
    if formatted.form is Form.REFUSED:
        raise SpecError(formatted.diagnostics, {source.file: source})
    return formatted.after


def plan_of(path: str | Path, params: Mapping[str, Setting] | None = None, root: str | Path | None = None) -> "Plan":
    """What a run would do; `segdsl.plan.tree_text` prints it. Raises SpecError if the spec has an error."""
    from segdsl.workflows.plan import plan  # noqa: PLC0415

    planned = plan(Path(path), date.today(), _path(root), _settings(params))
    if planned.plan is None:
        raise SpecError(planned.diagnostics, planned.loaded.texts)
    return planned.plan


def run(
    path: str | Path,
    params: Mapping[str, Setting] | None = None,
    sources: "Mapping[str, str | Path | pa.Table] | None" = None,
    out: str | Path | None = None,
    root: str | Path | None = None,
) -> Result:
    """Carries out everything a spec declares.

    `sources` gives paths (seen from the present folder) or Arrow tables in place of a source's files; a table's
    columns bear the names of the files' headers or of the spec, and keep the same contract. `out` is the run folder
    to write; without it nothing is written. What needs a plugin that isn't installed is left out, as the result's
    diagnostics say. Raises SpecError if the spec or the data has another error.
    """
    from segdsl.runs.figures import attrition_table, segment_table  # noqa: PLC0415
    from segdsl.runs.hypothesis_figures import hypothesis_table  # noqa: PLC0415
    from segdsl.runs.proxy_figures import proxy_table  # noqa: PLC0415
    from segdsl.workflows.run import Request  # noqa: PLC0415
    from segdsl.workflows.run import run as run_spec  # noqa: PLC0415

    elsewhere, tables = _given(sources)
    request = Request(
        Path(path), _path(root), _settings(params), elsewhere, tables, out=_path(out), write=out is not None
    )
    finished = run_spec(request)
    model, found, report = finished.loaded.model, finished.tables, finished.report
    if model is None or found is None or report is None:
        raise SpecError(finished.diagnostics, finished.loaded.texts)
    return Result(
        found.members,
        found.scores,
        attrition_table(found),
        segment_table(found, model.scores),
        proxy_table(report.proxies),
        hypothesis_table(report.hypotheses),
        {name: audience.table for name, audience in found.audiences.items()},
        {name: one.control for name, one in found.audiences.items() if one.control is not None},
        finished.manifest or {},
        finished.folder,
        finished.diagnostics,
    )


def fit(
    path: str | Path,
    only: Iterable[str] = (),
    params: Mapping[str, Setting] | None = None,
    sources: "Mapping[str, str | Path | pa.Table] | None" = None,
    root: str | Path | None = None,
    check: bool = False,
) -> Fit:
    """Finds the segments that plugins find, and writes them as text beside the spec.

    `only` names segmentations, else all are fitted. With `check` nothing is fitted or written: what isn't up to date is
    in `stale`. Raises SpecError if the spec or the data has an error, or a plugin fails; then nothing is written.
    """
    from segdsl.workflows.fit import FitRequest  # noqa: PLC0415
    from segdsl.workflows.fit import fit as fit_spec  # noqa: PLC0415

    elsewhere, tables = _given(sources)
    done = fit_spec(
        FitRequest(Path(path), _path(root), _settings(params), elsewhere, tables, only=tuple(only), check=check)
    )
    if not done.judged or not (check or done.schemes):
        raise SpecError(done.diagnostics, done.loaded.texts)
    return Fit(
        done.file,
        done.lock,
        {one.name: tuple(segment.name for segment in one.labelled.segments) for one in done.schemes},
        {one.name: one.labelled.found.notes for one in done.schemes},
        {one.scheme: one.reasons or (one.state.value,) for one in done.judged if not one.is_fresh},
        done.diagnostics,
    )


def _given(
    sources: "Mapping[str, str | Path | pa.Table] | None",
) -> "tuple[Mapping[str, str], Mapping[str, pa.Table]]":
    """Paths and tables that take the place of sources."""
    given = dict(sources or {})
    for name, one in given.items():
        if not isinstance(one, str | Path) and type(one).__name__ != "Table":
            raise TypeError(f"source {name!r} is a {type(one).__name__}: give a path or a pyarrow.Table")
    elsewhere = {name: str(one) for name, one in given.items() if isinstance(one, str | Path)}
    tables: Any = {name: one for name, one in given.items() if name not in elsewhere}
    return elsewhere, tables


def test(path: str | Path, params: Mapping[str, Setting] | None = None, root: str | Path | None = None) -> "SpecTests":
    """Tries the examples in a spec; the outcome of each is in `outcomes`. Raises SpecError if the spec has an error."""
    from segdsl.workflows.test import run_tests  # noqa: PLC0415

    tests = run_tests(Path(path), _path(root), _settings(params))
    if has_errors(tests.loaded.diagnostics):
        raise SpecError(tests.diagnostics, tests.loaded.texts)
    return tests


def explain(
    path: str | Path,
    account: str | int,
    params: Mapping[str, Setting] | None = None,
    sources: Mapping[str, str | Path] | None = None,
    root: str | Path | None = None,
) -> "Explanation":
    """Why an account is where it is. Raises SpecError if it can't be said."""
    from segdsl.workflows.explain import Question  # noqa: PLC0415
    from segdsl.workflows.explain import explain as explain_account  # noqa: PLC0415

    elsewhere = {name: str(one) for name, one in (sources or {}).items()}
    question = Question(str(account), Path(path), root=_path(root), settings=_settings(params), elsewhere=elsewhere)
    answer = explain_account(question)
    if answer.explanation is None:
        raise SpecError(answer.diagnostics, answer.loaded.texts)
    return answer.explanation


def _path(written: str | Path | None) -> Path | None:
    return None if written is None else Path(written)


def _settings(params: Mapping[str, Setting] | None) -> Mapping[str, str]:
    """Values as the command line would write them."""
    return {name: _text(value) for name, value in (params or {}).items()}


def _text(value: Setting) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case float():
            return f"{Decimal(repr(value)):f}"
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)
