"""The text of a first spec: its sources, and a skeleton of what comes next as comments."""

from collections.abc import Iterator

from segdsl.language.keywords import quote_name, quote_word
from segdsl.types.column_type import repr_text
from segdsl.workflows.first_spec.columns import ColumnDraft
from segdsl.workflows.first_spec.links import dependent_columns
from segdsl.workflows.first_spec.names import singular, words
from segdsl.workflows.first_spec.sources import SourceDraft

_ACCOUNTS = ("account", "customer", "company", "client", "organisation", "organization")
_WORTH = ("revenue", "mrr", "arr", "acv", "sales", "amount", "profit", "price", "value", "spend", "charges")


def spec_text(drafts: tuple[SourceDraft, ...]) -> str:
    """The spec, not yet in canonical form."""
    lines = [
        "# A first spec, written from the data by `segdsl init`: read it through, and correct what it got wrong.",
        "",
    ]
    for draft in drafts:
        lines.extend(_source(draft))
        lines.append("")
    lines.extend(f"# {line}".rstrip() for line in _next_steps(drafts))
    return "\n".join(lines) + "\n"


def _source(draft: SourceDraft) -> Iterator[str]:
    yield from (f"# {note}" for note in draft.notes)
    yield f"source {quote_word(draft.name)} from {repr_text(draft.path)} {{"
    options = _read_options(draft)
    if options:
        yield f"  read {{ {'  '.join(options)} }}"
    for column in draft.columns:
        yield from (f"  # {note}" for note in column.notes)
        yield f"  {_column(column)}"
    yield from (f"  {line}" for line in draft.lines)
    yield "}"
    yield from _dependent(draft)


def _read_options(draft: SourceDraft) -> list[str]:
    read = draft.profile.read
    options = []
    if read.delimiter is not None:
        options.append(f"delimiter: {_sign(read.delimiter)}")
    if draft.dates is not None:
        options.append(f"dates: {repr_text(draft.dates)}")
    if read.decimal is not None:
        options.append(f"decimal: {repr_text(read.decimal)}")
    if read.encoding is not None:
        options.append(f"encoding: {repr_text(read.encoding)}")
    if read.header is not None:
        options.append(f"header: {read.header}")
    return options


def _sign(delimiter: str) -> str:
    return '"\\u{9}"' if delimiter == "\t" else repr_text(delimiter)


def _column(column: ColumnDraft) -> str:
    parts = [f"{quote_word(column.name)} : {column.type}{'?' if column.optional and not column.is_key else ''}"]
    if column.is_key:
        parts.append("key")
    if column.header and column.header != column.name:
        parts.append(f"from {_header(column.header)}")
    return "  ".join((*parts, *column.modifiers))


def _header(header: str) -> str:
    return f"`{header}`" if not header.isidentifier() else quote_word(header)


def _dependent(draft: SourceDraft) -> Iterator[str]:
    found = dependent_columns(draft)
    if found is None:
        return
    key, columns = found
    own = next(column for column in draft.columns if column.name == key)
    name = f"{singular(words(key)[0])}s"
    yield ""
    yield f"# Each {key} has one value of these, so its rows could be a source of their own:"
    yield f"# source {quote_word(name)} from {quote_word(draft.name)} {{"
    yield f"#   {quote_word(key)} : {'int' if own.kind in ('int', 'count') else 'text'} key"
    for column in columns:
        yield f"#   {quote_word(column.name)} : {column.type}{'?' if column.optional else ''}"
    yield "# }"


# ---- what comes next


def main_source(drafts: tuple[SourceDraft, ...]) -> SourceDraft:
    """The source that a segmentation is most likely about: the one most links lead to, or named like accounts."""

    def rank(draft: SourceDraft) -> tuple[int, int]:
        links = sum(line == f"links {c.name} to {draft.name}" for d in drafts for c in d.columns for line in d.lines)
        named = any(singular(word) in _ACCOUNTS for word in words(draft.name))
        return named, links

    return max(drafts, key=rank)


def next_steps(drafts: tuple[SourceDraft, ...]) -> str:
    """Population, score and segmentation over the main source, as text of the language."""
    draft = main_source(drafts)
    population = "all_rows" if draft.name == "customers" else "customers"
    taken = {column.name for column in draft.columns} | {d.name for d in drafts}
    population = population if population not in taken else f"chosen_{draft.name}"
    score = "quality" if "quality" not in taken else "quality_score"
    scheme = "fit" if "fit" not in taken else "fit_segments"
    flag = next((c for c in draft.columns if c.kind == "bool" and "test" in words(c.header)), None)
    rule = f'drop "test row" when {quote_name(flag.name)}' if flag else 'drop "left out" when false'
    lines = [
        f"population {population} from {quote_word(draft.name)} {{",
        f"  {rule}",
        "}",
        "",
        f'score {score} "What a good one is worth" for {population} {{',
        f"  base {_base(draft)}",
        "  missing terms as 0",
        "  grade quartiles",
        "}",
        "",
        f'segmentation {scheme} "Ideal customer profile" for {population} {{',
        f'  segment first "The best fit" when {_condition(draft)}',
        '  segment other "All others" otherwise',
        "}",
    ]
    return "\n".join(lines) + "\n"


def _next_steps(drafts: tuple[SourceDraft, ...]) -> Iterator[str]:
    yield "What comes next: which rows count, what a good one is worth, which segments to tell apart."
    yield "Take the signs in front away, and put your own rules in."
    yield ""
    yield from next_steps(drafts).splitlines()


def _base(draft: SourceDraft) -> str:
    amounts = [c for c in draft.columns if c.kind in ("money", "number", "count", "int") and not c.is_key]
    named = [c for word in _WORTH for c in amounts if word in words(c.header) and "id" not in words(c.header)]
    found = next(iter(named), next((c for c in amounts if c.kind in ("money", "number")), None))
    return quote_name(found.name) if found else "1"


def _condition(draft: SourceDraft) -> str:
    for column in draft.columns:
        profile = draft.profile_of(column)
        if column.kind == "category" and not column.is_key and profile is not None and profile.distinct:
            common = max(profile.distinct, key=lambda text: (profile.distinct or {})[text])
            empty = next((m for m in column.modifiers if m.startswith("empty")), "")
            if repr_text(common) not in empty:
                return f"{quote_name(column.name)} == {repr_text(common)}"
    counted = next((c for c in draft.columns if c.kind in ("count", "int", "number") and not c.is_key), None)
    return f"{quote_name(counted.name)} >= 100" if counted else "true"
