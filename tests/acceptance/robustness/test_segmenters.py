"""Segmenters on data that are hardly data, from a file to members: a clear word or right numbers, no traceback."""

import csv
import random
import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from segdsl.workflows.run import Finished, Request, run

Row = Mapping[str, Any]

TYPES = {
    "goal": "number?",
    "x": "number?",
    "fee": "money(USD)?",
    "n": "count?",
    "kind": "category?",
    "flag": "bool?",
    "since": "duration?",
}
SCHEMES = {
    "tree": ("tree", "target: goal  features: x, fee, n, kind, flag, since"),
    "lookalike": ("lookalike", "target: goal  features: x, fee, n, kind, flag, since"),
    "kmeans": ("kmeans", "features: x, fee, kind, flag  clusters: 2 .. 3"),
    "kmeans of numbers": ("kmeans", "features: x  clusters: 2 .. 3"),
    "kmeans unscaled": ("kmeans", "features: x  clusters: 2  scaling: none  transform: none"),
    "value": ("value", "of: fee"),
    "quarters": ("value", "of: fee  method: quantiles"),
    "fixed": ("value", "of: fee  method: fixed  cuts: $10, $100"),
    "rfm": ("rfm", "recency: since  frequency: n  monetary: fee"),
}


def ordinary(chance: random.Random, **other: Any) -> Row:
    x = chance.gauss(0, 1)
    row = {
        "goal": f"{2 * x + chance.gauss(0, 1):.3f}",
        "x": f"{x:.3f}",
        "fee": f"{chance.lognormvariate(5, 1):.2f}",
        "n": chance.randrange(1, 40),
        "kind": chance.choice("abc"),
        "flag": chance.choice(("true", "false")),
        "since": f"{chance.randrange(1, 400)} days",
    }
    return {**row, **other}


ALIKE = {"goal": 1, "x": 2, "fee": 3, "n": 4, "kind": "a", "flag": "true", "since": "5 days"}
EMPTY = dict.fromkeys(TYPES, "")
ODD = ["日本", "\u202eabc", 'say "x"', "O'Brien; \\n", "<b>", "=cmd()", "e\u0301", "{ } # when"]


def separated(place: int) -> Row:
    """Two groups that every field tells apart without fail."""
    high = place % 2
    group = (high, 100 * high + 0.01 * place, 1_000 * high + 10 + place, 1 + 50 * high, "ab"[high], bool(high))
    return dict(zip(TYPES, (*group, f"{1 + 300 * high + place % 3} days"), strict=True))


def magnitude(chance: random.Random, low: int, high: int) -> str:
    return f"{10 ** chance.uniform(low, high):.5e}"


