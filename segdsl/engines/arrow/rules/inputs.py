"""Fills a circuit's inputs from a batch: comparisons, planes of ranks, text predicates, missing values."""

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.batch import Batch, Values, spread
from segdsl.engines.arrow.buffers import view
from segdsl.engines.arrow.rules.bitmap import copy_bits, fill_all
from segdsl.engines.arrow.rules.circuit import ALL, NONE
from segdsl.engines.arrow.rules.codes import Kinds
from segdsl.engines.arrow.rules.kernels import Kernels, Slots
from segdsl.engines.arrow.rules.program import Circuit, Operand
from segdsl.engines.arrow.rules.ranks import Ranks, rank_table
from segdsl.engines.arrow.rules.texts import read_kinds, test_texts
from segdsl.engines.arrow.values import evaluate


def fill_inputs(circuit: Circuit, batch: Batch, slots: Slots, kernels: Kernels) -> bool:
    """Fill the slots of constants and inputs; False if what the circuit trusts to have no missing values has some."""
    if any(_has_missing(evaluate(expr, batch)) for expr in circuit.trusted):
        return False
    slots[NONE] = 0
    fill_all(slots[ALL], batch.length)
    for operand in circuit.operands:
        _fill_operand(operand, circuit, batch, slots, kernels)
    return True


def _has_missing(values: Values) -> bool:
    if isinstance(values, pa.Scalar):
        return not values.is_valid
    if isinstance(values, pa.DictionaryArray) and values.dictionary.null_count:
        return bool(values.dictionary_decode().null_count)
    return bool(values.null_count)


def _fill_operand(operand: Operand, circuit: Circuit, batch: Batch, slots: Slots, kernels: Kernels) -> None:
    values = spread(evaluate(operand.expr, batch), batch.length)
    if isinstance(values, pa.DictionaryArray) and values.dictionary.null_count:
        values = values.dictionary_decode()
    if values.null_count < batch.length:
        _fill_tests(operand, values, circuit, slots, kernels)
    else:
        for slot in (*operand.tested, *(slot for _, slot in operand.planes)):
            slots[slot] = 0
    _settle_missing(operand, values, slots)


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
