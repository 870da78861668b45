"""Finds out what there is to say about one account, from the tables of a run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import SourceText
from segdsl.engines.arrow.aggregation.columns import truth, valid_mask
from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.execution.figures import keep_figure
from segdsl.engines.arrow.execution.filtering import is_of_remaining
from segdsl.engines.arrow.execution.frames import frame_values, inside_mask
from segdsl.engines.arrow.execution.leaves import Leaf, Leaves, leaves_of, path_name
from segdsl.engines.arrow.execution.prototypes import distances
from segdsl.engines.arrow.execution.state import inside_slot, leaf_slot, lists_slot, score_slot, term_slot
from segdsl.engines.arrow.explaining import Account, Change, RuleSet, nearest_change
from segdsl.engines.arrow.explaining.alternatives import LAST_RESORT, Spread, spread_of
from segdsl.engines.arrow.explaining.rules import rule_set
from segdsl.engines.arrow.explaining.steps import ORDERED_KINDS
from segdsl.engines.arrow.physical import Physical, arrow_type, from_physical
from segdsl.model.expression import Expr
from segdsl.model.model import Matching, Model, Population, Scheme, Score, ScoreTerm, Segment
from segdsl.plan.steps import Skipped
from segdsl.plan.traversal import externals
from segdsl.record import dataclass
from segdsl.types import INT, NUMBER, TEXT, Type, Value
from segdsl.types.display import show
from segdsl.workflows.explanation import (
    ChangeFact,
    Explanation,
    FieldChange,
    MarkFact,
    PopulationFact,
    SchemeFact,
    ScoreFact,
    TermFact,
)
from segdsl.workflows.reasons import MASK, Fact, Operand, facts, outcome, text_of, value_text


@dataclass(frozen=True, slots=True)
class Explainer:
    """Asks a run's tables about one account."""

    model: Model
    account: Account
    texts: Mapping[str, SourceText]
    skipped: tuple[Skipped, ...]

    def explain(self, schemes: Iterable[Scheme], name: Expr | None) -> Explanation:
        """What there is to say; `schemes` are those to tell of, `name` the column that the account is called by."""
        table = self.account.table
        left_out = {(one.kind, one.name) for one in self.skipped}
        populations = [p for p in self.model.populations.values() if p.source == table]
        scores = [s for s in self.model.scores.values() if s.source == table]
        return Explanation(
            table,
            tuple(str(part) for part in self.account.key()),
            "" if name is None else self._name(name),
            tuple(self._population(p) for p in populations if ("population", p.name) not in left_out),
            tuple(self._score(s) for s in scores if ("score", s.name) not in left_out),
            tuple(self._scheme(s) for s in schemes if ("segmentation", s.name) not in left_out),
            self.skipped,
        )

    def _name(self, name: Expr) -> str:
        value = self.account.value(name)
        if any(self.account.is_personal(node) for node in externals((name,))):
            return MASK
        return "" if value is None else str(value)

    def _facts(self, conditions: Iterable[Expr | None]) -> tuple[Fact, ...]:
        found = (fact for c in conditions if c is not None for fact in facts(c, self.account, self.texts))
        return tuple({fact.text: fact for fact in found}.values())

    def _inside(self, table: str) -> bool:
        slot = self.account.frame.slots.get(inside_slot(table))
        return slot is None or bool(slot[self.account.row].as_py())

    # ---- populations

    def _population(self, population: Population) -> PopulationFact:
        name, title = population.name, population.title
        if self._inside(name):
            return PopulationFact(name, title, True, False, "", "", ())
        owner = population
        while owner.parent is not None and not self._inside(owner.parent):
            owner = self.model.populations[owner.parent]
        keep, reason, found = self._drop(owner)
        return PopulationFact(name, title, False, keep, reason, "" if owner is population else owner.name, found)

    def _drop(self, population: Population) -> tuple[bool, str, tuple[Fact, ...]]:
        """The rule that dropped the account, with figures of the rows that were left when it was asked."""
        state, table, row = self.account.state, self.account.table, self.account.row
        left = inside_mask(self.account.frame, population.parent or table).copy()
        for rule in population.rules:
            for node in externals((rule.condition,)):
                if is_of_remaining(node):
                    keep_figure(state, table, node, left)
            true, _ = truth(frame_values(state, table, (rule.condition,))[0], len(left))
            drops = ~true if rule.keep else true
            if drops[row]:
                return rule.keep, rule.reason, self._facts((rule.condition,))
            left &= ~drops
        raise AssertionError(f"no rule of {population.name} dropped the row")

    # ---- scores

    def _score(self, score: Score) -> ScoreFact:
        inside = self._inside(score.population)
        slots = self.account.frame.slots
        scored = int(np.count_nonzero(valid_mask(slots[score_slot(score.name)])))
        parts = [
            self._part(slots.get(score_slot(score.name, part)), type_)
            for part, type_ in (("rank", INT), ("percentile", NUMBER), ("grade", TEXT))
        ]
        terms = tuple(self._term(score, place, term) for place, term in enumerate(score.terms)) if inside else ()
        total = self._part(slots[score_slot(score.name)], score.type)
        return ScoreFact(
            score.name, score.title, score.population, inside, score.type, terms, total, parts[0], scored, *parts[1:]
        )

    def _part(self, column: pa.Array | None, type_: Type) -> Value:
        return None if column is None else from_physical(column[self.account.row].as_py(), type_)

    def _term(self, score: Score, place: int, term: ScoreTerm) -> TermFact:
        amount = self._part(self.account.frame.slots[term_slot(score.name, place)], score.type)
        written = text_of(term.amount, self.texts)
        if term.condition is None:
            return TermFact(term.sign.value, term.label, written, amount, "", True, ())
        condition = text_of(term.condition, self.texts)
        applies = outcome(term.condition, self.account)
        found = self._facts((term.condition,))
        return TermFact(term.sign.value, term.label, written, amount, condition, applies, found)

    # ---- segmentations

    def _scheme(self, scheme: Scheme) -> SchemeFact:
        match scheme.matching:
            case Matching.OVERLAPPING:
                return self._overlapping(scheme)
            case Matching.NEAREST:
                return self._nearest(scheme)
            case _:
                return self._first(scheme)

    def _fact(self, scheme: Scheme, path: tuple[Segment, ...], otherwise: bool) -> SchemeFact:
        own = scheme.source == self.account.table
        return SchemeFact(
            name=scheme.name,
            title=scheme.title,
            matching=scheme.matching,
            population=scheme.population,
            inside=own and self._inside(scheme.population),
            segment=path_name(path),
            segment_title=path[-1].title if path else "",
            otherwise=otherwise,
            facts=self._facts(segment.condition for segment in path),
            change=None,
            complete=True,
            marks=(),
            distances=(),
        )

    def _first(self, scheme: Scheme) -> SchemeFact:
        leaves = leaves_of(scheme.segments)
        place = int(self.account.frame.slots[leaf_slot(scheme.name)][self.account.row].as_py())
        path = leaves.leaves[place].path if place >= 0 else ()
        otherwise = bool(path) and all(segment.condition is None for segment in path)
        change, complete = self._change(scheme, leaves, place)
        return replace(self._fact(scheme, path, otherwise), change=change, complete=complete)

    def _change(self, scheme: Scheme, leaves: Leaves, place: int) -> tuple[ChangeFact | None, bool]:
        rules = self._rules([leaf.condition for leaf in leaves.leaves])
        # A parent's own leaf stands for rows in none of its segments: reaching it isn't reaching a segment of its own.
        targets = [at for at, leaf in enumerate(leaves.leaves) if at != place and (leaf.whole or _is_open(leaf))]
        found = nearest_change(rules, self._spreads(scheme, rules), targets)
        if found.change is None:
            return None, found.complete
        leaf = leaves.leaves[found.change.rule]
        conditions = [segment.condition for segment in leaf.path]
        untrue = [c for c in conditions if c is not None and outcome(c, self.account) is not True]
        otherwise = all(condition is None for condition in conditions)
        reasons = self._facts(untrue)
        return self._change_fact(rules, found.change, path_name(leaf.path), reasons, otherwise), True

    def _change_fact(
        self, rules: RuleSet, change: Change, segment: str, reasons: tuple[Fact, ...], otherwise: bool
    ) -> ChangeFact:
        changed = tuple(self._field(rules, field, value) for field, value in change.assignment)
        kinds = {rules.fields[field].type.kind for field, _ in change.assignment}
        measured = kinds & ORDERED_KINDS and change.distance < LAST_RESORT
        return ChangeFact(segment, changed, change.distance if measured else None, reasons, otherwise)

    def _rules(self, conditions: list[Expr]) -> RuleSet:
        bound = self.account.bound(externals(conditions))
        return rule_set(conditions, bound, self.account.frame.source)

    def _spreads(self, scheme: Scheme, rules: RuleSet) -> tuple[Spread, ...]:
        nodes = [field.node for field in rules.fields]
        columns = frame_values(self.account.state, self.account.table, nodes)
        own = scheme.source == self.account.table
        inside = inside_mask(self.account.frame, scheme.population if own else self.account.table)
        rows = pa.array(inside) if inside.any() else pa.array(np.ones(len(inside), dtype=bool))
        return tuple(spread_of(column.filter(rows)) for column in columns)

    def _field(self, rules: RuleSet, place: int, value: Physical) -> FieldChange:
        node = rules.fields[place].node
        then = MASK if self.account.is_personal(node) else show(_value(value, rules.fields[place].type), node.type)
        return FieldChange(text_of(node, self.texts), value_text(node, self.account), then)

    def _overlapping(self, scheme: Scheme) -> SchemeFact:
        names = self.account.frame.slots[lists_slot(scheme.name)][self.account.row].as_py() or []
        marks = tuple(self._mark(scheme, segment, segment.name in names) for segment in scheme.segments)
        return replace(self._fact(scheme, (), False), marks=marks, segment=", ".join(names))

    def _mark(self, scheme: Scheme, segment: Segment, inside: bool) -> MarkFact:
        if segment.condition is None:
            return MarkFact(segment.name, segment.title, inside, True, (), None, True)
        found = self._facts((segment.condition,))
        if inside:
            return MarkFact(segment.name, segment.title, True, False, found, None, True)
        rules = self._rules([segment.condition])
        nearest = nearest_change(rules, self._spreads(scheme, rules))
        change = None
        if nearest.change is not None:
            change = self._change_fact(rules, nearest.change, segment.name, (), False)
        return MarkFact(segment.name, segment.title, False, False, found, change, nearest.complete)

    def _nearest(self, scheme: Scheme) -> SchemeFact:
        place = int(self.account.frame.slots[leaf_slot(scheme.name)][self.account.row].as_py())
        path = (scheme.segments[place],) if place >= 0 else ()
        batch = Batch(1, self.account.bound(externals(measure.value for measure in scheme.measures)))
        found = distances(scheme.measures, scheme.segments, batch)
        apart = (
            ()
            if found is None
            else tuple(
                (segment.name, float(distance)) for segment, distance in zip(scheme.segments, found, strict=True)
            )
        )
        measured = tuple(self._measured(scheme))
        return replace(self._fact(scheme, path, False), distances=apart, facts=measured)

    def _measured(self, scheme: Scheme) -> Iterator[Fact]:
        for measure in scheme.measures:
            text = text_of(measure.value, self.texts)
            operand = Operand(text, value_text(measure.value, self.account))
            yield Fact(text, None, "", (operand,))


def _is_open(leaf: Leaf) -> bool:
    """Whether rows may be in a segment without being in one of those nested in it."""
    return all(child.condition is not None for child in leaf.path[-1].children)


def _value(value: Physical, type_: Type) -> Value:
    plain = list(value) if isinstance(value, tuple) else value
    return from_physical(pa.array([plain], arrow_type(type_))[0].as_py(), type_)
