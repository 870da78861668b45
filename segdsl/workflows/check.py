"""`check`: everything that is wrong with a spec, found without its data."""

from collections.abc import Mapping
from pathlib import Path

from segdsl.model.model import Model
from segdsl.workflows.loading import NOTHING_SET, Loaded, load


def check(argument: Path, root: Path | None = None, settings: Mapping[str, str] = NOTHING_SET) -> Loaded:
    """The spec that `argument` means, with all that is wrong with it."""
    return load(argument, root, settings)


def count_parts(model: Model) -> tuple[tuple[str, int], ...]:
    """How much a spec declares, by kind, for the line that says it is good; kinds that don't occur are left out."""
    counts = (
        ("source", len(model.sources)),
        ("field", len(model.fields)),
        ("population", len(model.populations)),
        ("score", len(model.scores)),
        ("hypothesis", len(model.hypotheses)),
        ("segmentation", len(model.schemes)),
        ("audience", len(model.audiences)),
        ("test", len(model.tests)),
    )
    return tuple((kind, count) for kind, count in counts if count)
