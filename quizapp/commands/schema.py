"""`ptquiz schema`."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a deck, for yaml-language-server and editors."""
    from quizapp.decks.json_schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
