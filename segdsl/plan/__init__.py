"""From a model to a plan: what is computed, on which table, in which order. Pure Python, without Arrow."""

from segdsl.plan.bind import Bindings, bindings_of
from segdsl.plan.builder import build_plan
from segdsl.plan.demand import Target
from segdsl.plan.named_columns import columns_read
from segdsl.plan.printer import dot_text, json_value, tree_text
from segdsl.plan.steps import Plan, Skipped

__all__ = [
    "Bindings",
    "Plan",
    "Skipped",
    "Target",
    "bindings_of",
    "build_plan",
    "columns_read",
    "dot_text",
    "json_value",
    "tree_text",
]
