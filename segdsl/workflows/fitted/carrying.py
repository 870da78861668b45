"""Labels of an earlier fit, carried over to the segments that a plugin finds now."""

from collections.abc import Sequence
from datetime import date
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostics
from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.evidence.label_matching import match_groups
from segdsl.language import syntax as s
from segdsl.model.model import Model, Scheme
from segdsl.plan import Target, build_plan, clock_of
from segdsl.record import dataclass, replace
from segdsl.workflows.fitted.labels import Labelled, as_named, carry_labels, segments_in
from segdsl.workflows.fitting import FoundSegments, Reading
from segdsl.workflows.loading import FittedFile, Loaded, with_fitted

# What the earlier segments are called beside the new ones; no spec can write such a name.
_EARLIER = "{} as fitted before"


class Carrying:
    """Gives segments the labels of those before. `labelled` are those so far, by segmentation."""

    def __init__(self, fitted: FittedFile | None, today: date, read: Reading) -> None:
        self._fitted = fitted
        self._today = today
        self._read = read
        self.labelled: dict[str, Labelled] = {}

    def __call__(self, loaded: Loaded, found: FoundSegments) -> FoundSegments | Diagnostics:
        """The segments with their labels; what went wrong on the way stops the fit."""
        earlier = None if self._fitted is None else self._fitted.bodies.get(found.scheme)
        done = as_named(found) if earlier is None else self._carried(loaded, found, earlier)
        if isinstance(done, tuple):
            return done
        self.labelled[found.scheme] = done
        return done.found

    def _carried(self, loaded: Loaded, found: FoundSegments, earlier: s.SegmentationDecl) -> Labelled | Diagnostics:
        assert self._fitted is not None
        now, before = _scheme(loaded, found.scheme, found.declared), _scheme(loaded, found.scheme, earlier)
        if now is None:
            # What is wrong with it is told where it is taken in.
            return as_named(found)
        if before is None:
            # It rests on segments that are no more, so nobody can be in it any more.
            return carry_labels(found, earlier, self._fitted.text, (), keep_order=False)
        members = self._members(*now, before[1])
        if not isinstance(members, _Members):
            return members
        old, new = _names(earlier), _names(found.declared)
        places = _places(members.before, old), _places(members.now, new)
        pairs = match_groups(*places, (len(old), len(new)))
        in_order = carry_labels(found, earlier, self._fitted.text, pairs, keep_order=found.declared.mode == "nearest")
        if new == [one.found_as for one in in_order.segments]:
            return in_order
        if self._moves_nobody(loaded, places[1], new, in_order):
            return in_order
        return carry_labels(found, earlier, self._fitted.text, pairs, keep_order=False)

    def _moves_nobody(
        self, loaded: Loaded, before: npt.NDArray[np.int64], names: Sequence[str], labelled: Labelled
    ) -> bool:
        """Whether every row is in the same segment in another order: a row between two goes to the first."""
        scheme = _scheme(loaded, labelled.found.scheme, labelled.found.declared)
        again = None if scheme is None else self._members(*scheme, scheme[1])
        if not isinstance(again, _Members):
            return False
        called = {one.found_as: one.name for one in labelled.segments}
        return np.array_equal(_places(again.now, [called[name] for name in names]), before)

    def _members(self, model: Model, now: Scheme, before: Scheme) -> "_Members | Diagnostics":
        """Who is in which segment by the new and by the earlier text, on the rows that are learned from."""
        other = replace(before, name=_EARLIER.format(now.name))
        asked = replace(model, schemes=MappingProxyType({**model.schemes, other.name: other}))
        targets = [Target("segmentation", name) for name in (now.name, other.name)]
        plan = build_plan(asked, clock_of(asked, self._today), targets)
        inputs = self._read(plan)
        if not isinstance(inputs, RunInputs):
            return inputs
        tables, found = execute(plan, asked.sources, inputs)
        if tables is None:
            return (*found, *inputs.calls.failures)
        return _Members(*(tables.members[name].column("segment") for name in (now.name, other.name)))


@dataclass(frozen=True, slots=True)
class _Members:
    """The segment of each row by two texts, null for none."""

    now: pa.ChunkedArray
    before: pa.ChunkedArray


def _places(members: pa.ChunkedArray, names: Sequence[str]) -> npt.NDArray[np.int64]:
    """The place of each row's segment among names, -1 for none."""
    found = pc.index_in(members.cast(pa.string()), value_set=pa.array(names, pa.string())).fill_null(-1)
    return np.asarray(found, dtype=np.int64)


def _names(declared: s.SegmentationDecl) -> list[str]:
    return [one.name.text for one in segments_in(declared)]


def _scheme(loaded: Loaded, name: str, body: s.SegmentationDecl) -> tuple[Model, Scheme] | None:
    """The model in which a segmentation has these segments, and the segmentation; None where they don't check.

    What the spec says of its segments rests on the names that they are still to get.
    """
    model, _ = with_fitted(loaded, {**loaded.outside.fitted, name: body}, frozenset((name,)))
    return None if model is None else (model, model.schemes[name])
