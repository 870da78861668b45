"""One account in a run's tables: its values, and the smallest change that would put it elsewhere."""

from segdsl.engines.arrow.explaining.account import Account, find_by_key, find_by_name, key_texts
from segdsl.engines.arrow.explaining.nearest_change import Change, Found, nearest_change
from segdsl.engines.arrow.explaining.rules import RuleSet

__all__ = [
    "Account",
    "Change",
    "Found",
    "RuleSet",
    "find_by_key",
    "find_by_name",
    "key_texts",
    "nearest_change",
]
