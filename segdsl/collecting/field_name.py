"""A field by its source and its name, as a provider names what it covers: `accounts.employees`."""

from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class FieldName:
    """A column or derived field of a source."""

    source: str
    name: str

    def __str__(self) -> str:
        return f"{self.source}.{self.name}"

    def __lt__(self, other: "FieldName") -> bool:
        return (self.source, self.name) < (other.source, other.name)
