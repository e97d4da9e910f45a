"""`ptquiz preview`: shows one card on the study screen; nothing is rated or stored."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.commands.start import has_screen
from quizapp.errors import UsageError
from quizapp.services import PreviewProvider, ServiceProvider


@click.command("preview")
@click.argument("card", metavar="DECK/CARD")
@pass_provider
def command(provider: ServiceProvider, card: str) -> int:
    """Show a card as learners see it, and answer it without a rating. F8 reads its deck again."""
    name = provider.library.card(card).name
    warn_about_skipped_decks(provider)
    if not has_screen():
        raise UsageError("this terminal cannot show a screen", f"use `ptquiz try {name}`")
    from quizapp.tui.app import run

    preview = PreviewProvider(provider.decks, provider.trust, provider.clock)
    try:
        return run(preview, lambda app: app.preview(name, preview.read_library))
    finally:
        preview.close()
