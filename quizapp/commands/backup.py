"""`ptquiz backup` and `restore`: copies of the review store."""

from __future__ import annotations

from pathlib import Path

import click

from quizapp.commands.context import FilePath, pass_provider
from quizapp.errors import UsageError
from quizapp.services import ServiceProvider
from quizapp.text.files import is_stream
from quizapp.text.streams import echo


@click.command("backup")
@click.argument("file", required=False, type=FilePath(path_type=Path))
@pass_provider
def backup(provider: ServiceProvider, file: Path | None) -> None:
    """Copy the store to FILE, or into the folder of backups. Safe while ptquiz is running."""
    from quizapp.review.store.backup_files import manual_name
    from quizapp.review.store.backups import back_up

    # Of a damaged store, `back_up` raises the same as an error.
    provider.warn = lambda error: None
    target = back_up(provider.store, file or provider.locations.backups / manual_name(provider.clock()))
    # The copy itself may have been written to standard output.
    echo(target, err=is_stream(target))


@click.command("restore")
@click.argument("file", required=False, type=FilePath(path_type=Path))
@pass_provider
def restore(provider: ServiceProvider, file: Path | None) -> None:
    """Replace the store by the backup FILE; the replaced store is kept beside it. Without FILE: list the backups."""
    from quizapp.review.store.backup_files import describe_backup, list_backups
    from quizapp.review.store.restoration import restore_backup

    if file is None:
        found = list_backups(provider.locations.backups)
        if not found:
            raise UsageError(f"there are no backups in {provider.locations.backups}", "name the file to restore")
        for path in found:
            echo(f"{path}  {describe_backup(path)}")
        echo("hint: `ptquiz restore FILE` restores one of them", err=True)
        return
    former = restore_backup(provider.locations.store, file, provider.locations.backups)
    echo(provider.locations.store)
    if former:
        echo(f"the replaced store is now {former}", err=True)
