"""`ptquiz rebuild`."""

from __future__ import annotations

import click

from quizapp.services import Context, pass_context


@click.command("rebuild")
@pass_context
def command(context: Context) -> None:
    """Derive every memory again from the review log, which is what is true."""
    from quizapp.review.memory_rebuild import rebuild

    rebuilt = rebuild(context.store, context.settings)
    click.echo(f"{rebuilt} memories rebuilt from the review log")
