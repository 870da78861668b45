"""A column of the file as a column of the spec: text or typed, coded or plain, single values or lists."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.buffers import known_bytes, truth_bytes
from segdsl.engines.arrow.physical import CODED_TEXT, TEXT
from segdsl.engines.arrow.reading.cells import Cells, text_cells, with_flaw
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.rule import Rule
from segdsl.engines.arrow.reading.texts import as_texts, tidy, trim
from segdsl.engines.arrow.reading.typed_cells import mismatched, typed_cells
from segdsl.types import Kind, Type


def read_cells(values: pa.Array, rule: Rule) -> Cells:
    """The cells of a column of plain layout in the physical representation of its type, without defaults filled in."""
    if rule.kind is Kind.LIST:
        return _list_cells(values, rule)
    return _coded_cells(values, rule) if rule.arrow == CODED_TEXT else _plain_cells(values, rule)


def _plain_cells(values: pa.Array, rule: Rule) -> Cells:
    if isinstance(values, pa.DictionaryArray):
        return _spread(_plain_cells(values.dictionary, rule), values.indices)
    if _is_text(values.type):
        cells = text_cells(tidy(as_texts(values), rule), rule)
    elif rule.as_text or rule.type.is_textual:
        if not _can_be_text(values.type):
            return mismatched(values, rule)
        cells = text_cells(tidy(values.cast(TEXT), rule), rule)
    else:
        cells = typed_cells(values, rule)
    return _judged_range(cells, rule)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _can_be_text(kind: pa.DataType) -> bool:
    if pa.types.is_decimal(kind):
        return bool(kind.scale == 0)
    others = (pa.types.is_integer, pa.types.is_boolean, pa.types.is_date32, pa.types.is_null)
    return any(is_(kind) for is_ in others)


def _spread(cells: Cells, indices: pa.Array) -> Cells:
    """Cells of a dictionary's values, handed out to the rows that hold them."""
    flaws = None
    if cells.flaws is not None:
        flaws = cells.flaws[indices.fill_null(0).to_numpy()] * known_bytes(indices)
        flaws = flaws if flaws.any() else None
    return Cells(cells.array.take(indices), flaws, cells.mismatch)


def _judged_range(cells: Cells, rule: Rule) -> Cells:
    """Amounts in several currencies are held against their range once they are converted."""
    return cells if rule.contract.conversion is not None else within_range(cells, rule)


def within_range(cells: Cells, rule: Rule) -> Cells:
    """Values below `low` or above `high` are flawed."""
    array = cells.array
    if (rule.low is None and rule.high is None) or array.null_count == len(array):
        return cells
    extremes = pc.min_max(array)
    if rule.low is not None and pc.less(extremes["min"], rule.low).as_py():
        below = pc.less(array, rule.low)
        cells = with_flaw(cells, truth_bytes(below), Flaw.OUT_OF_RANGE)
    if rule.high is not None and pc.greater(extremes["max"], rule.high).as_py():
        above = pc.greater(array, rule.high)
        cells = with_flaw(cells, truth_bytes(above), Flaw.OUT_OF_RANGE)
    return cells


def _coded_cells(values: pa.Array, rule: Rule) -> Cells:
    """Categories, and texts that are asked for as such: read once a distinct value, for there are few."""
    held = values.type.value_type if isinstance(values, pa.DictionaryArray) else values.type
    if not (_is_text(held) or _can_be_text(held)):
        return mismatched(values, rule)
    coded = values if isinstance(values, pa.DictionaryArray) else values.dictionary_encode()
    distinct = tidy(as_texts(coded.dictionary), rule)
    if rule.closed is None:
        recoded = distinct.dictionary_encode()
        return Cells(_recode(coded.indices, recoded.indices, recoded.dictionary))
    codes = pc.index_in(distinct, value_set=rule.closed)
    array = _recode(coded.indices, codes, rule.closed)
    outside = known_bytes(distinct) & ~known_bytes(codes)
    if not outside.any():
        return Cells(array)
    where = outside[coded.indices.fill_null(0).to_numpy()] & known_bytes(coded.indices)
    flaws = np.where(where, np.uint8(Flaw.OUTSIDE), np.uint8(Flaw.NONE))
    return Cells(array, flaws if where.any() else None)


