"""How figures are written in notes."""


def percent(share: float) -> str:
    """A share to be read: `42%`."""
    return f"{share:.0%}"


def exactly(share: float) -> str:
    """A share that a spec states: `12.5%`."""
    return f"{round(100 * share, 6):g}%"
