"""What data files hold, found by looking at every row: for a first spec."""

from segdsl.engines.arrow.profiling.column import ColumnProfile
from segdsl.engines.arrow.profiling.table import TableProfile, profile_table

__all__ = ["ColumnProfile", "TableProfile", "profile_table"]
