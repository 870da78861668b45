"""The command line: finds the verb, calls it, and turns what can go wrong around it into a word and a status.

Each verb is a module `segdsl.cli.<verb>_command` with a click command named `command`; only the one that is called is
imported. A verb does its work through `segdsl.workflows` and ends by `sys.exit` with a status of `segdsl.cli.exits`.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from segdsl.cli.exits import Exit
from segdsl.cli.on_demand import program_version
from segdsl.cli.output import bear_any_terminal, write_note, write_result
from segdsl.diagnostics.suggestion import closest

PROGRAM = "segdsl"
_VERBS = {
    "init": "Write a first spec from data files",
    "check": "Find everything that is wrong with a spec, without its data",
    "fmt": "Put specs into their canonical form",
    "plan": "Show what a run would do and which columns it would read",
    "fit": "Find the segments that plugins find, and keep them as text",
    "run": "Compute segments, scores and lists",
    "test": "Try the examples in a spec",
    "explain": "Say why an account is where it is",
    "collect": "Price the data that hypotheses need, choose providers, and manage work by people",
    "coverage": "Say what is known of each field, and what depends on it",
    "plugins": "List plugins, show what one adds, begin a new one",
    "completion": "Print the script that completes commands in your shell",
}


class Verbs(click.Group):
    """The verbs, imported when they are called: the help of the program needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        here = Path(__file__).parent
        return [verb for verb in _VERBS if (here / f"{verb}_command.py").is_file()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"segdsl.cli.{cmd_name}_command").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        verbs = self.list_commands(ctx)
        if args and args[0] not in verbs and not args[0].startswith("-"):
            raise click.UsageError(_unknown_verb(args[0], verbs), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, _VERBS[verb]) for verb in self.list_commands(ctx)])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit status"):
            formatter.write_dl([(str(int(status)), status.meaning) for status in Exit])


def _unknown_verb(word: str, verbs: Sequence[str]) -> str:
    near = closest(word, verbs)
    if near is not None:
        return f"there is no verb `{word}`; did you mean `{near}`?"
    if word.endswith(".seg") or os.path.exists(word):
        return f"`{word}` isn't a verb; to run it: `{PROGRAM} run {word}`"
    return f"there is no verb `{word}`; the verbs are {', '.join(verbs)}"


def _show_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        write_result(f"{PROGRAM} {program_version()}\n")
        ctx.exit()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, callback=_show_version, is_eager=True, help="Show the version."
)
def commands() -> None:
    """Segment business customers by a spec that people can read.

    \b
    Example:
      segdsl check customers.seg
      segdsl run customers.seg
    """


def run_command_line(arguments: Sequence[str]) -> int:
    """Carries out a command and gives its exit status. Never ends in a traceback for what a user did."""
    bear_any_terminal()
    try:
        status = commands.main(list(arguments), PROGRAM, standalone_mode=False)
        write_result("")
    except click.ClickException as refused:
        refused.show()
        return int(Exit.USAGE)
    except OSError as failure:
        # Standard output on a full disk, say; what concerns files of a run has become a diagnostic before.
        write_note(f"{PROGRAM}: {(failure.strerror or 'input or output failed').lower()}\n")
        return int(Exit.BAD_DATA)
    except (click.Abort, KeyboardInterrupt):
        write_note("Interrupted. What was not finished is not written.\n")
        return int(Exit.INTERRUPTED)
    return status if isinstance(status, int) else int(Exit.GOOD)


def main() -> None:
    """The program `segdsl`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Closed by the caller: nothing is read from it, and what is written to it is lost.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  (open to the end)
    sys.exit(run_command_line(sys.argv[1:]))
