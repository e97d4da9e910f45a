"""`ptquiz new`: a first deck file to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click

from quizapp.commands.context import pass_provider
from quizapp.services import ServiceProvider

KINDS = ("code", "predict", "choice", "order")


@click.command("new")
@click.argument("deck", required=False)
@click.option("--title", help="The deck's name.")
@click.option("--description", help="What it teaches, in a sentence.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="A first card of this kind; repeatable.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="The folder.")
@pass_provider
def new(
    provider: ServiceProvider,
    deck: str | None,
    title: str | None,
    description: str | None,
    kinds: tuple[str, ...],
    into: Path,
) -> None:
    """Create a small deck that `ptquiz check` already proves. Prompts for values that no option sets."""
    from quizapp.audit.scaffold import new_deck

    if deck is None:
        deck = click.prompt("the deck's slug (lower-case letters, digits, dashes)", value_proc=_slug, err=True)
        title = title or click.prompt("its title", default="", show_default=False, err=True)
        description = description or click.prompt("what it teaches", default="", show_default=False, err=True)
        kinds = kinds or (click.prompt("a first card", type=click.Choice(KINDS), default="code", err=True),)
    path = new_deck(into, deck, title or "", description or "", kinds or ("code",))
    click.echo(path)
    click.echo(f"prove it with `ptquiz check {path}`, try it with `ptquiz --decks {into} study {deck}`", err=True)


def _slug(text: str) -> str:
    """Return `text` if it can name a deck; click asks again for anything else."""
    from quizapp.decks.fields import SLUG

    if not re.fullmatch(SLUG, text):
        raise click.UsageError("not a slug: use lower-case letters, digits and dashes, as in `joining-tensors`")
    return text
