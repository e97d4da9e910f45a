"""`ptquiz decks`."""

from __future__ import annotations

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import Exit
from quizapp.services import ServiceProvider
from quizapp.text.printable import json_text


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
        click.echo(json_text({"decks": rows, "problems": len(library.problems)}, indent=2))
    else:
        width = max((len(str(row["deck"])) for row in rows), default=0)
        for row in rows:
            click.echo(f"{row['deck']:<{width}}  {row['cards']:>4} cards  {row['title']}  ({row['path']})")
    for problem in library.problems:
        click.echo(str(problem), err=True)
    broken = any(problem.severity == "error" for problem in library.problems)
    return Exit.NOT_PASSED if broken else Exit.CLEAN
