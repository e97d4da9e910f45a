"""`ptquiz preview`: one card on the study screen; nothing is rated, and nothing of it is kept."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from quizapp.commands.start import has_screen
from quizapp.decks.library import Library, load_library
from quizapp.errors import UsageError
from quizapp.review.store import Store
from quizapp.services import Context, pass_context


class PreviewContext(Context):
    """The same decks, and a store of the preview's own that goes away with it."""

    @cached_property
    def _folder(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory(prefix="ptquiz-preview-")

    @cached_property
    def store(self) -> Store:
        return Store(Path(self._folder.name, "reviews.db"))

    def read_again(self) -> Library:
        """The decks as their files stand now."""
        return load_library(self.decks, settings=self.settings, keep_in=self.locations.cache / "decks")

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


@click.command("preview")
@click.argument("card", metavar="DECK/CARD")
@pass_context
def command(context: Context, card: str) -> int:
    """Show a card as learners see it, to answer it without a rating; F8 reads its deck again."""
    name = context.library.card(card).name
    if not has_screen():
        raise UsageError("this is no terminal that a screen can be drawn on", f"`ptquiz try {name}` needs none")
    from quizapp.tui.app import run

    preview = PreviewContext(context.decks, context.trust, context.clock)
    try:
        return run(preview, lambda app: app.preview(name, preview.read_again))
    finally:
        preview.close()
