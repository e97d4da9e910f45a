"""`ptquiz cram`: practice outside the schedule, on the screen or line by line."""

from __future__ import annotations

import click

from quizapp.commands.start import line_by_line, on_screen
from quizapp.errors import Exit
from quizapp.services import Context, pass_context


@click.command("cram")
@click.argument("decks", nargs=-1, metavar="[DECK]…")
@click.option("--tag", "tags", multiple=True, help="Only cards with this tag; may be repeated.")
@click.option("--level", "levels", multiple=True, type=click.IntRange(1, 5), help="Only this level; may be repeated.")
@click.option("--forgotten", is_flag=True, help="Only what was forgotten today.")
@click.option("--ahead", type=click.IntRange(0, 3650), metavar="DAYS", help="Only what falls due within so many days.")
@click.option("--shuffle", is_flag=True, help="In another order every day.")
@click.option("--plain", is_flag=True, help="Ask line by line: for screen readers, slow links and simple terminals.")
@pass_context
def command(
    context: Context,
    decks: tuple[str, ...],
    tags: tuple[str, ...],
    levels: tuple[int, ...],
    forgotten: bool,
    ahead: int | None,
    shuffle: bool,
    plain: bool,
) -> int:
    """Practise cards whatever is due; the log notes it and no due date moves."""
    from quizapp.review.practice import PracticeFilter
    from quizapp.review.session import Session

    for deck in decks:
        context.library.deck(deck)
    seed = context.clock().toordinal() if shuffle else None
    cram = PracticeFilter(decks, tags, levels, forgotten, ahead, seed)
    if not plain:
        return on_screen(context, "cram", lambda app: app.study(cram=cram))
    session = Session(context.library, context.grader, context.store, context.settings, context.clock, cram=cram)
    line_by_line(context, session)
    return Exit.CLEAN