def _recode(indices: pa.Array, codes: pa.Array, values: pa.StringArray) -> pa.DictionaryArray:
    codes = codes.cast(pa.int32())
    if not codes.null_count and np.array_equal(codes.to_numpy(), np.arange(len(codes))):
        recoded = indices.cast(pa.int32())
    else:
        recoded = codes.take(indices)
    return pa.DictionaryArray.from_arrays(recoded, values)


def _list_cells(values: pa.Array, rule: Rule) -> Cells:
    """Lists of the file, or texts split. An empty cell of text is an empty list, a missing list too unless `?`."""
    if isinstance(values, pa.DictionaryArray):
        values = values.dictionary.take(values.indices)
    absent = np.zeros(len(values), np.bool_)
    if _is_text(values.type):
        if rule.contract.split is None and values.null_count < len(values):
            return replace(mismatched(values, rule), mismatch="text that no `split` parts")
        values, absent = _split(values, rule)
    elif pa.types.is_null(values.type):
        values = pa.nulls(len(values), pa.list_(TEXT))
    if not pa.types.is_list(values.type):
        return mismatched(values, rule)
    if values.null_count and not rule.type.optional:
        values = pc.if_else(values.is_valid(), values, pa.scalar([], values.type))
    cells = _item_cells(values, rule)
    return cells if not absent.any() else Cells(pc.if_else(pa.array(absent), None, cells.array), cells.flaws)


def _split(values: pa.Array, rule: Rule) -> tuple[pa.ListArray, np.ndarray]:
    """Texts parted by the contract's separator, and which of them stand for a missing list."""
    texts = trim(as_texts(values))
    named = (
        pc.is_in(texts, value_set=rule.empty) if rule.empty is not None else pa.array(np.zeros(len(texts), np.bool_))
    )
    lists = pc.split_pattern(texts.fill_null(""), rule.contract.split or ";")
    return lists, named.to_numpy(zero_copy_only=False)


def _item_cells(lists: pa.ListArray, rule: Rule) -> Cells:
    """Missing items are left out of their list; a flawed item flaws its row and is left out as well."""
    starts = lists.offsets.to_numpy()
    first, last = int(starts[0]), int(starts[-1])
    starts = starts - first
    items = read_cells(lists.values.slice(first, last - first), rule.of_items())
    if items.mismatch is not None:
        return mismatched(lists, rule)
    array = items.array.cast(TEXT) if items.array.type == CODED_TEXT else items.array
    kept = known_bytes(array)
    ends = np.concatenate(([0], np.cumsum(kept))).astype(np.int32)
    validity = lists.is_null() if lists.null_count else None
    offsets = pa.array(ends[starts])
    remade = pa.ListArray.from_arrays(offsets, array.filter(pa.array(kept)), mask=validity)
    return Cells(remade, _row_flaws(items.flaws, starts, known_bytes(lists)))


def _row_flaws(flaws: np.ndarray | None, starts: np.ndarray, known: np.ndarray) -> np.ndarray | None:
    if flaws is None:
        return None
    rows = np.zeros(len(starts) - 1, np.uint8)
    at = np.flatnonzero(flaws > Flaw.NAN)
    row = np.searchsorted(starts, at, side="right") - 1
    inside = (row >= 0) & (row < len(rows))
    # Written backwards, so that the first flawed item of a row is the one that is told.
    rows[row[inside][::-1]] = flaws[at[inside]][::-1]
    rows *= known
    return rows if rows.any() else None


def fill_default(array: pa.Array, rule: Rule) -> pa.Array:
    """Missing values become the column's default, if it has one."""
    if rule.default is None or not array.null_count:
        return array
    if not isinstance(array, pa.DictionaryArray):
        return pc.fill_null(array, rule.default)
    at = array.dictionary.index(rule.default).as_py()
    values = array.dictionary
    if at < 0:
        at = len(values)
        values = pa.concat_arrays([values, pa.array([rule.default.as_py()], TEXT)])
    return pa.DictionaryArray.from_arrays(array.indices.fill_null(at), values)


def adapt(array: pa.Array, held: Type, rule: Rule) -> Cells:
    """Values already in the physical representation of `held`, as those of the rule's type."""
    same = held.kind is rule.kind and held.currency == rule.type.currency
    if rule.arrow == CODED_TEXT or (held.is_textual and rule.type.is_textual):
        return read_cells(array, rule)
    if same and rule.kind is not Kind.LIST:
        return _judged_range(Cells(array), rule)
    if same:
        return _item_cells(array, rule)
    if held.is_numeric and rule.type.is_numeric:
        return _plain_cells(array, rule)
    return mismatched(array, rule)
