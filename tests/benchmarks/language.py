"""How long a large spec takes to be read and checked, against bare Lark reading the same text.

`python -m tests.benchmarks.language [SEGMENTS]` prints medians and their ratio. The spec has 5,000 segments in ten
segmentations, a thousand fields and a score, about 1 MB of text. It is the same at every run.
"""

import sys
from collections.abc import Callable, Iterator
from random import Random
from statistics import median
from time import perf_counter

from lark import Lark

from segdsl.diagnostics import SourceText, has_errors
from segdsl.language.formatter import format_tree
from segdsl.language.grammar import read_grammar
from segdsl.language.parser import parse
from segdsl.model.build import build_model

SEGMENTS = 5_000
SCHEMES = 10
FIELDS = 1_000
ROUNDS = 5
INDUSTRIES = ("Software", "IT services", "Banking", "Insurance", "Retail", "Energy", "Logistics", "Healthcare")


def large_spec(segments: int = SEGMENTS, seed: int = 7) -> str:
    """A spec whose segments are conditions over twenty columns, with titles, owners and messages."""
    draw = Random(seed)
    lines = ["param as_of : date = 2026-01-01", 'source accounts from "accounts.csv" {', "  account_id : text key"]
    lines += [f"  number_{i} : count?" for i in range(8)]
    lines += [f"  amount_{i} : money(USD)" for i in range(6)]
    lines += [f"  industry_{i} : category" for i in range(4)]
    lines += ["  growth : ratio?", "  signed_on : date", "}", "derive accounts {"]
    lines += [f"  field_{i} = {_amount(draw)} + {_amount(draw)} * {draw.randrange(1, 9)}" for i in range(FIELDS)]
    lines += ["}", 'population customers from accounts { keep "old" when signed_on < as_of }']
    lines += ["score quality for customers {", "  base field_0"]
    lines += [f'  plus "term {i}" ${draw.randrange(1, 99)} when {_condition(draw)}' for i in range(100)]
    lines += ["  grade quartiles", "}"]
    for scheme in range(SCHEMES):
        lines += [f"segmentation scheme_{scheme} for customers {{"]
        lines += [line for i in range(segments // SCHEMES) for line in _segment(draw, i)]
        lines += ["  segment other otherwise", "}"]
    return "\n".join(lines) + "\n"


def _amount(draw: Random) -> str:
    return f"amount_{draw.randrange(6)}"


def _condition(draw: Random) -> str:
    parts = [
        f"number_{draw.randrange(8)} >= {draw.randrange(1, 5000)}",
        f"amount_{draw.randrange(6)} > ${draw.randrange(1, 900)}k",
        f'industry_{draw.randrange(4)} in ("{draw.choice(INDUSTRIES)}", "{draw.choice(INDUSTRIES)}")',
        f"field_{draw.randrange(FIELDS)} between $10 and ${draw.randrange(11, 999)}",
        f"(growth > {draw.randrange(1, 60)}% or growth is missing)",
        "signed_on within 12 months before as_of",
    ]
    return " and ".join(draw.sample(parts, draw.randrange(2, 5)))


def _segment(draw: Random, number: int) -> Iterator[str]:
    yield f'  segment segment_{number} "Segment number {number}" when {_condition(draw)} {{'
    yield f'    owner: "team {number % 12}"'
    yield f'    message awareness: "What we say to segment {number}" via "events", "email"'
    yield "  }"


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def main(segments: int) -> None:
    text = large_spec(segments)
    source = SourceText("large.seg", text)
    lark = Lark(read_grammar(), parser="lalr", lexer="contextual", maybe_placeholders=True)
    tree, mistakes = parse(source)
    _, found = build_model((tree,))
    assert not mistakes and not has_errors(found), [one.message for one in (*mistakes, *found)][:3]
    bare = _seconds(lambda: lark.parse(text))
    steps = {
        "bare Lark parse": bare,
        "parse": _seconds(lambda: parse(source)),
        "check of the tree": _seconds(lambda: build_model((tree,))),
        "parse and check": _seconds(lambda: build_model((parse(source)[0],))),
        "format": _seconds(lambda: format_tree(tree, text)),
    }
    print(f"{segments:,} segments, {len(text) / 1e6:.2f} MB, median of {ROUNDS}")
    for name, seconds in steps.items():
        print(f"{name:20}{seconds * 1000:9,.0f} ms{seconds / bare:8.2f} x bare Lark")


if __name__ == "__main__":
    # How many segments, or --quick to see that all works.
    asked = sys.argv[1] if len(sys.argv) > 1 else str(SEGMENTS)
    main(200 if asked == "--quick" else int(asked))
