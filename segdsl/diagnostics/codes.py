"""The catalogue of diagnostic codes: each has a page under docs/errors/ and a spec under tests/invalid/."""

from types import MappingProxyType

from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding: its code, whether it is an error or a warning, and a title of a few words."""

    code: str
    severity: str
    title: str


# SEG1xx text and syntax, 2xx names and structure, 3xx types and units, 4xx plugins, 5xx project and files,
# 6xx data, 7xx running and results, 8xx warnings of the checker, 9xx internal.
_CATALOGUE = (
    # text and syntax
    ("SEG101", "error", "Text that can't be read"),
    ("SEG102", "error", "Unexpected word or sign"),
    ("SEG103", "error", "Habit from another language"),
    ("SEG104", "error", "Text or block without its end"),
    ("SEG105", "error", "Literal that isn't one"),
    ("SEG106", "error", "Unknown currency"),
    ("SEG107", "error", "Too large or too deep"),
    ("SEG108", "error", "Keyword used as a name"),
    ("SEG109", "error", "Parentheses needed"),
    # names and structure
    ("SEG201", "error", "Unknown name"),
    ("SEG202", "error", "Name declared twice"),
    ("SEG203", "error", "Cycle"),
    ("SEG204", "error", "Unknown property"),
    ("SEG205", "error", "Property missing"),
    ("SEG206", "error", "Wrong kind of declaration"),
    ("SEG207", "error", "Link missing or ambiguous"),
    ("SEG208", "error", "Not allowed here"),
    ("SEG209", "error", "Property given twice"),
    # types and units
    ("SEG301", "error", "Units don't agree"),
    ("SEG302", "error", "Types don't agree"),
    ("SEG303", "error", "Bare number against a unit"),
    ("SEG304", "error", "Value outside a closed category"),
    ("SEG305", "error", "Missing values undecided"),
    ("SEG306", "error", "Wrong arguments of a function"),
    ("SEG307", "error", "Value out of its range"),
    ("SEG308", "error", "Pattern refused"),
    ("SEG309", "error", "Aggregate out of place"),
    ("SEG310", "error", "Condition that is the same for every row"),
    # plugins
    ("SEG401", "error", "Plugin not installed"),
    ("SEG402", "error", "Plugin of the wrong kind"),
    ("SEG403", "error", "Option that a plugin doesn't take"),
    ("SEG404", "error", "Column that a plugin doesn't add"),
    ("SEG405", "error", "Plugin not allowed"),
    ("SEG406", "error", "Two plugins of one name"),
    ("SEG407", "error", "Plugin broken"),
    ("SEG408", "error", "Plugin failed"),
    ("SEG409", "error", "Plugin can't work with this"),
    ("SEG410", "warning", "Noted by a plugin"),
    # collecting
    ("SEG421", "error", "Nothing to collect"),
    ("SEG422", "error", "Sheet that doesn't fit"),
    ("SEG423", "warning", "Field with several definitions"),
    ("SEG424", "error", "Prices in several currencies"),
    # project and files
    ("SEG501", "error", "File not found"),
    ("SEG502", "error", "Path outside the project"),
    ("SEG503", "error", "File can't be read"),
    ("SEG504", "error", "Mistake in segdsl.toml"),
    ("SEG505", "error", "Import that imports itself"),
    ("SEG506", "error", "Parameter refused"),
    ("SEG507", "error", "Not for a fitted file"),
    # data
    ("SEG601", "error", "Column missing in the data"),
    ("SEG602", "error", "Value of the wrong type"),
    ("SEG603", "error", "Value out of range in the data"),
    ("SEG604", "error", "Value outside the closed category in the data"),
    ("SEG605", "error", "Missing value in a required column"),
    ("SEG606", "error", "Duplicate key"),
    ("SEG607", "error", "Missing key"),
    ("SEG608", "error", "Orphan link"),
    ("SEG609", "error", "Infinite number"),
    ("SEG610", "error", "Not constant in a derived source"),
    ("SEG611", "error", "File that doesn't fit its format"),
    ("SEG612", "error", "Value too large"),
    ("SEG613", "warning", "Breach mended by a policy"),
    ("SEG614", "error", "No rate for an amount"),
    # running and results
    ("SEG701", "error", "Results can't be written"),
    ("SEG702", "error", "Account not found"),
    ("SEG703", "error", "Nothing to run"),
    ("SEG704", "error", "Spec test failed"),
    ("SEG705", "error", "Requirement not met"),
    ("SEG706", "warning", "Empty segment"),
    ("SEG707", "warning", "Decided by a missing value"),
    ("SEG708", "warning", "Division by zero"),
    ("SEG709", "warning", "Left out of the run"),
    ("SEG710", "warning", "Fitted segments are stale"),
    ("SEG711", "warning", "Fitted segments of unknown origin"),
    ("SEG712", "warning", "Grades that ties blur"),
    # warnings of the checker
    ("SEG801", "warning", "Date filter without an upper bound"),
    ("SEG802", "warning", "Missing for a like source"),
    ("SEG803", "warning", "Segment that can't be reached"),
    ("SEG804", "warning", "Never used"),
    ("SEG805", "warning", "Comment that accepts nothing"),
    ("SEG821", "warning", "Proxy that is part of the score"),
    ("SEG822", "warning", "Proxy known only of customers"),
    ("SEG823", "warning", "Category of a few rows"),
    ("SEG824", "warning", "Proxy not missing by chance"),
)

# Why a plugin that a spec names can't be used; the rest of the spec can be carried out without it.
PLUGIN_TROUBLE = frozenset({"SEG401", "SEG402", "SEG405", "SEG406", "SEG407"})
# Warnings that `check` finds, all of them; the others come from data.
FOUND_BY_CHECK = frozenset({"SEG801", "SEG802", "SEG803", "SEG804", "SEG821", "SEG822"})
ACCEPTS_NOTHING = "SEG805"
# What came of a plugin that was called; what rests on it is left out.
PLUGIN_FAILED = frozenset({"SEG408", "SEG409"})

CODES: MappingProxyType[str, Code] = MappingProxyType({row[0]: Code(*row) for row in _CATALOGUE})
