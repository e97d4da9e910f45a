"""`ptquiz rebuild`."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider
from quizapp.services import ServiceProvider
from quizapp.text.counting import plural
from quizapp.text.streams import echo


@click.command("rebuild")
@pass_provider
def command(provider: ServiceProvider) -> None:
    """Recompute the memory of every card from the review log."""
    from quizapp.review.memory_rebuild import rebuild

    rebuilt = rebuild(provider.store, provider.settings)
    echo(f"{plural(rebuilt, 'memory')} rebuilt from the review log")
