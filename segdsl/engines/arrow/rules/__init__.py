"""Conditions as bit sets: compiled once, run over batches, for segments, filters and overlapping schemes."""

from segdsl.engines.arrow.rules.matching import AllMatches, FirstMatch, all_matches, first_match
from segdsl.engines.arrow.rules.membership import member_lists
from segdsl.engines.arrow.rules.program import RuleProgram, compile_rules

__all__ = [
    "AllMatches",
    "FirstMatch",
    "RuleProgram",
    "all_matches",
    "compile_rules",
    "first_match",
    "member_lists",
]
