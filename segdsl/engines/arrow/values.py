"""Evaluates an expression on the rows of a batch."""

from typing import assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.amounts import stop_too_large
from segdsl.engines.arrow.arithmetic import combine, negate
from segdsl.engines.arrow.batch import Batch, EvaluationStopped, UnboundExpression, Values
from segdsl.engines.arrow.buffers import known_bytes, known_true, truth_bytes
from segdsl.engines.arrow.choice import Choice, choose, conform, find_band
from segdsl.engines.arrow.comparison import compare, compare_with_bound, find_bound, is_in
from segdsl.engines.arrow.functions import KERNELS, apply
from segdsl.engines.arrow.lists import has_values
from segdsl.engines.arrow.physical import scalar_type, to_physical
from segdsl.engines.arrow.plugin_functions import apply_plugin
from segdsl.engines.arrow.selection import evaluate_where
from segdsl.engines.arrow.text import is_overflow, match_text, too_long
from segdsl.model.expression import (
    And,
    Arithmetic,
    Band,
    Call,
    Case,
    Coalesce,
    Column,
    Compare,
    Expected,
    Expr,
    Follow,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    LinkAggregate,
    Literal,
    Negate,
    Not,
    Or,
    ScoreOf,
    SegmentOf,
    TableAggregate,
    TextTest,
    Unresolved,
)


def evaluate(expr: Expr, batch: Batch) -> Values:
    """The values of `expr`: an array of `batch.length`, or a scalar where every row has the same value.

    Arrays are in the physical representation of `expr.type`; text and category come plain or coded. What is
    bound is taken from `batch.bound`, and what is computed is put there. Lapses (a zero divisor, a logarithm
    of 0, a date beyond the calendar) give missing values and are counted in `batch.tally`. Raises
    EvaluationStopped where the data can't be computed on, UnboundExpression for a node that the caller had to
    bind.
    """
    if isinstance(expr, Literal):
        return _literal(expr)
    found = batch.bound.get(expr)
    if found is None:
        try:
            found = batch.bound[expr] = _compute(expr, batch)
        except pa.ArrowException as error:
            if not is_overflow(error):
                raise
            message = f"the texts of {batch.length:,} rows here are too long together"
            raise EvaluationStopped(too_long(message, "less than 2 GB", expr.span)) from None
    return found


def _compute(expr: Expr, batch: Batch) -> Values:
    match expr:
        case Literal():
            return _literal(expr)
        case Negate():
            return negate(expr, evaluate(expr.operand, batch))
        case Arithmetic():
            return combine(expr, evaluate(expr.left, batch), evaluate(expr.right, batch), batch.tally)
        case Compare():
            return _compare(expr, batch)
        case And():
            return _all_true(expr, batch)
        case Or():
            return _one_true(expr, batch)
        case Not():
            return pc.invert(evaluate(expr.operand, batch))
        case IsMissing():
            return pc.is_null(evaluate(expr.operand, batch))
        case KnownTrue():
            return known_true(evaluate(expr.operand, batch))
        case Coalesce():
            return _coalesce(expr, batch)
        case InValues():
            return is_in(evaluate(expr.operand, batch), expr.values, expr.operand.type)
        case TextTest():
            return match_text(expr, evaluate(expr.operand, batch))
        case HasValues():
            return _has_values(expr, batch)
        case Case():
            return _case(expr, batch)
        case Band():
            return find_band(expr, evaluate(expr.operand, batch))
        case Call() if expr.function in KERNELS:
            arguments = tuple(evaluate(argument, batch) for argument in expr.arguments)
            return apply(expr, arguments, batch.tally)
        case Call() if expr.compute is not None:
            arguments = tuple(evaluate(argument, batch) for argument in expr.arguments)
            return apply_plugin(expr, arguments, batch.length)
        case Call() | Column() | Follow() | LinkAggregate() | TableAggregate():
            raise UnboundExpression(expr)
        case ScoreOf() | SegmentOf() | Expected() | Unresolved():
            raise UnboundExpression(expr)
        case _:
            assert_never(expr)


def _literal(expr: Literal) -> pa.Scalar:
    try:
        return pa.scalar(to_physical(expr.value, expr.type), scalar_type(expr.type))
    except OverflowError:
        stop_too_large(expr.type, expr.span)


def _compare(expr: Compare, batch: Batch) -> Values:
    bound = find_bound(expr)
    if bound is not None:
        return compare_with_bound(bound, evaluate(bound.operand, batch))
    return compare(expr, evaluate(expr.left, batch), evaluate(expr.right, batch))


def _all_true(expr: And, batch: Batch) -> Values:
    answer: Values = pa.scalar(True)
    for operand in expr.operands:
        answer = pc.and_kleene(answer, evaluate(operand, batch))
    return answer


def _one_true(expr: Or, batch: Batch) -> Values:
    answer: Values = pa.scalar(False)
    for operand in expr.operands:
        answer = pc.or_kleene(answer, evaluate(operand, batch))
    return answer


def _has_values(expr: HasValues, batch: Batch) -> Values:
    element = expr.operand.type.element
    assert element is not None
    return has_values(evaluate(expr.operand, batch), expr.values, expr.every, element)


def _coalesce(expr: Coalesce, batch: Batch) -> Values:
    operand = evaluate(expr.operand, batch)
    if isinstance(operand, pa.Scalar):
        return conform(operand if operand.is_valid else evaluate(expr.fallback, batch), expr.type)
    if not operand.null_count:
        return conform(operand, expr.type)
    known = known_bytes(operand)
    fallback = evaluate_where(expr.fallback, ~known, batch, evaluate)
    return choose([(known, operand)], fallback, expr.type)


def _case(expr: Case, batch: Batch) -> Values:
    parts: list[Choice] = []
    left: np.ndarray | None = None
    for branch in expr.branches:
        condition = evaluate_where(branch.condition, left, batch, evaluate)
        if isinstance(condition, pa.Scalar):
            if condition.as_py():
                return choose(parts, evaluate_where(branch.value, left, batch, evaluate), expr.type)
            continue
        true = truth_bytes(condition) if left is None else truth_bytes(condition) & left
        if true.any():
            parts.append((true, evaluate_where(branch.value, true, batch, evaluate)))
            left = ~true if left is None else left & ~true
    return choose(parts, evaluate_where(expr.otherwise, left, batch, evaluate), expr.type)
