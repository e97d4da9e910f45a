"""`ptquiz new` and `ptquiz watch`: for those who write decks."""

from __future__ import annotations

import re
import time
from pathlib import Path

import click

from quizapp.errors import UsageError
from quizapp.services import Context, pass_context

KINDS = ("code", "predict", "choice", "order")


@click.command("new")
@click.argument("deck", required=False)
@click.option("--title", help="The deck's name.")
@click.option("--description", help="What it teaches, in a sentence.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="A first card of this kind; repeatable.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="The folder.")
@pass_context
def new(
    context: Context,
    deck: str | None,
    title: str | None,
    description: str | None,
    kinds: tuple[str, ...],
    into: Path,
) -> None:
    """Begin a deck: a small file that `ptquiz check` already proves. Asks for what no option says."""
    from quizapp.audit.scaffold import new_deck

    if deck is None:
        deck = click.prompt("the deck's slug (small letters, digits, dashes)", value_proc=_slug, err=True)
        title = title or click.prompt("its title", default="", show_default=False, err=True)
        description = description or click.prompt("what it teaches", default="", show_default=False, err=True)
        kinds = kinds or (click.prompt("a first card", type=click.Choice(KINDS), default="code", err=True),)
    path = new_deck(into, deck, title or "", description or "", kinds or ("code",))
    click.echo(path)
    click.echo(f"prove it with `ptquiz check {path}`, try it with `ptquiz --decks {into} study {deck}`", err=True)


def _slug(text: str) -> str:
    """What was typed, if it can name a deck; else it is asked for again."""
    from quizapp.decks.fields import SLUG

    if not re.fullmatch(SLUG, text):
        raise click.UsageError("not a name for a deck: use small letters, digits and dashes, as in `joining-tensors`")
    return text


@click.command("watch")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mutants", is_flag=True, help="Try machine-made mistakes too; slower.")
@pass_context
def watch(context: Context, paths: tuple[Path, ...], mutants: bool) -> None:
    """Prove decks whenever they are saved; Ctrl-C ends it."""
    from quizapp.audit.deck_check import check_paths
    from quizapp.audit.prove import Depth
    from quizapp.audit.reports import text
    from quizapp.audit.watcher import changed_files

    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder", "name a deck file or a folder of decks")
    known = {card.name for card in context.library.cards()}
    for changed in changed_files(paths, time.sleep):
        click.echo("checking " + ", ".join(path.name for path in changed), err=True)
        report = check_paths(
            changed,
            context.grader,
            depth=Depth(mutants=mutants),
            keep_in=context.locations.cache / "proofs",
            known=known,
        )
        click.echo(f"{text(report)}\n")
