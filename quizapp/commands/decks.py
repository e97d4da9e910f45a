"""`ptquiz decks`."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import Exit
from quizapp.services import ServiceProvider
from quizapp.text.printable import json_text, one_line
from quizapp.text.streams import echo


@click.command("decks")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_provider
def command(provider: ServiceProvider, as_json: bool) -> int:
    """List the decks that were found, with their numbers of cards and files."""
    library = provider.read_library()
    rows = [
        {"deck": deck.slug, "title": deck.title, "cards": len(deck.cards), "path": str(deck.path)}
        for deck in library.decks
    ]
    if as_json:
        echo(json_text({"decks": rows, "problems": len(library.problems)}, indent=2))
    else:
        width = max((len(deck.slug) for deck in library.decks), default=0)
        for deck in library.decks:
            title, path = one_line(deck.title), one_line(str(deck.path))
            echo(f"{deck.slug:<{width}}  {len(deck.cards):>4} cards  {title}  ({path})")
    for problem in library.problems:
        echo(problem, err=True)
    broken = any(problem.severity == "error" for problem in library.problems)
    return Exit.NOT_PASSED if broken else Exit.CLEAN
