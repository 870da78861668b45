"""Contract checks of a plugin as it is installed: its entry point, its hooks, and that its module is light."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points

from segdsl.diagnostics import Diagnostic
from segdsl.plugin.declarations import Declaration
from segdsl.plugin.registry import GROUP, load_declaration
from segdsl.plugin.testing.faults import ContractBroken, Fault

# Libraries that `check` of a spec must not wait for.
HEAVY = ("duckdb", "jinja2", "numpy", "pandas", "polars", "pyarrow", "requests", "scipy", "sklearn", "torch")


def installed_declaration(name: str) -> Declaration:
    """What the installed plugin of that name declares. Raises ContractBroken where it can't be used."""
    points = tuple(entry_points(group=GROUP, name=name))
    if not points:
        line = f'{name} = "your_package"'
        mend = f'write `{line}` under `[project.entry-points."{GROUP}"]`, then `pip install -e .` once more'
        raise ContractBroken(name, (Fault("entry point", f"an entry point `{name}`", "none is installed", mend),))
    if len({point.value for point in points}) > 1:
        packages = " and ".join(sorted(point.dist.name for point in points if point.dist))
        fault = Fault("entry point", f"one plugin `{name}`", f"those of {packages}", "uninstall one, or rename yours")
        raise ContractBroken(name, (fault,))
    found = load_declaration(name, points[0])
    if isinstance(found, Diagnostic):
        reason = "; ".join(found.notes)
        mend = f"let the module import by itself, and a hook without arguments declare `{name}`"
        raise ContractBroken(name, (Fault("hooks", "a module whose hooks can be used", reason, mend),))
    return found


def module_faults(name: str) -> Iterator[Fault]:
    """Large libraries that the plugin's module imports at its top."""
    (module, *_) = {point.value.partition(":")[0] for point in entry_points(group=GROUP, name=name)}
    program = f"import sys, {module}; print(*sys.modules)"
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", program], env=here, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        yield Fault("light module", f"`{module}` can be imported by itself", last, "correct the import")
        return
    loaded = [library for library in HEAVY if library in done.stdout.split()]
    if loaded:
        mend = 'import them in another module, and name its function by `later("package.module:function")`'
        promised = f"`import {module}` loads no large library: `segdsl check` imports it"
        yield Fault("light module", promised, f"it loads {', '.join(loaded)}", mend)
