"""`ptquiz study`: the screen, or `--plain`: the same session line by line."""

from __future__ import annotations

import click

from quizapp.commands.start import line_by_line, on_screen
from quizapp.errors import Exit
from quizapp.services import Context, pass_context


@click.command("study")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@click.option("--plain", is_flag=True, help="Ask line by line: for screen readers, slow links and simple terminals.")
@pass_context
def command(context: Context, decks: tuple[str, ...], plain: bool) -> int:
    """Study what is due, of all decks or of those named."""
    for deck in decks:
        context.library.deck(deck)
    if not plain:
        return on_screen(context, "study", lambda app: app.study(decks=list(decks) or None))
    context.warn_of_broken_decks()
    line_by_line(context, context.session(decks))
    return Exit.CLEAN
