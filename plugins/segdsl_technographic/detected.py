"""The column `detected`: the tools that a user's rules find on saved pages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.plugin import Asked, Call, Made, Note, Refused
from segdsl_technographic.catalogue import Catalogue
from segdsl_technographic.detection import Found, detect
from segdsl_technographic.rules import Rules, read_rules
from segdsl_technographic.saved_pages import MAX_PAGE, Folder, Page, open_folder

# Pages are looked at together, so that each pattern is prepared once; so much HTML at a time.
_BATCH = 16_000_000
_SURE_ENOUGH = 0.5


def make_detected(call: Call, asked: Sequence[Asked], catalogue: Catalogue) -> Made:
    """The tools on the page that each row names, by their names in the catalogue, else as the rules name them.

    Each distinct value is looked at once. A row without a page that can be read is missing. The tables are
    `detected_tools`, what was found on each page and where, and `rules_not_used`.
    """
    folder, rules = open_folder(_path(call, "pages")), read_rules(_path(call, "rules"))
    encoded = pc.dictionary_encode(asked[0].inputs[0].cast(pa.string()))
    values: list[str] = encoded.dictionary.to_pylist()
    numbers = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    found: dict[int, tuple[Found, ...]] = {}
    cut: set[int] = set()
    broken: dict[int, str] = {}
    for batch in _batches(folder, values, broken):
        cut.update(number for number, page in batch.items() if page.is_cut)
        found.update(zip(batch, detect(rules, tuple(batch.values())), strict=True))
    least = float(str(call.options.get("confidence", _SURE_ENOUGH))) * 100
    lists = [_tools(found[number], least, catalogue) if number in found else None for number in range(len(values))]
    column = pa.array([*lists, None], pa.list_(pa.string())).take(pa.array(np.where(numbers < 0, len(values), numbers)))
    shown = _audit(values, found, catalogue)
    notes = _notes(asked[0].name, numbers, found, cut, broken, rules)
    tables = {"detected_tools": shown} | ({"rules_not_used": _unused(rules)} if rules.unused else {})
    return Made({one.name: column for one in asked}, tuple(notes), tables)


def _path(call: Call, option: str) -> Any:
    paths = call.paths.get(option, ())
    if not paths:
        raise Refused(f"`detected` needs the option `{option}`", option)
    return paths[0]


def _batches(folder: Folder, values: Sequence[str], broken: dict[int, str]) -> Iterator[dict[int, Page]]:
    """Pages by the number of their value, some at a time; why a page can't be read goes into `broken`."""
    batch: dict[int, Page] = {}
    size = 0
    for number, value in enumerate(values):
        page = folder.page(value)
        if isinstance(page, str):
            broken[number] = page
        elif page is not None:
            batch[number] = page
            size += len(page.html)
        if size > _BATCH:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _tools(found: Sequence[Found], least: float, catalogue: Catalogue) -> list[str]:
    names = {_name(one.technology, catalogue) for one in found if one.confidence >= max(least, 1)}
    return sorted(names, key=lambda name: (name.casefold(), name))


def _name(technology: str, catalogue: Catalogue) -> str:
    place = catalogue.find(technology)
    return technology if place is None else catalogue.tools[place].name


def _audit(values: Sequence[str], found: dict[int, tuple[Found, ...]], catalogue: Catalogue) -> pa.Table:
    """What was found on each page, also what was too unsure to be listed."""
    rows = [(values[number], one) for number, on_page in found.items() for one in on_page]
    rows.sort(key=lambda row: (row[0], row[1].technology))
    return pa.table(
        {
            "page": pa.array([value for value, _ in rows], pa.string()),
            "tool": pa.array([_name(one.technology, catalogue) for _, one in rows], pa.string()),
            "technology": pa.array([one.technology for _, one in rows], pa.string()),
            "version": pa.array([one.version or None for _, one in rows], pa.string()),
            "confidence": pa.array([one.confidence / 100 for _, one in rows], pa.float64()),
            "evidence": pa.array([", ".join(one.evidence) for _, one in rows], pa.string()),
        }
    )


def _unused(rules: Rules) -> pa.Table:
    return pa.table(
        {
            field: pa.array([getattr(one, field) for one in rules.unused], pa.string())
            for field in ("technology", "field", "pattern", "reason")
        }
    )


def _notes(
    column: str,
    numbers: Any,
    found: dict[int, tuple[Found, ...]],
    cut: set[int],
    broken: dict[int, str],
    rules: Rules,
) -> Iterator[Note]:
    def rows(wanted: Sequence[int]) -> pa.BooleanArray:
        return pa.array(np.isin(numbers, np.array(sorted(wanted), np.int64)))

    if rules.unused:
        reasons = Counter(one.reason for one in rules.unused)
        example, _ = min(reasons.items(), key=lambda item: (-item[1], item[0]))
        told = f"pages looked at without {len(rules.unused)} parts of the rules, such as for this reason: {example}"
        yield Note(told, rows(tuple(found)), column, "they are listed in `rules_not_used`")
    if cut:
        yield Note(f"pages of which only the first {MAX_PAGE // 1_000_000} MB are looked at", rows(tuple(cut)), column)
    for reason in sorted(set(broken.values())):
        yield Note(f"saved pages that are {reason}", rows([n for n, own in broken.items() if own == reason]), column)
    without = (numbers >= 0) & ~np.isin(numbers, np.array(sorted({*found, *broken}), np.int64))
    if without.any():
        mend = "the page of `acme` is `acme.html`, with its headers in `acme.headers`, or `acme.json`"
        yield Note("values without a saved page in `pages`", pa.array(without), column, mend)
