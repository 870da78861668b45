"""Tests of texts: each is computed once for each distinct text of a dictionary, and looked up for each row."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Batch, spread
from segdsl.engines.arrow.buffers import truth_bytes, view
from segdsl.engines.arrow.rules.atom import OneText, TextPredicate
from segdsl.engines.arrow.rules.bitmap import Words, pack_flags
from segdsl.engines.arrow.rules.codes import Kinds
from segdsl.engines.arrow.rules.kernels import Codes, Kernels
from segdsl.engines.arrow.values import evaluate

# Plain texts tested at least this often are coded as a dictionary first.
_CODED_FROM = 3


def read_kinds(values: pa.Array, kinds: Kinds, kernels: Kernels) -> Codes:
    """The kind of each text; any kind where it is missing."""
    if isinstance(values, pa.DictionaryArray):
        return kernels.look_up(kinds.of(values.dictionary), view(values.indices))
    return kinds.of(values)


def test_texts(values: pa.Array, tests: Sequence[tuple[OneText | TextPredicate, Words]], kernels: Kernels) -> None:
    """Each test of each text as a bitmap; any bit where the text is missing."""
    if not isinstance(values, pa.DictionaryArray) and len(tests) >= _CODED_FROM:
        values = values.dictionary_encode()
    for test, bitmap in tests:
        if isinstance(values, pa.DictionaryArray):
            answers = _answers(test, values.dictionary).view(np.uint8)
            pack_flags(kernels.look_up(answers, view(values.indices)), bitmap)
        else:
            pack_flags(_answers(test, values), bitmap)


def _answers(test: OneText | TextPredicate, texts: pa.Array) -> npt.NDArray[np.bool_]:
    if isinstance(test, OneText):
        return truth_bytes(pc.is_in(texts, value_set=pa.array(sorted(test.texts), pa.string())))
    batch = Batch(len(texts), {test.operand: texts})
    return truth_bytes(spread(evaluate(test.condition, batch), len(texts)))
