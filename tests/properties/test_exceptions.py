"""No failure is hidden: the program catches only exceptions that it names; only what plugins raise is caught whole."""

import ast
from collections.abc import Iterator
from pathlib import Path

BROAD = {"Exception", "BaseException"}
# The one place where code of strangers is called, which may raise anything.
CALLING = "segdsl/plugin/calling.py"


def broad_handlers(text: str) -> Iterator[int]:
    """The lines of a module on which everything is caught or suppressed."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _names(node.type) & BROAD):
            yield node.lineno
        elif isinstance(node, ast.Call) and "suppress" in _names(node.func):
            yield from (node.lineno for argument in node.args if _names(argument) & BROAD)


def _names(expression: ast.expr) -> set[str]:
    names = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(expression) if isinstance(node, ast.Attribute)}


def test_broad_handlers_are_recognised() -> None:
    text = """
try:
    pass
except:
    pass
try:
    pass
except (ValueError, builtins.Exception) as e:
    pass
try:
    pass
except* BaseException:
    pass
with contextlib.suppress(Exception):
    pass
try:
    pass
except ValueError:
    pass
"""
    assert sorted(broad_handlers(text)) == [4, 8, 12, 14]


def test_no_module_catches_everything(repository: Path) -> None:
    found = {
        file.relative_to(repository).as_posix()
        for folder in ("segdsl", "plugins", "specs")
        for file in sorted((repository / folder).rglob("*.py"))
        for _ in broad_handlers(file.read_text(encoding="utf-8"))
    }
    assert found == {CALLING}
