"""Rules compiled to straight-line programs over bitmaps."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.atom import Atom, Below, Missing, OneOf, OneText, TextPredicate, Truth
from segdsl.engines.arrow.rules.circuit import ALL, NONE, Ask, CircuitBuilder, Gate, Node, Plane
from segdsl.engines.arrow.rules.codes import Code, choose_codes
from segdsl.engines.arrow.rules.store import SlotStore
from segdsl.model.expression import Expr

Step = tuple[Gate, int, int, int]
Table: TypeAlias = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Operand:
    """A value that conditions test, and the slots that its tests, and whether it is missing, go to."""

    expr: Expr
    planes: tuple[tuple[Plane, int], ...]
    numbers: tuple[tuple[Below | OneOf, int], ...]
    texts: tuple[tuple[OneText | TextPredicate, int], ...]
    truth: int | None
    missing: int | None

    @property
    def tested(self) -> tuple[int, ...]:
        """The slots of tests, which are true only of known values."""
        truth = () if self.truth is None else (self.truth,)
        return tuple(slot for _, slot in self.numbers) + tuple(slot for _, slot in self.texts) + truth


@dataclass(frozen=True, slots=True, eq=False)
class Circuit:
    """A straight-line program over numbered slots, each a bitmap of the batch.

    Slot 0 is no row, slot 1 all rows. `operands` are read into slots before the steps run; a step (gate, left,
    right, out) computes one slot from two. Once the first `ready[i]` steps ran, slot `true[i]` says where rule i is
    true and `possible[i]` where it is not false; later steps may write over them. `possible` is the same slot as
    `true` for a rule that is never unknown, and for all where it was not asked for. The circuit holds only if none
    of the `trusted` is missing in any row.
    """

    operands: tuple[Operand, ...]
    codes: dict[Expr, Code]
    trusted: tuple[Expr, ...]
    steps: Table
    ready: Table
    true: Table
    possible: Table
    slots: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Which program of the same rules.

    `trust_types`: operands whose types have no missing values have none. `unknowns`: also compute where rules are
    possible. `coded_from`: from how many cut-points on a number is coded by its rank.
    """

    trust_types: bool = True
    unknowns: bool = False
    coded_from: int = 12


@dataclass(slots=True)
class Effort:
    """How much a program has been run so far: rows times rules."""

    spent: int = 0


@dataclass(frozen=True, slots=True)
class RuleProgram:
    """Conditions over one row table, in order, with the circuits made of them so far and what running them needs.

    May be run by several threads at once.
    """

    conditions: tuple[Expr, ...]
    store: SlotStore = field(default_factory=SlotStore, compare=False, repr=False)
    effort: Effort = field(default_factory=Effort, compare=False, repr=False)
    _circuits: dict[Shape, Circuit] = field(default_factory=dict, compare=False, repr=False)

    def circuit(self, shape: Shape) -> Circuit:
        found = self._circuits.get(shape)
        if found is None:
            found = self._circuits[shape] = _build(self.conditions, shape)
        return found


def compile_rules(conditions: Sequence[Expr]) -> RuleProgram:
    """A program of boolean expressions over the same rows; parameters must have been replaced by literals."""
    return RuleProgram(tuple(conditions))


def _build(conditions: tuple[Expr, ...], shape: Shape) -> Circuit:
    draft = CircuitBuilder(shape.trust_types)
    _lower_all(draft, conditions, shape)
    coded = choose_codes([a for a in draft.atoms if not isinstance(a, Plane)], shape.coded_from)
    builder = CircuitBuilder(shape.trust_types, coded) if coded else draft
    true, possible = _lower_all(builder, conditions, shape)
    return _schedule(builder, true, possible)


def _lower_all(builder: CircuitBuilder, conditions: tuple[Expr, ...], shape: Shape) -> tuple[list[Node], list[Node]]:
    true, possible = [], []
    for condition in conditions:
        true.append(builder.lower(condition, Ask.TRUE))
        possible.append(builder.lower(condition, Ask.NOT_FALSE) if shape.unknowns else true[-1])
    return true, possible


