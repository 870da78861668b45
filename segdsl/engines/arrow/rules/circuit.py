"""Conditions lowered to a circuit of two-valued gates over bitmaps.

Three-valued logic becomes two-valued by asking one of four yes-or-no questions of a condition: is it true, is it
false, is it not false, is it not true. NOT moves down to the atoms by exchanging questions, AND and OR hand them on.
Equal atoms and equal gates exist once, however many rules use them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from fractions import Fraction
from typing import assert_never

from segdsl.engines.arrow.rules.atom import (
    Atom,
    Below,
    Missing,
    OneOf,
    OneText,
    TextPredicate,
    Truth,
    below,
    constant_of,
    one_of,
    storage_of,
)
from segdsl.engines.arrow.rules.codes import Code
from segdsl.model.expression import (
    And,
    Case,
    Coalesce,
    Column,
    Compare,
    Comparison,
    Expr,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    Literal,
    Not,
    Or,
    TextTest,
)
from segdsl.types import Kind


class Ask(Enum):
    """What is asked of a condition; the answer is yes or no even where the condition is unknown."""

    TRUE = "true"
    FALSE = "false"
    NOT_FALSE = "not false"
    NOT_TRUE = "not true"


class Gate(IntEnum):
    AND = 0
    OR = 1
    XOR = 2


_OF_NEGATED = {
    Ask.TRUE: Ask.FALSE,
    Ask.FALSE: Ask.TRUE,
    Ask.NOT_FALSE: Ask.NOT_TRUE,
    Ask.NOT_TRUE: Ask.NOT_FALSE,
}
_FLIPPED = {
    Comparison.LESS: Comparison.MORE,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.AT_MOST,
    Comparison.EQUAL: Comparison.EQUAL,
    Comparison.UNEQUAL: Comparison.UNEQUAL,
}

# The first two nodes of every circuit: no row, and all rows.
NONE = 0
ALL = 1

Node = int


@dataclass(frozen=True, slots=True)
class Plane:
    """One binary digit of the code of an operand: its rank among cut-points, or its kind of text."""

    operand: Expr
    bit: int


@dataclass(slots=True)
class CircuitBuilder:
    """A growing circuit.

    `trust_types`: an operand whose type has no missing values is taken to have none. `coded`: operands whose values
    come as bit planes of a small code, so that each test of them is a few gates over planes.
    """

    trust_types: bool
    coded: dict[Expr, Code] = field(default_factory=dict)
    atoms: dict[Atom | Plane, Node] = field(default_factory=dict)
    gates: dict[tuple[Gate, Node, Node], Node] = field(default_factory=dict)
    trusted: dict[Expr, None] = field(default_factory=dict)
    _opposites: dict[Node, Node] = field(default_factory=lambda: {NONE: ALL, ALL: NONE})
    _lowered: dict[tuple[Expr, Ask], Node] = field(default_factory=dict)
    _selected: dict[tuple[Expr, bytes], Node] = field(default_factory=dict)
    _size: int = 2

    def atom(self, atom: Atom) -> Node:
        """The node of an atom: where it is true."""
        code = self.coded.get(atom.operand) if isinstance(atom, Below | OneOf | OneText) else None
        answers = code.answers(atom) if code is not None and isinstance(atom, Below | OneOf | OneText) else None
        if code is None or answers is None or isinstance(atom, Truth):
            return self._input(atom)
        found = self._select(atom.operand, answers, code.bits)
        return self.gate(Gate.AND, found, self.known(atom.operand))

    def _input(self, atom: Atom | Plane) -> Node:
        node = self.atoms.get(atom)
        if node is None:
            node = self.atoms[atom] = self._next()
        return node

    def _next(self) -> Node:
        self._size += 1
        return self._size - 1

    def gate(self, gate: Gate, left: Node, right: Node) -> Node:
        """The node of a gate, simplified where an operand is constant or both are the same."""
        low, high = (left, right) if left <= right else (right, left)
        match gate, low:
            case (Gate.AND, 0) | (Gate.OR, 1):
                return low
            case (Gate.AND, 1) | (Gate.OR, 0) | (Gate.XOR, 0):
                return high
        if low == high:
            return NONE if gate is Gate.XOR else low
        key = (gate, low, high)
        node = self.gates.get(key)
        if node is None:
            node = self.gates[key] = self._next()
        return node

    def opposite(self, node: Node) -> Node:
        found = self._opposites.get(node)
        if found is None:
            found = self._opposites[node] = self.gate(Gate.XOR, ALL, node)
            self._opposites[found] = node
        return found

    def chain(self, gate: Gate, nodes: Sequence[Node]) -> Node:
        """Many operands two at a time, in an order that makes rules with a common part share it."""
        result = ALL if gate is Gate.AND else NONE
        for node in sorted(set(nodes)):
            result = self.gate(gate, result, node)
        return result

    def _select(self, operand: Expr, answers: bytes, bits: int) -> Node:
        """The answer for each code, looked up by the planes of the code: halved at its highest digit."""
        if not any(answers):
            return NONE
        if all(answers):
            return ALL
        key = (operand, answers)
        node = self._selected.get(key)
        if node is None:
            half = len(answers) // 2
            plane = self._input(Plane(operand, bits - 1))
            low = self._select(operand, answers[:half], bits - 1)
            high = self._select(operand, answers[half:], bits - 1)
            node = self._selected[key] = self._choose(plane, low, high)
        return node

    def _choose(self, plane: Node, low: Node, high: Node) -> Node:
        """`high` where the plane is set, else `low`."""
        if low == high:
            return low
        if low == NONE:
            return self.gate(Gate.AND, plane, high)
        if high == ALL:
            return self.gate(Gate.OR, plane, low)
        if high == NONE:
            return self.gate(Gate.AND, self.opposite(plane), low)
        if low == ALL:
            return self.gate(Gate.OR, self.opposite(plane), high)
        return self.gate(Gate.XOR, low, self.gate(Gate.AND, plane, self.gate(Gate.XOR, low, high)))

    def known(self, operand: Expr) -> Node:
        return self.opposite(self.missing(operand))

    def missing(self, operand: Expr) -> Node:
        if self.trust_types and not may_be_missing(operand):
            self.trusted[operand] = None
            return NONE
        return self._input(Missing(operand))

    def lower(self, expr: Expr, ask: Ask) -> Node:
        """The node that answers a question about a condition."""
        key = (expr, ask)
        node = self._lowered.get(key)
        if node is None:
            node = self._lowered[key] = _lower(self, expr, ask)
        return node


def may_be_missing(expr: Expr) -> bool:
    """Whether the types allow an expression to be missing; for a comparison that is up to its operands."""
    match expr:
        case Compare(left=left, right=right):
            return may_be_missing(left) or may_be_missing(right)
        case InValues(operand=operand) | TextTest(operand=operand) | HasValues(operand=operand):
            return may_be_missing(operand)
        case _:
            return expr.type.optional


def _lower(circuit: CircuitBuilder, expr: Expr, ask: Ask) -> Node:
    match expr:
        case Literal(value=None):
            return ALL if ask in (Ask.NOT_FALSE, Ask.NOT_TRUE) else NONE
        case Literal(value=value):
            return ALL if bool(value) is (ask in (Ask.TRUE, Ask.NOT_FALSE)) else NONE
        case Not(operand=operand):
            return circuit.lower(operand, _OF_NEGATED[ask])
        case And(operands=operands):
            gate = Gate.AND if ask in (Ask.TRUE, Ask.NOT_FALSE) else Gate.OR
            return circuit.chain(gate, [circuit.lower(o, ask) for o in operands])
        case Or(operands=operands):
            gate = Gate.OR if ask in (Ask.TRUE, Ask.NOT_FALSE) else Gate.AND
            return circuit.chain(gate, [circuit.lower(o, ask) for o in operands])
        case KnownTrue(operand=operand):
            return circuit.lower(operand, Ask.TRUE if ask in (Ask.TRUE, Ask.NOT_FALSE) else Ask.NOT_TRUE)
        case IsMissing(operand=operand):
            missing = _missing(circuit, operand)
            return missing if ask in (Ask.TRUE, Ask.NOT_FALSE) else circuit.opposite(missing)
        case Coalesce(operand=operand, fallback=fallback) if expr.type.kind is Kind.BOOL:
            return _lower_fallback(circuit, operand, fallback, ask)
        case Case() if expr.type.kind is Kind.BOOL:
            return _lower_case(circuit, expr, ask)
        case Compare(left=left, right=Literal(value=bool() as wanted)) if left.type.kind is Kind.BOOL:
            return _lower_bool_comparison(circuit, expr, left, wanted, ask)
        case Compare(left=Literal(value=bool() as wanted), right=right) if right.type.kind is Kind.BOOL:
            return _lower_bool_comparison(circuit, expr, right, wanted, ask)
        case _:
            return _answer(circuit, *_lower_test(circuit, expr), ask)


def _answer(circuit: CircuitBuilder, true: Node, missing: Node, ask: Ask) -> Node:
    """The answer from where a test is true and where it is unknown."""
    match ask:
        case Ask.TRUE:
            return true
        case Ask.NOT_TRUE:
            return circuit.opposite(true)
        case Ask.NOT_FALSE:
            return circuit.gate(Gate.OR, true, missing)
        case Ask.FALSE:
            return circuit.gate(Gate.XOR, circuit.opposite(missing), true)
        case _:
            assert_never(ask)


def _missing(circuit: CircuitBuilder, operand: Expr) -> Node:
    """Where an operand is missing; for a condition, where it is neither true nor false."""
    if operand.type.kind is Kind.BOOL and not isinstance(operand, Column):
        return circuit.gate(Gate.AND, circuit.lower(operand, Ask.NOT_FALSE), circuit.lower(operand, Ask.NOT_TRUE))
    return circuit.missing(operand)


def _lower_fallback(circuit: CircuitBuilder, operand: Expr, fallback: Expr, ask: Ask) -> Node:
    # True where the operand is true, or the fallback is true and the operand not false; the other answers likewise.
    known, open_ = {
        Ask.TRUE: (Ask.TRUE, Ask.NOT_FALSE),
        Ask.NOT_FALSE: (Ask.TRUE, Ask.NOT_FALSE),
        Ask.FALSE: (Ask.FALSE, Ask.NOT_TRUE),
        Ask.NOT_TRUE: (Ask.FALSE, Ask.NOT_TRUE),
    }[ask]
    taken = circuit.gate(Gate.AND, circuit.lower(operand, open_), circuit.lower(fallback, ask))
    return circuit.gate(Gate.OR, circuit.lower(operand, known), taken)


def _lower_case(circuit: CircuitBuilder, expr: Case, ask: Ask) -> Node:
    reached, answers = ALL, []
    for branch in expr.branches:
        taken = circuit.gate(Gate.AND, reached, circuit.lower(branch.condition, Ask.TRUE))
        answers.append(circuit.gate(Gate.AND, taken, circuit.lower(branch.value, ask)))
        reached = circuit.gate(Gate.AND, reached, circuit.lower(branch.condition, Ask.NOT_TRUE))
    answers.append(circuit.gate(Gate.AND, reached, circuit.lower(expr.otherwise, ask)))
    return circuit.chain(Gate.OR, answers)


def _lower_bool_comparison(circuit: CircuitBuilder, expr: Compare, operand: Expr, wanted: bool, ask: Ask) -> Node:
    match expr.operator:
        case Comparison.EQUAL:
            return circuit.lower(operand, ask if wanted else _OF_NEGATED[ask])
        case Comparison.UNEQUAL:
            return circuit.lower(operand, _OF_NEGATED[ask] if wanted else ask)
        case _:
            return _answer(circuit, *_truth(circuit, expr), ask)


def _lower_test(circuit: CircuitBuilder, expr: Expr) -> tuple[Node, Node]:
    """Where a condition that is no combination of others is true, and where it is unknown."""
    match expr:
        case Compare(operator=operator, left=left, right=right) if left.type.is_textual:
            if isinstance(right, Literal):
                return _of_compared_text(circuit, operator, left, right)
            if isinstance(left, Literal):
                return _of_compared_text(circuit, _FLIPPED[operator], right, left)
        case Compare(operator=operator, left=left, right=right):
            found = _of_number(circuit, operator, left, right)
            found = found or _of_number(circuit, _FLIPPED[operator], right, left)
            if found is not None:
                return found
        case InValues(operand=operand, values=values) if operand.type.is_textual and None not in values:
            texts = frozenset(str(v) for v in values)
            return circuit.atom(OneText(operand, texts)), circuit.missing(operand)
        case InValues(operand=operand, values=values) if None not in values:
            constants = [constant_of(Literal(v, operand.type), operand.type) for v in values]
            numbers = frozenset(c for c in constants if isinstance(c, Fraction))
            if len(constants) == len([c for c in constants if isinstance(c, Fraction)]):
                return _of_values(circuit, operand, numbers)
        case TextTest(operand=operand):
            return _of_text(circuit, operand, expr)
    return _truth(circuit, expr)


def _truth(circuit: CircuitBuilder, expr: Expr) -> tuple[Node, Node]:
    return circuit.atom(Truth(expr)), circuit.missing(expr)


def _of_text(circuit: CircuitBuilder, operand: Expr, condition: Expr) -> tuple[Node, Node]:
    return circuit.atom(TextPredicate(operand, condition)), circuit.missing(operand)


def _of_compared_text(
    circuit: CircuitBuilder, operator: Comparison, operand: Expr, constant: Literal
) -> tuple[Node, Node]:
    missing = circuit.missing(operand)
    if constant.value is None:
        return NONE, ALL
    if operator not in (Comparison.EQUAL, Comparison.UNEQUAL):
        return _of_text(circuit, operand, Compare(operator, operand, constant))
    true = circuit.atom(OneText(operand, frozenset((str(constant.value),))))
    return true if operator is Comparison.EQUAL else _known_opposite(circuit, true, missing), missing


def _of_number(circuit: CircuitBuilder, operator: Comparison, operand: Expr, other: Expr) -> tuple[Node, Node] | None:
    constant = constant_of(other, operand.type) if storage_of(operand.type) else None
    if constant is None or isinstance(operand, Literal):
        return None
    if isinstance(constant, Literal):
        return NONE, ALL
    if operator in (Comparison.EQUAL, Comparison.UNEQUAL):
        true, missing = _of_values(circuit, operand, frozenset((constant,)))
        return (true, missing) if operator is Comparison.EQUAL else (_known_opposite(circuit, true, missing), missing)
    atom, opposite = below(operand, operator, constant)
    missing = circuit.missing(operand)
    if isinstance(atom, bool):
        true = circuit.opposite(missing) if atom else NONE
    else:
        true = circuit.atom(atom)
    return (_known_opposite(circuit, true, missing) if opposite else true), missing


def _of_values(circuit: CircuitBuilder, operand: Expr, constants: frozenset[Fraction]) -> tuple[Node, Node]:
    return circuit.atom(one_of(operand, constants)), circuit.missing(operand)


def _known_opposite(circuit: CircuitBuilder, true: Node, missing: Node) -> Node:
    return circuit.gate(Gate.XOR, circuit.opposite(missing), true)
