"""Hooks that declare another name than the entry point."""

from segdsl.plugin import COUNT, Function, hookimpl


@hookimpl
def segdsl_functions():
    return (Function("good_name", "One", (), COUNT, lambda: None),)
