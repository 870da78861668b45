"""What a declaration rests on: every other declaration that it names, those that they name, and so on.

Found by names alone, without resolving them: where two things have one name, both are taken. So nothing is missed, and
now and then too much is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from segdsl.language import syntax as s
from segdsl.language.formatter import format_tree
from segdsl.language.terms import Name
from segdsl.model.scope import KINDS
from segdsl.record import dataclass, replace

_Keyed = tuple[str, s.Declaration]
_TITLED = (s.PopulationDecl, s.ScoreDecl, s.HypothesisDecl, s.SegmentationDecl, s.AudienceDecl, s.ProviderDecl)


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What a declaration rests on, itself included.

    `declarations` are by what messages call them, such as `score quality`; `names` are all names that stand in them.
    """

    declarations: Mapping[str, s.Declaration]
    names: frozenset[str]


def dependencies_of(trees: Iterable[s.Tree], name: str) -> Dependencies:
    """What the declaration of that name rests on; nothing where there is none."""
    places, made = _by_name(trees)
    found: dict[str, s.Declaration] = {}
    names: set[str] = set()
    waiting = [name]
    while waiting:
        wanted = waiting.pop()
        if wanted in names:
            continue
        names.add(wanted)
        # A column that a plugin makes may come with others: with `revenue` comes `revenue_date`.
        meant = (*places.get(wanted, ()), *(one for name, one in made if wanted.startswith(f"{name}_")))
        for key, declared in meant:
            if key not in found:
                found[key] = declared
                waiting.extend(_names_in(declared))
    return Dependencies(MappingProxyType(dict(sorted(found.items()))), frozenset(names))


def _by_name(trees: Iterable[s.Tree]) -> tuple[Mapping[str, list[_Keyed]], list[tuple[str, _Keyed]]]:
    """Declarations by the name that means them, and those that add columns once more.

    A derived field stands alone in a block of its own.
    """
    places: dict[str, list[_Keyed]] = {}
    made: list[tuple[str, _Keyed]] = []
    for declared in (one for tree in trees for one in tree.declarations):
        match declared:
            case s.DeriveDecl(source=source, items=items):
                other = tuple(item for item in items if not isinstance(item, s.FieldDecl))
                for item in (item for item in items if isinstance(item, s.FieldDecl)):
                    key = f"field {source.text}.{item.name.text}"
                    places.setdefault(item.name.text, []).append((key, replace(declared, items=(*other, item))))
            case s.EnrichDecl(source=source, plugin=plugin, items=items):
                for column in (item for item in items if isinstance(item, s.EnrichColumn)):
                    key = f"enrich {source.text} using {plugin.text}: {column.name.text}"
                    places.setdefault(column.name.text, []).append((key, declared))
                    made.append((column.name.text, (key, declared)))
            case _ if type(declared) in KINDS:
                own: Any = declared
                places.setdefault(own.name.text, []).append((f"{KINDS[type(declared)]} {own.name.text}", declared))
    return places, made


def _names_in(node: Any) -> Iterator[str]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Name):
            yield one.text
            continue
        for part in one.__match_args__:
            value = getattr(one, part)
            inner = value if isinstance(value, tuple) else (value,)
            waiting.extend(each for each in inner if hasattr(each, "span"))


def fingerprint(declared: s.Declaration) -> str:
    """The SHA-256 of what a declaration says: titles, comments, line ends and white space don't count."""
    plain = replace(declared, title=None) if isinstance(declared, _TITLED) else declared
    # A text without line ends is formatted in one way, however the author broke it over lines.
    blank = " " * (declared.span.end + 1)
    return sha256(format_tree(s.Tree("", (plain,), ()), blank).encode()).hexdigest()
