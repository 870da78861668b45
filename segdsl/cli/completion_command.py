"""`segdsl completion`."""

import click
from click.shell_completion import get_completion_class

from segdsl.cli.output import write_result

_PROGRAM = "segdsl"
_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the script that completes verbs and options in your shell.

    \b
    Example:
      segdsl completion bash > ~/.local/share/bash-completion/completions/segdsl
      segdsl completion fish > ~/.config/fish/completions/segdsl.fish
    """
    root = click.get_current_context().find_root().command
    script = get_completion_class(shell)
    assert script is not None
    write_result(script(root, {}, _PROGRAM, f"_{_PROGRAM.upper()}_COMPLETE").source() + "\n")
