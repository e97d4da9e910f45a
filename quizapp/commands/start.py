"""`ptquiz` without a command: the screen in a terminal, a summary elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from quizapp.commands.context import warn_about_future_reviews, warn_about_skipped_decks
from quizapp.commands.due import due_summary
from quizapp.errors import Exit, StoreError, UsageError
from quizapp.services import ServiceProvider
from quizapp.text.streams import are_terminals, echo

if TYPE_CHECKING:
    from quizapp.review.session import Session
    from quizapp.tui.app import PtquizApp


def start(provider: ServiceProvider) -> int:
    """Return the exit code of the process."""
    if has_screen():
        from quizapp.tui.app import run

        provider.check_named_decks()
        provider.check_store()
        return run(provider, _ready(provider))
    warn_about_skipped_decks(provider)
    echo("\n".join(due_summary(provider.counts(), provider.store.queue.next_due())))
    echo("`ptquiz` in a terminal opens the screen; `ptquiz study --plain` asks line by line")
    echo("`ptquiz due` counts by deck; `ptquiz --help` lists the commands")
    return Exit.CLEAN


def on_screen(provider: ServiceProvider, command: str, on_ready: Callable[[PtquizApp], None]) -> int:
    """Open the screen and call `on_ready`; return the exit code.

    Raise UsageError if no screen can be drawn, DeckError if a deck file that `--decks` names has errors.
    """
    provider.check_named_decks()
    if not has_screen():
        raise UsageError("this terminal cannot show a screen", f"`ptquiz {command} --plain` asks line by line")
    provider.check_store()
    from quizapp.tui.app import run

    return run(provider, _ready(provider, on_ready))


def _ready(
    provider: ServiceProvider, on_ready: Callable[[PtquizApp], None] = lambda app: None
) -> Callable[[PtquizApp], None]:
    """Return `on_ready` with the warning about reviews in the future before it."""

    def call(app: PtquizApp) -> None:
        # A store that cannot be read is reported by the screen that reads it.
        with suppress(StoreError):
            warn_about_future_reviews(provider)
        on_ready(app)

    return call


def line_by_line(provider: ServiceProvider, session: Session) -> None:
    """Run one session on standard input and output."""
    from quizapp.commands.line_input import standard_input
    from quizapp.commands.line_mode import LineMode
    from quizapp.commands.verdict_output import SEARCHING
    from quizapp.text.wrapping import echo_wrapped

    provider.grader.on_search = lambda: echo(SEARCHING)
    warn_about_future_reviews(provider)
    LineMode(session, provider.sandbox, standard_input(), echo_wrapped, provider.errors).study()


def has_screen() -> bool:
    """Return whether a full screen can be drawn; Textual would draw even into a file."""
    return are_terminals() and os.environ.get("TERM", "") not in ("", "dumb")
