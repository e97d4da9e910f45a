"""`ptquiz undo`."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider
from quizapp.services import ServiceProvider
from quizapp.text.streams import echo


@click.command("undo")
@click.argument("steps", type=click.IntRange(1, 1000), default=1)
@pass_provider
def undo(provider: ServiceProvider, steps: int) -> None:
    """Undo the last STEPS reviews, buries, suspensions or flags. The log keeps them, marked as undone."""
    for _ in range(steps):
        entry = provider.store.log.undo(provider.clock())
        if entry is None:
            echo("nothing more to undo", err=True)
            return
        echo(f"undone: {entry}")
