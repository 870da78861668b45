"""What stands in a run folder, and where.

members/SCHEME.parquet .csv   scores/SCORE.parquet .csv   attrition.csv   segments.csv   evaluation.csv
proxies_by_grade.csv   hypotheses.csv   enriched/SOURCE.parquet .csv   plugins/SOURCE.PLUGIN.TABLE.parquet .csv
report.txt   sections/NAME.md   audiences/NAME.csv (and NAME.control.csv)   spec/...   plan.json   manifest.json
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.engines.arrow.hypothesis_result import HypothesisResult, ProxyResult
from segdsl.engines.arrow.measuring import Evaluated
from segdsl.engines.arrow.results import AudienceTable, RunTables
from segdsl.model.model import Score
from segdsl.model.plugin_use import PluginUse
from segdsl.plugin import ExportCall
from segdsl.plugin.calling import Raised, attempt, broken, culprit, diagnose
from segdsl.record import dataclass
from segdsl.runs.figures import attrition_table, evaluation_table, requirement_table, segment_table
from segdsl.runs.hypothesis_figures import hypothesis_table
from segdsl.runs.names import distinct_stems
from segdsl.runs.proxy_figures import proxy_table
from segdsl.runs.staging import MANIFEST
from segdsl.runs.table_files import write_csv, write_parquet

_PARQUET = ".parquet"
_CSV = ".csv"
_CONTROL = ".control"
_AUDIENCES = "audiences"


@dataclass(frozen=True, slots=True)
class Written:
    """What goes into a run folder besides tables: texts by their path in the folder, and the manifest."""

    texts: Mapping[str, str]
    manifest: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured and tested: a table of each, where there is something to tell."""

    evaluated: Evaluated
    proxies: tuple[ProxyResult, ...]
    hypotheses: tuple[HypothesisResult, ...]


def write_folder(
    folder: Path,
    tables: RunTables,
    scores: Mapping[str, Score],
    figures: Figures,
    written: Written,
) -> Diagnostics:
    """Fills an empty folder; what an exporter couldn't write is told. Raises OSError.

    The manifest comes last: a folder that has one is whole.
    """
    _write_both(folder / "members", tables.members)
    _write_both(folder / "scores", tables.scores)
    _write_both(folder / "enriched", tables.enriched)
    _write_both(folder / "plugins", tables.plugin_tables)
    write_csv(attrition_table(tables), folder / "attrition.csv")
    write_csv(segment_table(tables, scores), folder / "segments.csv")
    _write_both(folder / "evaluation", figures.evaluated.tables)
    optional = {
        "evaluation.csv": evaluation_table(figures.evaluated.figures),
        "requirements.csv": requirement_table(figures.evaluated.gates),
        "proxies_by_grade.csv": proxy_table(figures.proxies),
        "hypotheses.csv": hypothesis_table(figures.hypotheses),
    }
    for name, table in optional.items():
        if table.num_rows:
            write_csv(table, folder / name)
    found: list[Diagnostic] = []
    for name, place in audience_files(tables.audiences).items():
        found += _write_audience(folder, place, tables.audiences[name])
    for place, text in written.texts.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    (folder / MANIFEST).write_text(written.manifest, encoding="utf-8", newline="")
    return tuple(found)


def audience_files(audiences: Mapping[str, AudienceTable]) -> Mapping[str, str]:
    """Where each audience's list stands in the folder; `to` in the spec says the name and `.csv` or `.parquet`."""
    wanted = [_wanted(name, found) for name, found in audiences.items()]
    stems = distinct_stems(stem for stem, _ in wanted)
    return {
        name: f"{_AUDIENCES}/{stem}{suffix}" for name, stem, (_, suffix) in zip(audiences, stems, wanted, strict=True)
    }


def control_file(place: str) -> str:
    """Where the control group of a list stands: `NAME.control.csv` beside `NAME.csv`."""
    path = PurePosixPath(place)
    return str(path.with_name(f"{path.stem}{_CONTROL}{path.suffix}"))


def _wanted(name: str, found: AudienceTable) -> tuple[str, str]:
    if found.to is None:
        return name, _CSV
    path = PurePosixPath(found.to.replace("\\", "/"))
    if found.exporter is not None:
        return path.stem, path.suffix
    if path.suffix.lower() in (_CSV, _PARQUET):
        return path.stem, path.suffix.lower()
    return path.name, _CSV


def _write_both(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    if not tables:
        return
    folder.mkdir()
    with ThreadPoolExecutor(1, "segdsl-write") as beside:
        for stem, table in zip(distinct_stems(tables), tables.values(), strict=True):
            parquet = beside.submit(write_parquet, table, folder / f"{stem}{_PARQUET}")
            write_csv(table, folder / f"{stem}{_CSV}")
            parquet.result()


def _write_audience(folder: Path, place: str, audience: AudienceTable) -> Iterator[Diagnostic]:
    (folder / _AUDIENCES).mkdir(exist_ok=True)
    written = [(audience.table, place)]
    if audience.control is not None:
        written.append((audience.control, control_file(place)))
    for table, name in written:
        # Of a plugin that isn't there it was said already.
        exporter = audience.exporter if audience.exporter is not None and audience.exporter.run is not None else None
        failure = None if exporter is None else _export(audience, exporter, table, folder / name)
        if failure is not None:
            yield failure
        if exporter is None or failure is not None:
            # What a plugin couldn't write is there all the same.
            own = name if name.endswith((_CSV, _PARQUET)) else f"{name}{_CSV}"
            write = write_parquet if own.endswith(_PARQUET) else write_csv
            write(table, folder / own)


def _export(audience: AudienceTable, exporter: PluginUse, table: pa.Table, path: Path) -> Diagnostic | None:
    assert exporter.run is not None
    call = ExportCall(table, audience.types, path, audience.title, dict(exporter.values))
    written = attempt(exporter.run, call)
    mend = f"tell the authors of {exporter.package}; the list was written as CSV beside"
    failure = None
    if isinstance(written, Raised):
        failure = diagnose(written, culprit(exporter), f"write `{path.name}`", mend)
    elif not path.is_file():
        failure = broken(culprit(exporter), f"write `{path.name}`", "it wrote no file", mend=mend)
    if failure is not None:
        path.unlink(missing_ok=True)
    return failure
