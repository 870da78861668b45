"""The columns that `technographic` adds: what each is made from, and its type."""

from collections.abc import Callable, Sequence

from segdsl.plugin import BOOL, CATEGORY, COUNT, DATE, Input, Kind, Options, Output, Scope, Type, category, list_of
from segdsl_technographic.categories import CATEGORIES, DEPLOYMENTS, as_column

Rule = Callable[[Sequence[Type], Options], Type | str]

_NAMES = frozenset({Kind.TEXT, Kind.CATEGORY, Kind.UNKNOWN})
_DAYS = frozenset({Kind.DATE, Kind.TIMESTAMP})
_TOOLS = Input(
    "tools",
    frozenset({Kind.LIST, Kind.TEXT, Kind.CATEGORY}),
    "A list, or a text whose tools are parted by commas, semicolons or bars; of this table or of one linked to it.",
)
_SEEN = Input("seen on", _DAYS, "When the tools were seen; those seen after the clock are left out.", required=False)
_SEEN_FOR_SURE = Input("seen on", _DAYS, "When the tools were seen.")
_PAGE = Input("page", frozenset({Kind.TEXT, Kind.CATEGORY, Kind.COUNT, Kind.INT}), "What the saved page is named by.")


def _fit(types: Sequence[Type], made: Type) -> Type | str:
    """The type of a column that is missing where its tools are, or why these can't be names of tools."""
    tools = types[0]
    if tools.element is not None and tools.element.kind not in _NAMES:
        return f"tools are a list of texts or categories, and this is {tools}"
    return made.or_missing(made.optional or tools.optional)


def _always(made: Type) -> Rule:
    return lambda types, options: _fit(types, made)


def _named_by(option: str, made: Type) -> Rule:
    def rule(types: Sequence[Type], options: Options) -> Type | str:
        if option not in options:
            return f'the option `{option}` is needed for it, such as `{option}: "Salesforce", "HubSpot"`'
        return _fit(types, made)

    return rule


def _categories(types: Sequence[Type], options: Options) -> Type | str:
    """Closed, so that a misspelt category is found; open where the user's catalogue may bring its own."""
    return _fit(types, list_of(CATEGORY if "catalogue" in options else category(*CATEGORIES)))


def _uses_own_category(types: Sequence[Type], options: Options) -> Type | str:
    if "catalogue" not in options:
        return "the catalogue has no category of that name, as it has for `uses_crm` or `uses_data_warehouse`"
    return _fit(types, BOOL)


def _detected(types: Sequence[Type], options: Options) -> Type | str:
    lacking = next((option for option in ("pages", "rules") if option not in options), None)
    return f"the option `{lacking}` is needed for it" if lacking else list_of(CATEGORY).or_missing()


def _output(name: str, doc: str, rule: Rule) -> Output:
    return Output(name, doc, (_TOOLS, _SEEN), rule, Scope.TABLE)


def _seen(name: str, doc: str) -> Output:
    return Output(name, doc, (_TOOLS, _SEEN_FOR_SURE), _always(DATE.or_missing()), Scope.TABLE)


OUTPUTS = (
    _output("stack", "The tools by their names in the catalogue; unknown ones as written.", _always(list_of(CATEGORY))),
    _output("categories", "The categories of the tools.", _categories),
    _output("vendors", "The vendors of the tools.", _always(list_of(CATEGORY))),
    _output("breadth", "How many different tools there are.", _always(COUNT)),
    _output("category_breadth", "How many different categories of tools there are.", _always(COUNT)),
    _output(
        "deployment",
        "Where the tools run, from those that run only in the cloud or only on own machines; missing without any.",
        _always(category(*DEPLOYMENTS).or_missing()),
    ),
    _output("competitor_in_use", "Whether a tool of `competitors` is used.", _named_by("competitors", BOOL)),
    _output("competitors_in_use", "The tools of `competitors` used.", _named_by("competitors", list_of(CATEGORY))),
    _output("complement_in_use", "Whether a tool of `complements` is used.", _named_by("complements", BOOL)),
    _output("complements_in_use", "The tools of `complements` used.", _named_by("complements", list_of(CATEGORY))),
    *(
        _output(f"uses_{as_column(name)}", f"Whether a tool of the category `{name}` is used.", _always(BOOL))
        for name in CATEGORIES
    ),
    _output(
        "uses_*",
        "Whether a tool of a category is used that a file of your own has, named by the option `catalogue`.",
        _uses_own_category,
    ),
    _seen("first_seen", "The first day any tool was seen."),
    _seen("last_seen", "The last day any tool was seen."),
    _seen("first_seen_*", "The first day that tool, or any tool of that category, was seen."),
    _seen("last_seen_*", "The last day that tool, or any tool of that category, was seen."),
    Output(
        "detected",
        "The tools that the `rules` find on the account's saved page in `pages`; missing without a page.",
        (_PAGE,),
        _detected,
        Scope.TABLE,
    ),
)
