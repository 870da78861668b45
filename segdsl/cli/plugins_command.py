"""`segdsl plugins`, with `list`, `show` and `new`."""

from collections.abc import Mapping
from pathlib import Path

import click

from segdsl.cli.exits import exit_of_check, exit_of_data
from segdsl.cli.options import JSON, format_option, no_color_option
from segdsl.cli.output import diagnostics_facts, leave, show_diagnostics, write_json, write_result
from segdsl.diagnostics import SourceText
from segdsl.workflows.plugin_facts import plugin_facts, plugin_text
from segdsl.workflows.plugin_template import KINDS, refuse_name, write_plugin
from segdsl.workflows.plugins import ListedPlugin, PluginList, list_plugins, show_plugin

_HERE = Path(".")
_NONE = """No plugin is installed.
A plugin is a Python package: install one with `pip install`, and it is listed here.
"""
_MORE = """
`segdsl plugins show NAME` says what one is and does.
"""


@click.group(invoke_without_command=True)
@format_option()
@no_color_option()
@click.pass_context
def command(ctx: click.Context, form: str) -> None:
    """List the plugins that are installed, show what one can do, or begin a new one.

    \b
    Example:
      segdsl plugins
      segdsl plugins show firmographic
      segdsl plugins new churn_risk --kind evaluator
    """
    if ctx.invoked_subcommand is None:
        _list(form)


@command.command("list")
@format_option()
@no_color_option()
def list_command(form: str) -> None:
    """List the plugins that are installed: name, package, version, and what segdsl.toml says of them.

    \b
    Example:
      segdsl plugins list
    """
    _list(form)


@command.command("show")
@click.argument("name")
@format_option()
@no_color_option()
def show_command(name: str, form: str) -> None:
    """Show what a plugin adds, its options, and an example to paste into a spec.

    \b
    Example:
      segdsl plugins show firmographic
    """
    shown = show_plugin(name, _HERE)
    texts = _texts(shown.text)
    if form == JSON:
        facts = {} if shown.declared is None or shown.origin is None else plugin_facts(shown.declared, shown.origin)
        write_json({"plugin": facts or None, **diagnostics_facts(shown.diagnostics, texts)})
    else:
        show_diagnostics(shown.diagnostics, texts)
        if shown.declared is not None and shown.origin is not None:
            write_result(plugin_text(shown.declared, shown.origin))
    leave(exit_of_data(shown.diagnostics))


@command.command("new")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], help="What the plugin is; enricher if left out.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="The folder to write; segdsl-NAME if left out."
)
@format_option()
@no_color_option()
def new_command(name: str, kind: str, out: Path | None, form: str) -> None:
    """Write a package with a plugin that works and a test that is green, to begin from. Nothing is written over.

    \b
    Example:
      segdsl plugins new churn_risk --kind evaluator
      cd segdsl-churn-risk
      pip install -e '.[test]' && pytest
    """
    refused = refuse_name(name)
    if refused:
        raise click.UsageError(refused)
    place = Path(f"segdsl-{name.replace('_', '-')}") if out is None else out
    failure = write_plugin(name, kind, place)
    found = () if failure is None else (failure,)
    if form == JSON:
        write_json({"folder": None if failure else str(place), **diagnostics_facts(found, {})})
    elif failure is None:
        write_result(f"Written: {place}\nNext: cd {place} && pip install -e '.[test]' && pytest\n")
    else:
        show_diagnostics(found, {})
    leave(exit_of_data(found))


def _list(form: str) -> None:
    found = list_plugins(_HERE)
    texts = _texts(found.text)
    if form == JSON:
        facts = {"plugins": [_listed_facts(one) for one in found.plugins]}
        write_json({**facts, **diagnostics_facts(found.diagnostics, texts)})
    else:
        show_diagnostics(found.diagnostics, texts)
        write_result(_list_text(found))
    leave(exit_of_check(found.diagnostics))


def _texts(text: SourceText | None) -> Mapping[str, SourceText]:
    return {} if text is None else {text.file: text}


def _list_text(found: PluginList) -> str:
    width = max((len(one.origin.name) for one in found.plugins), default=0)
    lines = (
        f"{one.origin.name:<{width}}  {one.origin.package} {one.origin.version}{_remark(one)}\n"
        for one in found.plugins
    )
    text = "".join(lines)
    return f"{text}{_MORE}" if text else _NONE


def _remark(plugin: ListedPlugin) -> str:
    remarks = []
    if plugin.allowed is False:
        remarks.append("not allowed by segdsl.toml")
    if plugin.pinned and plugin.pinned != plugin.origin.version:
        remarks.append(f"segdsl.toml pins it to {plugin.pinned}")
    elif plugin.pinned:
        remarks.append("pinned")
    return f"  ({', '.join(remarks)})" if remarks else ""


def _listed_facts(plugin: ListedPlugin) -> Mapping[str, object]:
    origin = plugin.origin
    return {
        "name": origin.name,
        "package": origin.package,
        "version": origin.version,
        "allowed": plugin.allowed is not False,
        "pinned": plugin.pinned or None,
        "usable": plugin.usable,
    }
