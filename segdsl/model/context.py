"""Where a term stands: on whose row, and what holds there."""

from segdsl.model.expression import LinkPath
from segdsl.model.missing import Known
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """The row a term is evaluated on.

    `row` is the name of the source whose rows they are. Inside an aggregate, `outer` is the link that leads from the
    row to the row that is aggregated for. `known` are expressions that aren't missing here. `remaining` says that
    `over remaining` may stand here: in the rules of a population.
    """

    row: str
    known: Known = frozenset()
    unknown_as_false: bool = False
    outer: LinkPath | None = None
    remaining: bool = False
