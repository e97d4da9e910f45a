"""`ptquiz export` and `import`: the reviews as JSON or CSV."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from quizapp.commands.context import pass_provider
from quizapp.errors import UsageError
from quizapp.services import ServiceProvider
from quizapp.text.counting import plural

FORMAT = click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", help="Default: json.")


@click.command("export")
@FORMAT
@click.argument("file", required=False, type=click.Path(path_type=Path, writable=True))
@pass_provider
def export(provider: ServiceProvider, form: str, file: Path | None) -> None:
    """Write the reviews to FILE or standard output: json contains everything, csv only the log."""
    from quizapp.review.store_access import export_reviews

    if file is None:
        export_reviews(provider.store, sys.stdout, "csv" if form == "csv" else "json")
        return
    # Written beside the file and then moved over it: a full disk must not destroy an earlier export.
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            export_reviews(provider.store, out, "csv" if form == "csv" else "json")
        partial.replace(file)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "name a file that can be written") from error
    finally:
        with suppress(OSError):
            partial.unlink()


@click.command("import")
@FORMAT
@click.argument("file", type=click.Path(path_type=Path))
@pass_provider
def import_(provider: ServiceProvider, form: str, file: Path) -> None:
    """Add the reviews of an export to the store. Existing entries stay, and nothing is added twice."""
    from quizapp.review.store_access import import_reviews

    try:
        with file.open(encoding="utf-8", newline="") as source:
            added = import_reviews(provider.store, source, "csv" if form == "csv" else "json", provider.settings)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}", "name a file that `ptquiz export` wrote") from error
    click.echo(f"{plural(added, 'entry')} added")
