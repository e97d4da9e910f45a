"""`ptquiz orphans` and `ptquiz undo`: what the log remembers."""

from __future__ import annotations

import click

from quizapp.commands.context import Context, pass_context
from quizapp.commands.when import local
from quizapp.sandbox.printable import dumped


@click.command("orphans")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@pass_context
def orphans(context: Context, as_json: bool) -> None:
    """Cards that are gone from the decks; their history stays, and `was:` in a deck gives it to a new name."""
    from quizapp.review.mirror import mirror

    mirror(context.library, context.store)
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
        click.echo(dumped(rows, indent=2))
        return
    for orphan in found:
        last = f", last {local(orphan.last_review)}" if orphan.last_review else ""
        click.echo(f"{orphan.card}  {orphan.reviews} reviews{last}")
    if not found:
        click.echo("every card with a history is in a deck", err=True)


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
