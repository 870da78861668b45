"""Numbers as the report tells them; amounts are told as plugins tell them."""

from segdsl.plugin.amounts import NOTHING as NOTHING
from segdsl.plugin.amounts import amount_text as amount_text


def share_text(share: float) -> str:
    """A share of a whole in percent."""
    return f"{share:.1%}"


def count_text(count: int) -> str:
    """A whole number."""
    return f"{count:,}"
