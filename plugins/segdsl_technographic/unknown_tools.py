"""The tools that the catalogue doesn't know: a note, and a table by frequency."""

import numpy as np
import pyarrow as pa

from segdsl.plugin import Note
from segdsl_technographic.mentions import Mentions
from segdsl_technographic.stacks import Sets, has_any


def note_unknown(column: str, mentions: Mentions, used: Sets) -> Note:
    """Says which accounts use tools that aren't in the catalogue."""
    count = int(mentions.unknown.sum())
    of_all = mentions.unknown[mentions.tools].mean()
    return Note(
        f"accounts with tools that the catalogue doesn't know: {count} of {len(mentions.names)} tools, "
        f"{of_all:.1%} of mentions",
        has_any(used, mentions.unknown).fill_null(False),
        column,
        "they are listed by frequency in `unknown_tools`; add them to a file, and name that with `catalogue`",
    )


def count_unknown(column: str, mentions: Mentions, used: Sets) -> pa.Table:
    """Each unknown tool with the number of accounts that use it and of its mentions; most accounts first."""
    of_account = np.bincount(used.items, minlength=len(mentions.names))
    of_mention = np.bincount(mentions.tools, minlength=len(mentions.names))
    order = np.lexsort((np.arange(len(mentions.names)), -of_mention, -of_account))
    order = order[mentions.unknown[order]]
    return pa.table(
        {
            "column": pa.array([column] * len(order), pa.string()),
            "tool": pa.array([mentions.names[place] for place in order.tolist()], pa.string()),
            "accounts": pa.array(of_account[order].astype(np.int64)),
            "mentions": pa.array(of_mention[order].astype(np.int64)),
        }
    )
