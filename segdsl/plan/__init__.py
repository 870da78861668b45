"""From a model to a plan: what is computed, on which table, in which order. Pure Python, without Arrow."""

from segdsl.plan.builder import build_plan
from segdsl.plan.clock import Clock, clock_of
from segdsl.plan.demand import Target
from segdsl.plan.named_columns import columns_read
from segdsl.plan.printer import dot_text, json_value, tree_text
from segdsl.plan.steps import Plan, Skipped

__all__ = [
    "Clock",
    "Plan",
    "Skipped",
    "Target",
    "build_plan",
    "clock_of",
    "columns_read",
    "dot_text",
    "json_value",
    "tree_text",
]
