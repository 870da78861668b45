"""What stands in a run folder, and where.

members/SCHEME.parquet .csv   scores/SCORE.parquet .csv   attrition.csv   segments.csv
enriched/SOURCE.parquet .csv   plugins/SOURCE.PLUGIN.TABLE.parquet .csv
audiences/NAME.csv (and NAME.control.csv)   spec/...   plan.json   manifest.json
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pyarrow as pa

from segdsl.engines.arrow.results import AudienceTable, RunTables
from segdsl.model.model import Score
from segdsl.record import dataclass
from segdsl.runs.figures import attrition_table, segment_table
from segdsl.runs.names import distinct_stems
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


def write_folder(folder: Path, tables: RunTables, scores: Mapping[str, Score], written: Written) -> None:
    """Fills an empty folder. The manifest comes last: a folder that has one is whole. Raises OSError."""
    _write_both(folder / "members", tables.members)
    _write_both(folder / "scores", tables.scores)
    _write_both(folder / "enriched", tables.enriched)
    _write_both(folder / "plugins", tables.plugin_tables)
    write_csv(attrition_table(tables), folder / "attrition.csv")
    write_csv(segment_table(tables, scores), folder / "segments.csv")
    for name, place in audience_files(tables.audiences).items():
        _write_audience(folder, place, tables.audiences[name])
    for place, text in written.texts.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    (folder / MANIFEST).write_text(written.manifest, encoding="utf-8", newline="")


def audience_files(audiences: Mapping[str, AudienceTable]) -> Mapping[str, str]:
    """Where each audience's list stands in the folder; `to` in the spec says the name and `.csv` or `.parquet`."""
    wanted = [_wanted(name, found.to) for name, found in audiences.items()]
    stems = distinct_stems(stem for stem, _ in wanted)
    return {
        name: f"{_AUDIENCES}/{stem}{suffix}" for name, stem, (_, suffix) in zip(audiences, stems, wanted, strict=True)
    }


def control_file(place: str) -> str:
    """Where the control group of a list stands: `NAME.control.csv` beside `NAME.csv`."""
    path = PurePosixPath(place)
    return str(path.with_name(f"{path.stem}{_CONTROL}{path.suffix}"))


def _wanted(name: str, to: str | None) -> tuple[str, str]:
    if to is None:
        return name, _CSV
    path = PurePosixPath(to.replace("\\", "/"))
    if path.suffix.lower() in (_CSV, _PARQUET):
        return path.stem, path.suffix.lower()
    return path.name, _CSV


def _write_both(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    if tables:
        folder.mkdir()
    for stem, table in zip(distinct_stems(tables), tables.values(), strict=True):
        write_parquet(table, folder / f"{stem}{_PARQUET}")
        write_csv(table, folder / f"{stem}{_CSV}")


def _write_audience(folder: Path, place: str, audience: AudienceTable) -> None:
    (folder / _AUDIENCES).mkdir(exist_ok=True)
    write = write_parquet if place.endswith(_PARQUET) else write_csv
    write(audience.table, folder / place)
    if audience.control is not None:
        write(audience.control, folder / control_file(place))
