"""`ptquiz study`: the screen, or `--plain`: the same session line by line."""

from __future__ import annotations

import sys

import click

from quizapp.commands.context import Context, pass_context
from quizapp.commands.start import has_screen
from quizapp.errors import Exit, UsageError


@click.command("study")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@click.option("--plain", is_flag=True, help="Ask line by line: for screen readers, slow links and simple terminals.")
@pass_context
def command(context: Context, decks: tuple[str, ...], plain: bool) -> int:
    """Study what is due, of all decks or of those named."""
    for deck in decks:
        context.library.deck(deck)
    if plain:
        from quizapp.commands.plain import Plain
        from quizapp.commands.printing import say

        context.warn_of_broken_decks()
        Plain(context.session(decks), context.sandbox, sys.stdin.readline, say).study()
    elif has_screen():
        from quizapp.tui.app import run

        return run(context, lambda app: app.study(decks=list(decks) or None))
    else:
        raise UsageError(
            "this is no terminal that a screen can be drawn on", "`ptquiz study --plain` asks line by line"
        )
    return Exit.CLEAN
