"""`ptquiz practice`: practice outside the schedule, on the screen or line by line."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider, warn_about_skipped_decks
from quizapp.commands.start import line_by_line, on_screen
from quizapp.errors import Exit
from quizapp.services import ServiceProvider


@click.command("practice")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@click.option("--tag", "tags", multiple=True, help="Only cards with this tag; may be repeated.")
@click.option("--level", "levels", multiple=True, type=click.IntRange(1, 5), help="Only this level; may be repeated.")
@click.option("--forgotten", is_flag=True, help="Only cards forgotten today.")
@click.option("--ahead", type=click.IntRange(0, 3650), metavar="DAYS", help="Only cards due within this many days.")
@click.option("--shuffle", is_flag=True, help="Random order, different every day.")
@click.option("--plain", is_flag=True, help="Ask line by line: for screen readers, slow links and simple terminals.")
@pass_provider
def command(
    provider: ServiceProvider,
    decks: tuple[str, ...],
    tags: tuple[str, ...],
    levels: tuple[int, ...],
    forgotten: bool,
    ahead: int | None,
    shuffle: bool,
    plain: bool,
) -> int:
    """Practise cards outside the schedule. The log records it; no due date changes."""
    from quizapp.review.practice import PracticeFilter

    for deck in decks:
        provider.library.deck(deck)
    provider.library.require_tags(tags)
    seed = provider.clock().toordinal() if shuffle else None
    practice = PracticeFilter(decks, tags, levels, forgotten, ahead, seed)
    if not plain:
        return on_screen(provider, "practice", lambda app: app.study(practice=practice))
    warn_about_skipped_decks(provider)
    line_by_line(provider, provider.session(practice=practice))
    return Exit.CLEAN
