"""`ptquiz new`: a first deck file to start from."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click

from quizapp.commands.context import pass_provider
from quizapp.services import ServiceProvider
from quizapp.text.streams import echo, read_line

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
        deck = _ask("the deck's slug (lower-case letters, digits, dashes)", _problem_of_slug)
        title = title or _ask("its title")
        description = description or _ask("what it teaches")
        kinds = kinds or (_ask(f"a first card ({', '.join(KINDS)}) [code]", _problem_of_kind) or "code",)
    path = new_deck(into, deck, title or "", description or "", kinds or ("code",))
    echo(path)
    echo(f"prove it with `ptquiz check {path}`, try it with `ptquiz --decks {into} study {deck}`", err=True)


def _ask(question: str, find_problem: Callable[[str], str | None] = lambda text: None) -> str:
    """Return the line typed after a question, without blanks around it; ask again while `find_problem` finds one.

    Raises click.Abort at the end of the input.
    """
    while True:
        echo(f"{question}: ", err=True, end="")
        line = read_line()
        if not line:
            raise click.Abort
        problem = find_problem(line.strip())
        if problem is None:
            return line.strip()
        echo(f"error: {problem}", err=True)


def _problem_of_slug(text: str) -> str | None:
    from quizapp.decks.fields import SLUG

    is_slug = re.fullmatch(SLUG, text)
    return None if is_slug else "not a slug: use lower-case letters, digits and dashes, as in `joining-tensors`"


def _problem_of_kind(text: str) -> str | None:
    return None if text in ("", *KINDS) else f"`{text}` is not one of {', '.join(KINDS)}"
