"""Arguments and options that verbs share."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

TEXT = "text"
JSON = "json"
SARIF = "sarif"


def spec_argument() -> Decorator[Any]:
    """SPEC: a file, or a folder that holds one; the present folder if left out."""
    return click.argument("spec", type=click.Path(path_type=Path), default=Path("."))


def format_option(*more: str) -> Decorator[Any]:
    """`--format text|json`, and more forms where a verb has them."""
    forms = click.Choice((TEXT, JSON, *more))
    told = "For people (text, the default) or for programs."
    return click.option("--format", "form", type=forms, default=TEXT, help=told)


def root_option() -> Decorator[Any]:
    """`--root DIR`."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    told = "The project's folder, instead of the nearest with a segdsl.toml. Nothing outside it is read."
    return click.option("--root", type=kind, metavar="DIR", help=told)


def param_option() -> Decorator[Any]:
    """`--param name=value`, as often as needed; a mapping."""
    return _pairs("--param", "settings", "NAME=VALUE", "Set a parameter of the spec, as in --param min_mrr='$300'.")


def source_option() -> Decorator[Any]:
    """`--source NAME=path`, as often as needed; a mapping."""
    return _pairs("--source", "elsewhere", "NAME=PATH", "Read a source from another file. The path is seen from here.")


def dated_option() -> Decorator[Any]:
    """`--dated SOURCE=COLUMN`, as often as needed; a mapping."""
    told = "The column that says when the values of a source were found."
    return _pairs("--dated", "dated", "SOURCE=COLUMN", told)


def strict_option() -> Decorator[Any]:
    """`--strict`."""
    return click.option("--strict", is_flag=True, help="Warnings fail, too.")


def no_color_option() -> Decorator[Any]:
    """`--no-color`, which `segdsl.cli.output` heeds."""
    told = "No colours, also at a terminal (as the variable NO_COLOR)."
    return click.option("--no-color", is_flag=True, expose_value=False, is_eager=True, callback=_no_color, help=told)


def _no_color(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        ctx.color = False


def _pairs(option: str, name: str, metavar: str, told: str) -> Decorator[Any]:
    def read(ctx: click.Context, parameter: click.Parameter, written: tuple[str, ...]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for pair in written:
            key, sign, value = pair.partition("=")
            key = key.strip()
            if not sign or not key:
                raise click.BadParameter(f"`{pair}` isn't of the form {metavar}", ctx, parameter)
            if key in found:
                raise click.BadParameter(f"`{key}` is given twice", ctx, parameter)
            found[key] = value
        return found

    return click.option(option, name, metavar=metavar, multiple=True, callback=read, help=told)
