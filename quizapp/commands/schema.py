"""`ptquiz schema`."""

from __future__ import annotations

import click

from quizapp.text.printable import json_text
from quizapp.text.streams import echo


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a deck, for yaml-language-server and editors."""
    from quizapp.decks.json_schema import json_schema

    echo(json_text(json_schema(), indent=2))
