"""Which kernel carries out which row-wise step."""

from segdsl.engines.arrow.execution.aggregating import aggregate_rows
from segdsl.engines.arrow.execution.classifying import classify
from segdsl.engines.arrow.execution.currencies import convert_amounts
from segdsl.engines.arrow.execution.fields import BringValues, compute_fields
from segdsl.engines.arrow.execution.filtering import filter_rows
from segdsl.engines.arrow.execution.frames import frame_values
from segdsl.engines.arrow.execution.kernel import Kernel
from segdsl.engines.arrow.execution.pointers import pointers_to
from segdsl.engines.arrow.execution.scoring import add_score
from segdsl.engines.arrow.execution.state import State
from segdsl.plan.steps import AddTerms, AggregateLink, Classify, Compute, ConvertAmounts, Filter, FollowLink, Step


def kernel_of(state: State, step: Step) -> Kernel:
    """The kernel of a row-wise step; what it needs of other tables must be there."""
    match step:
        case ConvertAmounts():
            return convert_amounts(state, step)
        case Compute():
            return compute_fields(state, step)
        case FollowLink():
            return _bring_values(state, step)
        case AggregateLink():
            return aggregate_rows(state, step)
        case Filter():
            return filter_rows(state, step)
        case AddTerms():
            return add_score(state, step)
        case Classify():
            return classify(state, step)
        case _:
            raise AssertionError(f"{type(step).__name__} is not done row by row")


def _bring_values(state: State, step: FollowLink) -> BringValues:
    parent = step.path.parent
    values = frame_values(state, parent, [node.value for node in step.values])
    pairs = tuple(zip(step.values, values, strict=True))
    return BringValues(pointers_to(state.frames[parent], step.path), pairs)
