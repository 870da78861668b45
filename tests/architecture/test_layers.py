"""Imports go one way, the compiler is light, and plugins and segdsl know each other only by contract."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

HEAVY = {"duckdb", "numpy", "pandas", "polars", "pyarrow", "rich", "scipy", "sklearn"}
LIGHT_ENTRIES = [
    "segdsl.diagnostics",
    "segdsl.types",
    "segdsl.language",
    "segdsl.project",
    "segdsl.model",
    "segdsl.plan",
    "segdsl.cli.main",
    "segdsl.workflows.check",
    "segdsl.workflows.fmt",
    "segdsl.workflows.plan",
]
OPEN_TO_PLUGINS = ("segdsl.plugin", "segdsl.evidence")


def imported_modules(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def test_import_contracts_of_pyproject_are_kept(repository: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=repository, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("module", LIGHT_ENTRIES)
def test_light_module_loads_no_heavy_library(module: str, repository: Path) -> None:
    if not module_file(repository, module).exists():
        pytest.skip(f"{module} isn't there")
    asked = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    result = subprocess.run([sys.executable, "-c", asked], cwd=repository, capture_output=True, text=True, check=True)
    assert HEAVY.intersection(result.stdout.split()) == set()


def module_file(repository: Path, module: str) -> Path:
    path = repository.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_segdsl_imports_no_plugin(repository: Path) -> None:
    plugins = [folder.name for folder in (repository / "plugins").iterdir() if folder.is_dir()]
    offences = [
        (str(file.relative_to(repository)), module)
        for file in (repository / "segdsl").rglob("*.py")
        for module in imported_modules(file)
        if any(is_within(module, plugin) for plugin in plugins)
    ]
    assert offences == []


def test_plugins_import_of_segdsl_only_what_is_open_to_them(repository: Path) -> None:
    offences = [
        (str(file.relative_to(repository)), module)
        for file in (repository / "plugins").rglob("*.py")
        for module in imported_modules(file)
        if is_within(module, "segdsl") and not any(is_within(module, package) for package in OPEN_TO_PLUGINS)
    ]
    assert offences == []


def test_every_built_in_plugin_is_in_the_import_contracts(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {folder.parent.name for folder in (repository / "plugins").glob("*/__init__.py")}
    linter = settings["tool"]["importlinter"]
    assert folders == set(linter["root_packages"]) - {"segdsl"}
    own = next(one for one in linter["contracts"] if one["name"].startswith("Built-in plugins"))
    assert folders == set(own["source_modules"])
    entry_points = settings["project"]["entry-points"]["segdsl.plugins"]
    assert folders == {module.partition(".")[0] for module in entry_points.values()}


def test_strangers_and_templates_import_only_what_is_open_to_plugins(repository: Path) -> None:
    stranger = [*(repository / "tests" / "plugins" / "stranger").rglob("*.py")]
    templates = [*(repository / "segdsl" / "plugin" / "templates").rglob("*.py.txt")]
    assert stranger and templates
    offences = [
        (file.name, module)
        for file in (*stranger, *templates)
        for module in imported_modules(file)
        if is_within(module, "segdsl") and not any(is_within(module, package) for package in OPEN_TO_PLUGINS)
    ]
    assert offences == []