def _schedule(builder: CircuitBuilder, true: list[Node], possible: list[Node]) -> Circuit:
    """Gates in the order in which rules need them, in slots that are used again once no later step reads them."""
    operands = {node: gate for gate, node in builder.gates.items()}
    order, ready = _order(operands, list(zip(true, possible, strict=True)))
    expiring = _expiring(operands, order, ready, list(zip(true, possible, strict=True)))
    reached = {n for node in order for n in operands[node][1:]}.union(true, possible)
    inputs = [(atom, node) for atom, node in builder.atoms.items() if node in reached]
    slot = {NONE: NONE, ALL: ALL} | {node: number for number, (_, node) in enumerate(inputs, 2)}
    size = len(slot)
    free: list[int] = []
    steps: list[Step] = []
    for position, node in enumerate(order):
        free += [slot[old] for old in expiring[position]]
        gate, left, right = operands[node]
        if not free:
            free.append(size)
            size += 1
        slot[node] = free.pop()
        steps.append((gate, slot[left], slot[right], slot[node]))
    return Circuit(
        _operands([(atom, slot[node]) for atom, node in inputs]),
        builder.coded,
        tuple(builder.trusted),
        np.array(steps, np.int32).reshape(-1, 4),
        np.array(ready, np.int32),
        np.array([slot[node] for node in true], np.int32),
        np.array([slot[node] for node in possible], np.int32),
        size,
    )


def _operands(inputs: list[tuple[Atom | Plane, int]]) -> tuple[Operand, ...]:
    """The inputs of a circuit by the value they are read from."""
    by_operand: dict[Expr, list[tuple[Atom | Plane, int]]] = defaultdict(list)
    for atom, slot in inputs:
        by_operand[atom.condition if isinstance(atom, Truth) else atom.operand].append((atom, slot))
    return tuple(
        Operand(
            expr,
            tuple((a, slot) for a, slot in found if isinstance(a, Plane)),
            tuple((a, slot) for a, slot in found if isinstance(a, Below | OneOf)),
            tuple((a, slot) for a, slot in found if isinstance(a, OneText | TextPredicate)),
            next((slot for a, slot in found if isinstance(a, Truth)), None),
            next((slot for a, slot in found if isinstance(a, Missing)), None),
        )
        for expr, found in by_operand.items()
    )


def _order(
    operands: dict[Node, tuple[Gate, Node, Node]], roots: list[tuple[Node, Node]]
) -> tuple[list[Node], list[int]]:
    """Gates after their operands, rule by rule, and how many are done when each rule is."""
    order: list[Node] = []
    placed: set[Node] = set()
    ready = []
    for pair in roots:
        waiting = list(reversed(pair))
        while waiting:
            node = waiting[-1]
            inner = [n for n in operands.get(node, ())[1:] if n in operands and n not in placed]
            if node in operands and node not in placed and inner:
                waiting += reversed(inner)
                continue
            waiting.pop()
            if node in operands and node not in placed:
                placed.add(node)
                order.append(node)
        ready.append(len(order))
    return order, ready


def _expiring(
    operands: dict[Node, tuple[Gate, Node, Node]],
    order: list[Node],
    ready: list[int],
    roots: list[tuple[Node, Node]],
) -> list[list[Node]]:
    """For each step, the gates whose slots it may write over: those that no later step or rule reads."""
    last_use: dict[Node, int] = {}
    for position, node in enumerate(order):
        for operand in operands[node][1:]:
            if operand in operands:
                last_use[operand] = position
    for position, pair in zip(ready, roots, strict=True):
        for node in pair:
            if node in operands:
                last_use[node] = max(position, last_use.get(node, 0))
    expiring: list[list[Node]] = [[] for _ in range(len(order) + 1)]
    for node, position in last_use.items():
        expiring[position].append(node)
    return expiring
