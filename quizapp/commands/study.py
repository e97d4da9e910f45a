"""`ptquiz study`: a session on the screen, or line by line with `--plain`."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.commands.start import line_by_line, on_screen
from quizapp.errors import Exit
from quizapp.services import ServiceProvider


@click.command("study")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@click.option("--plain", is_flag=True, help="Ask line by line: for screen readers, slow links and simple terminals.")
@pass_provider
def command(provider: ServiceProvider, decks: tuple[str, ...], plain: bool) -> int:
    """Study what is due in all decks, or in the named ones."""
    for deck in decks:
        provider.library.deck(deck)
    if not plain:
        return on_screen(provider, "study", lambda app: app.study(decks=list(decks) or None))
    warn_about_skipped_decks(provider)
    line_by_line(provider, provider.session(decks))
    return Exit.CLEAN