CASES: dict[str, Callable[[random.Random], Sequence[Row]]] = {
    "constant": lambda _: [ALIKE] * 60,
    "one account": lambda chance: [ordinary(chance)],
    "zero accounts": lambda _: [],
    "all missing": lambda _: [EMPTY] * 60,
    "5,000 categories": lambda chance: [ordinary(chance, kind=f"kind {place}") for place in range(5_000)],
    "perfect separation": lambda _: [separated(place) for place in range(200)],
    "infinite": lambda chance: [
        *(ordinary(chance) for _ in range(50)),
        {**ALIKE, "goal": "inf", "x": "-inf", "fee": "inf"},
    ],
    "duplicates": lambda chance: [row for row in (separated(0), separated(1)) for _ in range(100)],
    "ties": lambda _: [{**ALIKE, "goal": place % 2} for place in range(200)],
    "huge": lambda chance: [
        ordinary(
            chance, x=magnitude(chance, 290, 307), goal=magnitude(chance, 290, 307), fee=chance.randrange(9 * 10**12)
        )
        for _ in range(200)
    ],
    "large": lambda chance: [
        ordinary(chance, x=magnitude(chance, 40, 57), goal=magnitude(chance, 40, 57)) for _ in range(200)
    ],
    "tiny": lambda chance: [
        ordinary(
            chance,
            x=magnitude(chance, -300, -280),
            goal=magnitude(chance, -300, -280),
            fee=0.01 * chance.randrange(1, 9),
        )
        for _ in range(200)
    ],
    "close": lambda chance: [
        ordinary(chance, x=repr(1e15 + place / 8), goal=repr(1 + place * 2.3e-16)) for place in range(200)
    ],
    "odd texts": lambda chance: [ordinary(chance, kind=chance.choice(ODD)) for _ in range(300)],
}
# What is said, by case and scheme; None where segments are found.
SAID: dict[str, dict[str, str | None]] = {
    "constant": {
        "tree": "`goal` is the same in all 60 rows",
        "lookalike": "`goal` is the same in all 60 rows",
        "kmeans": "`x` is the same in all 60 accounts",
        "value": "`fee` is the same in all 60 accounts",
        "fixed": None,
        "rfm": "`since` is the same in all 60 accounts",
    },
    "one account": {
        "tree": "`goal` is known in 1 row",
        "lookalike": "of 1 row with a known `goal`",
        "kmeans": "1 account has every feature",
        "value": "only 1 account has a `fee` above 0",
        "fixed": None,
        "rfm": "1 of 1 account",
    },
    "zero accounts": {
        "tree": "`goal` is known in 0 rows",
        "lookalike": "of 0 rows with a known `goal`",
        "kmeans": "there are no accounts",
        "value": "no account has a `fee` above 0",
        "rfm": "0 of 0 accounts",
    },
    "all missing": {
        "tree": "`goal` is known in 0 rows",
        "lookalike": "of 0 rows with a known `goal`",
        "kmeans": "no account has every feature",
        "value": "no account has a `fee` above 0",
        "rfm": "0 of 60 accounts",
    },
    "5,000 categories": {},
    "perfect separation": {},
    "infinite": dict.fromkeys(("tree", "lookalike", "kmeans", "value", "rfm"), "value beyond any number"),
    "duplicates": {
        "kmeans": "there are 2 different accounts",
        "quarters": "4 tiers can't be told apart",
        "kmeans unscaled": "there are 2 different accounts",
    },
    "ties": {
        "tree": "every feature is the same in all rows",
        "lookalike": "every feature is the same in all rows",
        "kmeans": "`x` is the same in all 200 accounts",
        "value": "`fee` is the same in all 200 accounts",
        "fixed": None,
        "rfm": "`since` is the same in all 200 accounts",
    },
    "huge": {
        "tree": "`goal` is known in 0 rows",
        "lookalike": "of 0 rows with a known `goal`",
        "kmeans": "no account has every feature",
    },
    "large": {
        "kmeans": "can't be written",
        "kmeans unscaled": "too large to be measured",
    },
    "tiny": {"kmeans": "varies too little to be measured"},
    "close": {},
    "odd texts": {},
}


def said(case: str, scheme: str) -> str | None:
    """What is expected of a scheme, by its own name or that of its plugin."""
    told = SAID[case]
    return told[scheme] if scheme in told else told.get(SCHEMES[scheme][0])


def ran(folder: Path, rows: Sequence[Row], types: Mapping[str, str], plugin: str, options: str) -> Finished:
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *types])
        writer.writerows([f"A{place}", *row.values()] for place, row in enumerate(rows))
    columns = "".join(f"  `{name}` : {type_}\n" for name, type_ in types.items())
    spec = f'source accounts from "accounts.csv" {{\n  id : text key\n{columns}}}\n'
    spec += f"segmentation found for accounts using {plugin} {{ {options} }}\n"
    (folder / "spec.seg").write_text(spec, encoding="utf-8")
    # A number that overflows on the way is a warning of numpy's, and a mistake here.
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return run(Request(folder / "spec.seg", write=False))


def members(finished: Finished) -> Counter[str | None]:
    assert finished.tables is not None
    return Counter(finished.tables.members["found"].column("segment").to_pylist())


