"""`ptquiz` alone: the screen in a terminal, a few lines elsewhere."""

from __future__ import annotations

import os
import sys

import click

from quizapp.commands.context import Context
from quizapp.commands.due import few_words
from quizapp.errors import Exit


def start(context: Context) -> int:
    """Gives the process's exit code."""
    if has_screen():
        from quizapp.tui.app import run

        return run(context)
    context.warn_of_broken_decks()
    session = context.session()
    click.echo("\n".join(few_words(session.counts(), session.summary().next_due)))
    click.echo("`ptquiz` in a terminal opens the screen; `ptquiz study --plain` asks line by line")
    click.echo("`ptquiz due` counts by deck; `ptquiz --help` says more")
    return Exit.CLEAN


def has_screen() -> bool:
    """Whether a full screen can be drawn: Textual would draw even into a file."""
    terminals = sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
    return terminals and os.environ.get("TERM", "") not in ("", "dumb")
