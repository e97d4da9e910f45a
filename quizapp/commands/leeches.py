"""`ptquiz orphans`, `leeches` and `undo`: what the log remembers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from quizapp.services import Context, pass_context
from quizapp.text.durations import local_time
from quizapp.text.printable import json_text, visible

if TYPE_CHECKING:
    from quizapp.review.leech import Leech

LINES = 6
"""Of an answer, so many are shown."""


@click.command("orphans")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@pass_context
def orphans(context: Context, as_json: bool) -> None:
    """Cards that are gone from the decks; their history stays, and `was:` in a deck gives it to a new name."""
    from quizapp.review.deck_sync import sync_decks

    sync_decks(context.library, context.store)
    found = context.store.cards.orphans()
    if as_json:
        rows = [
            {
                "card": orphan.card,
                "reviews": orphan.reviews,
                "last_review": orphan.last_review.isoformat() if orphan.last_review else None,
            }
            for orphan in found
        ]
        click.echo(json_text(rows, indent=2))
        return
    for orphan in found:
        last = f", last {local_time(orphan.last_review)}" if orphan.last_review else ""
        click.echo(f"{orphan.card}  {orphan.reviews} reviews{last}")
    if not found:
        click.echo("every card with a history is in a deck", err=True)


@click.command("leeches")
@click.option("--suspend", metavar="CARD", multiple=True, help="Put this card away until that is taken back.")
@click.option("--flag", metavar="CARD", multiple=True, help="Mark this card.")
@click.option("--anew", metavar="CARD", multiple=True, help="Learn this card from the start.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@pass_context
def leeches(
    context: Context, suspend: tuple[str, ...], flag: tuple[str, ...], anew: tuple[str, ...], as_json: bool
) -> None:
    """Cards that are forgotten over and over, with your last answers: often they show what is mixed up."""
    from quizapp.review.days import Days
    from quizapp.review.deck_sync import sync_decks
    from quizapp.review.leech import deal_with
    from quizapp.review.leech import leeches as find

    sync_decks(context.library, context.store)
    days = Days(starts=context.settings.day_offset)
    for action, names in (("suspend", suspend), ("flag", flag), ("anew", anew)):
        for name in names:
            deal_with(context.store, context.library.card(name).name, action, context.clock(), days)
    found = find(context.store, context.settings)
    if as_json:
        click.echo(json_text([_object(leech) for leech in found], indent=2))
        return
    for leech in found:
        click.echo("\n".join(_words(leech)))
    if found:
        click.echo("hint: `--suspend`, `--flag` or `--anew` with a card's name; `ptquiz undo` takes it back", err=True)
    else:
        click.echo(f"no card was forgotten {context.settings.leech_lapses} times", err=True)


def _object(leech: Leech) -> dict[str, object]:
    answers = [
        {"at": a.at.isoformat(), "outcome": a.outcome, "said": a.said, "answer": a.answer} for a in leech.answers
    ]
    return {"card": leech.card, "lapses": leech.lapses, "answers": answers}


def _words(leech: Leech) -> Iterator[str]:
    yield f"{leech.card}  forgotten {leech.lapses} times"
    for answer in leech.answers:
        said = f": {visible(answer.said)}" if answer.said else ""
        yield f"  {local_time(answer.at)}  {answer.outcome}{said}"
        lines = visible(answer.answer.rstrip()).splitlines()
        yield from (f"      {line}" for line in lines[:LINES])
        if len(lines) > LINES:
            yield f"      … {len(lines) - LINES} lines more"


@click.command("undo")
@click.argument("steps", type=click.IntRange(1, 1000), default=1)
@pass_context
def undo(context: Context, steps: int) -> None:
    """Take back the last STEPS reviews, buries, suspensions or flags; the log keeps them, and says so."""
    for _ in range(steps):
        entry = context.store.log.undo(context.clock())
        if entry is None:
            click.echo("nothing more to undo", err=True)
            return
        click.echo(f"undone: {entry}")
