"""Exit statuses of the command line."""

from enum import IntEnum

from segdsl.diagnostics import Diagnostics, has_errors, has_warnings
from segdsl.diagnostics.codes import PLUGIN_FAILED, PLUGIN_TROUBLE

# Without a place in a spec, these are about what stands in the command: a path, a source, a parameter.
_NAMED_ON_THE_COMMAND_LINE = frozenset({"SEG201", "SEG501", "SEG502", "SEG507"})
_PARAMETER = "SEG506"
_RESULTS = "SEG701"
_OF_PLUGINS = PLUGIN_TROUBLE | PLUGIN_FAILED
_NOT_MET = frozenset({"SEG421", "SEG704", "SEG705"})


class Exit(IntEnum):
    """What a verb tells the shell, or the pipeline, that called it."""

    GOOD = 0
    FAILED = 1
    USAGE = 2
    BAD_DATA = 3
    PLUGIN_FAILED = 4
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Exit.GOOD: "good",
    Exit.FAILED: "a check, a requirement or a test failed",
    Exit.USAGE: "wrong usage",
    Exit.BAD_DATA: "data that can't be read or break their contract, or results that can't be written",
    Exit.PLUGIN_FAILED: "a plugin failed or isn't installed; the results of the rest are there",
    Exit.INTERRUPTED: "interrupted (Ctrl-C)",
    Exit.TERMINATED: "ended by the system",
}


def exit_of_check(found: Diagnostics, strict: bool = False) -> Exit:
    """The status of a verb that looked at a spec. With `strict` warnings count as errors, unless they are accepted."""
    if any(one.code == _PARAMETER or _is_usage(one.code, bool(one.labels)) for one in found):
        return Exit.USAGE
    if any(one.code == _RESULTS for one in found):
        return Exit.BAD_DATA
    return Exit.FAILED if has_errors(found) or (strict and has_warnings(found)) else Exit.GOOD


def exit_of_data(found: Diagnostics, strict: bool = False) -> Exit:
    """The status of a verb that went on to the data after its spec was found good."""
    errors = {one.code for one in found if one.is_error}
    if errors - _OF_PLUGINS - _NOT_MET:
        return Exit.BAD_DATA
    if errors & _OF_PLUGINS:
        return Exit.PLUGIN_FAILED
    return Exit.FAILED if errors or (strict and has_warnings(found)) else Exit.GOOD


def _is_usage(code: str, in_a_spec: bool) -> bool:
    return code in _NAMED_ON_THE_COMMAND_LINE and not in_a_spec
