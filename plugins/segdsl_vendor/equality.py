"""Rows of two tables that have the same value, found at once for millions of rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Equal:
    """For each account: the first record with its value (-1 for none), and how many records and accounts have it.

    `values` numbers the account's value, -1 for a missing one. Records of value v are
    `by_value[starts[v]:starts[v + 1]]`, in order; accounts of value v the same in `accounts_by_value`.
    """

    first: Rows
    records: Rows
    accounts: Rows
    values: Rows
    by_value: Rows
    starts: Rows
    accounts_by_value: Rows
    account_starts: Rows

    def records_of(self, account: int, most: int) -> tuple[int, ...]:
        """The first records with an account's value."""
        value = self.values[account]
        return tuple(self.by_value[self.starts[value] : self.starts[value + 1]][:most].tolist())

    def accounts_of(self, account: int, most: int) -> tuple[int, ...]:
        """The first accounts with an account's value."""
        value = self.values[account]
        start, end = self.account_starts[value], self.account_starts[value + 1]
        return tuple(self.accounts_by_value[start:end][:most].tolist())


def match_equal(ours: pa.Array, theirs: pa.Array) -> Equal:
    """Which rows of two text columns are equal; a missing value equals nothing."""
    both = pa.chunked_array([ours, theirs], pa.string()).combine_chunks()
    codes = pc.fill_null(both.dictionary_encode().indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    mine, other = codes[: len(ours)], codes[len(ours) :]
    size = int(codes.max(initial=-1)) + 1
    by_value, starts = _grouped(other, size)
    accounts_by_value, account_starts = _grouped(mine, size)
    known = mine >= 0
    records = np.where(known, np.diff(starts)[mine] if size else 0, 0)
    accounts = np.where(known, np.diff(account_starts)[mine] if size else 0, 0)
    first = np.full(len(mine), -1, np.int64)
    first[records > 0] = by_value[starts[mine[records > 0]]]
    return Equal(first, records, accounts, mine, by_value, starts, accounts_by_value, account_starts)


def _grouped(codes: Rows, size: int) -> tuple[Rows, Rows]:
    """Rows in the order of their codes, and where each code begins; rows with code -1 are left out."""
    order = np.argsort(codes, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(codes[codes >= 0], minlength=size))])
    return order[int(np.count_nonzero(codes < 0)) :], starts.astype(np.int64)


def as_text(column: pa.Array) -> pa.Array:
    """A key's values as text, without blanks around them; an empty text is missing."""
    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(text, ""), None, text)
