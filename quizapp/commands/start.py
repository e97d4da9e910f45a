"""`ptquiz` alone: the screen in a terminal, a few lines elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from quizapp.commands.context import warn_about_skipped_decks
from quizapp.commands.due import few_words
from quizapp.errors import Exit, UsageError
from quizapp.services import ServiceProvider

if TYPE_CHECKING:
    from quizapp.review.session import Session
    from quizapp.tui.app import PtquizApp


def start(provider: ServiceProvider) -> int:
    """Gives the process's exit code."""
    if has_screen():
        from quizapp.tui.app import run

        return run(provider)
    warn_about_skipped_decks(provider)
    session = provider.session()
    click.echo("\n".join(few_words(session.counts(), session.summary().next_due)))
    click.echo("`ptquiz` in a terminal opens the screen; `ptquiz study --plain` asks line by line")
    click.echo("`ptquiz due` counts by deck; `ptquiz --help` says more")
    return Exit.CLEAN


def on_screen(provider: ServiceProvider, command: str, on_ready: Callable[[PtquizApp], None]) -> int:
    """The screen, and what comes at once; raises UsageError where none can be drawn. Gives the process's exit code."""
    if not has_screen():
        raise UsageError(
            "this is no terminal that a screen can be drawn on", f"`ptquiz {command} --plain` asks line by line"
        )
    from quizapp.tui.app import run

    return run(provider, on_ready)


def line_by_line(provider: ServiceProvider, session: Session) -> None:
    """One session on standard input and output."""
    from quizapp.commands.line_mode import LineMode
    from quizapp.text.wrapping import echo_wrapped

    LineMode(session, provider.sandbox, sys.stdin.readline, echo_wrapped).study()


def has_screen() -> bool:
    """Whether a full screen can be drawn: Textual would draw even into a file."""
    terminals = sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
    return terminals and os.environ.get("TERM", "") not in ("", "dumb")
