"""Fills a circuit's inputs from a batch: comparisons, planes of ranks, text predicates, missing values."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.batch import Batch, spread
from segdsl.engines.arrow.buffers import view
from segdsl.engines.arrow.rules.bitmap import copy_bits, fill_all
from segdsl.engines.arrow.rules.circuit import ALL, NONE, may_be_missing
from segdsl.engines.arrow.rules.codes import Kinds
from segdsl.engines.arrow.rules.kernels import Kernels, Slots
from segdsl.engines.arrow.rules.program import Circuit, Operand
from segdsl.engines.arrow.rules.ranks import Ranks, rank_table
from segdsl.engines.arrow.rules.texts import read_kinds, test_texts
from segdsl.engines.arrow.values import evaluate


def fill_inputs(circuit: Circuit, batch: Batch, slots: Slots, kernels: Kernels) -> bool:
    """Fill the slots of constants and inputs.

    False, with the slots half filled, if the circuit trusts an operand to have no missing values that has some.
    """
    slots[NONE][:] = 0
    fill_all(slots[ALL], batch.length)
    return all(_fill_operand(operand, circuit, batch, slots, kernels) for operand in circuit.operands)


def _fill_operand(operand: Operand, circuit: Circuit, batch: Batch, slots: Slots, kernels: Kernels) -> bool:
    values = spread(evaluate(operand.expr, batch), batch.length)
    if isinstance(values, pa.DictionaryArray) and values.dictionary.null_count:
        values = values.dictionary_decode()
    if values.null_count and circuit.trust_types and not may_be_missing(operand.expr):
        return False
    if values.null_count < batch.length:
        _fill_tests(operand, values, circuit, slots, kernels)
    else:
        for slot in (*operand.tested, *(slot for _, slot in operand.planes)):
            slots[slot] = 0
    _settle_missing(operand, values, slots)
    return True


def _fill_tests(operand: Operand, values: pa.Array, circuit: Circuit, slots: Slots, kernels: Kernels) -> None:
    if operand.planes:
        planes = [(plane.bit, slots[slot]) for plane, slot in operand.planes]
        match circuit.codes[operand.expr]:
            case Ranks() as ranks:
                kernels.code_planes(kernels.rank(view(values), rank_table(ranks)), planes)
            case Kinds() as kinds:
                kernels.code_planes(read_kinds(values, kinds, kernels), planes)
    if operand.numbers:
        kernels.test_values(view(values), [(test, slots[slot]) for test, slot in operand.numbers])
    if operand.texts:
        test_texts(values, [(test, slots[slot]) for test, slot in operand.texts], kernels)
    if operand.truth is not None:
        copy_bits(values.buffers()[1], values.offset, len(values), slots[operand.truth])


def _settle_missing(operand: Operand, values: pa.Array, slots: Slots) -> None:
    """Fill the slot of missing values, and make every test false where the value is missing."""
    if not values.null_count:
        if operand.missing is not None:
            slots[operand.missing][:] = 0
        return
    known = np.zeros_like(slots[ALL]) if operand.missing is None else slots[operand.missing]
    if values.null_count == len(values):
        known[:] = 0
    else:
        copy_bits(values.buffers()[0], values.offset, len(values), known)
    for slot in operand.tested:
        np.bitwise_and(slots[slot], known, out=slots[slot])
    if operand.missing is not None:
        np.bitwise_xor(known, slots[ALL], out=known)
