"""`segdsl plugins`."""

import click

from segdsl.cli.options import JSON, format_option
from segdsl.cli.output import write_json, write_result
from segdsl.workflows.plugins import InstalledPlugin, installed_plugins

_NONE = """No plugin is installed.
A plugin is a Python package: install one with `pip install`, and it is listed here.
"""


@click.command()
@format_option()
def command(form: str) -> None:
    """List the plugins that are installed.

    \b
    Example:
      segdsl plugins
    """
    plugins = installed_plugins()
    if form == JSON:
        facts = [{"name": one.name, "package": one.package, "version": one.version} for one in plugins]
        write_json({"plugins": facts})
    else:
        write_result("".join(map(_line, plugins)) or _NONE)


def _line(plugin: InstalledPlugin) -> str:
    return f"{plugin.name}  ({plugin.package} {plugin.version})\n"
