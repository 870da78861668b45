"""What a fitted file may say: the segments of segmentations that plugins find, and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.diagnostics.suggestion import closest
from segdsl.language import syntax as s

_CODE = "SEG507"
_TWICE = "SEG202"


def fitted_bodies(spec: Iterable[s.Tree], fitted: s.Tree) -> tuple[Mapping[str, s.SegmentationDecl], Diagnostics]:
    """The segmentations of a fitted file by name, and what else stands in it. What is refused gives no body.

    `spec` are the trees of the spec and its imports.
    """
    trees = tuple(spec)
    declared = {
        one.name.text: one for tree in trees for one in tree.declarations if isinstance(one, s.SegmentationDecl)
    }
    # A declaration that was lost with a mistake in its text may well be there.
    lost = {name.text for tree in (*trees, fitted) for name in tree.broken}
    broken = {name.text for name in fitted.broken}
    bodies: dict[str, s.SegmentationDecl] = {}
    found: list[Diagnostic] = []
    for one in fitted.declarations:
        wrong = tuple(_faults(one, declared, lost, bodies))
        found += wrong
        if not wrong and isinstance(one, s.SegmentationDecl) and one.name.text in declared.keys() - broken:
            bodies[one.name.text] = one
    return MappingProxyType(bodies), tuple(found)


def _faults(
    one: s.Declaration,
    declared: Mapping[str, s.SegmentationDecl],
    lost: Iterable[str],
    before: Mapping[str, s.SegmentationDecl],
) -> Iterator[Diagnostic]:
    """What is wrong with a declaration of a fitted file; the first that matters is enough."""
    if not isinstance(one, s.SegmentationDecl):
        message = "A fitted file gives segments and nothing else"
        yield Diagnostic(_CODE, message, (Label(one.span),), help="move this into the spec")
        return
    name = one.name.text
    first, written = before.get(name), declared.get(name)
    if first is not None:
        labels = (Label(one.name.span, "again here"), Label(first.name.span, "first here"))
        yield Diagnostic(_TWICE, f"`{name}` is declared twice", labels, help="keep one of the two")
    elif written is not None:
        yield from _disagreements(one, written)
    elif name not in lost and "" not in lost:
        near = closest(name, (other for other, decl in declared.items() if decl.plugin is not None))
        mend = f"did you mean `{near}`?" if near else "remove it, or correct its name"
        label = (Label(one.name.span),)
        yield Diagnostic(_CODE, f"The spec has no segmentation `{name}`", label, help=mend)


def _disagreements(one: s.SegmentationDecl, written: s.SegmentationDecl) -> Iterator[Diagnostic]:
    name, population = one.name.text, written.population.text
    label, wanted, mend = one.name.span, "", ""
    if written.plugin is None:
        found, mend = f"The spec itself writes the segments of `{name}`", "remove it here"
    elif one.plugin is not None:
        found, label, mend = f"`{name}` has no segments here", one.plugin.span, "write segments, or remove it here"
    elif one.mode == "overlapping":
        found, wanted = (
            f"The segments of `{name}` overlap",
            "rules of which the first that is true counts, or prototypes",
        )
    elif one.population.text != population:
        found, label = f"In the spec `{name}` is for `{population}`", one.population.span
        mend = f"write `for {population}`"
    elif one.title is not None:
        found, label, mend = f"The title of `{name}` stands in the spec", one.title.span, "remove it here"
    else:
        return
    yield Diagnostic(_CODE, found, (Label(label),), expected=wanted, help=mend)
