"""How files are read, from the `read` of a source."""

from segdsl.language import syntax as s
from segdsl.language.terms import Reference
from segdsl.model.catalog import PluginKind
from segdsl.model.plugin_options import use_plugin
from segdsl.model.scope import Scope, check_properties, plain_values
from segdsl.model.source import ReadOptions
from segdsl.types import Value

_FORMAT = "format"
# Signs that are given by name, as the language writes them.
_NAMED_SIGNS = {
    "comma": '","',
    "semicolon": '";"',
    "tab": r'"\u{9}"',
    r"\t": r'"\u{9}"',
    "pipe": '"|"',
    "bar": '"|"',
    "point": '"."',
    "dot": '"."',
    "period": '"."',
}
_SIGN_EXAMPLES = {
    "delimiter": 'write `";"`, for example',
    "quote": 'write `"\'"`, for example',
    "decimal": 'write `","`, for example',
}
_PROPERTIES = ("delimiter", "dates", "encoding", "sheet", "header", "decimal", "quote")


def read_options(scope: Scope, decl: s.SourceDecl) -> ReadOptions | None:
    """What the `read` of a source says; None where there is none, or it can't be told which plugin is meant."""
    blocks = [i for i in decl.items if isinstance(i, s.ReadBlock)]
    if not blocks:
        return None
    properties = [p for b in blocks for p in b.properties]
    named = next((p for p in properties if p.name.text == _FORMAT), None)
    if named is not None:
        return _read_by_plugin(scope, named, [p for p in properties if p is not named])
    found = check_properties(scope, properties, _PROPERTIES, "`read`")
    values: dict[str, Value] = {name: plain_values(item)[0] for name, item in found.items()}
    for name, value in values.items():
        wanted: type = int if name == "header" else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            what = "a line number" if name == "header" else "a text in double quotes"
            scope.report("SEG302", f"`{name}` must be {what}", found[name].span, f"write it as {what}")
            values[name] = None
    for name in ("delimiter", "quote", "decimal"):
        sign = values.get(name)
        if isinstance(sign, str) and len(sign) != 1:
            meant = _NAMED_SIGNS.get(sign.lower())
            mend = _SIGN_EXAMPLES[name] if meant is None else f"write `{meant}`"
            scope.report("SEG307", f"`{name}` must be one character", found[name].span, mend)
            values[name] = None
    dates = values.get("dates")
    if isinstance(dates, str) and not _is_date_pattern(dates):
        mend = 'write the order with D, M and Y, such as "DD/MM/YYYY", "M/D/YYYY" or "YYYY-MM-DD"'
        scope.report("SEG307", f"`{dates}` is no pattern of dates", found["dates"].span, mend)
        values["dates"] = None
    return ReadOptions(**values)  # type: ignore[arg-type]


def _read_by_plugin(scope: Scope, named: s.Property, others: list[s.Property]) -> ReadOptions | None:
    """The format is a plugin's, and so are all other properties."""
    value = named.values[0]
    if len(named.values) != 1 or not isinstance(value, Reference) or len(value.parts) != 1:
        mend = "formats that are built in are told by the end of the file's name"
        scope.report("SEG302", "`format` names a plugin that reads files", named.span, mend)
        return None
    return ReadOptions(plugin=use_plugin(scope, value.parts[0], PluginKind.READER, others))


def _is_date_pattern(pattern: str) -> bool:
    letters = "".join(c for c in pattern if c.isalpha())
    return sorted(set(letters)) == ["D", "M", "Y"] and all(
        letters.count(c) in ((4,) if c == "Y" else (1, 2)) for c in "DMY"
    )
