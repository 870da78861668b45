"""A segmenter on rows of a test, through the whole engine: who is in which segment by the text that was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from segdsl.plugin import Segmenter
from segdsl.workflows.run import Request, run
from tests.workflows.inline_plugins import inline


@dataclass(frozen=True)
class Found:
    """The segment of each row, the text and its notes, and the messages of errors."""

    segments: list[str | None]
    text: str
    errors: list[str]

    @property
    def lines(self) -> list[str]:
        """The segments' lines of the text."""
        return [line for line in self.text.splitlines() if line.startswith(("segment ", "measure "))]


def find(
    folder: Path, segmenter: Segmenter, options: str, types: Mapping[str, str], rows: Sequence[tuple[Any, ...]]
) -> Found:
    """What `segmenter` finds with these options in rows whose columns have these types."""
    columns = "".join(f"  `{name}` : {type_}\n" for name, type_ in types.items())
    spec = folder / "spec.seg"
    spec.write_text(
        f'source rows from "rows.csv" {{\n  id : int key\n{columns}}}\n'
        f"segmentation found for rows using {segmenter.name} {{ {options} }}\n",
        encoding="utf-8",
    )
    values = {name: [row[place] for row in rows] for place, name in enumerate(types)}
    table = pa.table({"id": list(range(len(rows))), **values})
    finished = run(Request(spec, plugins=inline(segmenter), tables={"rows": table}, write=False))
    errors = [one.message for one in finished.diagnostics if one.is_error]
    if finished.tables is None or "found" not in finished.tables.members:
        return Found([], "", errors)
    texts = [text.text for text in finished.loaded.texts.values() if " as found by " in text.file]
    members = finished.tables.members["found"]
    order = members.column("id").to_pylist()
    segments = dict(zip(order, members.column("segment").to_pylist(), strict=True))
    return Found([segments[row] for row in range(len(rows))], texts[0], errors)