def notes(finished: Finished) -> list[str]:
    text = next(one.text for name, one in finished.loaded.texts.items() if " as found by " in name)
    return [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")]


def check_counts(finished: Finished, rows: int) -> None:
    """What the notes count is what the members are."""
    found = members(finished)
    assert found.total() == rows
    told = [re.match(r"(\w+): ([\d,]+) (?:rows|of [\d,]+ accounts|accounts)\b", note) for note in notes(finished)]
    for match in told:
        if match is not None:
            assert found[match[1]] == int(match[2].replace(",", "")), match[0]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("case", CASES)
def test_a_clear_word_or_right_numbers(tmp_path: Path, case: str, scheme: str) -> None:
    rows = CASES[case](random.Random(1))
    finished = ran(tmp_path, rows, TYPES, *SCHEMES[scheme])
    errors = [one for one in finished.diagnostics if one.is_error]
    expected = said(case, scheme)
    if expected is None:
        assert [one.message for one in errors] == []
        check_counts(finished, len(rows))
    else:
        assert errors and all(one.code in ("SEG409", "SEG609") for one in errors), [one.message for one in errors]
        assert expected in errors[0].message
        assert max(len(one.message) for one in errors) < 200
        assert finished.tables is None or "found" not in finished.tables.members


@pytest.mark.parametrize(("plugin", "options"), [("tree", "target: goal "), ("kmeans", "clusters: 2 ")])
def test_numbers_beyond_reach_count_as_missing_and_are_told(tmp_path: Path, plugin: str, options: str) -> None:
    rows = [{"goal": place % 2 * 50 + place % 7, "x": place % 2 * 10 + place % 3} for place in range(60)]
    rows = [{**row, "x": "1e101"} if place in (4, 9) else row for place, row in enumerate(rows)]
    types = dict.fromkeys(("goal", "x"), "number?")
    finished = ran(tmp_path, rows, types, plugin, f"{options} features: x")
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    told = "`x`: 2 values beyond 1e+60 are too large to learn from, and count as missing"
    assert told in " ".join(notes(finished))
    blank = [{**row, "x": ""} if place in (4, 9) else row for place, row in enumerate(rows)]
    again = ran(tmp_path, blank, types, plugin, f"{options} features: x")
    assert [one for one in notes(finished) if one != told] == notes(again)
    none = ran(
        tmp_path, [{**row, "goal": "1e200", "x": "-1e200"} for row in rows], types, plugin, f"{options} features: x"
    )
    errors = [one for one in none.diagnostics if one.is_error]
    assert [one.code for one in errors] == ["SEG409"]
    assert "`x`: 60 values beyond 1e+60 are too large to learn from, and count as missing" in errors[0].notes


@pytest.mark.parametrize(("plugin", "options"), [("tree", "target: goal "), ("kmeans", "clusters: 2 ")])
def test_values_that_can_not_be_shown_tell_segments(tmp_path: Path, plugin: str, options: str) -> None:
    rows = [{"goal": place % 2 * 50 + place % 7, "kind": ("\x1b[31mred", "a\tb\nc")[place % 2]} for place in range(60)]
    features = "kind, goal" if plugin == "kmeans" else "kind"
    finished = ran(tmp_path, rows, {"goal": "number", "kind": "category"}, plugin, f"{options} features: {features}")
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    assert sorted(members(finished).values()) == [30, 30]
    titles = (
        "".join(one.title for one in finished.loaded.model.schemes["found"].segments) if finished.loaded.model else ""
    )
    assert "red" in titles and titles.isprintable()


@pytest.mark.parametrize(("plugin", "options"), [("tree", "target: goal "), ("kmeans", "clusters: 2 ")])
def test_three_hundred_features_of_any_name(tmp_path: Path, plugin: str, options: str) -> None:
    chance = random.Random(2)
    names = [f"größe {place} (m²)" if place % 2 else f"数_{place}" for place in range(300)]
    group = [place % 2 for place in range(120)]
    rows = [
        {"goal": 5 * high + chance.gauss(0, 1), **{name: chance.gauss(4 * high, 1) for name in names}} for high in group
    ]
    types = dict.fromkeys(("goal", *names), "number")
    listed = ", ".join(f"`{name}`" for name in names)
    finished = ran(tmp_path, rows, types, plugin, f"{options} features: {listed}")
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    check_counts(finished, 120)
    assert finished.tables is not None
    table = finished.tables.members["found"]
    segments = dict(zip(*(table.column(name).to_pylist() for name in ("id", "segment")), strict=True))
    by_group = [Counter(segments[f"A{place}"] for place in range(120) if group[place] == high) for high in (0, 1)]
    # Any of the features tells the groups apart but for few, and all of them together but for none.
    wrong = sum(counts.total() - counts.most_common(1)[0][1] for counts in by_group)
    assert wrong == 0 if plugin == "kmeans" else wrong <= 12
    assert by_group[0].most_common(1)[0][0] != by_group[1].most_common(1)[0][0]
