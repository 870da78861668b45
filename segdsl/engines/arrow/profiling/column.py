"""What one column of a file holds."""

import re
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.physical import TEXT
from segdsl.engines.arrow.profiling.candidates import Candidate, amounts, candidates, numbers
from segdsl.engines.arrow.reading.layouts import cell
from segdsl.engines.arrow.reading.texts import trim
from segdsl.types import CURRENCIES, SYMBOLS

# Different values that are remembered with their counts.
MOST_DISTINCT = 5_000

# Currencies in one column that are told apart.
_MOST_CURRENCIES = 4

_SIGN = re.compile(r"^\(?\s*[-+−]?\s*([$€£¥₹₽₺₩₴])|([$€£¥₹₽₺₩₴])\s*[-−]?\)?$")
_CODE = re.compile(r"^([A-Z]{3})\s*[-+(]?\d|\d\)?\s*([A-Z]{3})$")
_PERCENT = r"%\s*[-−]?\)?$"
# A point and three digits: thousands or a fraction. With a zero in front, or a comma beside, it is plain which.
_EITHER = r"^[^0-9.,]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9.,]*$"
_LEADING_ZERO = r"^0[0-9]+$"
_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


@dataclass(slots=True)
class ColumnProfile:
    """Counts over all rows of one column.

    `distinct` has the different texts with their counts, None once there are more than 5,000. `held` are the column's
    known values while they may still be unique. `currencies` are the rows with the sign or code of each, `percents`
    those with a percent sign. `pointed` is a value whose point might part thousands as well as a fraction;
    `points_settled` says that another value shows which. `kind` is the Arrow type where the file has types of its own,
    None for texts. `missing` counts empty cells and NaN. `ways` are the ways to read it, numbers with `decimal` as
    their decimal sign; `comma_ways` those for numbers with a comma.
    """

    header: str
    rows: int = 0
    missing: int = 0
    kind: pa.DataType | None = None
    mixed: bool = False
    distinct: dict[str, int] | None = field(default_factory=dict)
    held: list[pa.Array] | None = field(default_factory=list)
    currencies: dict[str, int] = field(default_factory=dict)
    percents: int = 0
    pointed: str | None = None
    points_settled: bool = False
    decimal: str = "."
    leading_zeros: bool = False
    mails: int = 0
    longest: int = 0
    whole_low: int | None = None
    whole_high: int | None = None
    ways: dict[str, Candidate] = field(default_factory=candidates)
    comma_ways: dict[str, Candidate] = field(default_factory=lambda: numbers(","))

    @property
    def known(self) -> int:
        return self.rows - self.missing

    @property
    def needs_comma(self) -> bool:
        """Whether its numbers are only read with a comma as their decimal sign."""
        return self._reads(self.comma_ways) and not self._reads(self.ways)

    @property
    def needs_point(self) -> bool:
        return self._reads(self.ways) and not self._reads(self.comma_ways)

    def with_comma(self) -> "ColumnProfile":
        """The same column, its numbers read with a comma as their decimal sign."""
        return replace(self, ways={**self.ways, **self.comma_ways}, decimal=",")

    def _reads(self, ways: dict[str, Candidate]) -> bool:
        found = ways["lenient number"]
        return not found.dead and 2 * sum(found.failures.values()) < self.known

    def look(self, values: pa.Array) -> None:
        """Takes in the next rows of the column."""
        plain = plain_values(values)
        if pa.types.is_string(plain.type):
            self._look_at_texts(trim(plain))
        else:
            self._look_at_values(plain)

    def is_unique(self) -> bool:
        """Whether no known value stands in two rows."""
        if self.held is None or not self.known:
            return False
        return len(pc.unique(pa.chunked_array(self.held))) == self.known

    def duplicates(self) -> int | None:
        """Rows too many for every value to stand once; None where that can't be told."""
        return None if self.distinct is None else self.known - len(self.distinct)

    def _look_at_texts(self, texts: pa.StringArray) -> None:
        self._count(texts)
        known = texts.drop_null()
        if not len(known):
            return
        counted = known.value_counts()
        values, counts = counted.field("values"), counted.field("counts").to_numpy()
        self._note_distinct(values.to_pylist(), counts.tolist())
        self._hold(known, len(values) == len(known))
        self._note_signs(values, counts)
        self._try_ways(values, counts)
        self._note_range(values)

    def _look_at_values(self, values: pa.Array) -> None:
        if pa.types.is_floating(values.type):
            values = pc.if_else(pc.is_nan(values), None, values)
        self._count(values)
        if self.kind is not None and self.kind != values.type:
            self.mixed = True
        self.kind = values.type
        known = values.drop_null()
        if not len(known) or pa.types.is_nested(values.type):
            self.held = None
            self._note_items(known)
            return
        counted = known.value_counts()
        distinct, counts = counted.field("values"), counted.field("counts").to_numpy()
        self._note_distinct([str(cell(distinct, row)) for row in range(len(distinct))], counts.tolist())
        self._hold(known, len(distinct) == len(known))
        self._try_ways(distinct, counts)
        self._note_range(distinct)

    def _count(self, values: pa.Array) -> None:
        self.rows += len(values)
        self.missing += values.null_count

    def _note_distinct(self, texts: list[str], counts: list[int]) -> None:
        if self.distinct is None:
            return
        for text, count in zip(texts, counts, strict=True):
            self.distinct[text] = self.distinct.get(text, 0) + count
        if len(self.distinct) > MOST_DISTINCT:
            self.distinct = None

    def _note_items(self, known: pa.Array) -> None:
        if pa.types.is_list(known.type) or pa.types.is_large_list(known.type):
            items = known.flatten()
            if pa.types.is_string(items.type) or pa.types.is_large_string(items.type):
                counted = items.drop_null().value_counts()
                self._note_distinct(counted.field("values").to_pylist(), counted.field("counts").to_pylist())

    def _hold(self, known: pa.Array, apart: bool) -> None:
        if self.held is not None and apart:
            self.held.append(known)
        else:
            self.held = None

    def _note_signs(self, values: pa.StringArray, counts: np.ndarray) -> None:
        lengths = pc.utf8_length(values).to_numpy()
        self.longest = max(self.longest, int(lengths.max()))
        percent = pc.match_substring_regex(values, _PERCENT).to_numpy(zero_copy_only=False)
        self.percents += int(counts[percent].sum())
        self.leading_zeros |= bool(pc.any(pc.match_substring_regex(values, _LEADING_ZERO)).as_py())
        mails = pc.match_substring_regex(values, _MAIL).to_numpy(zero_copy_only=False)
        self.mails += int(counts[mails].sum())
        if self.currencies or not (self.ways["lenient number"].dead and self.comma_ways["lenient number"].dead):
            self._note_currencies(values.to_pylist(), counts.tolist())
            self._note_points(values)

    def _note_points(self, values: pa.StringArray) -> None:
        pointed = values.filter(pc.match_substring(values, "."))
        either = pointed.filter(pc.match_substring_regex(pointed, _EITHER))
        self.points_settled |= len(either) < len(pointed)
        if len(either) and self.pointed is None:
            self.pointed = either[0].as_py()

    def _note_currencies(self, texts: list[str], counts: list[int]) -> None:
        for text, rows in zip(texts, counts, strict=True):
            sign, code = _SIGN.search(text), _CODE.search(text)
            found = SYMBOLS.get((sign[1] or sign[2]) if sign else "") or ((code[1] or code[2]) if code else None)
            if found in CURRENCIES and any(c.isdigit() for c in text):
                self.currencies[found] = self.currencies.get(found, 0) + rows
        for currency in sorted(self.currencies)[:_MOST_CURRENCIES]:
            if f"money {currency}" not in self.ways:
                self.ways[f"money {currency}"] = amounts(currency, None)
                self.comma_ways[f"money {currency}"] = amounts(currency, ",")

    def _try_ways(self, values: pa.Array, counts: np.ndarray) -> None:
        for way in (*self.ways.values(), *self.comma_ways.values()):
            way.look(values, counts)

    def _note_range(self, values: pa.Array) -> None:
        if self.ways["lenient int"].dead:
            return
        numbers = (
            pc.if_else(pc.match_substring_regex(values, "^-?[0-9]{1,18}$"), values, None).cast(pa.int64())
            if pa.types.is_string(values.type)
            else values
        )
        if not pa.types.is_integer(numbers.type) or numbers.null_count == len(numbers):
            return
        low, high = (int(v) for v in pc.min_max(numbers).as_py().values())
        self.whole_low = low if self.whole_low is None else min(self.whole_low, low)
        self.whole_high = high if self.whole_high is None else max(self.whole_high, high)


def plain_values(values: pa.Array) -> pa.Array:
    """The values without dictionaries; all kinds of text as strings."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_large_string(values.type) or pa.types.is_null(values.type):
        return values.cast(TEXT)
    return values
