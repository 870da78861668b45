"""Which column of the file each declared column is."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from segdsl.diagnostics import Diagnostic, Label
from segdsl.diagnostics.suggestion import closest
from segdsl.model.source import ColumnContract


@dataclass(frozen=True, slots=True)
class Lookup:
    """The place of each found column among the headers, and the findings about the others."""

    places: dict[str, int]
    diagnostics: tuple[Diagnostic, ...]


def find_columns(contracts: Iterable[ColumnContract], headers: tuple[str, ...], file: str) -> Lookup:
    """Looks every declared column up, exactly first, then with accents encoded the same way (NFC)."""
    places: dict[str, int] = {}
    found: list[Diagnostic] = []
    normal = tuple(_normal(h) for h in headers)
    for contract in contracts:
        if contract.from_row_number:
            continue
        matches = [at for at, header in enumerate(headers) if header == contract.header]
        matches = matches or [at for at, header in enumerate(normal) if header == _normal(contract.header)]
        if len(matches) == 1:
            places[contract.name] = matches[0]
        elif matches:
            found.append(_doubled(contract, len(matches), file))
        else:
            found.append(_absent(contract, headers, file))
    return Lookup(places, tuple(found))


def _normal(header: str) -> str:
    return unicodedata.normalize("NFC", header.strip().lstrip("\ufeff"))


def _absent(contract: ColumnContract, headers: tuple[str, ...], file: str) -> Diagnostic:
    near = closest(contract.header, headers) or _alike(contract.header, headers)
    mend = "correct the header, or leave the column out"
    if near is not None:
        mend = f"did you mean `{near}`? then say so behind the type of `{contract.name}`: from `{near}`"
    listed = ", ".join(f"`{h}`" for h in headers[:30]) + (", ..." if len(headers) > 30 else "")
    return Diagnostic(
        "SEG601",
        f"`{file}` has no column `{contract.header}`",
        (Label(contract.span),),
        expected=f"a column `{contract.header}` among {listed}" if headers else f"a column `{contract.header}`",
        help=mend,
    )


def _alike(name: str, headers: tuple[str, ...]) -> str | None:
    """A header that differs only in case, spaces and signs."""
    folded = _letters(name)
    return next((h for h in headers if _letters(h) == folded), None)


def _letters(text: str) -> str:
    return "".join(c for c in _normal(text).casefold() if c.isalnum())


def _doubled(contract: ColumnContract, times: int, file: str) -> Diagnostic:
    return Diagnostic(
        "SEG611",
        f"`{file}` has {times} columns named `{contract.header}`",
        (Label(contract.span),),
        expected="one column of that name",
        help="rename all but one of them in the file",
    )
