"""The program `ptquiz`: finds the command, loads only what it needs, and owns stderr and the exit codes."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from quizapp.errors import Exit, PtquizError
from quizapp.services import Context

COMMANDS = {
    "study": ("study:command", "Study what is due, on the screen or line by line."),
    "try": ("try_answer:command", "Grade one answer to one card."),
    "cram": ("cram:command", "Practise whatever is due, without moving a date."),
    "due": ("due:command", "What is due, and when the next card is."),
    "stats": ("stats:command", "How it goes: retention, forecast, time, mistakes."),
    "undo": ("leeches:undo", "Take back the last reviews."),
    "leeches": ("leeches:leeches", "Cards forgotten over and over, and what to do about them."),
    "decks": ("decks:command", "The decks that are found, and where."),
    "check": ("check:command", "Load decks and prove them."),
    "new": ("new:new", "Begin a deck."),
    "preview": ("preview:command", "A card as learners see it, without a rating."),
    "watch": ("new:watch", "Prove decks whenever they are saved."),
    "schema": ("schema:command", "The JSON Schema of a deck, for editors."),
    "orphans": ("leeches:orphans", "Cards with a history that no deck has any more."),
    "backup": ("transfer:backup", "Copy the review store."),
    "restore": ("transfer:restore", "Bring a copy back."),
    "export": ("transfer:export", "Write the reviews as JSON or CSV."),
    "import": ("transfer:take_in", "Add an export's reviews."),
    "rebuild": ("rebuild:command", "Derive every memory again from the review log."),
    "doctor": ("doctor:command", "What this machine offers, and what the sandbox denies on it."),
}
"""Name -> where its command is below `quizapp.commands`, and one line of help."""


class Commands(click.Group):
    """Commands whose modules are imported when they are called; help lists them without."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command = getattr(importlib.import_module(f"quizapp.commands.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean `{near[0]}`?" if near else "`ptquiz --help` lists the commands"
            raise click.UsageError(f"`{args[0]}` is not a command\nhint: {hint}", context)
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--decks",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True),
    help="A deck file or a folder of decks; may be repeated.",
)
@click.option("--trust", is_flag=True, help="Run other people's decks although the sandbox cannot confine them fully.")
@click.version_option(package_name="ptquiz")
@click.pass_context
def ptquiz(context: click.Context, decks: tuple[str, ...], trust: bool) -> int:
    """Learn PyTorch by answering with code, and keep it.

    Without a command, ptquiz opens its screen in a terminal; elsewhere it says what is due.
    """
    context.obj = Context(decks=decks, trust=trust)
    context.call_on_close(context.obj.close)
    if context.invoked_subcommand is None:
        from quizapp.commands.start import start

        return start(context.obj)
    return Exit.CLEAN


def main(arguments: list[str] | None = None) -> Any:
    """Run one command; every expected error becomes words on stderr and an exit code."""
    try:
        result = ptquiz.main(arguments, prog_name="ptquiz", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except PtquizError as error:
        report(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader went away (`ptquiz decks | head`): nothing is wrong, and nothing more can be said.
        sys.stderr.close()
        sys.exit(Exit.CLEAN)
    sys.exit(result if isinstance(result, int) else Exit.CLEAN)


def report(error: PtquizError) -> None:
    """An error as people read it: where, what, then the way out."""
    from quizapp.errors import DeckError

    text = error.message if isinstance(error, DeckError) else f"error: {error.message}"
    click.echo(f"{text}\nhint: {error.hint}" if error.hint else text, err=True)
