"""`ptquiz backup`, `restore`, `export`, `import`: the store in and out."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from quizapp.errors import UsageError
from quizapp.services import Context, pass_context

FORM = click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", help="json unless said.")


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@pass_context
def backup(context: Context, file: Path | None) -> None:
    """Copy the store to FILE, or into the folder of backups; without harm while ptquiz is running."""
    from quizapp.review.store.backups import backup as copy

    stamp = context.clock().strftime("%Y%m%d-%H%M%S")
    click.echo(copy(context.store, file or context.locations.backups / f"manual-{stamp}.db"))


@click.command("restore")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@pass_context
def restore(context: Context, file: Path | None) -> None:
    """Make FILE the store again; the store that it replaces is kept beside it. Without FILE: list the backups."""
    from quizapp.review.store.backups import backups, described
    from quizapp.review.store.backups import restore as bring_back

    if file is None:
        found = backups(context.locations.backups)
        if not found:
            raise UsageError(f"there are no backups in {context.locations.backups}", "name the file to restore")
        for path in found:
            click.echo(f"{path}  {described(path)}")
        click.echo("hint: `ptquiz restore FILE` makes one of them the store", err=True)
        return
    former = bring_back(context.locations.store, file)
    click.echo(context.locations.store)
    if former:
        click.echo(f"the store that was there is now {former}", err=True)


@click.command("export")
@FORM
@click.argument("file", required=False, type=click.Path(path_type=Path, writable=True))
@pass_context
def export(context: Context, form: str, file: Path | None) -> None:
    """Write the reviews to FILE or standard output: json holds everything, csv the log."""
    from quizapp.review import store_access

    if file is None:
        store_access.export(context.store, sys.stdout, "csv" if form == "csv" else "json")
        return
    # Beside the file and then in its place: a disk that fills up must not cost the export of last week.
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            store_access.export(context.store, out, "csv" if form == "csv" else "json")
        partial.replace(file)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", "name a file that can be written") from error
    finally:
        with suppress(OSError):
            partial.unlink()


@click.command("import")
@FORM
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def take_in(context: Context, form: str, file: Path) -> None:
    """Add an export's reviews to the store; what is there already stays, and nothing is added twice."""
    from quizapp.review.store_access import import_reviews as add

    try:
        with file.open(encoding="utf-8", newline="") as source:
            added = add(context.store, source, "csv" if form == "csv" else "json", context.settings)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}", "name a file that `ptquiz export` wrote") from error
    click.echo(f"{added} entries added")
