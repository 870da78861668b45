"""A sheet of work for people: a row an account and field, to be filled in and read back."""

from collections.abc import Sequence

from segdsl.record import dataclass

COLLECT = "collect"
RECHECK = "recheck"

ACCOUNT = "account"
# What stands behind the account and the columns that are shown with it, in this order.
COLUMNS = ("field", "definition", "provider", "collector", "value", "found_on", "note", "task")
REQUIRED = (ACCOUNT, "field", "value", "collector", "found_on")


@dataclass(frozen=True, slots=True)
class Item:
    """A value to be found: of which account (its key as text) and field, meaning what, from where, by whom.

    `shown` are texts that help to know the account; `choices` the values of a closed list. `task` is COLLECT, or
    RECHECK for a value that is looked up once more without knowing what was found before.
    """

    account: str
    shown: tuple[str, ...]
    field: str
    definition: str
    provider: str
    collector: str
    choices: tuple[str, ...]
    task: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Items in the order in which they are written; `shown` are the headers of what is shown with each account."""

    shown: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return (ACCOUNT, *self.shown, *COLUMNS)

    def cells(self, item: Item) -> tuple[str, ...]:
        """The row of an item; what people fill in is empty."""
        filled = {
            "field": item.field,
            "definition": item.definition,
            "provider": item.provider,
            "collector": item.collector,
            "task": item.task,
        }
        return (item.account, *item.shown, *(filled.get(column, "") for column in COLUMNS))


def key_text(parts: Sequence[str]) -> str:
    """A key as one text: the parts of a key of several columns stand between slashes, their own slashes marked."""
    if len(parts) == 1:
        return parts[0]
    return "/".join(part.replace("\\", "\\\\").replace("/", "\\/") for part in parts)


def deal(count: int, collectors: Sequence[str]) -> tuple[str, ...]:
    """So many accounts dealt out to people, one after the other; nobody is named where there is nobody."""
    return tuple(collectors[place % len(collectors)] if collectors else "" for place in range(count))
