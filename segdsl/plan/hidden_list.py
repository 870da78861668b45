"""Lists that no spec declares, by which a plan is asked for values of the rows of a table."""

from segdsl.diagnostics import Span
from segdsl.model.model import Audience, OutputColumn


def hidden_list(name: str, table: str, source: str, columns: tuple[OutputColumn, ...], span: Span) -> Audience:
    """All rows of a source or population in the order of the key, with the values of some columns."""
    return Audience(
        name=name,
        title="",
        table=table,
        source=source,
        where=None,
        excluded=(),
        order=(),
        take=None,
        per=None,
        hold_out=None,
        columns=columns,
        to=None,
        span=span,
    )
