"""Prints a plan: as an indented tree, as JSON (plan.schema.json beside this file says how), or as a graph."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from segdsl.diagnostics.display import escape
from segdsl.plan.named_columns import columns_read
from segdsl.plan.outline import Outline, outline
from segdsl.plan.steps import Plan, Scan, Step
from segdsl.plan.uses import Thing, gives, takes

SCHEMA = Path(__file__).with_name("plan.schema.json")
VERSION = 1

Json = dict[str, Any]


def tree_text(plan: Plan) -> str:
    """The plan for people: numbered steps, what each computes, the columns read and what is left out."""
    lines = [_clock(plan)]
    for number, step in enumerate(plan.steps, 1):
        lines += _tree(outline(step), f"{number:>3}  ", " " * 5)
    lines += ["", "columns read"]
    lines += [f"  {source}: {', '.join(columns)}" for source, columns in sorted(columns_read(plan).items())]
    if plan.skipped:
        lines += ["", "left out"]
        lines += [f"  {one.kind} {one.name}: {one.reason}" for one in plan.skipped]
    return "".join(f"{escape(line)}\n" for line in lines)


def _clock(plan: Plan) -> str:
    origin = f"parameter {plan.clock_from}" if plan.clock_from else "the day of the run"
    return f"plan as of {plan.clock.isoformat()} ({origin})"


def _tree(one: Outline, head: str, indent: str) -> Iterator[str]:
    yield head + one.title
    for line in one.lines:
        yield f"{indent}  {line}"
    for inner in one.work:
        yield from _tree(inner, f"{indent}  + ", f"{indent}    ")


def json_value(plan: Plan) -> Json:
    """The plan as JSON; `needs` are the numbers of earlier steps that a step reads from."""
    needs = _needs(plan)
    return {
        "version": VERSION,
        "clock": plan.clock.isoformat(),
        "clock_from": plan.clock_from or None,
        "steps": [_step(step, number, needs[number]) for number, step in enumerate(plan.steps)],
        "columns_read": {source: list(columns) for source, columns in sorted(columns_read(plan).items())},
        "skipped": [{"kind": s.kind, "name": s.name, "reason": s.reason} for s in plan.skipped],
    }


def _step(step: Step, number: int, needs: list[int]) -> Json:
    return {"number": number + 1, "needs": [n + 1 for n in needs], **_outlined(step)}


def _outlined(step: Step) -> Json:
    one = outline(step)
    shown: Json = {"step": one.verb, "table": one.table, "title": one.title, "details": list(one.lines)}
    if isinstance(step, Scan):
        shown |= {"columns": list(step.columns), "kept": list(step.kept), "coded": list(step.coded)}
        shown |= {"held": step.held, "work": [_outlined(inner) for inner in step.work]}
    return shown


def dot_text(plan: Plan) -> str:
    """The plan as a graph in the DOT language: a box a step, an arrow to each step that reads from it."""
    lines = ["digraph plan {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif", fontsize=10];']
    for number, step in enumerate(plan.steps):
        one = outline(step)
        inner = "".join(f"\\l+ {_escaped(work.title)}" for work in one.work)
        lines.append(f'  s{number + 1} [label="{_escaped(one.title)}{inner}\\l"];')
    for number, sources in _needs(plan).items():
        lines += [f"  s{source + 1} -> s{number + 1};" for source in sources]
    return "\n".join([*lines, "}"]) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _needs(plan: Plan) -> dict[int, list[int]]:
    """For each step the earlier steps that give something it takes."""
    givers: dict[Thing, int] = {}
    needs: dict[int, list[int]] = {}
    for number, step in enumerate(plan.steps):
        own = gives(step)
        needs[number] = sorted({givers[thing] for thing in takes(step) - own if thing in givers})
        givers.update(dict.fromkeys(own, number))
    return needs
