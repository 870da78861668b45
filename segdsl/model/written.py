"""Terms in messages: as the formatter writes them, and where in a term they stand."""

from segdsl.diagnostics import Span
from segdsl.language.comments import Comments
from segdsl.language.format_term import format_term
from segdsl.language.layout import flat_text
from segdsl.language.terms import Name, Term


def as_written(term: Term) -> str:
    """A term as the formatter writes it, on one line."""
    return flat_text(format_term(term, Comments(()))) or "..."


def in_backquotes(code: str) -> str:
    """Code in a message: between double backquotes where it has backquotes of its own."""
    return f"`` {code} ``" if "`" in code else f"`{code}`"


def term_at(term: Term, span: Span | None) -> Term | None:
    """The part of a term that stands at a place, the term itself included."""
    if term.span == span:
        return term
    for slot in type(term).__match_args__:
        value = getattr(term, slot)
        for part in value if isinstance(value, tuple) else (value,):
            if hasattr(part, "span") and not isinstance(part, Name):
                found = term_at(part, span)
                if found is not None:
                    return found
    return None
