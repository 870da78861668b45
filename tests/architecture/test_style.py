"""The parts of the house style that ruff and mypy can't see."""

import ast
from collections.abc import Iterator
from pathlib import Path

MAX_FILE = 500
MAX_FUNCTION = 60
VAGUE = {"base", "common", "helpers", "manager", "misc", "util", "utils"}


def modules(repository: Path) -> Iterator[tuple[str, str]]:
    """The name and text of every module of the program."""
    for folder in ("segdsl", "plugins"):
        for file in sorted((repository / folder).rglob("*.py")):
            yield str(file.relative_to(repository)), file.read_text(encoding="utf-8")


def nodes(repository: Path) -> Iterator[tuple[str, ast.AST]]:
    for name, text in modules(repository):
        for node in ast.walk(ast.parse(text)):
            yield name, node


def test_files_have_at_most_500_lines(repository: Path) -> None:
    lengths = {name: len(text.splitlines()) for name, text in modules(repository)}
    assert {name: length for name, length in lengths.items() if length > MAX_FILE} == {}


def test_functions_have_at_most_60_lines(repository: Path) -> None:
    too_long = [
        (name, node.name)
        for name, node in nodes(repository)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION
    ]
    assert too_long == []


def test_files_are_named_for_what_they_hold(repository: Path) -> None:
    names = [Path(name) for name, _ in modules(repository)]
    assert [name for name in names if not VAGUE.isdisjoint({name.stem, *name.parent.parts})] == []


def test_modules_say_what_they_are(repository: Path) -> None:
    silent = [name for name, text in modules(repository) if text.strip() and not ast.get_docstring(ast.parse(text))]
    assert silent == []


def test_dataclasses_have_slots(repository: Path) -> None:
    without = [
        (name, node.name)
        for name, node in nodes(repository)
        if isinstance(node, ast.ClassDef)
        for decorator in map(ast.unparse, node.decorator_list)
        if decorator.startswith("dataclass") and "slots=True" not in decorator
    ]
    assert without == []
