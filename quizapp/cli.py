"""The command `ptquiz`: finds the subcommand, loads only what it needs, and owns stderr and the exit codes."""

from __future__ import annotations

import errno
import importlib
import sys
import traceback
import warnings
from copy import copy
from pathlib import Path
from typing import Any

import click

from quizapp.errors import Exit, PtquizError, SandboxCrashed, UsageError
from quizapp.init_process import fork_as_process_one
from quizapp.services import ServiceProvider
from quizapp.text.clipping import MAX_NAME, clip
from quizapp.text.streams import echo, prepare_streams

COMMANDS = {
    "study": ("study:command", "Study what is due, on the screen or line by line."),
    "try": ("try_answer:command", "Grade one answer to one card."),
    "edit": ("edit:command", "Study in your own editor: each save is graded."),
    "practice": ("practice:command", "Practise any card without moving its due date."),
    "due": ("due:command", "Show what is due, and when the next card is."),
    "stats": ("stats:command", "Study statistics: retention, forecast, time, mistakes."),
    "undo": ("undo:undo", "Undo the last reviews."),
    "leeches": ("leeches:leeches", "Cards that you forget again and again."),
    "decks": ("decks:command", "List the decks that were found, and where."),
    "check": ("check:command", "Validate decks by running every claim."),
    "new": ("new:new", "Create a deck."),
    "preview": ("preview:command", "Show a card as learners see it, without a rating."),
    "watch": ("watch:watch", "Check decks whenever they are saved."),
    "schema": ("schema:command", "Print the JSON Schema of a deck, for editors."),
    "orphans": ("orphans:orphans", "Cards removed from every deck."),
    "backup": ("backup:backup", "Copy the review store."),
    "restore": ("backup:restore", "Restore a backup."),
    "export": ("transfer:export", "Write the reviews as JSON or CSV."),
    "import": ("transfer:import_", "Add the reviews of an export."),
    "rebuild": ("rebuild:command", "Recompute every memory from the review log."),
    "doctor": ("doctor:command", "Show what this machine offers and what the sandbox denies."),
}
"""Name -> `module:attribute` below `quizapp.commands`, and one line of help."""

OLD_NAMES = {"cram": "practice"}
"""Name in version 0.1.0, which still works -> name."""


def add_decks(context: click.Context, _: click.Parameter, paths: tuple[str, ...]) -> None:
    """Add the values of `--decks`, which may be given before and after the subcommand.

    Raises UsageError for a path that is neither a file nor a folder.
    """
    if paths:
        from quizapp.decks.deck_paths import require_path

        for path in paths:
            require_path(Path(path))
    context.ensure_object(ServiceProvider).decks += paths


def set_trust(context: click.Context, _: click.Parameter, is_given: bool) -> None:
    """Set `--trust` if it is given before or after the subcommand."""
    context.ensure_object(ServiceProvider).trust |= is_given


SHARED_OPTIONS = (
    click.Option(
        ["--decks", "deck_paths"],
        multiple=True,
        metavar="DIR",
        type=click.Path(readable=False),
        expose_value=False,
        callback=add_decks,
        help="A deck file or a folder of decks; may be repeated.",
    ),
    click.Option(
        ["--trust"],
        is_flag=True,
        expose_value=False,
        callback=set_trust,
        help="Run decks from elsewhere although the sandbox cannot confine them fully.",
    ),
)
"""The options of `ptquiz` itself and of each subcommand."""


def print_version(context: click.Context, _: click.Parameter, is_given: bool) -> None:
    """Print the version and exit."""
    if is_given:
        from importlib.metadata import version

        echo(f"ptquiz, version {version('ptquiz')}")
        context.exit()


def print_help(context: click.Context, _: click.Parameter, is_given: bool) -> None:
    """Print the help of the command and exit."""
    if is_given:
        echo(context.get_help())
        context.exit()


# Click's own options do not notice that standard output is closed, and end with a traceback if it is full.
VERSION, HELP = (
    click.Option(names, is_flag=True, is_eager=True, expose_value=False, callback=callback, help=text)
    for names, callback, text in (
        (["--version"], print_version, "Show the version and exit."),
        (["-h", "--help"], print_help, "Show this message and exit."),
    )
)


class Commands(click.Group):
    """A group whose commands are imported when they are called; `--help` imports none."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        name = OLD_NAMES.get(name, name)
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command = getattr(importlib.import_module(f"quizapp.commands.{module}"), attribute)
        assert isinstance(command, click.Command)
        command = copy(command)
        command.params = [*command.params, *SHARED_OPTIONS, HELP]
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and args[0] not in {*COMMANDS, *OLD_NAMES} and not args[0].startswith("-"):
            matches = get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean `{matches[0]}`?" if matches else "`ptquiz --help` lists the commands"
            raise click.UsageError(f"`{args[0]}` is not a command\nhint: {hint}", context)
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=Commands,
    params=[*SHARED_OPTIONS, VERSION, HELP],
    invoke_without_command=True,
)
@click.pass_context
def ptquiz(context: click.Context) -> int:
    """Learn PyTorch by answering with code, and remember it.

    Without a command, ptquiz opens its screen in a terminal; elsewhere it prints what is due.
    """
    provider = context.ensure_object(ServiceProvider)
    context.call_on_close(provider.close)
    if context.invoked_subcommand is None:
        from quizapp.commands.start import start

        return start(provider)
    return Exit.CLEAN


def main(arguments: list[str] | None = None) -> Any:
    """Run one command; print every expected error on stderr and exit with its code."""
    if arguments is None:
        fork_as_process_one()
    # Code of decks and answers is parsed in many places, and its warnings are not about this program.
    warnings.simplefilter("ignore", SyntaxWarning)
    try:
        prepare_streams()
        result = ptquiz.main(arguments, prog_name="ptquiz", standalone_mode=False)
    except click.ClickException as error:
        echo(usage_error_text(error), err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        echo("stopped", err=True)
        sys.exit(130)
    except SandboxCrashed as error:
        traceback.print_exception(error.__cause__)
        report(error)
        sys.exit(error.exit_code)
    except PtquizError as error:
        report(error)
        sys.exit(error.exit_code)
    except OSError as error:
        # Any path of a user may be too long, and any look at it raises.
        if error.errno != errno.ENAMETOOLONG:
            raise
        name = clip(str(error.filename), MAX_NAME)
        report(UsageError(f"{name}: the name is too long", "a file name has at most 255 bytes"))
        sys.exit(UsageError.exit_code)
    sys.exit(result if isinstance(result, int) else Exit.CLEAN)


def usage_error_text(error: click.ClickException) -> str:
    """Return an error of click with the usage of its command."""
    text = f"Error: {error.format_message()}"
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{error.ctx.get_usage()}\nTry '{error.ctx.command_path} --help' for help.\n\n{text}"
    return text


def report(error: PtquizError) -> None:
    """Print an error: where, what, then the hint. Print nothing if the reader of standard output has left."""
    from quizapp.errors import DeckError

    text = error.message if isinstance(error, DeckError) else f"error: {error.message}"
    if error.message:
        echo(f"{text}\nhint: {error.hint}" if error.hint else text, err=True)
