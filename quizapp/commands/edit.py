"""`ptquiz edit`: a study session in the learner's own editor."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider, warn_about_future_reviews, warn_about_skipped_decks
from quizapp.errors import Exit, UsageError
from quizapp.services import ServiceProvider
from quizapp.text.streams import echo


@click.command("edit")
@click.argument("names", nargs=-1, metavar="[DECK/CARD]… | [DECK]…")
@click.option(
    "--open", "opens", is_flag=True, help="Start $VISUAL or $EDITOR even if it is not known to have a window."
)
@pass_provider
def command(provider: ServiceProvider, names: tuple[str, ...], opens: bool) -> int:
    """Study in your own editor: what is due in all decks or in the named ones, or the named cards.

    Each card is written to a file in the folder `work` of ptquiz; each save is graded. Keys: h hint, l list, r run
    again, g give up, s skip, n next card, 1 to 4 rate, q quit.
    """
    from quizapp.commands.own_editor.edit_session import EditSession
    from quizapp.commands.own_editor.key_input import KeyInput
    from quizapp.commands.own_editor.watch_page import WatchPage
    from quizapp.grading.cancellable_grader import CancellableGrader
    from quizapp.review.today import closing_line

    decks, cards = _split(provider, names)
    warn_about_skipped_decks(provider)
    with KeyInput() as keys:
        if not keys.has_keys:
            raise UsageError("no terminal to read keys from", "`ptquiz try --watch DECK/CARD FILE` needs none")
        services, grader = provider.open(), CancellableGrader(provider.grader)
        warn_about_future_reviews(provider)
        session = services.session(provider.settings, decks or None, cards or None, grader=grader)
        edit = EditSession(provider, session, keys, WatchPage(has_keys=True), grader.cancel, opens=opens)
        edit.watch()
        edit.finish()
    echo(closing_line(services.store, provider.settings, provider.clock()) or "no card was reviewed")
    return Exit.CLEAN


def _split(provider: ServiceProvider, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return decks and full names of cards. Raises UsageError for unknown names, and for names of both kinds."""
    cards = [provider.library.card(name).name for name in names if "/" in name]
    decks = [provider.library.deck(name).slug for name in names if "/" not in name]
    if cards and decks:
        raise UsageError("names of cards and of decks together", "name cards or decks")
    return decks, cards
